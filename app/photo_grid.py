"""The grid of photos: a list view that lays out equal cells under headings by itself.

Only the cells in sight are ever looked at, so a hundred thousand photos scroll like a
hundred.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QPushButton,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from app.grid_layout import GAP, GridLayout
from app.photo_delegate import CELL, RING, PhotoDelegate
from app.photo_model import PhotoModel, Role
from app.theme import Theme
from app.thumbnails import Thumbnails

ASK_MS = 15  # after the last step of scrolling or resizing

Index = QModelIndex | QPersistentModelIndex


class PhotoGrid(QListView):
    """The grid.

    It is a `QListView` for its selection, keys and accessibility; where things are is
    decided by `GridLayout`, because a list view knows no headings.

    Signals:
        heading_pressed: The button of a heading was pressed.
        typed: The user typed text here, which is meant for the search field.
    """

    heading_pressed = Signal()
    typed = Signal(str)

    def __init__(self, thumbnails: Thumbnails, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._theme = theme
        self._layout = GridLayout((), 0, CELL)
        self._button = QPushButton(self.viewport())
        self._button.setObjectName("headingButton")
        self._button.clicked.connect(self.heading_pressed)
        self._button.hide()
        self._asking = QTimer(self)  # many scroll steps, one request
        self._asking.setSingleShot(True)
        self._asking.setInterval(ASK_MS)
        self._asking.timeout.connect(self._ask_for_visible)
        self.setItemDelegate(PhotoDelegate(thumbnails, theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(self.tr("Photos"))
        thumbnails.arrived.connect(self._repaint_photo)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 (Qt's name)
        """Show a `PhotoModel`."""
        super().setModel(model)
        if isinstance(model, PhotoModel):
            model.sections_changed.connect(self.doItemsLayout)
            thumbnails = self._thumbnails
            thumbnails.named.connect(model.remember)

    def selected_id(self) -> int | None:
        """Return the id of the selected photo, if one is."""
        index = self.currentIndex()
        chosen = index.isValid() and self.selectionModel().isSelected(index)
        return index.data(Role.PHOTO_ID) if chosen else None

    def enter(self) -> None:
        """Take the focus, with a photo selected to move on from."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        rows = self.visible_rows()
        if self.selected_id() is None and rows and self.model().rowCount():
            self.setCurrentIndex(self.model().index(rows[0], 0))

    def visible_rows(self, extra: int = 0) -> range:
        """Return the rows in sight, with `extra` pixels above and below."""
        top = self.verticalOffset()
        rows = list(self._layout.rows_between(top - extra, top + self.viewport().height() + extra))
        return range(rows[0], rows[-1] + 1) if rows else range(0)

    # Geometry, asked by Qt ------------------------------------------------------------------

    def doItemsLayout(self) -> None:  # noqa: N802 (Qt's name)
        """Lay the sections out anew for the present width."""
        model = self.model()
        sections = model.sections() if isinstance(model, PhotoModel) else ()
        self._layout = GridLayout(sections, self.viewport().width(), CELL)
        QAbstractItemView.doItemsLayout(self)
        self._asking.start()

    def updateGeometries(self) -> None:  # noqa: N802 (Qt's name)
        """Fit the scroll bar to the layout."""
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._layout.height - page))
        bar.setEnabled(bar.maximum() > 0)  # the style sheet hides what can't be moved
        bar.setPageStep(page)
        bar.setSingleStep(self._layout.cell.height() // 4)
        self._place_button()

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 (Qt's name)
        """Return the cell of a photo in the viewport."""
        if not index.isValid() or index.row() >= self._layout.rows:
            return QRect()
        return self._layout.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 (Qt's name)
        """Return the photo under a point of the viewport."""
        row = self._layout.row_at(point + QPoint(0, self.verticalOffset()))
        return self.model().index(row, 0) if row >= 0 else QModelIndex()

    def scrollTo(  # noqa: N802 (Qt's name)
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Scroll as little as needed to see a photo whole."""
        rect, page = self.visualRect(index), self.viewport().height()
        if rect.isNull():
            return
        step = min(0, rect.top() - 2 * RING) or max(0, rect.bottom() + 2 * RING - page)
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            step = rect.center().y() - page // 2
        self.verticalScrollBar().setValue(self.verticalOffset() + step)

    def horizontalOffset(self) -> int:  # noqa: N802 (Qt's name)
        """Return 0: the grid never scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:  # noqa: N802 (Qt's name)
        """Return how far the grid is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 (Qt's name)
        """Follow the scroll bar."""
        self.viewport().scroll(0, dy)
        self._asking.start()

    def setSelection(  # noqa: N802 (Qt's name)
        self, rect: QRect, command: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Select the photo under the pointer."""
        index = self.indexAt(rect.center())
        selection = QItemSelection(index, index) if index.isValid() else QItemSelection()
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 (Qt's name)
        """Return what must be painted anew when a selection changes: the cells with their rings."""
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index).adjusted(-2 * RING, -2 * RING, 2 * RING, 2 * RING)
        return region

    def moveCursor(  # noqa: N802 (Qt's name)
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Return the photo that an arrow or page key leads to."""
        rows, current = self.model().rowCount(), self.currentIndex()
        if not rows:
            return QModelIndex()
        row = self._next_row(action, current.row(), rows) if current.isValid() else 0
        return self.model().index(max(0, min(row, rows - 1)), 0)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 (Qt's name)
        """Send typed text to the search field instead of looking for file names."""
        self.typed.emit(search)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:  # noqa: N802 (Qt's name)
        """Select nothing when the selected photo goes; Qt would select its neighbour."""
        if start <= self.currentIndex().row() <= end:
            self.selectionModel().clear()
        super().rowsAboutToBeRemoved(parent, start, end)

    # Events ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out for the new width, keeping the photo at the top at the top."""
        top = next(iter(self.visible_rows()), -1)
        self.doItemsLayout()
        if event.oldSize().width() != event.size().width() and top > 0:
            self.verticalScrollBar().setValue(self._layout.rect(top).top() - RING)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint the headings and cells that the event touches."""
        painter = QPainter(self.viewport())
        offset = self.verticalOffset()
        self._paint_headings(painter, offset)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        top = event.rect().top() + offset - 2 * RING
        model, current = self.model(), self.currentIndex()
        for row in self._layout.rows_between(top, event.rect().bottom() + offset + 2 * RING):
            index = model.index(row, 0)
            option.rect = self._layout.rect(row).translated(0, -offset)
            option.state = self._state(index, current)
            self.itemDelegate().paint(painter, option, index)
        painter.end()

    def _paint_headings(self, painter: QPainter, offset: int) -> None:
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        for at, section in enumerate(self._layout.sections):
            place = self._layout.heading(at).translated(0, -offset)
            if section.title:
                painter.setPen(self._theme.colour("text"))
                painter.drawText(place, flags, section.title)
            if at:
                painter.setPen(self._theme.colour("line"))
                painter.drawLine(place.topLeft(), place.topRight())

    def _state(self, index: QModelIndex, current: QModelIndex) -> QStyle.StateFlag:
        state = QStyle.StateFlag.State_Enabled
        if self.selectionModel().isSelected(index):
            state |= QStyle.StateFlag.State_Selected
        if index == current and self.hasFocus():
            state |= QStyle.StateFlag.State_HasFocus
        return state

    def _next_row(self, action: QAbstractItemView.CursorAction, row: int, rows: int) -> int:
        lines = max(1, self.viewport().height() // (self._layout.cell.height() + GAP))
        moves = QAbstractItemView.CursorAction
        if action == moves.MoveUp:
            return self._layout.above(row)
        if action == moves.MoveDown:
            return self._layout.below(row)
        steps = {
            moves.MoveLeft: -1,
            moves.MovePrevious: -1,
            moves.MoveRight: 1,
            moves.MoveNext: 1,
            moves.MovePageUp: -lines * self._layout.columns,
            moves.MovePageDown: lines * self._layout.columns,
            moves.MoveHome: -rows,
            moves.MoveEnd: rows,
        }
        return row + steps[action]

    def _ask_for_visible(self) -> None:
        """Request the thumbnails in sight first, then half a screen around them."""
        model = self.model()
        if isinstance(model, PhotoModel):
            self._thumbnails.set_cell(self._layout.cell, self.devicePixelRatioF())
            near, around = self.visible_rows(), self.visible_rows(self.viewport().height() // 2)
            rows = [*near, *(row for row in around if row not in near)]
            self._thumbnails.request(model.photo_id(row) for row in rows if row < model.rowCount())

    def _repaint_photo(self, photo_id: int) -> None:
        model = self.model()
        if isinstance(model, PhotoModel) and (row := model.row_of(photo_id)) >= 0:
            self.viewport().update(self.visualRect(model.index(row)))

    def _place_button(self) -> None:
        """Put the button of the heading that has one (weaker matches) at the end of its line."""
        at = next((i for i, section in enumerate(self._layout.sections) if section.action), None)
        self._button.setVisible(at is not None)
        if at is None:
            return
        section, heading = self._layout.sections[at], self._layout.heading(at)
        self._button.setText(section.action)
        self._button.setAccessibleName(f"{section.title}: {section.action}")
        self._button.adjustSize()
        width = self.fontMetrics().boundingRect(section.title).width()
        y = heading.center().y() - self._button.height() // 2 - self.verticalOffset()
        self._button.move(heading.left() + round(width * 1.15) + 16, y)
