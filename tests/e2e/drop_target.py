"""Another program, onto whose window things are dropped: it prints the files of each drop as a line of JSON.

`python -m tests.e2e.drop_target LEFT TOP SIDE` opens a window there.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QRect
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

TITLE = "A letter"


class Target(QWidget):
    """A window that takes copies of files."""

    def __init__(self, place: QRect) -> None:
        super().__init__(windowTitle=TITLE)
        self.setAcceptDrops(True)
        self.setGeometry(place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        event.acceptProposedAction()
        files = [url.toLocalFile() for url in event.mimeData().urls()]
        print(json.dumps({"files": files, "action": event.dropAction().name}), flush=True)


if __name__ == "__main__":
    left, top, side = map(int, sys.argv[1:])
    app = QApplication(sys.argv[:1])
    target = Target(QRect(left, top, side, side))
    target.show()
    sys.exit(app.exec())
