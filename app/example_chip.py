"""The picture that photos are looked for by, small, beside the search field."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app import phrases
from app.close_button import CloseButton
from app.picture_image import fitted, image_of
from app.questions import LikePicture
from app.theme import Theme

SIDE = 30
NAME_WIDTH = 120


class ExampleChip(QFrame):
    """A thumbnail, the picture's name, and a cross that takes it away.

    Signals:
        closed: The user takes the picture away.
    """

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exampleChip")
        self.setFixedHeight(SIDE + 10)
        self._shown: LikePicture | None = None
        self._picture = QLabel()
        self._picture.setFixedSize(SIDE, SIDE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setMinimumWidth(1)  # a narrow window shows the picture alone
        self.close_button = CloseButton(theme, self.tr("Take the picture away"))
        self.close_button.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(5, 4, 5, 4)
        row.setSpacing(8)
        for widget in (self._picture, self._name, self.close_button):
            row.addWidget(widget)
        self.hide()

    def show_example(self, question: object) -> None:
        """Show the picture of a question that has one; with any other, go away."""
        if not isinstance(question, LikePicture):
            self._shown = None
            self.hide()
            return
        if self._shown is None or self._shown.picture is not question.picture:
            self._draw(question)
        self._shown = question
        self.show()

    def _draw(self, question: LikePicture) -> None:
        small = fitted(image_of(question.picture), QSize(SIDE, SIDE), self.devicePixelRatioF())
        self._picture.setPixmap(QPixmap.fromImage(small))
        metrics = self._name.fontMetrics()
        self._name.setText(metrics.elidedText(question.name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH))
        said = self.tr("Searching for photos like {name}").format(name=question.name)
        self.setAccessibleName(said)
        self.setToolTip(phrases.tool_tip(said))
