"""The windows beside the main one: settings, shortcuts, About; each made when first asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QDialog

from app import shortcuts
from app.about_window import AboutWindow
from app.indexing import Indexing
from app.settings import Settings
from app.settings_window import Page, SettingsWindow
from app.shortcuts_window import ShortcutsWindow
from app.tasks import Tasks
from app.theme import Theme
from app.unread_files import UnreadFiles
from app.window import Window


class SideWindows(QObject):
    """Opens what the main menu asks for; asked again, the same window comes to the front.

    Attributes:
        unread: The files that could not be read.
    """

    def __init__(
        self,
        window: Window,
        tasks: Tasks,
        theme: Theme,
        settings: Settings,
        indexing: Indexing,
        library: Path,
        unread: UnreadFiles,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._tasks = tasks
        self._theme = theme
        self._settings = settings
        self._indexing = indexing
        self._library = library
        self.unread = unread
        self._made: SettingsWindow | None = None
        self._shortcuts: ShortcutsWindow | None = None
        self._about: AboutWindow | None = None
        window.menu.settings_pressed.connect(self.show_settings)
        window.menu.folders_pressed.connect(self.show_folders)
        window.menu.unread_pressed.connect(self.show_unread)
        window.folders.unread_wanted.connect(self.show_unread)
        window.status.act_pressed.connect(self.show_unread)
        window.menu.shortcuts_pressed.connect(self.show_shortcuts)
        window.menu.about_pressed.connect(self.show_about)
        window.installEventFilter(self)

    @property
    def settings(self) -> SettingsWindow:
        """The settings' window."""
        if self._made is None:
            self._made = SettingsWindow(
                self._tasks,
                self._theme,
                self._settings,
                self._window.folders,
                self._indexing,
                self._window.storage,
                self._library,
                self._window,
            )
        return self._made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Close with the main window, or the program would live on in these."""
        if event.type() == QEvent.Type.Close:
            for beside in (self._made, self._shortcuts, self._about, self.unread.window):
                if beside is not None:
                    beside.close()
        return super().eventFilter(watched, event)

    def show_settings(self) -> None:
        """Show the settings on the page where they were left."""
        self.settings.open_on()

    def show_folders(self) -> None:
        """Show the settings' page with the library's folders."""
        self.settings.open_on(Page.FOLDERS)

    def show_unread(self) -> None:
        """Show the files that could not be read."""
        _show(self.unread.window)

    def show_shortcuts(self) -> None:
        """Show the keys that work at this moment."""
        if self._shortcuts is None:
            self._shortcuts = ShortcutsWindow(self._window)
        self._shortcuts.show_groups(shortcuts.groups(self._window))
        _show(self._shortcuts)

    def show_about(self) -> None:
        """Say what Sgraffito is."""
        if self._about is None:
            self._about = AboutWindow(self._theme, self._window)
        _show(self._about)


def _show(window: QDialog) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
