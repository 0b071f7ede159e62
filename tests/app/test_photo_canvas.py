import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication

from app.photo_canvas import PhotoCanvas
from tests.app.test_viewer import photo


@pytest.fixture
def canvas(qtbot, theme) -> PhotoCanvas:
    """Half as wide as its photo, of which it has a smaller picture."""
    canvas = PhotoCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(1000, 500)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.show_photo(photo(1200, 600, QSize(2000, 1000)))
    return canvas


def test_a_finer_screen_shows_more_of_the_photos_pixels(qtbot, canvas, monkeypatch):
    assert canvas.zoom.percent == 50
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: 2.0)
    with qtbot.waitSignals([canvas.zoomed, canvas.detail_wanted]):
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert canvas.zoom.percent == 100
