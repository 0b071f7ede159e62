"""Why this photo?, and its facts: with a real library."""

import sqlite3
from contextlib import closing

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.questions import Caption
from tests.app.test_window import press, type_and_wait

WAIT = 60_000
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_why_this_photo(qtbot, filled):
    window = filled.window
    panel, why = window.about.why_panel, window.about.why

    # Without a photo or a description there is a sentence.
    window.grid.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert window.message.text == "Choose a photo first."
    window.grid.setCurrentIndex(window.model.index(0))
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert window.message.text.startswith("Search for a description first")
    menu = window.photos.menu(window.model.photo_id(0), searched=why.can_answer)
    assert not next(action for action in menu.actions() if action.text() == "Why this photo?").isEnabled()
    menu.close()

    # With both, the words come, and the one that says most is lit.
    type_and_wait(qtbot, filled, "a red circle")
    window.grid.setFocus()
    window.grid.setCurrentIndex(window.model.index(0))
    press(window.photos.menu(window.model.photo_id(0), searched=why.can_answer), "Why this photo?")
    qtbot.waitUntil(lambda: len(panel.words.chips) == 3, timeout=WAIT)
    assert [chip.text() for chip in panel.words.chips] == ["a", "red", "circle"]
    assert panel.text.startswith("Found mostly by “")
    assert QApplication.focusWidget() in panel.words.chips
    assert panel.photo.light is not None
    qtbot.waitUntil(lambda: panel.photo._loaded is not None, timeout=WAIT)

    # The viewer lights the same place.
    window.viewing.open(window.model.photo_id(0))
    canvas = window.viewing.viewer.canvas
    qtbot.waitUntil(lambda: canvas.loaded is not None, timeout=WAIT)
    panel.enter()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Home)
    assert canvas._light is panel.photo.light is not None
    window.viewing.close()

    # The panel follows the selection, and only the newest photo is told of.
    window.grid.setFocus()
    window.grid.setCurrentIndex(window.model.index(1))
    qtbot.waitUntil(lambda: why._asked == ("a red circle", window.model.photo_id(1)), timeout=WAIT)
    qtbot.waitUntil(lambda: len(panel.words.chips) == 3, timeout=WAIT)
    assert window.grid.hasFocus()

    # Descriptions take its place; Ctrl+Y brings it back and Escape closes it.
    window.navigator.describe(window.model.photo(window.model.photo_id(0)))
    assert window.panel.isVisible()
    assert not why.is_open
    window.navigator.close_panel()
    assert window.side.isHidden()
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    qtbot.waitUntil(lambda: len(panel.words.chips) == 3 and why.is_open, timeout=WAIT)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.side.isHidden()
    assert window.grid.hasFocus()

    # A photo that is gone is one sentence.
    photo = window.model.photo(window.model.photo_id(0))
    photo.path.rename(photo.path.with_name("renamed.jpg"))
    why.ask(photo)
    qtbot.waitUntil(lambda: "no longer in its folder" in panel.text, timeout=WAIT)
    qtbot.wait(100)
    assert panel.words.chips == []
    assert panel.photo.isHidden()

    # Another question has no photo chosen: the panel goes.
    window.bar.clear()
    qtbot.waitUntil(lambda: not why.is_open, timeout=WAIT)


def test_a_photo_that_is_not_read_is_one_sentence(qtbot, filled):
    window = filled.window
    type_and_wait(qtbot, filled, "a red circle")
    photo = window.model.photo(window.model.photo_id(0))
    with closing(sqlite3.connect(filled._library.get().path)) as connection, connection:
        connection.execute("DELETE FROM regions")
    window.about.why.ask(photo)
    qtbot.waitUntil(lambda: window.about.why_panel.text.startswith("This photo is not read"), timeout=WAIT)
    assert window.about.why_panel.words.chips == []
    qtbot.waitUntil(lambda: window.about.why_panel.photo._loaded is not None, timeout=WAIT)
    assert window.about.why_panel.photo.isVisible()


def test_information(qtbot, filled):
    window = filled.window
    panel = window.about.information_panel
    window.grid.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_I, CONTROL)
    assert window.message.text == "Choose a photo first."
    window.grid.setCurrentIndex(window.model.index(3))
    qtbot.keyClick(window, Qt.Key.Key_I, CONTROL)
    qtbot.waitUntil(panel.isVisible, timeout=WAIT)
    path = filled._library.get().photo(window.model.photo_id(3)).path
    assert panel.facts[0].value == path.name

    # It follows the viewer, too.
    window.viewing.open(window.model.photo_id(3))
    qtbot.keyClick(window.viewing.viewer.canvas, Qt.Key.Key_PageDown)
    name = filled._library.get().photo(window.model.photo_id(4)).path.name
    qtbot.waitUntil(lambda: panel.facts[0].value == name, timeout=WAIT)

    # A missing file is said.
    path.rename(path.with_name("renamed.jpg"))
    press(window.photos.menu(window.model.photo_id(3)), "Information")
    qtbot.waitUntil(lambda: "no longer in its folder" in panel.trouble, timeout=WAIT)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert window.side.isHidden()


def test_filters_without_words_have_no_why(qtbot, filled):
    window = filled.window
    window.bar.ask("is:landscape")
    qtbot.waitUntil(lambda: filled.session.question == Caption("is:landscape"), timeout=WAIT)
    qtbot.waitUntil(lambda: window.model.rowCount() > 0, timeout=WAIT)
    window.grid.enter()
    assert not filled.window.about.why.can_answer
    window.about.toggle_why()
    assert "Search for a description first" in window.message.text
    assert not window.about.why.is_open


def test_the_match_agrees_with_the_headings(qtbot, filled):
    window = filled.window
    panel = window.about.information_panel

    def match() -> str:
        return next((fact.value for fact in panel.facts if fact.label == "Match"), "")

    type_and_wait(qtbot, filled, "a red circle")
    window.grid.setFocus()
    window.grid.setCurrentIndex(window.model.index(0))
    window.about.toggle_information()
    photo_id = window.model.photo_id(0)
    qtbot.waitUntil(panel.isVisible, timeout=WAIT)
    for step in ("more", "best", "good"):
        window.strictness.choose(step)
        assert match() == window.model.fit_of(photo_id) != ""
    window.bar.clear()  # no description is searched for, and no photo is chosen
    qtbot.waitUntil(lambda: window.model.results is None, timeout=WAIT)
    assert panel.isVisible()
    assert match() == ""


def told(panel, label: str) -> str:
    """Return the value of one of the facts in the panel, "" where it is not there."""
    return next((fact.value for fact in panel.facts if fact.label == label), "")


def test_the_words_that_a_photo_was_found_by(qtbot, filled):
    window = filled.window
    panel, chips = window.about.information_panel, window.about.why_panel.words

    # Browsing has no words.
    window.grid.setFocus()
    window.grid.setCurrentIndex(window.model.index(0))
    window.about.toggle_information()
    qtbot.waitUntil(panel.isVisible, timeout=WAIT)
    assert told(panel, "Found mostly by") == ""

    # A description has those that "Why this photo?" names.
    type_and_wait(qtbot, filled, "a red circle")
    window.grid.setFocus()
    window.grid.setCurrentIndex(window.model.index(0))
    qtbot.waitUntil(lambda: told(panel, "Found mostly by").startswith("“"), timeout=WAIT)
    words = told(panel, "Found mostly by").split(", ")
    window.about.toggle_why()
    qtbot.waitUntil(lambda: len(chips.chips) == 3, timeout=WAIT)
    assert all(word in window.about.why_panel.text for word in words)
    window.about.why.close()

    # They are those of the photo that is chosen, and of the present question.
    window.about.toggle_information()
    window.grid.setCurrentIndex(window.model.index(3))
    explained = window.about.information
    photo_id = window.model.photo_id(3)
    qtbot.waitUntil(lambda: explained._explained == ("a red circle", photo_id), timeout=WAIT)
    qtbot.waitUntil(lambda: told(panel, "Found mostly by").startswith("“"), timeout=WAIT)
    type_and_wait(qtbot, filled, "snow")
    qtbot.waitUntil(lambda: told(panel, "Found mostly by") == "“snow”", timeout=WAIT)

    # Filters alone, and browsing again, have none.
    window.bar.ask("is:landscape")
    qtbot.waitUntil(lambda: told(panel, "Found mostly by") == "", timeout=WAIT)
    window.bar.clear()
    qtbot.waitUntil(lambda: window.model.results is None, timeout=WAIT)
    assert told(panel, "Found mostly by") == ""


def test_words_are_only_asked_for_while_the_panel_is_open(qtbot, filled):
    window = filled.window
    type_and_wait(qtbot, filled, "a red circle")
    window.grid.setFocus()
    for row in (0, 1):
        window.grid.setCurrentIndex(window.model.index(row))
        qtbot.wait(200)
    assert window.about.information._explained is None
    window.about.toggle_information()
    qtbot.waitUntil(lambda: window.about.information._explained is not None, timeout=WAIT)
    window.about.toggle_information()
    assert window.about.information._explained is None


def test_a_photo_whose_words_cannot_be_told_has_its_other_facts(qtbot, filled):
    window = filled.window
    panel = window.about.information_panel
    type_and_wait(qtbot, filled, "a red circle")
    with closing(sqlite3.connect(filled._library.get().path)) as connection, connection:
        connection.execute("DELETE FROM regions")
    window.grid.setFocus()
    window.grid.setCurrentIndex(window.model.index(0))
    window.about.toggle_information()
    qtbot.waitUntil(panel.isVisible, timeout=WAIT)
    qtbot.waitUntil(lambda: told(panel, "Found mostly by") == "", timeout=WAIT)
    assert told(panel, "Match") != ""


def test_how_a_photo_was_taken_is_read_from_its_file(qtbot, app, tmp_path):
    window = app.window
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "EOS R6"
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.ExposureTime: IFDRational(1, 250),
            ExifTags.Base.FNumber: IFDRational(28, 10),
            ExifTags.Base.ISOSpeedRatings: 400,
            ExifTags.Base.FocalLength: IFDRational(50, 1),
            ExifTags.Base.LensModel: "EF50mm f/1.4 USM",
        }
    )
    folder = tmp_path / "Trip"
    folder.mkdir()
    Image.new("RGB", (96, 72), "teal").save(folder / "a.jpg", exif=exif)
    Image.new("RGB", (96, 72), "navy").save(folder / "b.jpg")
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=WAIT)
    with qtbot.waitSignal(app.indexing.finished, timeout=WAIT):
        window.folders.add([folder])
    qtbot.waitUntil(lambda: window.model.rowCount() == 2, timeout=WAIT)
    panel = window.about.information_panel
    window.about.information.ask(app._library.get().find(folder / "a.jpg").id)
    qtbot.waitUntil(lambda: told(panel, "Name") == "a.jpg", timeout=WAIT)
    assert told(panel, "Exposure") == "1/250 s · f/2.8 · ISO 400 · 50 mm"
    assert told(panel, "Lens") == "EF50mm f/1.4 USM"
    window.about.information.ask(app._library.get().find(folder / "b.jpg").id)
    window.about.information.follow(None)  # no photo is chosen: it stays with the one that was asked for
    qtbot.waitUntil(lambda: told(panel, "Name") == "b.jpg", timeout=WAIT)
    assert told(panel, "Exposure") == told(panel, "Lens") == ""


@pytest.mark.parametrize("asks", ["Why this photo?", "Information"])
def test_what_is_told_of_a_photo_ends_when_its_folder_leaves_the_library(qtbot, filled, asks):
    window = filled.window
    type_and_wait(qtbot, filled, "a red circle")
    press(window.photos.menu(window.model.photo_id(0), searched=True), asks)
    qtbot.waitUntil(lambda: not window.side.isHidden(), timeout=WAIT)
    panels = window.about.why_panel, window.about.information_panel
    qtbot.waitUntil(lambda: bool(panels[0].words.chips or panels[1].facts), timeout=WAIT)
    filled.indexing.remove(filled._library.get().roots()[0].id)
    gone = "This photo is no longer in the library."
    qtbot.waitUntil(lambda: gone in (panels[0].text, panels[1].trouble), timeout=WAIT)
    assert not panels[0].words.chips
    assert not panels[1].facts
