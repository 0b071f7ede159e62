"""The date that floats beside the scroll bar while one scrolls fast."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QLabel, QStyle, QWidget

from app.photo_grid import PhotoGrid

STAYS_MS = 800
GAP = 8  # pixels to the scroll bar


class ScrollLabel(QLabel):
    """Says in which section one is while the handle is dragged, or pages fly by.

    Only where there are several sections: one heading is always the same.
    """

    def __init__(self, grid: PhotoGrid) -> None:
        super().__init__(grid)
        self.setObjectName("scrollLabel")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._grid = grid
        self._bar = grid.verticalScrollBar()
        self._before = self._bar.value()
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(STAYS_MS)
        self._leaving.timeout.connect(self.hide)
        self._bar.valueChanged.connect(self._follow)
        self._bar.rangeChanged.connect(lambda: self.hide())
        grid.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Leave when the grid is left."""
        if isinstance(watched, QWidget) and event.type() == QEvent.Type.Hide:
            self.hide()
        return super().eventFilter(watched, event)

    def _follow(self, value: int) -> None:
        step, self._before = abs(value - self._before), value
        fast = self._bar.isSliderDown() or step >= self._bar.pageStep() // 2
        title = self._grid.title_at_top()
        if not title or not self._bar.isVisible() or not (fast or not self.isHidden()):
            return
        self.setText(title)
        self.adjustSize()
        photos, along = self._grid.viewport().geometry(), value / max(1, self._bar.maximum())
        y = photos.top() + round(along * (photos.height() - self.height()))
        place = QRect(QPoint(photos.right() - self.width() - GAP, y), self.size())
        self.setGeometry(QStyle.visualRect(self.layoutDirection(), photos, place))
        self.show()
        self.raise_()
        self._leaving.start()
