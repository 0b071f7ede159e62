import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.refinement_bar import MOST, RefinementBar
from app.refinement_labels import label
from engine import refinements

TEXT = "dog date:2019..2021 folder:Trips/ -beach"


@pytest.fixture
def bar(qtbot, theme) -> RefinementBar:
    bar = RefinementBar(theme)
    qtbot.addWidget(bar)
    bar.show_text(TEXT)
    bar.show()
    bar.activateWindow()
    return bar


@pytest.fixture
def removed(bar) -> list[str]:
    """What was removed; the text follows, as in the search field."""
    removed: list[str] = []

    def follow(refinement) -> None:
        removed.append(label(refinement))
        left = [one for one in refinements(TEXT) if label(one) not in removed]
        bar.show_text(" ".join(TEXT[one.start : one.end] for one in left))

    bar.removed.connect(follow)
    return removed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("date:2019", "2019"),
        ("date:2019..2021", "2019–2021"),
        ("date:2019-07..2019-09", "2019-07 – 2019-09"),
        ("date:2019..", "from 2019"),
        ("date:..2019-07", "until 2019-07"),
        ('date:"Summer 2019"', "Summer 2019"),
        ("folder:Trips/", "folder: Trips"),
        ("camera:pixel", "camera: pixel"),
        ("type:jpeg", "type: JPG"),
        ("is:favourite", "favourites"),
        ("is:square", "square"),
        ("has:location", "has a place"),
        ('-"red car"', "not: red car"),
    ],
)
def test_labels_say_it_in_words(typed, said):
    assert [label(one) for one in refinements(typed)] == [said]


def test_chips_are_read_from_the_text(bar):
    assert [chip.text() for chip in bar.chips] == ["2019–2021", "folder: Trips", "not: beach"]
    assert all("remove" in chip.accessibleName() for chip in bar.chips)
    assert bar.add.accessibleName()
    bar.show_text("just words")
    assert bar.chips == []


def test_an_ampersand_is_shown_and_no_shortcut(bar):
    bar.show_text("folder:R&D")
    assert bar.chips[0].text() == "folder: R&&D"


def test_the_same_chips_are_not_made_anew(bar):
    before = list(bar.chips)
    bar.show_text(TEXT.replace("dog", "two dogs"))
    assert bar.chips == before


def test_a_click_removes_a_filter(qtbot, bar, removed):
    qtbot.mouseClick(bar.chips[1], Qt.MouseButton.LeftButton)
    assert removed == ["folder: Trips"]


def test_a_removed_filter_is_where_the_text_has_it_by_now(qtbot, bar):
    longer = "a very long sentence about a " + TEXT
    bar.show_text(longer)
    with qtbot.waitSignal(bar.removed) as signal:
        qtbot.mouseClick(bar.chips[2], Qt.MouseButton.LeftButton)
    (refinement,) = signal.args
    assert longer[refinement.start : refinement.end] == "-beach"


def test_arrow_keys_lead_from_chip_to_chip_and_back_to_the_field(qtbot, bar):
    bar.chips[0].setFocus()
    for key, at in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Left, 0), (Qt.Key.Key_End, 3), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert QApplication.focusWidget() is [*bar.chips, bar.add][at]
    with qtbot.waitSignal(bar.left):
        qtbot.keyClick(bar.chips[0], Qt.Key.Key_Up)


def test_delete_and_backspace_remove_one_after_the_other(qtbot, bar, removed):
    bar.chips[1].setFocus()
    qtbot.keyClick(bar.chips[1], Qt.Key.Key_Delete)
    assert removed == ["folder: Trips"]
    assert bar.chips[1].hasFocus()
    qtbot.keyClick(bar.chips[1], Qt.Key.Key_Backspace)
    assert bar.chips[0].hasFocus()
    with qtbot.waitSignal(bar.left):
        qtbot.keyClick(bar.chips[0], Qt.Key.Key_Delete)
    assert removed == ["folder: Trips", "not: beach", "2019–2021"]


def test_delete_on_the_button_for_more_removes_nothing(qtbot, bar, removed):
    bar.add.setFocus()
    qtbot.keyClick(bar.add, Qt.Key.Key_Delete)
    assert removed == []


def test_a_pasted_novel_of_filters_does_not_fill_the_window(bar):
    bar.show_text("-a " * 5000)
    assert len(bar.chips) == MOST


def test_many_chips_take_more_lines_and_no_wider_window(bar):
    bar.show_text(" ".join(f"folder:place{number}" for number in range(20)))
    assert bar.minimumSizeHint().width() < 300
    assert bar.heightForWidth(400) > 3 * bar.chips[0].sizeHint().height()
