"""How large photos are in the grid: a slider, keys, and the wheel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from app.photo_delegate import CELL
from app.photo_grid import PhotoGrid
from app.settings import Settings
from app.theme import Theme

SIZES = (96, 120, 152, CELL.width(), 232, 296, 376, 480)  # widths of a cell, on the grid of 8 pixels
NOTCH = 120  # what Qt says for one notch of a wheel


class SizeSlider(QWidget):
    """A slider between a button for smaller and one for larger photos.

    Attributes:
        slider: The slider; its value counts the sizes.

    Signals:
        stepped: So many sizes up, or down where negative.
    """

    stepped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(SIZES) - 1)
        self.slider.setPageStep(1)
        self.slider.setFixedWidth(112)
        self.slider.setAccessibleName(self.tr("Size of the photos"))
        self.slider.setToolTip(self.tr("Size of the photos"))
        self._smaller = self._button(self.tr("Smaller photos"), -1)
        self._larger = self._button(self.tr("Larger photos"), 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (self._smaller, self.slider, self._larger):
            row.addWidget(part)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def _button(self, name: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName("smallFlat")
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the slider's own arrow keys do the same
        button.clicked.connect(lambda: self.stepped.emit(step))
        return button

    def _draw_icons(self) -> None:
        self._smaller.setIcon(self._theme.icon("minus", "subdued"))
        self._larger.setIcon(self._theme.icon("plus", "subdued"))


class ThumbnailSize(QObject):
    """Keeps the grid, the slider and the settings at one size.

    Attributes:
        control: The slider and its buttons.
    """

    def __init__(self, theme: Theme, settings: Settings, grid: PhotoGrid) -> None:
        super().__init__(grid)
        self._settings = settings
        self._grid = grid
        self._turned = 0
        self.control = SizeSlider(theme)
        self.control.slider.valueChanged.connect(self._show)
        self.control.stepped.connect(self.step)
        grid.viewport().installEventFilter(self)
        self.control.slider.setValue(_nearest(settings.thumbnail))
        self._show(self.control.slider.value())
        for keys, what, act in (
            (("Ctrl++", "Ctrl+="), self.tr("Larger photos"), lambda: self.step(1)),
            (("Ctrl+-",), self.tr("Smaller photos"), lambda: self.step(-1)),
            (("Ctrl+0",), self.tr("Photos in their usual size"), self.reset),
        ):
            # They work wherever the focus is, as long as the grid is seen: the viewer has its own.
            shortcut = QShortcut(grid)
            shortcut.setKeys([QKeySequence(key) for key in keys])
            shortcut.setWhatsThis(what)
            shortcut.activated.connect(act)

    @property
    def width(self) -> int:
        """The width of a cell before a line is stretched to the window."""
        return SIZES[self.control.slider.value()]

    def step(self, count: int) -> None:
        """Go up by so many sizes, or down."""
        self.control.slider.setValue(self.control.slider.value() + count)

    def reset(self) -> None:
        """Go back to the size of the first start."""
        self.control.slider.setValue(SIZES.index(CELL.width()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Change the size with Ctrl and the wheel over the photos."""
        if not isinstance(event, QWheelEvent) or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return super().eventFilter(watched, event)
        self._turned += event.angleDelta().y()
        steps = int(self._turned / NOTCH)
        self._turned -= steps * NOTCH
        self.step(steps)
        return True

    def _show(self, at: int) -> None:
        self._settings.thumbnail = SIZES[at]
        self._grid.set_cell_width(SIZES[at])


def _nearest(width: int) -> int:
    return min(range(len(SIZES)), key=lambda at: abs(SIZES[at] - width))
