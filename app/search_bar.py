"""The bar at the top: back, the search field and its filters, adding a folder, the menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from app.example_chip import ExampleChip
from app.refinement_bar import RefinementBar
from app.theme import Theme
from app.under_mouse import look_after
from engine import refinement_text, refinements, without, words_text

FIELD_HEIGHT = 40
PAUSE_MS = 250  # a pause in typing that counts as "now search"
NOT = refinement_text("not", "")  # at the end of a text: what photos are to be without is still to be typed


class SearchBar(QFrame):
    """The search field, what stands beside it, and the chips under it.

    Attributes:
        field: The search field; its text is what is searched for, filters included.
        refinements: The chips of the filters in the text.
        library: The button of the library panel.
        example: The picture that photos are looked for by.
        picture: The button for picking one.
        sort: The button for the order of the photos.

    Signals:
        asked: The user paused in typing, or pressed Enter; the stripped text, which
            may be empty. The same text is not asked twice in a row.
        entered: The user pressed Enter on this text: it was meant.
        back_pressed: Back to where one was.
        leave_pressed: Arrow down: on to the photos.
    """

    asked = Signal(str)
    entered = Signal(str)
    back_pressed = Signal()
    leave_pressed = Signal()

    def __init__(self, theme: Theme, add_folder: QAction, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self._theme = theme
        self._asked = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.library = _button(self.tr("Library panel"))
        self.library.setToolTip(self.tr("Library panel (F9)"))
        self.library.setCheckable(True)
        self.sort = QPushButton()
        self.sort.setObjectName("quiet")
        self._back = _button(self.tr("Back"))
        self._back.clicked.connect(self.back_pressed)
        self._back.setEnabled(False)
        self.field = QLineEdit()
        self._glass = self.field.addAction(
            theme.icon("search", "subdued"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._clear = self.field.addAction(
            theme.icon("clear", "subdued"), QLineEdit.ActionPosition.TrailingPosition
        )
        self.example = ExampleChip(theme)
        self._set_up_field()
        self.picture = _button(self.tr("Find photos like a picture"))
        self.picture.setToolTip(self.tr("Find photos like a picture (Ctrl+Shift+F), or drop or paste one"))
        self._add = QPushButton(add_folder.text())
        self._add.setToolTip(add_folder.toolTip())
        self._add.clicked.connect(add_folder.trigger)
        self._menu = _button(self.tr("Menu"))
        self._menu.setMenu(menu)
        self._menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        look_after(self._menu, menu)
        self.refinements = RefinementBar(theme)
        self.refinements.removed.connect(lambda refinement: self.ask(without(self.field.text(), refinement)))
        self.refinements.left.connect(self.go_on)
        self._arrange()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def set_text(self, text: str) -> None:
        """Show a text as already asked: no search follows."""
        self._pause.stop()
        self._asked = text.strip()
        self.field.setText(text)
        self._pause.stop()

    def show_example(self, question: object) -> None:
        """Show the picture of a question that has one: what is typed then refines it, or takes its place."""
        self.example.show_example(question)
        self.field.setPlaceholderText(
            self.tr("Describe the photo you remember")
            if self.example.isHidden()
            else self.tr("Add filters, or describe another photo")
        )

    def type_text(self, text: str) -> None:
        """Take over a key that was pressed while the photos had the focus."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.insert(text)

    def focus(self) -> None:
        """Go to the search field and select what is in it."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def clear(self) -> None:
        """Empty the field, and say so at once."""
        self.field.clear()
        self._ask()

    def take_away(self) -> bool:
        """Take away the text, else the picture; return whether there was either."""
        if self.field.text():
            self.clear()
        elif self.example.isVisible():
            self.example.closed.emit()
        else:
            return False
        return True

    def ask(self, text: str) -> None:
        """Put a text into the field, and ask it at once."""
        self.field.setText(text)
        self._ask()

    def add_filter(self, key: str, value: str) -> None:
        """Add a filter to the text; one without a value is for the user to complete."""
        text = self.field.text().strip()
        if (key, value) in [(found.kind, found.value) for found in refinements(text)]:
            return
        added = f"{text} {refinement_text(key, value)}".strip()
        if value:
            self.ask(added)
        else:
            self.field.setText(added)
            self.go_on()

    def remove_filters(self) -> None:
        """Leave only the words in the text."""
        self.ask(words_text(self.field.text()))

    def go_on(self) -> None:
        """Go to the end of the text in the search field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.end(False)

    def set_back_enabled(self, enabled: bool) -> None:
        """Say whether there is somewhere to go back to."""
        self._back.setEnabled(enabled)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Let arrow down lead from the field to the photos."""
        pressed = event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self.leave_pressed.emit()
            return True
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 8, 16, 8)
        grid.setSpacing(8)
        before, after = (self.library, self._back, self.example), (self.picture, self._add, self._menu)
        for column, widget in enumerate((*before, self.field, *after)):
            grid.addWidget(widget, 0, column)
        grid.setColumnStretch(len(before), 1)
        grid.addWidget(self.refinements, 1, len(before))
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.sort, 1, len(before) + 1, 1, len(after), corner)

    def _set_up_field(self) -> None:
        self.field.setObjectName("searchField")
        self.field.setFixedHeight(FIELD_HEIGHT)
        self.show_example(None)
        self.field.setAccessibleName(self.tr("Search: describe the photo you remember"))
        self._glass.setText(self.tr("Search"))
        self._clear.setText(self.tr("Clear the search"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.field.textChanged.connect(self._changed)
        self.field.returnPressed.connect(self._enter)
        self.field.installEventFilter(self)

    def _changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self.refinements.show_text(text)
        self._pause.stop()
        if text.split()[-1:] != [NOT]:
            self._pause.start()

    def _enter(self) -> None:
        self._ask()
        if self._asked:
            self.entered.emit(self._asked)

    def _ask(self) -> None:
        self._pause.stop()
        text = self.field.text().strip()
        if text != self._asked:
            self._asked = text
            self.asked.emit(text)

    def _draw_icons(self) -> None:
        self.library.setIcon(self._theme.icon("sidebar"))
        self._back.setIcon(self._theme.icon("back"))
        self.picture.setIcon(self._theme.icon("picture"))
        self._menu.setIcon(self._theme.icon("menu"))
        self._glass.setIcon(self._theme.icon("search", "subdued"))
        self._clear.setIcon(self._theme.icon("clear", "subdued"))


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName("flat")
    button.setToolTip(name)
    button.setAccessibleName(name)
    return button
