"""The tree of the library: how it is made, and how it is shown."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from app import library_tree
from app.library_model import LibraryModel, TreeRole
from app.library_panel import LibraryPanel
from app.library_tree import Entry, moved_to, place_of
from engine import FolderCount, Month


def tree(folders: dict[str, int], months: dict[str, int] | None = None, searches=()) -> Entry:
    counts = [
        FolderCount(Path("/p") / parts[0], parts[1:], photos, parts[0])
        for name, photos in folders.items()
        for parts in [tuple(name.split("/"))]
    ]
    found = [Month(date.fromisoformat(f"{name}-01"), photos) for name, photos in (months or {}).items()]
    top = Entry((), "")
    top.add(Entry(("all",), "All photos", "all", photos=sum(folders.values())))
    for heading in (
        library_tree._folders(counts),
        library_tree._years([*found, Month(None, 4)]),
        library_tree._searches(searches),
    ):
        if heading.children:
            top.add(heading)
    return top


def lines(entry: Entry, depth: int = 0) -> list[tuple[int, str, int | None]]:
    return [
        line
        for child in entry.children
        for line in [(depth, child.label, child.photos), *lines(child, depth + 1)]
    ]


def test_folders_count_what_is_below_them():
    top = tree({"Pictures": 2, "Pictures/Trips/Rome": 3, "Pictures/Trips/Alps": 4, "Phone/DCIM": 1})
    assert lines(top)[2:] == [
        (1, "Phone", 1),
        (2, "DCIM", 1),
        (1, "Pictures", 9),
        (2, "Trips", 7),
        (3, "Rome", 3),
        (3, "Alps", 4),
    ]
    texts = [entry.text for entry in top.walk() if entry.kind == "place"]
    assert "folder:Pictures/Trips/Rome/" in texts
    assert "folder:Phone/" in texts


def test_folders_of_one_name_are_told_apart():
    counts = [FolderCount(Path(f"/{place}/Pictures"), (), 1, f"/{place}/Pictures") for place in "ab"]
    heading = library_tree._folders(counts)
    assert [entry.label for entry in heading.children] == ["Pictures (/a)", "Pictures (/b)"]
    assert [entry.text for entry in heading.children] == ["folder:/a/Pictures/", "folder:/b/Pictures/"]


def test_years_count_their_months_and_photos_without_a_date_are_of_none():
    top = tree({}, {"2019-07": 5, "2019-05": 1, "0984-01": 2})
    years = [entry for entry in top.walk() if entry.key[0] in ("year", "month")]
    assert [(entry.text, entry.photos) for entry in years] == [
        ("date:2019", 6),
        ("date:2019-07", 5),
        ("date:2019-05", 1),
        ("date:0984", 2),
        ("date:0984-01", 2),
    ]


@pytest.mark.parametrize(
    ("text", "place", "moved"),
    [
        ("", "date:2019", "date:2019"),
        ("a dog", "date:2019", "a dog date:2019"),
        ("a dog folder:Trips -beach", "date:2019", "a dog -beach date:2019"),
        ("date:2018 is:favourite camera:pixel", "folder:Trips/", "camera:pixel folder:Trips/"),
        ("is:portrait folder:a folder:b", "is:favourite", "is:portrait is:favourite"),
    ],
)
def test_a_place_takes_the_place_of_another_and_leaves_the_rest(text, place, moved):
    assert moved_to(text, place) == moved
    assert place_of(moved) == place


@pytest.mark.parametrize("text", ["", "a dog is:portrait", "date:2019 folder:Trips/", "-beach"])
def test_no_place_or_several_are_no_line_of_the_tree(text):
    assert place_of(text) == ""


def test_the_model_is_a_sound_tree(qapp):
    model = LibraryModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.show(tree({"a": 1, "a/b": 2}, {"2019-07": 5}, ["dogs"]))
    model.show(tree({"a": 1, "c/d/e": 2}, {}, []))
    model.set_active(("folder", "/p/a"))
    assert model.rowCount() == 2
    index = model.index_of(("folder", "/p/c", "d", "e"))
    assert index.data() == "e"
    assert index.parent().parent().parent().data() == "Folders"
    assert model.entry(QModelIndex()) is None


def test_lines_are_spoken_with_their_counts_and_what_is_shown(qapp):
    model = LibraryModel()
    model.show(tree({"a": 1}))
    index = model.index_of(("folder", "/p/a"))
    role = Qt.ItemDataRole.AccessibleTextRole
    assert index.data(role) == "a, 1 photo"
    assert index.data(TreeRole.COUNT) == "1"
    model.set_active(("folder", "/p/a"))
    assert index.data(role) == "a, 1 photo, shown"
    assert model.index_of(("folders",)).data(role) == "Folders"


@pytest.fixture
def panel(qtbot, theme) -> LibraryPanel:
    panel = LibraryPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(240, 300)
    panel.show_tree(tree({"a": 1, "a/b": 2, "a/b/c": 3}, {"2019-07": 5}, ["dogs"]))
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_headings_are_open_and_folders_folded_at_first(panel):
    opened = {
        entry.label for entry in panel.model._lines if panel.tree.isExpanded(panel.model.index_of(entry.key))
    }
    assert opened == {"Folders", "Years", "Searches"}


def test_other_counts_change_nothing_else(panel):
    resets = QSignalSpy(panel.model.modelReset)
    panel.tree.setExpanded(panel.model.index_of(("folder", "/p/a")), True)
    panel.show_tree(tree({"a": 1, "a/b": 2, "a/b/c": 30}, {"2019-07": 5}, ["dogs"]))
    assert resets.count() == 0
    assert panel.model.index_of(("folder", "/p/a")).data(TreeRole.COUNT) == "33"


def test_a_new_folder_folds_nothing_and_moves_nothing(panel):
    below = ("folder", "/p/a", "b")
    for key in (("folder", "/p/a"), below):
        panel.tree.setExpanded(panel.model.index_of(key), True)
    panel.tree.setExpanded(panel.model.index_of(("years",)), False)
    panel.tree.setCurrentIndex(panel.model.index_of((*below, "c")))
    panel.tree.verticalScrollBar().setValue(20)
    scrolled = panel.tree.verticalScrollBar().value()
    panel.show_tree(tree({"a": 1, "a/0": 1, "a/b": 2, "a/b/c": 3}, {"2019-07": 5}, ["dogs"]))
    assert panel.tree.isExpanded(panel.model.index_of(below))
    assert not panel.tree.isExpanded(panel.model.index_of(("years",)))
    assert panel.model.entry(panel.tree.currentIndex()).key == (*below, "c")
    assert panel.tree.verticalScrollBar().value() == scrolled


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_tree_is_walked_and_chosen_from_by_keys(qtbot, panel, key):
    panel.enter()
    assert panel.tree.currentIndex().data() == "All photos"
    chosen: list[Entry] = []
    panel.chosen.connect(chosen.append)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    qtbot.keyClick(panel.tree, key)  # a heading
    assert not panel.tree.isExpanded(panel.model.index_of(("folders",)))
    qtbot.keyClick(panel.tree, Qt.Key.Key_Right)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Right)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    assert chosen == []
    qtbot.keyClick(panel.tree, key)
    assert [entry.text for entry in chosen] == ["folder:a/b/"]


def test_a_click_chooses(qtbot, panel):
    chosen: list[Entry] = []
    panel.chosen.connect(chosen.append)
    place = panel.tree.visualRect(panel.model.index_of(("folder", "/p/a"))).center()
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [entry.text for entry in chosen] == ["folder:a/"]


def test_it_can_be_entered_when_the_shown_line_is_gone(panel):
    panel.mark(("folder", "/p/gone"))
    panel.enter()
    assert panel.tree.currentIndex().data() == "All photos"


def test_the_shown_line_is_painted_other_than_the_rest(qtbot, panel):
    rect = panel.tree.visualRect(panel.model.index_of(("all",)))
    place = rect.topLeft() + (rect.bottomRight() - rect.topLeft()) / 2
    before = panel.tree.viewport().grab().toImage().pixelColor(place)
    panel.mark(("all",))
    assert panel.tree.viewport().grab().toImage().pixelColor(place) != before
