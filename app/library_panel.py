"""The panel at the left: the library as a tree to choose from."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView, QVBoxLayout, QWidget

from app.indexes import Index
from app.library_delegate import LibraryDelegate
from app.library_model import LibraryModel
from app.library_tree import Entry
from app.theme import Theme

NARROWEST = 160
INDENT = 16
OPEN_AT_FIRST: tuple[tuple[str, ...], ...] = (("folders",), ("years",), ("searches",))


class _Tree(QTreeView):
    """A tree in which Space and a click choose a line, as Enter does."""

    chosen = Signal(QModelIndex)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:  # noqa: N802 (Qt's name)
        """Draw an arrow before what can be unfolded; lines are not needed."""
        if not self.model().hasChildren(index):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("subdued"), 1.6, c=Qt.PenCapStyle.RoundCap))
        mirrored = self.isRightToLeft()
        middle = rect.left() + INDENT / 2 - 1 if mirrored else rect.right() - INDENT / 2 + 1
        painter.translate(middle, rect.center().y() + 1)
        painter.rotate(90 if self.isExpanded(index) else 180 if mirrored else 0)
        painter.drawPolyline([QPointF(-2, -4), QPointF(2, 0), QPointF(-2, 4)])
        painter.restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose with Enter and Space; the rest is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class LibraryPanel(QFrame):
    """All photos, favourites, folders, years and saved searches.

    Attributes:
        tree: The view.
        model: Its lines.

    Signals:
        chosen: An `Entry` that is no heading.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryPanel")
        self._open = set(OPEN_AT_FIRST)
        self._restoring = False
        self.model = LibraryModel(self)
        self.tree = _Tree(theme)
        self.tree.setObjectName("libraryTree")
        self.tree.setAccessibleName(self.tr("Library"))
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(LibraryDelegate(theme, self.tree))
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(INDENT)
        self.tree.setUniformRowHeights(True)
        self.tree.setMouseTracking(True)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 0)
        column.addWidget(self.tree)
        self.setMinimumWidth(NARROWEST)
        self.tree.clicked.connect(self._choose)
        self.tree.chosen.connect(self._choose)
        self.tree.expanded.connect(lambda index: self._remember(index, opened=True))
        self.tree.collapsed.connect(lambda index: self._remember(index, opened=False))
        theme.changed.connect(self.tree.viewport().update)
        self.hide()

    def show_tree(self, top: Entry) -> None:
        """Show a tree; what is unfolded, where one is and how far one has scrolled stays."""
        if self.model.fits(top):
            self.model.count_again(top)
            return
        current = self.model.entry(self.tree.currentIndex())
        scrolled = self.tree.verticalScrollBar().value()
        self.model.show(top)
        self._restoring = True
        for key in self._open:
            self.tree.setExpanded(self.model.index_of(key), True)
        self._restoring = False
        if current is not None:
            self.tree.setCurrentIndex(self.model.index_of(current.key))
        self.tree.verticalScrollBar().setValue(scrolled)

    def mark(self, key: tuple[str, ...]) -> None:
        """Mark the line that the grid shows; () for none."""
        self.model.set_active(key)

    def enter(self) -> None:
        """Take the focus, at the line that is shown."""
        self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.tree.currentIndex().isValid():
            active = self.model.index_of(self.model.active)
            self.tree.setCurrentIndex(active if active.isValid() else self.model.index(0, 0))

    def _choose(self, index: QModelIndex) -> None:
        entry = self.model.entry(index)
        if entry is not None and entry.kind == "heading":
            self.tree.setExpanded(index, not self.tree.isExpanded(index))
        elif entry is not None:
            self.chosen.emit(entry)

    def _remember(self, index: Index, *, opened: bool) -> None:
        entry = self.model.entry(index)
        if entry is None or self._restoring:
            return
        if opened:
            self._open.add(entry.key)
        else:
            self._open.discard(entry.key)
