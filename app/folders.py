"""The library's folders: what is in the library, and what leaves it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import phrases
from app.states import is_away
from app.wrapping_label import WrappingLabel
from engine import Root, printable

ROOT_ROLE = Qt.ItemDataRole.UserRole + 1


class FoldersPage(QWidget):
    """Lists the folders of the library; it only says what the user wants, others do it.

    Signals:
        add_pressed: Another folder shall be added.
        rescan_pressed: A `Root` to look through again.
        unread_pressed: The files that could not be read shall be listed.
        remove_confirmed: A `Root` to take out, after the user has read what is forgotten.
    """

    add_pressed = Signal()
    rescan_pressed = Signal(object)
    unread_pressed = Signal()
    remove_confirmed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Root, ...] | None = None
        self.list = QListWidget()
        self.list.setObjectName("folderList")
        self.list.setAccessibleName(self.tr("Folders in the library"))
        self.list.currentItemChanged.connect(lambda *_: self._selection_changed())
        self._empty = QLabel(self.tr("There is no folder in the library yet."))
        self._empty.setObjectName("subdued")
        self.add = QPushButton(self.tr("Add a folder…"))
        self.add.clicked.connect(self.add_pressed)
        self.rescan = QPushButton(self.tr("Look for new photos"))
        self.rescan.clicked.connect(lambda: self.rescan_pressed.emit(self._root()))
        self.remove = QPushButton(self.tr("Remove…"))
        self.remove.clicked.connect(self._ask)
        self.unread = QPushButton()
        self.unread.setObjectName("quiet")
        self.unread.clicked.connect(self.unread_pressed)
        self.unread.hide()
        self._sentence = WrappingLabel()
        self.confirm = QPushButton(self.tr("Remove"))
        self.confirm.clicked.connect(self._confirmed)
        self.keep = QPushButton(self.tr("Keep"))
        self._confirmation = self._confirmation_frame()
        self._arrange()
        self.show_roots(())

    @property
    def sentence(self) -> str:
        """What the user is asked before a folder is removed; "" while nothing is asked."""
        return "" if self._confirmation.isHidden() else self._sentence.text()

    def show_roots(self, roots: Sequence[Root]) -> None:
        """List these folders, keeping the selection, and what is asked about a folder that is still there."""
        if tuple(roots) == self._shown:
            return
        self._shown = tuple(roots)
        chosen = self._root()
        with QSignalBlocker(self.list):  # buttons that are disabled for a moment lose the focus
            self._fill(roots)
            rows = [row for row, root in enumerate(roots) if chosen is not None and root.id == chosen.id]
            self.list.setCurrentRow(rows[0] if rows else 0)
        self.list.setVisible(bool(roots))
        self._empty.setVisible(not roots)
        if rows:
            self._root_changed()
        else:
            self._selection_changed()

    def show_unread(self, count: int) -> None:
        """Offer to list the files that could not be read, if there are any."""
        text = self.tr("{files} couldn't be read…").format(files=phrases.files(count))
        self.unread.setText(text)
        self.unread.setVisible(count > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Let Esc keep the folder that the user is asked about, before it closes the window."""
        if event.key() == Qt.Key.Key_Escape and self.sentence:
            self._keep()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Ask no more when the page is left."""
        if not event.spontaneous():
            self._confirmation.hide()
        super().hideEvent(event)

    def _fill(self, roots: Sequence[Root]) -> None:
        """Write the folders into the lines there are, so that the list stays where it is scrolled to."""
        while self.list.count() > len(roots):
            self.list.takeItem(self.list.count() - 1)
        for row, root in enumerate(roots):
            if row == self.list.count():
                self.list.addItem(QListWidgetItem())
            entry = self.list.item(row)
            entry.setText(f"{printable(root.path)}\n{self._state(root)}")
            entry.setData(ROOT_ROLE, root)

    def _state(self, root: Root) -> str:
        parts = [phrases.photos(root.photos)]
        if root.missing:
            parts.append(self.tr("{n} missing", "", root.missing).format(n=phrases.number(root.missing)))
        if is_away(root):
            parts.append(self.tr("not connected: photos can be found, but not opened"))
        return " · ".join(parts)

    def _root(self) -> Root | None:
        entry = self.list.currentItem()
        root = None if entry is None else entry.data(ROOT_ROLE)
        return root if isinstance(root, Root) else None

    def _selection_changed(self) -> None:
        self._confirmation.hide()
        self._root_changed()

    def _root_changed(self) -> None:
        root = self._root()
        self.remove.setEnabled(root is not None)
        self.rescan.setEnabled(root is not None and not is_away(root))
        self._sentence.setText("" if root is None else self._question(root))

    def _ask(self) -> None:
        self._confirmation.show()
        self.keep.setFocus()

    def _question(self, root: Root) -> str:
        one = self.tr(
            "Remove “{folder}”? Its 1 photo stays on the disk as it is. The library forgets what it has "
            "read about it, and it can't be found any more until the folder is added again."
        )
        many = self.tr(
            "Remove “{folder}”? Its {photos} stay on the disk as they are. The library forgets what it "
            "has read about them, and they can't be found any more until the folder is added again."
        )
        name, photos = phrases.folder_name(root.path), phrases.photos(root.photos)
        text = (one if root.photos == 1 else many).format(folder=name, photos=photos)
        if root.favourites == 1:
            text += " " + self.tr("One of them is a favourite: that is forgotten for good.")
        elif root.favourites:
            liked = self.tr("{n} of them are favourites: that is forgotten for good.", "", root.favourites)
            text += " " + liked.format(n=phrases.number(root.favourites))
        return text

    def _keep(self) -> None:
        self._confirmation.hide()
        self.remove.setFocus()

    def _confirmed(self) -> None:
        root = self._root()
        self._confirmation.hide()
        if root is not None:
            self.remove_confirmed.emit(root)

    def _confirmation_frame(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("confirmation")
        self.keep.clicked.connect(self._keep)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.confirm)
        column = QVBoxLayout(frame)
        column.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self._sentence)
        column.addLayout(buttons)
        frame.hide()
        return frame

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.add, self.rescan, self.remove):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.unread.setAutoDefault(False)
        buttons.addWidget(self.unread)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._confirmation)
        column.addLayout(buttons)
