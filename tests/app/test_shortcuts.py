import ast
import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QStyleOptionViewItem, QWidget

import app as package
from app import shortcuts
from app.shortcuts import Group, Shortcut
from app.shortcuts_window import ShortcutsWindow


def listed(groups: tuple[Group, ...]) -> dict[str, list[str]]:
    return {group.title: [shortcut.does for shortcut in group.shortcuts] for group in groups}


def test_a_shortcut_that_is_added_is_listed_and_one_without_words_is_not(qtbot):
    window, photos = QWidget(), QListWidget()
    qtbot.addWidget(window)
    photos.setParent(window)
    photos.setAccessibleName("Photos")
    action = QAction("&Do it…", window)
    action.setShortcuts([QKeySequence("Ctrl+D"), QKeySequence("F7")])
    window.addAction(action)
    here = QShortcut(QKeySequence("Ctrl+H"), photos)
    here.setWhatsThis("Stay here")
    QShortcut(QKeySequence("Ctrl+Z"), window)
    groups = shortcuts.groups(window)
    assert groups[0] == Group("Everywhere", (Shortcut("Do it", ("Ctrl+D", "F7")),))
    assert "Stay here" in listed(groups)["Photos"]
    assert not any("Ctrl+Z" in s.keys for group in groups for s in group.shortcuts)


def test_every_shortcut_of_the_window_has_words(app):
    unnamed = [
        shortcut.key().toString()
        for shortcut in app.window.findChildren(QShortcut)
        if shortcut.key().toString() and not shortcut.whatsThis()
    ]
    assert unnamed == []


def test_no_key_means_two_things_in_the_same_place(app):
    for group in shortcuts.groups(app.window):
        keys = [key for shortcut in group.shortcuts for key in shortcut.keys if key.isascii()]
        assert len(keys) == len(set(keys)), (group.title, keys)


def test_the_window_s_own_keys_are_among_them(app):
    groups = {group.title: group.shortcuts for group in shortcuts.groups(app.window)}
    everywhere = {shortcut.does: shortcut.keys for shortcut in groups["Everywhere"]}
    assert everywhere["Settings"] == ("Ctrl+,",)
    assert everywhere["Keyboard shortcuts"] == ("F1", "?")
    assert everywhere["Go to the search field"] == ("Ctrl+F",)
    assert next(iter(groups)) == "Everywhere"
    assert {"In the search field", "Photos"} <= groups.keys()


def test_the_sheet_reads_line_by_line(qtbot, app):
    app.beside.show_shortcuts()
    sheet = app.window.findChild(ShortcutsWindow)
    assert sheet.isVisible()
    for group in range(sheet.list.topLevelItemCount()):
        heading = sheet.list.topLevelItem(group)
        for line in range(heading.childCount()):
            index = sheet.list.indexFromItem(heading.child(line))
            wanted = sheet.list.itemDelegateForIndex(index).sizeHint(QStyleOptionViewItem(), index).width()
            assert wanted <= sheet.list.visualRect(index).width(), heading.child(line).text(0)
    heading = sheet.list.topLevelItem(0)
    assert heading.text(0) == "Everywhere"
    line = next(
        heading.child(i)
        for i in range(heading.childCount())
        if heading.child(i).text(0) == "Keyboard shortcuts"
    )
    assert line.data(0, Qt.ItemDataRole.AccessibleTextRole) == "Keyboard shortcuts: F1 or ?"
    qtbot.keyClick(sheet.list, Qt.Key.Key_Down)
    assert sheet.list.currentItem() is heading.child(0)
    app.beside.show_shortcuts()
    assert sheet.list.topLevelItemCount() == len(shortcuts.groups(app.window))
    qtbot.waitUntil(sheet.isActiveWindow)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


# Where the keys work that a module's own event handlers listen to, and how the sheet calls them.
PLACES = {
    "library_panel": "Library",
    "past_searches": "In the search field",
    "refinement_bar": "Refinements",
    "search_bar": "In the search field",
    "selecting_list": "Photos",
    "strictness": "How sure a match must be",
    "viewer": "Viewing a photo",
    "word_chips": "Why this photo?",
    "folders": "Everywhere",
}
NAMES = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter", "Plus": "+", "Minus": "−"}
NAMES |= {"PageUp": "Page up", "PageDown": "Page down", "Escape": "Esc"}
# What everybody tries anyway: a list's first and last, the same key on another keyboard.
UNSAID = {"Home", "End", "Equal"}


def handled_keys(module: Path) -> set[str]:
    """The keys that a module compares events with; those of shortcuts are listed by themselves."""
    source = module.read_text("utf-8")
    tree = ast.parse(source)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call | ast.Tuple))
    named = (node for node in calls if re.search(r"QKeySequence\(|self\.tr\(", ast.unparse(node)))
    shortcuts_made = {part for node in named for part in ast.walk(node)}
    arrows = {"Left", "Right"} if "import onward" in source else set()
    return arrows | {
        node.attr.removeprefix("Key_")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.startswith("Key_") and node not in shortcuts_made
    }


def test_every_key_that_a_widget_handles_by_itself_is_listed(app):
    listed_keys = {
        group.title: " ".join(key for shortcut in group.shortcuts for key in shortcut.keys)
        for group in shortcuts.groups(app.window)
    }
    modules = Path(package.__file__).parent.glob("*.py")
    found = {module.stem: handled_keys(module) - UNSAID for module in modules}
    found.pop("main_menu")  # actions, listed by themselves
    found.pop("arrows")  # which others ask
    assert {name for name, keys in found.items() if keys} == PLACES.keys()
    missing = {
        (name, key)
        for name, place in PLACES.items()
        for key in found[name]
        if NAMES.get(key, key) not in listed_keys.get(place, "")
    }
    assert missing == set()
