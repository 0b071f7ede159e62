"""The whole program without a mouse: keys only, sent to the window as the system sends them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QMenu,
    QScrollBar,
    QWidget,
)

from app.application import Application
from app.close_button import CloseButton
from app.questions import Browse, Caption, DescribedAlike
from app.settings_window import Page, SettingsWindow
from app.window import Window
from tests.app.answers import is_found
from tests.app.conftest import draw_photo
from tests.app.hands import ALT, CONTROL, PLAIN, SHIFT, handle, strike

WAIT = 30_000
MANY = 80  # more stops than any window has
Key = Qt.Key


class Walker:
    """Presses keys, and looks after every key where the focus is."""

    def __init__(self, qtbot, app: Application) -> None:
        self.qtbot = qtbot
        self.app = app

    @property
    def focus(self) -> QWidget:
        """The widget that has the focus, which must be one that can be seen."""
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=WAIT)
        focus = QApplication.focusWidget()
        assert not focus.visibleRegion().isEmpty(), f"the focus is out of sight on {focus}"
        assert focus.window().isActiveWindow()
        return focus

    def press(self, key: Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        target = QApplication.activePopupWidget() or QApplication.activeWindow()
        assert target is not None, "no window is active"
        strike(handle(target), key, modifier)

    def press_menu_key(self) -> None:
        """Ask for the menu: a real platform makes this event of the key, the unseen one does not."""
        focus = self.focus
        place = focus.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()
        reason = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(focus, QContextMenuEvent(reason, place, focus.mapToGlobal(place)))

    def type(self, text: str) -> None:
        for letter in text:
            strike(handle(QApplication.activeWindow()), letter)
            assert self.focus is self.app.window.bar.field

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT)

    def return_to_window(self) -> None:
        """Do what a window manager does when a window beside the main one has closed."""
        window = self.app.window
        self.until(lambda: QApplication.activeWindow() in (None, window))
        window.activateWindow()
        self.until(window.isActiveWindow)

    def tab_to(self, wanted: Callable[[QWidget], bool], key: Key = Key.Key_Tab) -> QWidget:
        """Press Tab until a widget is reached."""
        for _ in range(MANY):
            if wanted(self.focus):
                return self.focus
            self.press(key)
        pytest.fail("Tab never leads there")

    def choose(self, text: str) -> None:
        """Walk down an open menu to a line, and press Enter."""
        self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        for _ in range(MANY):
            self.press(Key.Key_Down)
            if menu.activeAction() is not None and menu.activeAction().text() == text:
                self.press(Key.Key_Return)
                return
        pytest.fail(f"arrow down never leads to {text}")


@pytest.fixture
def walker(qtbot, build) -> Walker:
    """The program at its first start."""
    app = build()
    qtbot.waitUntil(lambda: app.session.is_ready, timeout=WAIT)
    return Walker(qtbot, app)


@pytest.fixture
def photo_folder(tmp_path):
    for number in range(30):
        draw_photo(tmp_path / "Winter" / f"IMG_{number:02}.jpg", number)
    return tmp_path / "Winter"


def test_from_the_first_start_to_the_last_key(walker, quiet_desktop, photo_folder):
    app, window = walker.app, walker.app.window
    press, until = walker.press, walker.until

    # The first start: the one button is a few tabs away, and the dialog gives a folder.
    assert walker.focus is window.bar.field
    until(lambda: window.empty.text.startswith("Add a folder"))
    quiet_desktop.folder = photo_folder
    walker.tab_to(lambda w: isinstance(w, QAbstractButton) and w.text() == "Add a folder of photos…")
    press(Key.Key_Space)
    assert quiet_desktop.asked == 1
    until(lambda: window.model.rowCount() == 30 and not app.indexing.running)
    assert walker.focus.window() is window  # the button has gone, the focus has not

    # A search, and down to the photos.
    press(Key.Key_F, CONTROL)
    assert walker.focus is window.bar.field
    walker.type("a red circle")
    press(Key.Key_Return)
    until(lambda: is_found(app, "a red circle"))
    press(Key.Key_Down)
    assert walker.focus is window.grid
    assert window.grid.currentIndex().row() == 0
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_End, Key.Key_Up, Key.Key_Home, Key.Key_Right):
        press(key)
        rect = window.grid.visualRect(window.grid.currentIndex())
        assert window.grid.viewport().rect().contains(rect), "the chosen photo is out of sight"
    row, photo_id = window.grid.currentIndex().row(), window.grid.selected_id()
    assert row == 1

    # The viewer: on, larger, whole again, and back.
    press(Key.Key_Return)
    until(lambda: is_seen(window, row))
    assert walker.focus is window.viewing.viewer.canvas
    press(Key.Key_PageDown)
    until(lambda: is_seen(window, row + 1))
    before = window.viewing.viewer.canvas.zoom.percent
    press(Key.Key_Plus)
    assert window.viewing.viewer.canvas.zoom.percent > before
    press(Key.Key_0, CONTROL)
    assert window.viewing.viewer.canvas.zoom.percent == before
    press(Key.Key_PageUp)
    until(lambda: window.grid.selected_id() == photo_id)
    press(Key.Key_Escape)
    assert walker.focus is window.grid
    assert window.grid.selected_id() == photo_id

    # Why this photo: onto a word, from word to word, and out again.
    press(Key.Key_Y, CONTROL)
    words = window.about.why_panel.words
    until(lambda: walker.focus in words.chips)
    press(Key.Key_Home)
    assert walker.focus is words.chips[0]
    for chip in words.chips[1:]:
        press(Key.Key_Right)
        assert walker.focus is chip
    press(Key.Key_Escape)
    assert walker.focus is window.grid
    assert not window.about.why.is_open

    # Similar descriptions, by the menu of the chosen photo; one of them is searched for.
    walker.press_menu_key()
    walker.choose("Find similar descriptions")
    until(lambda: isinstance(app.session.question, DescribedAlike))
    assert app.session.question.photo_id == photo_id, "the menu was another photo's"
    until(lambda: window.panel.list.count() > 1)
    walker.tab_to(lambda w: w is window.panel.list)
    press(Key.Key_Down)
    chosen = window.panel.list.currentItem().text()
    press(Key.Key_Return)
    until(lambda: is_found(app, chosen))

    # A favourite, then only favourites, then all of them again.
    walker.tab_to(lambda w: w is window.grid)
    if window.grid.selected_id() is None:
        press(Key.Key_Home)
    favourite = window.grid.selected_id()
    press(Key.Key_B, CONTROL)
    assert window.refining.favourites.ids == {favourite}
    walker.tab_to(lambda w: w is window.bar.refinements.add)
    press(Key.Key_Space)
    walker.choose("Favourites")
    until(lambda: window.model.rowCount() == 1 and window.model.photo_id(0) == favourite)
    walker.tab_to(lambda w: w in window.bar.refinements.chips)
    press(Key.Key_Delete)
    until(lambda: app.session.question == Caption(chosen))
    assert walker.focus is window.bar.field

    # Settings, and the sheet of keys.
    press(Key.Key_Comma, CONTROL)
    settings = app.beside.settings
    until(settings.isActiveWindow)
    assert walker.focus is settings.pages
    press(Key.Key_Down)
    walker.tab_to(lambda w: w is settings.look.scheme)
    press(Key.Key_End)
    assert app.theme.colour("window").lightness() < 100
    press(Key.Key_Escape)
    walker.return_to_window()
    assert walker.focus is window.bar.field
    press(Key.Key_F1)
    until(lambda: not window.isActiveWindow() and QApplication.activeWindow() is not None)
    press(Key.Key_Escape)
    walker.return_to_window()

    # All the way back, and out.
    for _ in range(MANY):
        if app.session.question == Browse():
            break
        press(Key.Key_Left, ALT)
    until(lambda: window.model.rowCount() == 30 and window.model.results is None)
    press(Key.Key_Q, CONTROL)
    until(lambda: not window.isVisible())


def is_seen(window: Window, row: int) -> bool:
    """Return whether the photo of a row is the one that is looked at large, and has been read."""
    loaded = window.viewing.viewer.canvas.loaded
    seen = loaded.photo.id if loaded is not None and loaded.photo is not None else None
    return window.grid.currentIndex().row() == row and window.model.photo_id(row) == seen


def stops(window: QWidget) -> set[QWidget]:
    """Every widget of a window that Tab should lead to."""
    policy = Qt.FocusPolicy.TabFocus
    return {
        w.focusProxy() or w
        for w in window.findChildren(QWidget)
        if w.window() is window and w.isVisible() and w.isEnabled() and w.focusPolicy() & policy == policy
    }


def is_settled(settings: SettingsWindow) -> bool:
    """Return whether the page that is seen has what it waits for, with which a button can be pressed."""
    page = settings.pages.currentRow()
    if page == Page.STORAGE:
        return settings.storage.clear.isEnabled()
    return page != Page.ADVANCED or settings.advanced.show_pack.isEnabled()


def assert_tab_goes_round(walker: Walker, state: str) -> None:
    """From stop to stop, through all of them, back to the first, forwards and backwards."""
    window = QApplication.activeWindow()
    for key, modifier in ((Key.Key_Tab, PLAIN), (Key.Key_Backtab, SHIFT)):
        start, seen = walker.focus, set[QWidget]()
        for _ in range(MANY):
            walker.press(key, modifier)
            seen.add(walker.focus)
            if walker.focus is start:
                break
        assert walker.focus is start, f"{state}: Tab is caught at {walker.focus}"
        assert {str(w) for w in stops(window) - seen} == set(), state


STATES = (
    "photos",
    "answer",
    "why",
    "information",
    "descriptions",
    "viewer",
    "settings",
    "shortcuts",
    "about",
)


def go_to(walker: Walker, state: str) -> list[QWidget]:
    """Bring the program into a state; return the windows that are open then."""
    app, window = walker.app, walker.app.window
    if state != "photos":
        window.bar.clear()
        window.bar.ask("a red circle is:landscape")
        walker.until(lambda: is_found(app, "a red circle is:landscape"))
        window.grid.enter()
    if state == "why":
        window.about.toggle_why()
        walker.until(lambda: bool(window.about.why_panel.words.chips))
    elif state == "information":
        window.about.toggle_information()
        walker.until(lambda: window.about.information.is_open)
    elif state == "descriptions":
        window.navigator.describe(window.model.photo(window.model.photo_id(0)))
        walker.until(lambda: window.panel.list.count() > 0)
        walker.until(lambda: isinstance(app.session.question, DescribedAlike))
    elif state == "viewer":
        window.viewing.open_selected()
        walker.until(lambda: window.viewing.viewer.canvas.loaded is not None)
    elif state == "settings":
        app.beside.show_settings()
    elif state == "shortcuts":
        app.beside.show_shortcuts()
    elif state == "about":
        app.beside.show_about()
    walker.qtbot.wait(50)
    return [w for w in QApplication.topLevelWidgets() if w.isVisible() and not isinstance(w, QMenu)]


@pytest.fixture
def full(walker, photo_folder) -> Walker:
    """The program with thirty photos."""
    walker.app.window.folders.add([photo_folder])
    walker.until(lambda: walker.app.window.model.rowCount() == 30 and not walker.app.indexing.running)
    return walker


def test_tab_goes_round_an_empty_library(walker):
    walker.until(lambda: walker.app.window.empty.text.startswith("Add a folder"))
    assert_tab_goes_round(walker, "first start")


INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QAbstractSlider)


def unnamed(window: QWidget) -> list[str]:
    """The widgets of a window that a screen reader has no name for."""
    return [
        f"{widget} in {widget.parent()}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and not isinstance(widget, QScrollBar | QHeaderView)
        and (isinstance(widget, INTERACTIVE) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus)
        and not (isinstance(widget.parent(), QComboBox) or widget.objectName().startswith("qt_"))
        and not isinstance(widget.window().parent(), QComboBox)
        and "QComboBox" not in widget.window().metaObject().className()
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()
    ]


class Shown(QObject):
    """Notes which widgets are shown as windows."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


def test_nothing_flashes_as_a_window_of_its_own(full, qapp):
    shown = Shown()
    qapp.installEventFilter(shown)
    for state in STATES:
        go_to(full, state)
        active = QApplication.activeWindow()
        if isinstance(active, SettingsWindow):
            for page in range(active.pages.count()):
                active.pages.setCurrentRow(page)
                full.until(partial(is_settled, active))
        if active is not full.app.window:
            active.close()
            full.return_to_window()
        full.app.window.viewing.close()
        full.app.window.side.close_open()
    qapp.removeEventFilter(shown)
    assert set(shown.windows) == {"SettingsWindow ", "ShortcutsWindow ", "AboutWindow "}


def test_in_every_state_tab_goes_round_and_everything_has_a_name(full):
    for state in STATES:
        windows = go_to(full, state)
        active = QApplication.activeWindow()
        pages = active.pages if isinstance(active, SettingsWindow) else None
        for page in range(pages.count() if pages is not None else 1):
            if pages is not None:
                pages.setCurrentRow(page)
                full.until(partial(is_settled, active))
            assert_tab_goes_round(full, state)
            assert not (found := [line for window in windows for line in unnamed(window)]), (state, found)
        if active is not full.app.window:
            active.close()
            full.return_to_window()
        full.app.window.viewing.close()
        full.app.window.side.close_open()


@pytest.mark.parametrize(
    ("state", "place"),
    [("why", "grid"), ("information", "viewer"), ("information", "empty"), ("descriptions", "grid")],
)
def test_the_keyboard_goes_back_to_the_photos_when_a_panel_closes(full, state, place):
    window = full.app.window
    go_to(full, state)
    back: QWidget = window.grid
    if place == "viewer":
        window.viewing.open(window.model.photo_id(0))
        back = window.viewing.viewer.canvas
    elif place == "empty":
        window.bar.ask("is:portrait")
        full.until(window.empty.isVisible)
        back = window.empty.focusProxy()
    panels = window.about.why_panel, window.about.information_panel, window.panel
    panel = next(panel for panel in panels if panel.isVisible())
    full.tab_to(lambda w: isinstance(w, CloseButton) and panel.isAncestorOf(w))
    full.press(Key.Key_Space)
    assert not panel.isVisible()
    assert full.focus is back
