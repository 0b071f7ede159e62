import pytest

from app import copied_image
from engine import KnownError, Library, PhotoMetadata
from engine.library.records import FileStamp, NewContent, Reading
from tests.app.conftest import draw_photo
from tests.app.test_absence import TOO_LONG


@pytest.fixture
def library(tmp_path):
    """A library with one photo that is there, and one in a folder that can't be asked for."""
    draw_photo(tmp_path / "photos" / "a.jpg")
    with Library.open(tmp_path / "library.db") as library:
        root = library.add_root(tmp_path / "photos").id
        for number, name in enumerate(("a.jpg", f"{TOO_LONG}/b.jpg")):
            content = NewContent(PhotoMetadata(96, 72), b"", {})
            stamp = FileStamp(root, name.encode(), 1, 1)
            library.record([Reading(stamp, bytes([number]) * 32, content)])
        yield library


def test_a_photo_is_read_with_its_pixels(library):
    photo, image = copied_image.read(library, 1)
    assert (photo.path.name, image.width(), image.height()) == ("a.jpg", 96, 72)


def test_a_folder_that_can_not_be_entered_is_a_sentence(library):
    with pytest.raises(KnownError, match=r"^b\.jpg can't be reached: its folder is not connected"):
        copied_image.read(library, 2)


def test_a_photo_that_the_library_knows_no_more_is_a_sentence(library):
    with pytest.raises(KnownError, match="no longer in the library"):
        copied_image.read(library, 3)
