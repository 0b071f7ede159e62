"""Pictures of every state of the window, from a real library: `python -m tests.e2e.screenshots PHOTOS OUT`.

Run it under a display (or Xvfb). Nothing of the user's own library or settings is used.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QListView

import engine
from app.application import Application
from app.settings import Settings

SIZE = (1280, 820)


class Album:
    """Drives one window and keeps what it looks like."""

    def __init__(self, qt: QApplication, photos: Path, out: Path, pack: Path | None, place: Path) -> None:
        self._qt = qt
        self._photos = photos
        self._out = out
        settings = Settings(place / "settings.ini")
        load = engine.ModelLoader(pack)
        self.app = Application(qt, library=place / "library.db", load=load, settings=settings)
        self.window = self.app.window
        self.window.resize(*SIZE)
        self.app.show()

    def wait(self, until: Callable[[], bool], seconds: float = 600) -> None:
        end = time.monotonic() + seconds
        while not until():
            self._qt.processEvents()
            time.sleep(0.01)
            if time.monotonic() > end:
                raise TimeoutError("the window did not get there in time")

    def settle(self, seconds: float = 0.8) -> None:
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def shoot(self, name: str) -> None:
        self.settle()
        self._out.mkdir(parents=True, exist_ok=True)
        self.window.grab().save(str(self._out / f"{name}.png"))
        print(f"{name}: {self.window.status.text}")

    def search(self, caption: str) -> None:
        self.window.bar.field.setText(caption)
        self.window.bar.field.returnPressed.emit()
        self.wait(lambda: self._answered(caption))

    def _answered(self, caption: str) -> bool:
        results = self.window.model.results
        return results is not None and results.reranked and results.caption == caption

    def first_minute(self) -> None:
        self.wait(lambda: self.app.session.is_ready or bool(self.window.message.text), seconds=60)
        if not self.app.session.is_ready:
            raise SystemExit(self.window.message.text)
        self.shoot("01-first-start")
        self.window.folders.add([self._photos])
        self.wait(lambda: self.window.model.rowCount() > 40 or not self.app.indexing.running)
        self.shoot("02-reading")
        self.wait(lambda: not self.app.indexing.running)
        self.shoot("03-library")

    def searches(self, caption: str) -> None:
        self.search(caption)
        self.window.grid.setFocus()
        self.window.grid.setCurrentIndex(self.window.model.index(0))
        self.shoot("04-results")
        self.window.model.show_weaker(True)
        self.settle()
        first_weaker = self.window.model.index(self.window.model.sections()[0].rows)
        self.window.grid.scrollTo(first_weaker, QListView.ScrollHint.PositionAtCenter)
        self.shoot("05-weaker-matches")
        self.window.model.show_weaker(False)

    def one_photo(self) -> None:
        photo_id = self.window.model.photo_id(0)
        menu = self.window.photos.menu(photo_id)
        menu.popup(self.window.mapToGlobal(QPoint(260, 220)))
        self.settle()
        screen = self.window.screen().grabWindow(self.window.winId())
        screen.save(str(self._out / "06-context-menu.png"))
        menu.close()
        self.window.navigator.describe(self.window.model.photo(photo_id))
        self.wait(lambda: self.window.panel.list.count() > 0)
        self.shoot("07-similar-descriptions")
        self.window.navigator.back()
        self.settle()
        self.window.navigator.look_alikes(self.window.model.photo(photo_id))
        self.shoot("08-look-alikes")

    def why(self, word: str) -> None:
        """The place of one of the caption's words, in the panel and in the viewer."""
        self.window.grid.setFocus()
        self.window.grid.setCurrentIndex(self.window.model.index(0))
        self.window.about.toggle_why()
        self.wait(lambda: bool(self._chips(word)))
        self.window.activateWindow()
        self._chips(word)[0].setFocus(Qt.FocusReason.TabFocusReason)
        self.shoot("14-why")
        self.window.viewing.open_selected()
        self.shoot("15-viewer")
        self.window.viewing.close()
        self.window.about.toggle_why()

    def _chips(self, word: str) -> list[QAbstractButton]:
        return [chip for chip in self.window.findChildren(QAbstractButton) if chip.text() == word]

    def refined(self, text: str) -> None:
        self.window.bar.field.setText(text)
        self.window.bar.field.returnPressed.emit()
        self.shoot("16-refined")

    def troubles(self) -> None:
        self.window.bar.field.setText("雪人")
        self.window.bar.field.returnPressed.emit()
        self.shoot("09-error")
        self.window.bar.clear()
        self.settle()
        self.window.message.show_message(
            "IMG_0412.jpg is no longer in its folder: it was moved, renamed or deleted."
        )
        self.shoot("10-message")
        self.window.message.clear()

    def folders(self) -> None:
        self.app.beside.show_folders()
        self.settle()
        settings = self.app.beside.settings
        settings.folders.remove.click()
        self.settle()
        settings.grab().save(str(self._out / "11-folders.png"))
        settings.close()

    def dark(self, caption: str) -> None:
        self.app.theme.apply(Qt.ColorScheme.Dark)
        self.search(caption)
        self.shoot("12-dark")
        self.window.navigator.describe(self.window.model.photo(self.window.model.photo_id(0)))
        self.wait(lambda: self.window.panel.list.count() > 0)
        self.shoot("13-dark-descriptions")


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, help="a folder of a few hundred photos")
    parser.add_argument("out", type=Path, help="where the pictures go")
    parser.add_argument("--pack", type=Path, help="a model pack; the bundled one if left out")
    parser.add_argument("--caption", default="a dog running on the beach")
    parser.add_argument("--word", default="dog", help="a word of the caption that is looked for in the photo")
    options = parser.parse_args()
    qt = QApplication([])
    with tempfile.TemporaryDirectory() as place:
        album = Album(qt, options.photos, options.out, options.pack, Path(place))
        album.first_minute()
        album.searches(options.caption)
        album.one_photo()
        album.search(options.caption)
        album.why(options.word)
        album.refined(f"{options.caption} is:landscape -snow")
        album.troubles()
        album.folders()
        album.dark(options.caption)
        album.app.shutdown()


if __name__ == "__main__":
    main()
