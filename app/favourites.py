"""The user's favourites: which they are, and making a photo one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.lanes import LIBRARY
from app.late import Late
from app.tasks import Tasks
from engine import KnownError

if TYPE_CHECKING:
    from engine import Library

KEYS = QKeySequence("Ctrl+B")


class Favourites(QObject):
    """Keeps the favourites of the library in mind, and changes them.

    A change shows at once; if the library can't keep it, it is taken back.

    Attributes:
        ids: The ids of the favourites.

    Signals:
        changed: There are other ones than before.
        kept: The library has them, so that a search finds them.
        message: A sentence on what could not be done.
    """

    changed = Signal()
    kept = Signal()
    message = Signal(str)

    def __init__(self, tasks: Tasks, library: Late[Library], parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library = library
        self.ids: frozenset[int] = frozenset()

    def load(self) -> None:
        """Read the favourites; that the library can't be opened is said elsewhere."""
        self._tasks.submit(
            LIBRARY, lambda _: self._library.get().favourites(), self._become, lambda error: None
        )

    def toggle(self, photo_id: int) -> None:
        """Make a photo a favourite, or not any more."""
        wanted = photo_id not in self.ids
        self._become(self.ids ^ {photo_id})
        self._tasks.submit(
            LIBRARY,
            lambda _: self._library.get().set_favourite([photo_id], wanted),
            lambda _: self.kept.emit(),
            partial(self._take_back, photo_id),
        )

    def extend(self, menu: QMenu, photo_id: int) -> None:
        """Add what can be done here to the menu of a photo."""
        menu.addSeparator()
        is_one = photo_id in self.ids
        text = self.tr("Remove from favourites") if is_one else self.tr("Add to favourites")
        action = menu.addAction(text)
        action.setShortcut(KEYS)
        action.triggered.connect(partial(self._triggered, photo_id))

    def _triggered(self, photo_id: int, checked: bool = False) -> None:
        self.toggle(photo_id)

    def _take_back(self, photo_id: int, error: KnownError) -> None:
        self._become(self.ids ^ {photo_id})
        self.message.emit(str(error))

    def _become(self, ids: frozenset[int]) -> None:
        if ids != self.ids:
            self.ids = ids
            self.changed.emit()
