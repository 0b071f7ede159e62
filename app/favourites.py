"""The user's favourites: which they are, and making a photo one."""

from __future__ import annotations

from collections.abc import Sequence
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

    def toggle(self, photo_ids: Sequence[int]) -> None:
        """Make photos favourites, or not any more where all of them are."""
        self.mark(photo_ids, not self.ids.issuperset(photo_ids))

    def mark(self, photo_ids: Sequence[int], wanted: bool) -> None:
        """Make photos favourites, or not any more."""
        changed = frozenset(photo_ids) - self.ids if wanted else self.ids.intersection(photo_ids)
        self._become(self.ids ^ changed)
        self._tasks.submit(
            LIBRARY,
            lambda _: self._library.get().set_favourite(list(changed), wanted),
            lambda _: self.kept.emit(),
            partial(self._take_back, changed),
        )

    def extend(self, menu: QMenu, photo_id: int) -> None:
        """Add what can be done here to the menu of a photo."""
        menu.addSeparator()
        is_one = photo_id in self.ids
        text = self.tr("Remove from favourites") if is_one else self.tr("Add to favourites")
        action = menu.addAction(text)
        action.setShortcut(KEYS)
        action.triggered.connect(lambda checked=False: self.toggle([photo_id]))

    def extend_several(self, menu: QMenu, photo_ids: Sequence[int]) -> None:
        """Add what can be done here to the menu of several photos."""
        menu.addSeparator()
        marked = self.ids.intersection(photo_ids)
        if len(marked) < len(photo_ids):
            add = menu.addAction(self.tr("Add all to favourites"))
            add.setShortcut(KEYS)
            add.triggered.connect(lambda checked=False: self.mark(photo_ids, True))
        if marked:
            remove = menu.addAction(self.tr("Remove all from favourites"))
            remove.setShortcut(KEYS if len(marked) == len(photo_ids) else QKeySequence())
            remove.triggered.connect(lambda checked=False: self.mark(photo_ids, False))

    def _take_back(self, changed: frozenset[int], error: KnownError) -> None:
        self._become(self.ids ^ changed)
        self.message.emit(str(error))

    def _become(self, ids: frozenset[int]) -> None:
        if ids != self.ids:
            self.ids = ids
            self.changed.emit()
