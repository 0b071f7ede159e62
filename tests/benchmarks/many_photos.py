"""A library file with as many photos as one likes, written by the engine's own code."""

from __future__ import annotations

import colorsys
import hashlib
import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from engine import Library, PhotoMetadata
from engine.library import Features
from engine.library.records import FileStamp, NewContent, Reading

BATCH = 1000
PICTURES = 64  # different thumbnails; each photo has one of them
SIDE = (320, 240)
MONTHS = 180
EMBED_DIM = 384
UNDATED = 50  # every so many photos, one without any date


def fill(file: Path, folder: Path, photos: int, *, pack_id: str | None = None) -> None:
    """Write a library of photos that were taken over fifteen years, in fifty folders each of two levels.

    Args:
        file: The library file.
        folder: Its root.
        photos: How many.
        pack_id: Whose random embeddings they have; None for none.
    """
    random = np.random.default_rng(0)
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [_picture(number) for number in range(PICTURES)]
    first = datetime(2010, 1, 1)
    with Library.open(file) as library:
        root = library.add_root(folder).id
        for start in range(0, photos, BATCH):
            readings = []
            for number in range(start, min(start + BATCH, photos)):
                taken = first + timedelta(minutes=number * MONTHS * 30 * 24 * 60 // photos)
                facts = PhotoMetadata(4000, 3000, taken=None if number % UNDATED == 0 else taken)
                path = os.fsencode(f"{taken.year}/Trip {number // 100 % 50}/IMG_{number:06}.jpg")
                vector = random.standard_normal(EMBED_DIM).astype(np.float32)
                features = {} if pack_id is None else {pack_id: Features(vector, None)}
                content = NewContent(facts, pictures[number % PICTURES], features)
                stamp = FileStamp(root, path, 1000, 0)
                readings.append(Reading(stamp, hashlib.sha256(b"%d" % number).digest(), content))
            library.record(readings)


def _picture(number: int) -> bytes:
    """Return a thumbnail with some detail, so that its decoding takes as long as a photo's."""
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(number / PICTURES, 0.5, 0.8))
    noise = Image.effect_noise(SIDE, 40).convert("RGB")
    image = Image.blend(Image.new("RGB", SIDE, (red, green, blue)), noise, 0.1)
    ImageDraw.Draw(image).text((20, 20), str(number), fill="white", font_size=80)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()
