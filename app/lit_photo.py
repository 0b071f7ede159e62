"""A photo as wide as its panel, with the light of one word over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.loaded_photo import LoadedPhoto
from app.theme import Theme
from app.word_light import WordLight

TALLEST = 1.25  # against the width; a taller photo is shown narrower


class LitPhoto(QWidget):
    """The photo; its place is kept while it is being read."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._loaded: LoadedPhoto | None = None
        self._light: WordLight | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def light(self) -> WordLight | None:
        """The light that is shown."""
        return self._light

    def show_photo(self, loaded: LoadedPhoto | None) -> None:
        """Show a photo; None while it is being read."""
        self._loaded = loaded
        self.updateGeometry()
        self.update()

    def show_light(self, light: WordLight | None) -> None:
        """Show where a word was found, or the photo as it is."""
        self._light = light
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 (Qt's name)
        """Return True: the photo keeps its form."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 (Qt's name)
        """Return the height of the photo at a width."""
        if self._loaded is None or not self._loaded.levels:
            return width * 3 // 4
        full = self._loaded.full
        return max(1, round(width * min(TALLEST, full.height() / full.width())))

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return the size at the panel's usual width."""
        return QSize(288, self.heightForWidth(288))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint the photo, the rest dimmed where a word is lit."""
        painter = QPainter(self)
        loaded = self._loaded
        if loaded is None or not loaded.levels:
            painter.fillRect(self.rect(), self._theme.colour("placeholder"))
            return
        size = QSizeF(loaded.full).scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(self.rect()).center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, loaded.level(size.width() * self.devicePixelRatioF()))
        if self._light is not None:
            self._light.paint(painter, place)
