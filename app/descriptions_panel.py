"""The panel beside the photos: how one photo would be described."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.close_button import CloseButton
from app.description_delegate import PAD, SOURCE_ROLE, STRENGTH_ROLE, DescriptionDelegate
from app.fit_line import FitLine
from app.picture_image import fitted
from app.theme import Theme
from app.wrapping_label import WrappingLabel
from engine import Description

PAUSE_MS = 250  # a pause in typing, after which it is looked how well the words fit
LONGEST = 500  # letters
PICTURE = QSize(224, 168)  # at most: the panel fits the screen however large the photos of the grid are


class DescriptionsPanel(QFrame):
    """The descriptions that fit a photo best, with their strength.

    A description can be changed, or another one typed, in the field above them.

    Attributes:
        field: Where the user describes the photo.
        list: The descriptions.

    Signals:
        chosen: A description that the user wants to search for.
        typed: What the user has typed, after a pause: it shall be said how well it fits.
        closed: The user closed the panel.
    """

    chosen = Signal(str)
    typed = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.photo_id: int | None = None
        self._title = QLabel(self.tr("Similar descriptions"))
        self._title.setObjectName("panelTitle")
        self._title.setWordWrap(True)  # in some languages it is long
        self._close = CloseButton(theme, self.tr("Close the descriptions"))
        self._close.clicked.connect(self.closed)
        self._picture = QLabel()
        self.field = QLineEdit()
        self.field.setObjectName("panelField")
        self.field.setPlaceholderText(self.tr("Describe it in your own words"))
        self.field.setAccessibleName(self.tr("Your own description of the photo"))
        self.field.setToolTip(self.tr("Enter searches for it"))
        self.field.setMaxLength(LONGEST)
        self.field.textChanged.connect(self._type)
        self.field.returnPressed.connect(self._search_own)
        self._fit = FitLine(theme)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self.typed.emit(self.own_text))
        self._hint = WrappingLabel()
        self._hint.setObjectName("subdued")
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Descriptions that fit the photo"))
        self._delegate = DescriptionDelegate(theme, self.list)
        self._delegate.pencil_pressed.connect(self._edit_row)
        self.list.setItemDelegate(self._delegate)
        self.list.setMouseTracking(True)
        self._add_keys()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The bar keeps its place, so that it never narrows lines whose height is settled.
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.list.verticalScrollBar()
        bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.itemClicked.connect(self._clicked)
        self._arrange()
        self.setMinimumWidth(256)
        self.hide()

    def wait_for(self, photo_id: int, name: str, picture: QPixmap | None = None) -> None:
        """Open for a photo whose descriptions are being found."""
        self.photo_id = photo_id
        shown = QPixmap() if picture is None else fitted(picture, PICTURE, self.devicePixelRatioF())
        self._picture.setPixmap(shown)
        self._picture.setVisible(picture is not None)
        self._picture.setAccessibleName(name)
        self.list.clear()
        self.field.clear()
        self._hint.setText(self.tr("Finding words for {name}…").format(name=name))
        self.show()

    def show_descriptions(self, descriptions: Sequence[Description]) -> None:
        """List the descriptions, best first."""
        self._hint.setText(
            self.tr("Click a description to search for it, or its pencil to change it first.")
            if descriptions
            else self.tr("No description was found for this photo.")
        )
        for description in descriptions:
            entry = QListWidgetItem(description.text)
            source = self._source(description)
            entry.setData(SOURCE_ROLE, source)
            entry.setData(STRENGTH_ROLE, description.score)
            strength = self.tr("fits {p} %").format(p=round(100 * description.score))
            entry.setData(Qt.ItemDataRole.AccessibleTextRole, f"{description.text}, {strength}, {source}")
            entry.setToolTip(f"{strength} · {source}")
            self.list.addItem(entry)

    def _add_keys(self) -> None:
        enter = [QKeySequence(Qt.Key.Key_Return), QKeySequence(Qt.Key.Key_Enter)]
        for keys, what, act in (
            (enter, self.tr("Search for the description"), self._choose_current),
            ([QKeySequence(Qt.Key.Key_F2)], self.tr("Change the description"), self._edit_current),
        ):
            shortcut = QShortcut(self.list)
            shortcut.setKeys(keys)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.setWhatsThis(what)
            shortcut.activated.connect(act)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(top)
        for label in (self._title, self._picture, self._hint, self._fit):
            label.setContentsMargins(PAD, 0, 0, 0)  # in line with the text of the list
        column.addWidget(self._picture)
        column.addWidget(self.field)
        column.addWidget(self._fit)
        column.addWidget(self._hint)
        column.addWidget(self.list, 1)

    @property
    def own_text(self) -> str:
        """What the user has typed."""
        return self.field.text().strip()

    def show_fit(self, text: str, strength: float) -> None:
        """Say how well a text fits the photo, if it is still what stands in the field."""
        if text == self.own_text:
            self._fit.show_strength(strength)

    def show_no_fit(self, text: str, why: str) -> None:
        """Say why it can't be said how well a text fits the photo."""
        if text == self.own_text:
            self._fit.show_words(why)

    def _type(self) -> None:
        self._fit.hide()
        self._pause.stop()
        if self.own_text:
            self._pause.start()

    def _search_own(self) -> None:
        if self.own_text:
            self.chosen.emit(self.own_text)

    def _edit_current(self) -> None:
        self._edit_row(self.list.currentRow())

    def _edit_row(self, row: int) -> None:
        """Take a description into the field, to be changed there."""
        entry = self.list.item(row)
        if entry is not None:
            self.list.setCurrentRow(row)
            self.field.setText(entry.text())
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.end(False)

    def _clicked(self, entry: QListWidgetItem) -> None:
        if not self._delegate.on_pencil:
            self._choose(entry)

    def _choose_current(self) -> None:
        if (entry := self.list.currentItem()) is not None:
            self._choose(entry)

    def _choose(self, entry: QListWidgetItem) -> None:
        self.chosen.emit(entry.text())

    def _source(self, description: Description) -> str:
        return {
            "caption": self.tr("from a photo's caption"),
            "search": self.tr("you searched for this"),
            "composed": self.tr("suggested"),
        }[description.source]
