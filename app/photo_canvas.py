"""A photo in a view: zoomed with the wheel, moved by dragging."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.loaded_photo import LoadedPhoto
from app.theme import Theme
from app.word_light import WordLight
from app.zoom import Zoom

STEP = 1.25
NOTCH = 120  # of a mouse wheel, in Qt's units
UNKNOWN = Zoom((1, 1), (1, 1))


class PhotoCanvas(QWidget):
    """Shows one photo, whole or in part.

    Attributes:
        zoom: How it lies in the view.

    Signals:
        zoomed: The scale is another one.
        detail_wanted: The photo is shown larger than its picture has pixels for.
        drag_wanted: The photo, which is seen whole, is dragged out.
    """

    zoomed = Signal()
    detail_wanted = Signal()
    drag_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._loaded: LoadedPhoto | None = None
        self._light: WordLight | None = None
        self._dragged: QPointF | None = None
        self._pressed: QPointF | None = None  # where the photo may be dragged out from
        self.zoom = UNKNOWN
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    @property
    def loaded(self) -> LoadedPhoto | None:
        """The photo that is shown."""
        return self._loaded

    def show_photo(self, loaded: LoadedPhoto | None, *, same: bool = False) -> None:
        """Show a photo, fitted to the view.

        Args:
            loaded: The photo; None or one without pixels for an empty view.
            same: Whether it is the photo that is shown already, with more pixels: it stays
                as it lies.
        """
        self._loaded = loaded if loaded is not None and loaded.levels else None
        if not same:
            self._light = None
            full = self._loaded.full if self._loaded is not None else QSizeF(1, 1)
            self.zoom = Zoom((full.width(), full.height()), (1, 1)).in_view(
                QSizeF(self.size()), self.devicePixelRatioF()
            )
        self._changed()

    def show_light(self, light: WordLight | None) -> None:
        """Show where a word was found, or the photo as it is."""
        self._light = light
        self.update()

    def set_zoom(self, zoom: Zoom) -> None:
        """Show the photo in another way."""
        if self._loaded is not None:
            self.zoom = zoom
            self._changed()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Zoom about the pointer."""
        turns = event.angleDelta().y() / NOTCH
        if turns:
            self.set_zoom(self.zoom.by(STEP**turns, event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Take hold of the photo."""
        if event.button() == Qt.MouseButton.LeftButton and self.zoom.can_pan:
            self._dragged = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton and self._loaded is not None:
            self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Move the photo along."""
        if self._dragged is not None:
            way = event.position() - self._dragged
            self._dragged = event.position()
            self.set_zoom(self.zoom.panned(way.x(), way.y()))
        elif self._pressed is not None:
            way = event.position() - self._pressed
            if way.manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                self.drag_wanted.emit()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Let the photo go."""
        self._dragged = self._pressed = None
        self.show_hand()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Go close to a point, or back to the whole photo."""
        fitted = self.zoom.chosen is None
        self.set_zoom(self.zoom.at(100, event.position()) if fitted else self.zoom.fitted())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Keep the photo fitted, or its middle in the middle."""
        self._fit_view()

    def event(self, event: QEvent) -> bool:
        """Tell the scale anew on a screen with other pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._fit_view()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint what is in sight of the photo."""
        painter = QPainter(self)
        black = self.window().isFullScreen()
        painter.fillRect(self.rect(), QColor("black") if black else self._theme.colour("window"))
        if self._loaded is None:
            return
        place = self.zoom.place
        level = self._loaded.level(place.width() * self.devicePixelRatioF() * 0.99)
        seen = place.intersected(QRectF(self.rect()))
        scale = level.width() / place.width(), level.height() / place.height()
        source = QRectF(
            (seen.x() - place.x()) * scale[0],
            (seen.y() - place.y()) * scale[1],
            seen.width() * scale[0],
            seen.height() * scale[1],
        )
        # Far in, the pixels themselves are what one wants to see.
        smooth = self.zoom.percent < 400 or not self._loaded.is_whole
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(seen, level, source)
        if self._light is not None:
            self._light.paint(painter, place)

    def _fit_view(self) -> None:
        self.zoom = self.zoom.in_view(QSizeF(self.size()), self.devicePixelRatioF())
        self._changed()

    def _changed(self) -> None:
        self.update()
        if self.cursor().shape() != Qt.CursorShape.BlankCursor:  # nobody moves it on a full screen
            self.show_hand()
        self.zoomed.emit()
        loaded = self._loaded
        if loaded is not None and not loaded.is_whole:
            wanted = self.zoom.place.width() * self.devicePixelRatioF()
            if wanted > loaded.levels[0].width() + 1:
                self.detail_wanted.emit()

    def show_hand(self) -> None:
        """Show by the pointer whether the photo can be moved."""
        if self.zoom.can_pan:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()
