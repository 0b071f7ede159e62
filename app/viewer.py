"""One photo in the whole window."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.arrows import onward
from app.loaded_photo import LoadedPhoto
from app.photo_canvas import STEP, PhotoCanvas
from app.slideshow import Slideshow
from app.theme import Theme
from app.viewer_bar import ViewerBar
from app.wrapping_label import WrappingLabel

PAN = 96  # logical pixels per arrow key
IDLE_MS = 2000  # after the last move of the pointer, the bar leaves a full screen


class Viewer(QWidget):
    """The photo, its bar, and the keys.

    Attributes:
        bar: The buttons.
        canvas: The photo.
        slideshow: Goes on by itself.

    Signals:
        stepped: So many photos forward (or backward, where negative).
        left: Back to the photos.
    """

    stepped = Signal(int)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.setAccessibleName(self.tr("One photo"))
        self.bar = ViewerBar(theme, self)
        self.canvas = PhotoCanvas(theme, self)
        self.slideshow = Slideshow(self)
        self._trouble = WrappingLabel(parent=self)
        self._trouble.setObjectName("emptySentence")
        self._trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._trouble.hide()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._hide_bar)
        self.setFocusProxy(self.canvas)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.bar.raise_()
        self._connect()

    @property
    def trouble(self) -> str:
        """The sentence in the place of the photo, or ""."""
        return "" if self._trouble.isHidden() else self._trouble.text()

    def wait_for(self, name: str, count: str) -> None:
        """Say which photo comes; the one before stays until it is there."""
        self.bar.show_name(name, count)
        self.canvas.setAccessibleName(", ".join(filter(None, (name, count))))

    def show_photo(self, loaded: LoadedPhoto, *, same: bool) -> None:
        """Show a photo, or why it can't be shown.

        Args:
            loaded: The photo.
            same: Whether it is the one shown already, with more pixels.
        """
        self.canvas.show_photo(loaded, same=same)
        self._trouble.setText(loaded.trouble)
        self._trouble.setVisible(bool(loaded.trouble))
        self.canvas.setAccessibleDescription(loaded.trouble)
        self._show_scale()
        self.slideshow.seen()

    def clear(self) -> None:
        """Let go of the photo."""
        self.slideshow.stop()
        self.canvas.show_photo(None)
        self.canvas.show_hand()
        self._trouble.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Step, zoom, move; any key stops the slideshow and does nothing else."""
        if self.slideshow.stop():
            return
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not (self._zoom_key(key, control) or self._move_key(key)):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Stop the slideshow; the mouse's own back button leads back."""
        self.slideshow.stop()
        if event.button() == Qt.MouseButton.BackButton:
            self.left.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Show the bar again on a full screen."""
        self.wake()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Give the photo what the bar leaves; on a full screen the bar lies over it."""
        self.arrange()

    def arrange(self) -> None:
        """Lay out for the window, or for the full screen."""
        height = self.bar.sizeHint().height()
        self.bar.setGeometry(0, 0, self.width(), height)
        top = 0 if self.window().isFullScreen() else height
        self.canvas.setGeometry(0, top, self.width(), self.height() - top)
        margin = max(16, (self.width() - 640) // 2)
        self._trouble.setGeometry(self.canvas.geometry().adjusted(margin, 0, -margin, 0))
        self.wake()

    def wake(self) -> None:
        """Show the bar and the pointer; on a full screen, for a while."""
        self.bar.show()
        if self.canvas.cursor().shape() == Qt.CursorShape.BlankCursor:
            self.canvas.show_hand()
        self._idle.start()

    def _hide_bar(self) -> None:
        inside = self.bar.underMouse() or self.bar.isAncestorOf(self.focusWidget() or self)
        if self.window().isFullScreen() and not inside:
            self.bar.hide()
            self.canvas.setCursor(Qt.CursorShape.BlankCursor)

    def _zoom_key(self, key: int, control: bool) -> bool:
        zoom, keys = self.canvas.zoom, Qt.Key
        if key in (keys.Key_Plus, keys.Key_Equal):
            self.canvas.set_zoom(zoom.by(STEP))
        elif key == keys.Key_Minus:
            self.canvas.set_zoom(zoom.by(1 / STEP))
        elif key == keys.Key_0 and control:
            self.canvas.set_zoom(zoom.fitted())
        elif key == keys.Key_1 and control:
            self.canvas.set_zoom(zoom.at(100))
        else:
            return False
        return True

    def _move_key(self, key: int) -> bool:
        keys = Qt.Key
        ways = {keys.Key_Left: (1, 0), keys.Key_Right: (-1, 0), keys.Key_Up: (0, 1), keys.Key_Down: (0, -1)}
        pages = {keys.Key_PageUp: -1, keys.Key_PageDown: 1}
        named = Qt.Key(key)
        step = pages.get(named) or onward(key, self)
        if named in ways and self.canvas.zoom.can_pan:
            x, y = ways[named]
            self.canvas.set_zoom(self.canvas.zoom.panned(x * PAN, y * PAN))
        elif step:
            self.stepped.emit(step)
        elif named == keys.Key_Space:
            self.left.emit()
        else:
            return False
        return True

    def _toggle_scale(self) -> None:
        zoom = self.canvas.zoom
        self.canvas.set_zoom(zoom.at(100) if zoom.chosen is None else zoom.fitted())

    def _show_scale(self) -> None:
        self.bar.show_scale(self.canvas.zoom.percent if self.canvas.loaded is not None else None)

    def _connect(self) -> None:
        self.canvas.zoomed.connect(self._show_scale)
        self.slideshow.changed.connect(self.bar.show_playing)
        self.slideshow.next_wanted.connect(lambda: self.stepped.emit(1))
        self.bar.zoom_pressed.connect(self._toggle_scale)
        self.bar.back.triggered.connect(self.left)
        self.bar.previous.triggered.connect(lambda: self.stepped.emit(-1))
        self.bar.following.triggered.connect(lambda: self.stepped.emit(1))
        self.bar.smaller.triggered.connect(lambda: self.canvas.set_zoom(self.canvas.zoom.by(1 / STEP)))
        self.bar.larger.triggered.connect(lambda: self.canvas.set_zoom(self.canvas.zoom.by(STEP)))
        self.bar.play.triggered.connect(self.slideshow.toggle)
