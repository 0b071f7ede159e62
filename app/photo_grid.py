"""The grid of photos: a list view that lays out equal cells under headings by itself.

Only the cells in sight are ever looked at, so a hundred thousand photos scroll like a
hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from app import headings
from app.grid_layout import GAP, GridLayout
from app.heading_button import HeadingButton
from app.indexes import Index
from app.photo_delegate import CELL, RING, PhotoDelegate
from app.photo_model import PhotoModel, Role
from app.scroll_anchor import ScrollAnchor
from app.selecting_list import SelectingList
from app.theme import Theme
from app.thumbnails import Thumbnails

ASK_MS = 15  # after the last step of scrolling or resizing
REST_MS = 150  # the same, until photos are read that are larger than their thumbnails


class PhotoGrid(SelectingList):
    """The grid.

    It is a `QListView` for its selection, keys and accessibility; where things are is
    decided by `GridLayout`, because a list view knows no headings.

    Attributes:
        looked_at: The photo that is looked at large, even where it is among the photos no more.

    Signals:
        heading_pressed: The button of a heading was pressed.
        typed: The user typed text here, which is meant for the search field.
    """

    heading_pressed = Signal()
    typed = Signal(str)

    def __init__(self, thumbnails: Thumbnails, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._thumbnails = thumbnails
        self._theme = theme
        self.looked_at: int | None = None
        self._smallest = CELL
        self._kept = -1  # the row that stayed in its place when sizes changed, until one scrolls
        self._layout = GridLayout((), 0, CELL)
        self._anchor = ScrollAnchor(self)
        self._button = HeadingButton("headingButton", self.viewport())
        self._button.hide()
        self._button.clicked.connect(self.heading_pressed)
        self._button.reached.connect(self._show_button)
        self._asking = QTimer(self)  # many scroll steps, one request
        self._asking.setSingleShot(True)
        self._asking.setInterval(ASK_MS)
        self._asking.timeout.connect(self._ask_for_visible)
        self._resting = QTimer(self)  # what only flies by needs no more pixels
        self._resting.setSingleShot(True)
        self._resting.setInterval(REST_MS)
        self._resting.timeout.connect(self._ask_for_sharp)
        self.setItemDelegate(PhotoDelegate(thumbnails, theme, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(self.tr("Photos"))
        thumbnails.arrived.connect(self._repaint_photo)
        thumbnails.outdated.connect(self._asking.start)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 (Qt's name)
        """Show a `PhotoModel`."""
        super().setModel(model)
        if isinstance(model, PhotoModel):
            model.shifting.connect(self._hold_anchor)
            model.sections_changed.connect(self.doItemsLayout)
            model.sections_changed.connect(self._anchor.put_back)
            model.about_to_move.connect(self.selection.lift)
            model.moved.connect(self.selection.put_back)
            thumbnails = self._thumbnails
            thumbnails.named.connect(model.remember)

    def selected_id(self) -> int | None:
        """Return the id of the photo that is looked at large, else of the selected one, if one is seen."""
        if self.looked_at is not None or self.isHidden():
            return self.looked_at
        index = self.currentIndex()
        chosen = index.isValid() and self.selectionModel().isSelected(index)
        return index.data(Role.PHOTO_ID) if chosen else None

    def selected_ids(self) -> list[int]:
        """Return the ids of all selected photos, in the order shown."""
        return self.selection.ids() if isinstance(self.model(), PhotoModel) else []

    def chosen_ids(self) -> list[int]:
        """Return the photos that a key is meant for: all selected, or the one that is looked at large."""
        if not self.isHidden():
            return self.selected_ids()
        photo_id = self.selected_id()
        return [] if photo_id is None else [photo_id]

    def enter(self) -> None:
        """Take the focus, with a photo selected to move on from."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._select_something()

    def visible_rows(self, extra: int = 0) -> range:
        """Return the rows in sight, with `extra` pixels above and below."""
        top = self.verticalOffset()
        rows = list(self._layout.rows_between(top - extra, top + self.viewport().height() + extra))
        return range(rows[0], rows[-1] + 1) if rows else range(0)

    def set_cell_width(self, width: int) -> None:
        """Show photos smaller or larger; the selected one, else the one at the top, stays where it is."""
        smallest = QSize(width, round(width * CELL.height() / CELL.width()))
        if smallest == self._smallest:
            return
        rows, current = self.visible_rows(), self.currentIndex().row()
        row = next((kept for kept in (current, self._kept) if kept in rows), next(iter(rows), -1))
        before = self._layout.rect(row).top() - self.verticalOffset() if row >= 0 else 0
        self._smallest = smallest
        self.doItemsLayout()
        if row > 0 or current == 0:
            self.verticalScrollBar().setValue(self._layout.rect(row).top() - before)
            if row == current:
                self.scrollTo(self.currentIndex())
        self._kept = row  # else the first of its line would be the next to stay

    def first_heading(self) -> QRect:
        """Return where the first heading's words are, in the viewport; empty where there is none."""
        if not self._layout.sections:
            return QRect()
        place = self._layout.heading(0).translated(0, -self.verticalOffset())
        place.setWidth(round(self.fontMetrics().horizontalAdvance(self._layout.sections[0].title) * 1.15))
        return place

    def title_at_top(self) -> str:
        """Return the heading of the photos at the top of what is in sight; "" under a single heading."""
        at = self._layout.section_at(self.verticalOffset() + self.viewport().height() // 4)
        return self._layout.sections[at].title if at >= 0 and len(self._layout.sections) > 1 else ""

    # Geometry, asked by Qt ------------------------------------------------------------------

    def doItemsLayout(self) -> None:  # noqa: N802 (Qt's name)
        """Lay the sections out anew for the present width."""
        model = self.model()
        sections = model.sections() if isinstance(model, PhotoModel) else ()
        width, mirrored = self.viewport().width(), self.isRightToLeft()
        self._layout = GridLayout(sections, width, self._smallest, mirrored=mirrored)
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

    def rows_in(self, rect: QRect) -> Iterator[tuple[int, int]]:
        """Return the rows of the photos that touch a rectangle of the content."""
        return self._layout.ranges_in(rect)

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
        self._kept = -1
        self.viewport().scroll(0, dy)
        self._asking.start()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 (Qt's name)
        """Return what must be painted anew when a selection changes: the cells with their rings."""
        region = QRegion()
        for row in self.visible_rows(2 * RING):
            index = self.model().index(row, 0)
            if selection.contains(index):
                cell = self.visualRect(index)
                region += cell.adjusted(-2 * RING, -2 * RING, 2 * RING, 2 * RING)
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

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:  # noqa: N802 (Qt's name)
        """Say where the chosen photo is: there the keyboard's own key opens the menu."""
        place = self.visualRect(self.currentIndex())
        if query == Qt.InputMethodQuery.ImCursorRectangle and place.isValid():
            return place.translated(self.viewport().pos())
        return super().inputMethodQuery(query)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 (Qt's name)
        """Send typed text to the search field instead of looking for file names."""
        if search.isprintable() and search.strip():  # else it is Delete, or Shift and Space
            self.typed.emit(search)

    # Events ---------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Ask for the photos anew on a screen with other pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._asking.start()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out for the new width, keeping the photo at the top at the top."""
        top = next(iter(self.visible_rows()), -1)
        self.doItemsLayout()
        if event.oldSize().width() != event.size().width() and top > 0:
            self.verticalScrollBar().setValue(self._layout.rect(top).top() - RING)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Have a photo selected when Tab leads here; Qt would make one current, unselected."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._select_something()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint the headings and cells that the event touches."""
        painter = QPainter(self.viewport())
        offset = self.verticalOffset()
        headings.paint(painter, self._layout, offset, self.viewport().height(), self._theme)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        top = event.rect().top() + offset - 2 * RING
        model, current = self.model(), self.currentIndex()
        for row in self._layout.rows_between(top, event.rect().bottom() + offset + 2 * RING):
            index = model.index(row, 0)
            option.rect = self._layout.rect(row).translated(0, -offset)
            option.state = self._state(index, current)
            self.itemDelegate().paint(painter, option, index)
        self.band.paint(painter, offset)
        painter.end()

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
        right = -1 if self.isRightToLeft() else 1
        steps = {
            moves.MoveLeft: -right,
            moves.MovePrevious: -1,
            moves.MoveRight: right,
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
            self._resting.start()

    def _ask_for_sharp(self) -> None:
        """Have the photos in sight read from their files where their thumbnails are too small."""
        model, rows = self.model(), self.visible_rows()
        if isinstance(model, PhotoModel):
            self._thumbnails.sharpen(model.photo_id(row) for row in rows if row < model.rowCount())

    def _hold_anchor(self) -> None:
        self._anchor.hold(self.visible_rows())

    def _repaint_photo(self, photo_id: int) -> None:
        model = self.model()
        if isinstance(model, PhotoModel) and (row := model.row_of(photo_id)) >= 0:
            self.viewport().update(self.visualRect(model.index(row)))

    def _select_something(self) -> None:
        rows = self.visible_rows()
        if not self.selection.count and rows and self.model().rowCount():
            self.setCurrentIndex(self.model().index(rows[0], 0))

    def _show_button(self) -> None:
        bar, top, page = self.verticalScrollBar(), self._button.y(), self.viewport().height()
        bar.setValue(bar.value() + (min(0, top - GAP) or max(0, top + self._button.height() + GAP - page)))

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
        place = QRect(QPoint(heading.left() + round(width * 1.15) + 16, y), self._button.size())
        self._button.setGeometry(QStyle.visualRect(self.layoutDirection(), self.viewport().rect(), place))
