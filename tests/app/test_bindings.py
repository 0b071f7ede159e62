from __future__ import annotations

import sys

from PySide6.QtCore import QSize


def test_calls_into_qt_leave_none_alone() -> None:
    """PySide6 6.12.0 loses a reference to None at every call on Python 3.11, and then aborts."""
    size = QSize(1, 1)
    before = sys.getrefcount(None)
    for _ in range(500):
        size.transpose()
    assert abs(sys.getrefcount(None) - before) < 50
