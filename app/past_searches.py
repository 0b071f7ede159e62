"""Past and saved searches: walked through with the arrow keys, listed in a menu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from app import phrases
from app.lanes import LIBRARY
from app.late import Late
from app.search_bar import SearchBar
from app.search_session import SearchSession
from app.tasks import Tasks
from app.theme import Theme
from engine import printable

if TYPE_CHECKING:
    from engine import Library

WALKED = 200
LISTED = 12
SHOWN = 60  # characters of a search in the menu


class PastSearches(QObject):
    """What was searched for, latest first, and what the user saved.

    Attributes:
        recent: The past searches.
        saved: The saved searches.
        save: The action that saves the present search, or forgets it.
        open: The action that opens the menu.

    Signals:
        changed: Other searches are saved than before.
        chosen: A search was chosen in the menu.
    """

    changed = Signal()
    chosen = Signal(str)

    def __init__(
        self,
        tasks: Tasks,
        theme: Theme,
        library: Late[Library],
        session: SearchSession,
        bar: SearchBar,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._theme = theme
        self._library = library
        self._session = session
        self._bar = bar
        self._window = parent
        self._at = -1
        self._draft = ""
        self.recent: list[str] = []
        self.saved: list[str] = []
        self.save = QAction(self.tr("Save this search"), parent)
        self.save.setShortcut(QKeySequence("Ctrl+D"))
        self.save.triggered.connect(self._toggle_saved)
        parent.addAction(self.save)
        self.open = QAction(self.tr("Past and saved searches"), parent)
        self.open.setShortcut(QKeySequence("Alt+Down"))
        self.open.setToolTip(self.tr("Past and saved searches (Alt+Down)"))
        self.open.triggered.connect(lambda: self.menu().popup(self._below_field()))
        parent.addAction(self.open)
        bar.field.addAction(self.open, QLineEdit.ActionPosition.TrailingPosition)
        bar.field.installEventFilter(self)
        bar.field.textChanged.connect(self._stop_walking)
        bar.field.textChanged.connect(self._name_save)
        session.remembered.connect(self._remembered)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self._name_save()

    def load(self) -> None:
        """Read the searches; that the library can't be opened is said elsewhere."""

        def read() -> tuple[list[str], list[str]]:
            library = self._library.get()
            return library.recent_searches(WALKED), library.saved_searches()

        self._tasks.submit(LIBRARY, lambda _: read(), self._loaded, lambda error: None)

    def menu(self) -> QMenu:
        """Return the menu of the searches; it deletes itself when it is closed."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(self.save)
        self._list(menu, self.tr("Saved"), self.saved)
        self._list(menu, self.tr("Recent"), [text for text in self.recent if text not in self.saved][:LISTED])
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Walk through the past searches with arrow up and down; down leaves the newest one's end."""
        plain = isinstance(event, QKeyEvent) and not event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and plain:
            if event.key() == Qt.Key.Key_Up:
                self._walk(1)
                return True
            if event.key() == Qt.Key.Key_Down and self._at >= 0:
                self._walk(-1)
                return True
        return super().eventFilter(watched, event)

    def _walk(self, step: int) -> None:
        if self._at < 0:
            self._draft = self._bar.field.text()
        walked = [text for text in self.recent if text != self._draft.strip()]
        at = max(-1, min(self._at + step, len(walked) - 1))
        self._bar.field.setText(self._draft if at < 0 else walked[at])
        self._at = at  # after the text, any other change of which ends the walk

    def _stop_walking(self) -> None:
        self._at = -1

    def _remembered(self, text: str) -> None:
        self.recent = [text, *(other for other in self.recent if other != text)][:WALKED]
        self._stop_walking()

    def _loaded(self, searches: tuple[list[str], list[str]]) -> None:
        self.recent, self.saved = searches
        self._name_save()
        self.changed.emit()

    def _toggle_saved(self) -> None:
        text, library = self._bar.field.text().strip(), self._library
        if text in self.saved:
            self.saved = [other for other in self.saved if other != text]
            self._tasks.submit(LIBRARY, lambda _: library.get().forget_search(text), lambda _: None)
        elif text:
            self.saved = [text, *self.saved]
            self._tasks.submit(LIBRARY, lambda _: library.get().save_search(text), lambda _: None)
        self._name_save()
        self.changed.emit()

    def _name_save(self) -> None:
        text = self._bar.field.text().strip()
        named = self.tr("Forget this saved search") if text in self.saved else self.tr("Save this search")
        self.save.setText(named)
        self.save.setEnabled(bool(text))

    def _list(self, menu: QMenu, title: str, texts: Sequence[str]) -> None:
        if not texts:
            return
        menu.addSeparator()
        menu.addAction(title).setEnabled(False)
        for text in texts:
            action = menu.addAction(printable(phrases.shortened(text, SHOWN)).replace("&", "&&"))
            action.triggered.connect(partial(self._choose, text))

    def _choose(self, text: str, checked: bool = False) -> None:
        self.chosen.emit(text)
        self._session.remember(text)

    def _below_field(self) -> QPoint:
        field = self._bar.field
        return field.mapToGlobal(QPoint(0, field.height() + 4))

    def _draw_icon(self) -> None:
        self.open.setIcon(self._theme.icon("history", "subdued"))
