"""Numbers in sentences."""

from __future__ import annotations

from engine.wording import counted


def test_one_is_not_many():
    assert [counted(number, "photo") for number in (0, 1, 2, 2000)] == [
        "0 photos",
        "1 photo",
        "2 photos",
        "2,000 photos",
    ]
