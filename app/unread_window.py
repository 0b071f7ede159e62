"""The window with the files that could not be read, and what can be done about them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app import phrases
from app.unread_model import UnreadFile, UnreadModel
from app.wrapping_label import WrappingLabel
from engine import printable

SIZE = (880, 480)
LINE = 48  # two lines of text
WIDTHS = (200, 260)


class UnreadWindow(QDialog):
    """Lists the files; it only says what the user wants, others do it.

    Signals:
        shown: It is seen: what it lists shall be up to date.
        again_pressed: The files shall be tried again.
        folder_wanted: An `UnreadFile` whose folder shall be shown.
    """

    shown = Signal()
    again_pressed = Signal()
    folder_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Files that couldn't be read"))
        self.resize(*SIZE)
        self.model = UnreadModel(self)
        self._sentence = WrappingLabel()
        self.table = QTableView()
        self._set_up_table()
        self.folder = QPushButton(self.tr("Show in folder"))
        self.folder.clicked.connect(self._show_in_folder)
        self.copy = QPushButton(self.tr("Copy list"))
        self.copy.clicked.connect(lambda: self._copy(self.model.files))
        self.again = QPushButton(self.tr("Try again"))
        self.again.clicked.connect(self.again_pressed)
        self._close = QPushButton(self.tr("Close"))
        self._close.clicked.connect(self.close)
        self._reading = False
        self._arrange()
        self.show_files(())

    @property
    def sentence(self) -> str:
        """What is said above the list."""
        return self._sentence.text()

    def show_files(self, files: Sequence[UnreadFile]) -> None:
        """List these files; the one that was selected stays so, in its place."""
        if files != self.model.files:
            chosen, place = self._chosen(), self.table.verticalScrollBar().value()
            self.model.show_files(files)
            kept = [at for at, file in enumerate(files) if chosen and file.path == chosen.path]
            flags = QItemSelectionModel.SelectionFlag  # `selectRow` would heed the keys that are held
            row = self.model.index(kept[0] if kept else 0, 0)
            self.table.selectionModel().setCurrentIndex(row, flags.ClearAndSelect | flags.Rows)
            self.table.verticalScrollBar().setValue(place)
        if files:
            one = self.tr("1 file could not be read, and can't be found. It stays where it is.")
            text = self.tr("{files} could not be read, and can't be found. They stay where they are.")
            many = text.format(files=phrases.files(len(files)))
            self._sentence.setText(one if len(files) == 1 else many)
        else:
            self._sentence.setText(self.tr("Every file in the library's folders could be read."))
        self.table.setVisible(bool(files))
        for button in (self.folder, self.copy):
            button.setEnabled(bool(files))
        self.set_reading(self._reading)

    def say(self, text: str) -> None:
        """Say something above the list, until there is other news."""
        self._sentence.setText(text)

    def say_unreachable(self, file: UnreadFile) -> None:
        """Say that the folder of a file can't be shown."""
        text = self.tr("{folder} can't be reached: it is not connected, or was moved.")
        self.say(text.format(folder=file.folder))

    def set_reading(self, reading: bool) -> None:
        """Say whether photos are being read at this moment: then nothing can be tried again."""
        self._reading = reading
        self.again.setText(self.tr("Reading…") if reading else self.tr("Try again"))
        self.again.setEnabled(not reading and bool(self.model.files))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Have the list brought up to date."""
        super().showEvent(event)
        self.table.setFocus()
        self.shown.emit()

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setObjectName("unreadTable")
        table.setAccessibleName(self.tr("Files that couldn't be read"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setCornerButtonEnabled(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.activated.connect(self._show_in_folder)
        lines = table.verticalHeader()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(LINE)
        lines.hide()
        columns = table.horizontalHeader()
        columns.setStretchLastSection(True)
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(WIDTHS):
            table.setColumnWidth(column, width)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), table)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.setWhatsThis(self.tr("Copy the selected lines"))
        copy.activated.connect(lambda: self._copy(self._selected()))

    def _selected(self) -> list[UnreadFile]:
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.files[row] for row in rows]

    def _chosen(self) -> UnreadFile | None:
        return next(iter(self._selected()), None)

    def _show_in_folder(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.folder_wanted.emit(chosen)

    def _copy(self, files: Sequence[UnreadFile]) -> None:
        lines = [f"{printable(file.path)}\t{file.reason}" for file in files]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.folder, self.copy, self.again):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._close.setAutoDefault(False)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addWidget(self._sentence)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        column.setAlignment(buttons, Qt.AlignmentFlag.AlignBottom)
