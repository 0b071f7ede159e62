"""Parts of the page; test_report.py has the whole."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from engine.evaluation.page import bar


@pytest.mark.parametrize("percent", [0.0, 33.3, 100.0])
def test_a_bar_is_as_long_as_its_percent(percent):
    _, filled = ElementTree.fromstring(bar(percent)).iter("rect")
    assert float(filled.get("width")) == percent
