import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.filter_menu import MOST, Choices, FilterMenu
from app.late import Late
from engine import Indexer, Library, parse_query, refinement_text


@pytest.fixture
def menu(qtbot, tasks, tmp_path, photo_folder, load) -> FilterMenu:
    window = QWidget()
    qtbot.addWidget(window)
    with Library.open(tmp_path / "library.db") as library:
        Indexer(library, load()).run([photo_folder])
        menu = FilterMenu(tasks, Late(lambda: library), window)
        menu.kept = window
        yield menu
        assert tasks.close(10)


def submenu(menu: QMenu, name: str) -> QMenu:
    return next(action.menu() for action in menu.actions() if action.text() == name)


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_it_offers_what_the_library_has(qtbot, menu):
    menu.open(QPoint(0, 0))
    qtbot.waitUntil(lambda: "Winter" in texts(submenu(menu, "Folder")), timeout=20_000)
    assert texts(submenu(menu, "Date"))[0].isdecimal()
    assert texts(submenu(menu, "Camera")) == ["Other camera…"]
    menu.close()


def test_every_entry_is_a_filter_that_is_understood(qtbot, menu):
    menu._show(Choices((2019,), ("Winter/", "Winter/New York & more/"), ("NIKON D90",)))
    chosen: list[tuple[str, str]] = []
    menu.chosen.connect(lambda key, value: chosen.append((key, value)))
    for part in (menu, *(action.menu() for action in menu.actions() if action.menu())):
        for action in part.actions():
            if action.text() and action.menu() is None:
                action.trigger()
    assert ("folder", "Winter/New York & more/") in chosen
    assert {key for key, value in chosen if not value} == {"date", "folder", "camera", "not"}
    for key, value in chosen:
        if value:
            query = parse_query(refinement_text(key, value))
            assert query.filters
            assert query.notice == ""


def test_a_library_with_many_folders_does_not_fill_the_screen(menu):
    menu._show(Choices((), tuple(f"Winter/{number}/" for number in range(1000)), ()))
    assert len(texts(submenu(menu, "Folder"))) == MOST + 1
