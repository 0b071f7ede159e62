from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from app.close_button import CloseButton
from app.messages import EmptyState, MessageLine


def test_a_message_shows_and_closes(qtbot, theme):
    line = MessageLine(theme)
    qtbot.addWidget(line)
    assert line.text == ""
    line.show_message("The photo is gone.")
    assert line.text == "The photo is gone."
    assert line.findChild(QPushButton).isHidden()
    qtbot.mouseClick(line.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert line.text == ""


def test_to_say_nothing_takes_the_message_away(qtbot, theme):
    line = MessageLine(theme)
    qtbot.addWidget(line)
    line.say("A notice.")
    assert line.text == "A notice."
    line.say("")
    assert line.text == ""


def test_its_action_acts_once_and_closes(qtbot, theme):
    line, acted = MessageLine(theme), []
    qtbot.addWidget(line)
    line.show_message("Not connected.", "Try again", lambda: acted.append(True))
    qtbot.mouseClick(line.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert acted == [True]
    assert line.text == ""


def test_an_action_may_show_the_next_message(qtbot, theme):
    line = MessageLine(theme)
    qtbot.addWidget(line)
    line.show_message("First", "Go", lambda: line.show_message("Second"))
    qtbot.mouseClick(line.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert line.text == "Second"


def test_file_names_are_never_markup(qtbot, theme):
    line = MessageLine(theme)
    qtbot.addWidget(line)
    line.show_message("<b>bold</b>.jpg is gone")
    assert line._text.textFormat() == Qt.TextFormat.PlainText


def test_an_empty_state_has_one_sentence_and_one_action(qtbot):
    state, acted = EmptyState(), []
    qtbot.addWidget(state)
    state.show_state("Add a folder.", "Add…", lambda: acted.append(True), detail="Or drop one.")
    button = state.findChild(QPushButton)
    assert state.text == "Add a folder."
    assert button.text() == "Add…"
    button.click()
    assert acted == [True]


def test_an_empty_state_without_an_action_has_no_button(qtbot):
    state = EmptyState()
    qtbot.addWidget(state)
    state.show_state("Opening your library…")
    button = state.findChild(QPushButton)
    assert button.isHidden()
    button.click()  # even if it were pressed, nothing would happen


def test_a_long_sentence_is_wrapped_not_cut(qtbot):
    state = EmptyState()
    qtbot.addWidget(state)
    state.resize(900, 600)
    state.show()
    state.show_state("A sentence. " * 20)
    qtbot.waitExposed(state)
    label = state._sentence
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))


def test_closing_a_message_is_told_from_its_going_away(qtbot, theme):
    line = MessageLine(theme)
    qtbot.addWidget(line)
    closed: list[str] = []
    line.closed.connect(closed.append)
    line.show_message("One.")
    line.clear()
    line.show_message("Two.")
    qtbot.mouseClick(line.findChild(CloseButton), Qt.MouseButton.LeftButton)
    assert closed == ["Two."]
    assert line.text == ""
