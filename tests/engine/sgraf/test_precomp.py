from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import FolderError, KnownError
from engine.sgraf.precomp import read_split
from tests.engine.sgraf.official_files import write_split


@pytest.mark.parametrize("repeated", [False, True])
def test_images_are_read_once_each(tmp_path: Path, repeated: bool) -> None:
    regions = write_split(tmp_path, "test", 4, repeated=repeated)
    split = read_split(tmp_path, "test")
    assert np.array_equal(split.regions, regions)
    assert len(split.captions) == 20
    assert isinstance(split.regions, np.memmap)


def test_lines_are_captions_whatever_they_hold(tmp_path: Path) -> None:
    write_split(tmp_path, "testall", 1)
    (tmp_path / "testall_caps.txt").write_bytes(b" a dog \r\n\nthe caf\xe9\ncaf\xc3\xa9\x0b\nlast")
    assert read_split(tmp_path, "testall").captions == ["a dog", "", "the caf\ufffd", "caf\u00e9", "last"]


def test_the_development_set_is_as_long_as_the_authors_take_it(tmp_path: Path) -> None:
    np.save(tmp_path / "dev_ims.npy", np.zeros((1001, 1, 2), dtype=np.float32))
    (tmp_path / "dev_caps.txt").write_text("a dog\n" * 5005)
    split = read_split(tmp_path, "dev")
    assert (len(split.regions), len(split.captions)) == (1000, 5000)


def test_missing_folder_and_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no such folder"):
        read_split(tmp_path / "nowhere", "test")
    with pytest.raises(FolderError, match=r"test_caps\.txt"):
        read_split(tmp_path, "test")
    (tmp_path / "test_caps.txt").write_text("a\n" * 5)
    with pytest.raises(FolderError, match=r"test_ims\.npy"):
        read_split(tmp_path, "test")


@pytest.mark.parametrize("text", ["", "\n", "a\nb\nc\nd\n", "a\n" * 6])
def test_captions_come_in_fives(tmp_path: Path, text: str) -> None:
    write_split(tmp_path, "test", 1)
    (tmp_path / "test_caps.txt").write_text(text)
    with pytest.raises(KnownError, match="five lines per image"):
        read_split(tmp_path, "test")


def test_counts_must_agree(tmp_path: Path) -> None:
    write_split(tmp_path, "test", 3)
    (tmp_path / "test_caps.txt").write_text("a\n" * 20)
    with pytest.raises(KnownError, match="3 images don't go with 20 captions in test_caps"):
        read_split(tmp_path, "test")


def test_other_files_are_refused_and_never_unpickled(tmp_path: Path) -> None:
    write_split(tmp_path, "test", 1)
    path = tmp_path / "test_ims.npy"
    good = path.read_bytes()
    for content in (b"", b"not numpy at all", good[:60], good[:-8]):
        path.write_bytes(content)
        with pytest.raises(KnownError, match=r"test_ims\.npy.*not a NumPy file"):
            read_split(tmp_path, "test")
    np.save(path, np.array([[{"a": 1}]], dtype=object), allow_pickle=True)
    with pytest.raises(KnownError, match="not a NumPy file"):
        read_split(tmp_path, "test")


@pytest.mark.parametrize("wrong", [np.zeros((1, 4), np.float32), np.zeros((1, 9, 12), np.int64)])
def test_regions_are_decimal_numbers_in_three_axes(tmp_path: Path, wrong: np.ndarray) -> None:
    write_split(tmp_path, "test", 1)
    np.save(tmp_path / "test_ims.npy", wrong)
    with pytest.raises(KnownError, match="three axes"):
        read_split(tmp_path, "test")


def test_archives_are_not_arrays(tmp_path: Path) -> None:
    write_split(tmp_path, "test", 1)
    with (tmp_path / "test_ims.npy").open("wb") as file:
        np.savez(file, regions=np.zeros((1, 9, 12), np.float32))
    with pytest.raises(KnownError, match="three axes"):
        read_split(tmp_path, "test")
