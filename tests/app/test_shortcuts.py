from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QWidget

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
