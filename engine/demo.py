"""Photos and captions for a first look at the program."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

from engine.errors import KnownError

PUBLIC_CAPTIONS = ("a cat looking at the camera", "a cup of coffee on a table", "a rocket on a launch pad")
FOLDER_CAPTIONS = ("people smiling at the camera", "an animal outdoors", "a landscape with water")

# The photographs among the pictures inside scikit-image's wheel; the rest are patterns,
# drawings and micrographs.
_PHOTOGRAPHS = (
    "astronaut.png",
    "camera.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "moon.png",
    "motorcycle_left.png",
    "page.png",
    "rocket.jpg",
)


def copy_public_photos(folder: Path) -> Path:
    """Copy scikit-image's public-domain photographs into a new folder, and return it.

    Raises:
        KnownError: scikit-image isn't installed, or lacks the photographs.
    """
    # Only its place is asked for: importing the package would take a second.
    package = find_spec("skimage")
    origin = None if package is None else package.origin
    pictures = [] if origin is None else [Path(origin).parent / "data" / name for name in _PHOTOGRAPHS]
    present = [picture for picture in pictures if picture.is_file()]
    if not present:
        raise KnownError(
            "The demonstration photos are not installed.",
            hint="Name a folder of your own photos, or install them with: pip install scikit-image",
        )
    folder.mkdir(parents=True)
    for picture in present:
        shutil.copy(picture, folder)
    return folder
