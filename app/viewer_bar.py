"""The bar over a photo in the viewer: what it is, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app import phrases
from app.theme import Theme

NAME_WIDTH = 320
NAME_LEAST = 48  # pixels, below which next to nothing of a name can be read
ROUNDING = 4  # pixels that a label wants beyond its words


class ViewerBar(QFrame):
    """A row of buttons around the photo's name.

    Attributes:
        back: To the photos.
        previous: The photo before.
        following: The photo after.
        smaller: Zoom out.
        larger: Zoom in.
        play: Start or stop the slideshow.
        fill: Fill the screen, or go back to the window.
        favourite: Whether the photo is a favourite.
        why: Why this photo?
        information: The photo's facts.
    """

    zoom_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewerBar")
        self._theme = theme
        self._icons: dict[QAction, str] = {}
        self._full_name = ""
        self.back = self._action("back", self.tr("Back to the photos (Esc)"))
        self.previous = self._action("previous", self.tr("Previous photo (Page Up)"))
        self.following = self._action("next", self.tr("Next photo (Page Down)"))
        self.smaller = self._action("minus", self.tr("Smaller (-)"))
        self.larger = self._action("plus", self.tr("Larger (+)"))
        self.play = self._action("play", self.tr("Slideshow (F5)"))
        self.fill = self._action("expand", self.tr("Full screen (F11)"))
        self.favourite = self._action("star", self.tr("Favourite (Ctrl+B)"))
        self.favourite.setCheckable(True)
        self.why = self._action("why", self.tr("Why this photo? (Ctrl+Y)"))
        self.information = self._action("information", self.tr("Information (Ctrl+I)"))
        self._name = QLabel()
        self._name.setObjectName("viewerName")
        self._count = QLabel()
        self._count.setObjectName("subdued")
        for label in (self._name, self._count):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setMinimumWidth(1)  # it gives way where the bar is narrow
        self._scale = QToolButton()
        self._scale.setObjectName("flat")
        self._scale.setToolTip(self.tr("Fit to the window (Ctrl+0), or every pixel (Ctrl+1)"))
        self._scale.clicked.connect(self.zoom_pressed)
        self._arrange()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    @property
    def text(self) -> str:
        """The name and the count that are shown."""
        return f"{self._full_name} {self._count.text()}"

    def show_name(self, name: str, count: str) -> None:
        """Say which photo it is, and the how-manieth."""
        self._name.setToolTip(phrases.tool_tip(name))
        self._full_name = name
        self._count.setText(count)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave out what there is no room for, and give the name the rest."""
        super().resizeEvent(event)
        self._fit()

    def show_scale(self, percent: int | None) -> None:
        """Say how large the photo is shown; None where there is none."""
        text = "" if percent is None else self.tr("{p} %").format(p=percent)
        self._scale.setText(text)
        self._scale.setAccessibleName(self.tr("Shown at {p} %").format(p=percent) if text else "")
        for action in (self.smaller, self.larger):
            action.setEnabled(percent is not None)
        self._scale.setEnabled(percent is not None)
        self._fit()

    def show_playing(self, playing: bool) -> None:
        """Say whether the slideshow runs."""
        self._icons[self.play] = "pause" if playing else "play"
        self.play.setText(self.tr("Stop the slideshow (any key)") if playing else self.tr("Slideshow (F5)"))
        self.play.setIcon(self._theme.icon(self._icons[self.play]))

    def show_favourite(self, favourite: bool) -> None:
        """Say whether the photo is a favourite."""
        self.favourite.setChecked(favourite)
        self._icons[self.favourite] = "starred" if favourite else "star"
        self.favourite.setIcon(self._theme.icon(self._icons[self.favourite]))

    def _fit(self) -> None:
        """Leave out what the bar is too narrow for, and cut the name to what is left."""
        for part in self._optional:
            for widget in part:
                widget.show()
        self._row.activate()
        for part in self._optional:
            if self._room() >= 0:
                break
            for widget in part:
                widget.hide()
            self._row.activate()
        room = min(NAME_WIDTH, self._room())
        metrics, middle = self._name.fontMetrics(), Qt.TextElideMode.ElideMiddle
        self._name.setText(metrics.elidedText(self._full_name, middle, room) if room >= NAME_LEAST else "")

    def _room(self) -> int:
        """Return how many pixels the buttons leave of the bar."""
        others = self.sizeHint().width() - self._name.sizeHint().width()
        return self.width() - others - ROUNDING

    def _action(self, icon: str, text: str) -> QAction:
        action = QAction(text, self)
        self._icons[action] = icon
        return action

    def _arrange(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(4)
        self._add(row, self.back)
        row.addWidget(self._name)
        row.addSpacing(4)
        row.addWidget(self._count)
        row.addStretch(1)
        steps = [self._add(row, action) for action in (self.previous, self.following)]
        row.addSpacing(16)
        smaller = self._add(row, self.smaller)
        row.addWidget(self._scale)
        larger = self._add(row, self.larger)
        row.addSpacing(16)
        play, fill = (self._add(row, action) for action in (self.play, self.fill))
        row.addSpacing(16)
        for action in (self.favourite, self.why, self.information):
            self._add(row, action)
        # What keys do as well, from what is missed least.
        self._optional = ([smaller, self._scale, larger], [play], [self._count], steps, [fill])

    def _add(self, row: QHBoxLayout, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setObjectName("flat")
        button.setDefaultAction(action)
        row.addWidget(button)
        return button

    def _draw_icons(self) -> None:
        for action, icon in self._icons.items():
            action.setIcon(self._theme.icon(icon))
