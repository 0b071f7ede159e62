"""Nothing that decoders say about odd files reaches the user."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from engine.image.quiet import silence_libtiff, silence_warnings

CHILD = """
import sys, warnings
from pathlib import Path
from engine.errors import ImageError
from engine.image import read_photo
warnings.simplefilter("always")
for name in sys.argv[1:]:
    try:
        read_photo(Path(name))
    except ImageError:
        pass
"""


def test_pillows_warnings_are_ignored_and_others_are_not() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        silence_warnings()
        filters = len(warnings.filters)
        silence_warnings()
        assert len(warnings.filters) == filters
        warnings.warn_explicit("odd", UserWarning, "file", 1, module="PIL.TiffImagePlugin")
        with pytest.raises(UserWarning, match="ours"):
            warnings.warn_explicit("ours", UserWarning, "file", 1, module="engine.image")


def test_libtiff_can_be_silenced_more_than_once() -> None:
    silence_libtiff()
    silence_libtiff()


def test_hostile_files_write_nothing_to_the_terminal(photo_data: Path) -> None:
    folder = photo_data / "hostile"
    names = [str(path) for kind in ("tif*", "jpg", "png") for path in folder.rglob(f"*.{kind}")]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, *names], capture_output=True, cwd=Path(__file__).parents[3], check=True
    )
    assert child.stderr == b""
    assert child.stdout == b""
