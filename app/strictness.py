"""How sure a match must be: a small switch at the end of the line that says how many there are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QStyle, QWidget

from app.arrows import onward
from app.grid_layout import MARGIN
from app.heading_button import HeadingButton
from app.photo_grid import PhotoGrid
from app.photo_model import PhotoModel
from app.settings import Settings
from engine import Strictness

GAP = 16  # between the heading and the switch
_KEYS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class StrictnessSwitch(QFrame):
    """Three steps side by side, of which one is chosen; the arrow keys go from one to the next.

    It lies in the grid, in the line of the first heading, and scrolls with it. Where the
    line is too short for both, the heading comes first.

    Attributes:
        buttons: Step to its button.
    """

    def __init__(self, settings: Settings, grid: PhotoGrid, model: PhotoModel) -> None:
        super().__init__(grid.viewport())
        self.setObjectName("switch")
        self.setAccessibleName(self.tr("How sure a match must be"))
        self._settings = settings
        self._grid = grid
        self._model = model
        words: dict[Strictness, tuple[str, str]] = {
            "best": (self.tr("Only the best"), self.tr("Count only photos that fit very well as matches")),
            "good": (self.tr("Good matches"), self.tr("Count photos that fit well as matches")),
            "more": (self.tr("Show more"), self.tr("Count photos as matches that may fit, too")),
        }
        self.buttons: dict[Strictness, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for step, (text, tip) in words.items():
            button = HeadingButton("switchStep", self)
            button.setText(text)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.clicked.connect(lambda checked=False, step=step: self.choose(step))
            button.reached.connect(grid.scrollToTop)
            button.installEventFilter(self)
            self._group.addButton(button)
            self.buttons[step] = button
            row.addWidget(button)
        self.choose(settings.strictness)
        model.sections_changed.connect(self._place)
        grid.viewport().installEventFilter(self)
        QWidget.setTabOrder(self.buttons["best"], self.buttons["good"])
        QWidget.setTabOrder(self.buttons["good"], self.buttons["more"])
        self.hide()

    def choose(self, step: Strictness) -> None:
        """Draw the line between matches and weaker ones elsewhere, now and at the next start."""
        self._settings.strictness = step
        for other, button in self.buttons.items():
            button.setChecked(other == step)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other == step else Qt.FocusPolicy.ClickFocus)
        self._model.set_strictness(step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Follow the grid's width; step from button to button with the arrow keys."""
        if watched is self._grid.viewport():
            if event.type() == QEvent.Type.Resize:
                self._place()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            move = _KEYS.get(Qt.Key(event.key()), onward(event.key(), self))
            if move:
                self._step(watched, move)
                return True
        return super().eventFilter(watched, event)

    def _step(self, watched: QObject, move: int) -> None:
        steps = list(self.buttons)
        at = next(i for i, step in enumerate(steps) if self.buttons[step] is watched)
        step = steps[max(0, min(at + move, len(steps) - 1))]
        self.choose(step)
        self.buttons[step].setFocus(Qt.FocusReason.TabFocusReason)

    def _place(self) -> None:
        heading = self._grid.first_heading()
        self.adjustSize()
        left = self._grid.viewport().width() - MARGIN - self.width()
        room = left - heading.right() - GAP
        self.setVisible(self._model.is_divided and room >= 0)
        place = QRect(QPoint(left, heading.center().y() - self.height() // 2), self.size())
        self.setGeometry(QStyle.visualRect(self.layoutDirection(), self._grid.viewport().rect(), place))
