"""The panel beside the photos: how one photo would be described."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.close_button import CloseButton
from app.theme import Theme
from engine import Description

PAD = 8
BAR = QSize(72, 4)
SOURCE_ROLE = Qt.ItemDataRole.UserRole + 1
STRENGTH_ROLE = Qt.ItemDataRole.UserRole + 2


class DescriptionsPanel(QFrame):
    """The descriptions that fit a photo best, with their strength.

    Signals:
        chosen: A description that the user wants to search for.
        closed: The user closed the panel.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.photo_id: int | None = None
        self._title = QLabel(self.tr("Similar descriptions"))
        self._title.setObjectName("panelTitle")
        self._close = CloseButton(theme, self.tr("Close the descriptions"))
        self._close.clicked.connect(self.closed)
        self._picture = QLabel()
        self._hint = QLabel()
        self._hint.setObjectName("subdued")
        self._hint.setWordWrap(True)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Descriptions that fit the photo"))
        self.list.setItemDelegate(_DescriptionDelegate(theme, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The bar keeps its place, so that it never narrows lines whose height is settled.
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.list.verticalScrollBar()
        bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        self._arrange()
        self.setMinimumWidth(256)
        self.hide()

    def wait_for(self, photo_id: int, name: str, picture: QPixmap | None = None) -> None:
        """Open for a photo whose descriptions are being found."""
        self.photo_id = photo_id
        self._picture.setPixmap(picture or QPixmap())
        self._picture.setVisible(picture is not None)
        self._picture.setAccessibleName(name)
        self.list.clear()
        self._hint.setText(self.tr("Finding words for {name}…").format(name=name))
        self.show()

    def show_descriptions(self, descriptions: Sequence[Description]) -> None:
        """List the descriptions, best first."""
        self._hint.setText(
            self.tr("Click a description to search for it.")
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

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(top)
        for label in (self._title, self._picture, self._hint):
            label.setContentsMargins(PAD, 0, 0, 0)  # in line with the text of the list
        column.addWidget(self._picture)
        column.addWidget(self._hint)
        column.addWidget(self.list, 1)

    def _choose(self, entry: QListWidgetItem) -> None:
        self.chosen.emit(entry.text())

    def _source(self, description: Description) -> str:
        return {
            "caption": self.tr("from a photo's caption"),
            "search": self.tr("you searched for this"),
            "composed": self.tr("suggested"),
        }[description.source]


class _DescriptionDelegate(QStyledItemDelegate):
    """Paints a description over a bar for its strength and a word on where it is from."""

    def __init__(self, theme: Theme, view: QListWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height that the wrapped text needs at the list's width."""
        width = self._view.viewport().width()
        metrics = self._view.fontMetrics()
        flags = int(Qt.TextFlag.TextWordWrap)
        text = metrics.boundingRect(QRect(0, 0, width - 2 * PAD, 1000), flags, index.data())
        return QSize(width, text.height() + metrics.height() + 3 * PAD)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one description."""
        painter.save()
        self._paint_background(painter, option)
        rect = QRect(option.rect).adjusted(PAD, PAD, -PAD, -PAD)
        metrics = self._view.fontMetrics()
        painter.setPen(self._theme.colour("text"))
        painter.drawText(rect, int(Qt.TextFlag.TextWordWrap), index.data())
        line = QRect(rect.left(), rect.bottom() - metrics.height(), rect.width(), metrics.height())
        bar = QRect(line.left(), line.center().y() - BAR.height() // 2 + 1, BAR.width(), BAR.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(max(4, round(BAR.width() * index.data(STRENGTH_ROLE))))
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(self._theme.colour("subdued"))
        painter.drawText(
            line.adjusted(BAR.width() + PAD, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, index.data(SOURCE_ROLE)
        )
        painter.restore()

    def _paint_background(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = QStyle.StateFlag(option.state)
        if state & QStyle.StateFlag.State_Selected:
            colour = "selected"
        elif state & QStyle.StateFlag.State_MouseOver:
            colour = "hover"
        else:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(colour))
        painter.drawRoundedRect(option.rect, PAD, PAD)
