from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.information_panel import InformationPanel
from app.photo_facts import Fact, exposed, facts_of
from app.phrases import number
from engine import Exposure, Photo, PhotoMetadata

METADATA = PhotoMetadata(
    4000, 3000, 1, datetime(2019, 1, 5, 14, 3), "Canon EOS R6", 48.85837, -2.2945, "two kids in the snow"
)
PHOTO = Photo(7, Path("/photos/Winter 2019/IMG_0007.jpg"), 3_400_000, 1, METADATA)


def by_label(facts: tuple[Fact, ...]) -> dict[str, str]:
    return {fact.label: fact.value for fact in facts}


def test_everything_that_is_known_is_told(qapp):
    exposure = Exposure(1 / 250, 2.8, 400, 50.0, "RF24-105mm F4 L IS USM")
    assert by_label(facts_of(PHOTO, "good match", ("“snow”", "“kids”"), exposure)) == {
        "Name": "IMG_0007.jpg",
        "Folder": str(Path("/photos/Winter 2019")),
        "Match": "good match",
        "Found mostly by": "“snow”, “kids”",
        "Taken": "2019-01-05 14:03",
        "Dimensions": f"{number(4000)} × {number(3000)} (12 megapixels)",
        "Size": "3.4 MB",
        "Camera": "Canon EOS R6",
        "Lens": "RF24-105mm F4 L IS USM",
        "Exposure": "1/250 s · f/2.8 · ISO 400 · 50 mm",
        "Place": "48.85837° N, 2.29450° W",
        "Description in the file": "two kids in the snow",
    }


def test_what_is_not_known_is_left_out(qapp):
    bare = Photo(8, Path("/photos/a.png"), 900, 1, PhotoMetadata(64, 48))
    assert by_label(facts_of(bare)) == {
        "Name": "a.png",
        "Folder": str(Path("/photos")),
        "Dimensions": "64 × 48",
        "Size": "900 bytes",
    }


def test_a_million_pixels_are_one_megapixel(qapp):
    photo = Photo(8, Path("/photos/a.png"), 900, 1, PhotoMetadata(1280, 960))
    assert by_label(facts_of(photo))["Dimensions"].endswith("(1 megapixel)")


@pytest.mark.parametrize(
    ("exposure", "text"),
    [
        (Exposure(), ""),
        (Exposure(seconds=1 / 8000), "1/8000 s"),
        (Exposure(seconds=0.00625), "1/160 s"),
        (Exposure(seconds=0.25), "1/4 s"),
        (Exposure(seconds=0.5), "0.5 s"),
        (Exposure(seconds=1.3), "1.3 s"),
        (Exposure(seconds=30.0), "30 s"),
        (Exposure(aperture=8.0), "f/8"),
        (Exposure(aperture=2.7999), "f/2.8"),
        (Exposure(iso=102400), "ISO 102400"),
        (Exposure(focal_length=4.25), "4.2 mm"),
        (Exposure(aperture=1.8, focal_length=50.0), "f/1.8 · 50 mm"),
    ],
)
def test_exposures_in_the_words_of_photographers(qapp, exposure, text):
    assert exposed(exposure) == text


@pytest.fixture
def panel(qtbot, theme) -> InformationPanel:
    panel = InformationPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(280, 600)
    return panel


def test_a_screen_reader_hears_label_and_value(panel):
    panel.show_facts([Fact("Camera", "Canon EOS R6")])
    assert panel.isVisible()
    assert "Camera: Canon EOS R6" in {label.accessibleName() for label in panel.findChildren(QLabel)}


def test_another_photo_takes_its_place(qtbot, panel):
    def shown() -> set[str]:
        labels = (label for label in panel.findChildren(QLabel) if label.isVisible())
        return {label.text().replace("\u200b", "") for label in labels}

    panel.show_facts([Fact("Name", "a.jpg")], "a.jpg is no longer in its folder.")
    assert panel.trouble == "a.jpg is no longer in its folder."
    panel.show_facts([Fact("Name", "b.jpg")])
    assert panel.trouble == ""
    qtbot.waitUntil(lambda: shown() == {"Information", "Name", "b.jpg"})


def test_a_long_path_does_not_widen_the_panel(panel):
    panel.show_facts([Fact("Folder", "/photos" + "/a-very-long-folder_name" * 20)])
    assert panel.minimumSizeHint().width() <= 280
