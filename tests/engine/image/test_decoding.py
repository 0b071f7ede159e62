"""Real files of every kind, whole and broken."""

from __future__ import annotations

import io
import os
import random
import struct
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from engine.errors import ImageError
from engine.image import FileBytes, decode, decoding, read_file, read_photo, thumbnail_jpeg
from tests.engine.pictures import picture, public_folder, unprivileged, write_picture

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}  # from upright to how the camera stored it
SHORT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from engine.image import FileAccessError, read_photo

pages = int(Path("/proc/self/statm").read_text().split()[0])
limit = pages * resource.getpagesize() + (200 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    read_photo(Path(sys.argv[1]))
except FileAccessError as error:
    print(error)
"""


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two images, 0 to 255."""
    assert one.size == other.size
    return float(np.asarray(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean())


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "bmp", "webp", "tif", "heic", "avif"])
def test_every_common_kind_is_read(tmp_path: Path, suffix: str) -> None:
    photo = read_photo(write_picture(tmp_path / f"a.{suffix}", 3, size=(64, 48)))
    assert photo.image.mode == "RGB"
    assert (photo.metadata.width, photo.metadata.height) == (64, 48)
    assert difference(photo.image, picture(3, (64, 48))) < 16
    assert len(photo.digest) == 20


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "heic", "avif"])
def test_orientation_is_applied_once(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = picture(7, (96, 64))
    stored = upright.transpose(TURNS[orientation]) if orientation in TURNS else upright
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored.save(tmp_path / f"a.{suffix}", exif=exif.tobytes())
    photo = read_photo(tmp_path / f"a.{suffix}")
    assert (photo.metadata.width, photo.metadata.height) == (96, 64)
    assert difference(photo.image, upright) < 16


@pytest.mark.parametrize("orientation", [0, 9, 300])
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "heic", "avif"])
def test_an_impossible_orientation_is_none(tmp_path: Path, suffix: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    photo = read_photo(write_picture(tmp_path / f"a.{suffix}", 1, exif=exif))
    assert photo.metadata.orientation == 1
    assert photo.image.size == (48, 32)


def test_a_large_photo_is_scaled_down_but_its_size_is_kept(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    for suffix in ("jpg", "png"):
        path = write_picture(tmp_path / f"a.{suffix}", 1, size=(4000, 3000), exif=exif)
        photo = read_photo(path)
        assert (photo.metadata.width, photo.metadata.height) == (3000, 4000)
        assert 512 <= photo.image.width <= 1024
        assert photo.image.width / photo.image.height == pytest.approx(0.75, abs=0.01)


def test_a_panorama_is_bounded_too(tmp_path: Path) -> None:
    photo = read_photo(write_picture(tmp_path / "a.png", 1, size=(20000, 900)))
    assert photo.metadata.width == 20000
    assert photo.image.width * photo.image.height <= decoding.AREA


def test_the_first_picture_of_an_animation_is_taken(tmp_path: Path) -> None:
    frames = [picture(seed).convert("P", palette=Image.Palette.ADAPTIVE) for seed in (1, 2, 3)]
    for suffix in ("gif", "webp"):
        path = tmp_path / f"a.{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
        assert difference(read_photo(path).image, picture(1)) < 3


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.jpg", 1, format="PNG")
    assert difference(read_photo(path).image, picture(1)) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="names are Unicode there")
def test_a_name_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.jpg")
    picture(1).save(path, "JPEG")
    assert read_photo(path).image.size == (48, 32)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_a_large_colour_profile_does_not_matter(kind: str) -> None:
    content = encoded(picture(3), kind, icc_profile=random.Random(0).randbytes(3 << 20))
    assert decode(FileBytes(Path("a"), content, b"")).image.size == (48, 32)


def refusal(content: bytes, name: str = "a.jpg") -> str:
    path = Path("somewhere") / name
    with pytest.raises(ImageError) as caught:
        decode(FileBytes(path, content, b""))
    assert str(path) in str(caught.value)
    assert caught.value.hint
    return caught.value.what


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "HEIF", "AVIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_what_is_cut_short_is_refused(kind: str, share: float) -> None:
    noise = Image.effect_noise((200, 150), 90).convert("RGB")
    content = encoded(noise, kind)
    what = refusal(content[: int(len(content) * share)])
    assert "cut short" in what or "damaged" in what


def test_what_is_no_photo_is_refused() -> None:
    assert "not a photo" in refusal(b"Dear diary, today I did not take a photo.")
    assert "not a photo" in refusal(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    assert "damaged" in refusal(b"\xff\xd8\xff\xe0" + b"\0" * 100)


def test_files_that_cannot_be_opened_say_why(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    for path, message in [
        (tmp_path / "empty.jpg", "is empty"),
        (tmp_path / "nowhere.jpg", "no such file"),
        (tmp_path, "not a file"),
        (tmp_path / ("n" * 300), "can't be read"),
        (Path("nul\0byte.jpg"), "can't be read"),
    ]:
        with pytest.raises(ImageError, match=message):
            read_photo(path)


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(ImageError, match="not a file"):
        read_file(tmp_path / "pipe.jpg")


def test_a_file_that_may_not_be_read_says_so() -> None:
    with public_folder() as folder:
        path = write_picture(folder / "a.jpg", 1)
        path.chmod(0)
        with unprivileged(), pytest.raises(ImageError, match="may not be read"):
            read_file(path)


def test_an_enormous_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with path.open("wb") as file:
        file.truncate(decoding.MAX_BYTES + 1)  # a hole, no bytes on the disk
    with pytest.raises(ImageError, match="more than the 512"):
        read_file(path)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that claims to be huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_a_decompression_bomb_is_not_decoded() -> None:
    assert "10,000 megapixels" in refusal(bomb(100_000, 100_000))


@pytest.mark.skipif(sys.platform != "linux", reason="memory can't be limited elsewhere")
@pytest.mark.parametrize("step", ["read", "decode"])
def test_memory_that_is_not_there_is_said(tmp_path: Path, step: str) -> None:
    path = tmp_path / "a.png"
    if step == "read":
        with path.open("wb") as file:
            file.truncate(decoding.MAX_BYTES)  # a hole, no bytes on the disk
    else:
        path.write_bytes(bomb(12_000, 12_000))
    reading = [sys.executable, "-c", SHORT_OF_MEMORY, path]
    done = subprocess.run(reading, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{path}: The photo needs more memory than there is.")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "HEIF"]), st.randoms(use_true_random=False)
)
def test_random_damage_gives_a_photo_or_a_reason(kind: str, chance: random.Random) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a caption"
    content = bytearray(encoded(picture(5, (40, 30)), kind, **({"exif": exif} if kind != "BMP" else {})))
    for _ in range(chance.randint(1, 12)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(content)
        file.flush()
        assert reason_for(Path(file.name)) != ""


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_give_a_reason(content: bytes) -> None:
    with pytest.raises(ImageError):
        decode(FileBytes(Path("a.jpg"), content, b""))


def test_many_threads_read_the_same_as_one(tmp_path: Path) -> None:
    kinds = ("jpg", "png", "gif", "webp", "tif", "heic", "avif")
    paths = [write_picture(tmp_path / f"{n}.{kind}", n) for n in range(6) for kind in kinds]
    one = [read_photo(path).image.tobytes() for path in paths]
    with ThreadPoolExecutor(8) as pool:
        many = list(pool.map(lambda path: read_photo(path).image.tobytes(), paths))
    assert one == many


def test_large_photos_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LARGE_PIXELS", 100)
    path = write_picture(tmp_path / "a.png", 1)
    with ThreadPoolExecutor(4) as pool:
        assert len({photo.digest for photo in pool.map(read_photo, [path] * 8)}) == 1


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 3000), (320, 240)), ((100, 50), (100, 50)), ((5000, 2), (320, 1)), ((1, 1), (1, 1))],
)
def test_thumbnails_are_small_and_never_enlarged(size: tuple[int, int], expected: tuple[int, int]) -> None:
    thumbnail = Image.open(io.BytesIO(thumbnail_jpeg(picture(1, size))))
    assert thumbnail.size == expected
    assert thumbnail.format == "JPEG"


def reason_for(path: Path) -> str | None:
    """Return why a file is refused, with what to do, or None for a photo that can be shown."""
    try:
        photo = read_photo(path)
    except ImageError as error:
        return error.what if error.hint else ""
    shown = photo.image.width * photo.image.height <= decoding.AREA and thumbnail_jpeg(photo.image)
    return None if shown else ""


def test_hostile_files_give_a_photo_or_a_reason(photo_data: Path) -> None:
    paths = [path for path in (photo_data / "hostile").rglob("*") if path.is_file()]
    reasons = {path: reason_for(path) for path in paths}
    assert len(reasons) > 700
    assert "" not in reasons.values()
    refused = {path for path, reason in reasons.items() if reason is not None}
    assert not [path for path in refused if path.match("PngSuite/[!x]*.png")]
    assert not [path for path in refused if path.match("bmpsuite/g/*")]


def test_real_orientations_look_alike(photo_data: Path) -> None:
    for name in ("Landscape", "Portrait"):
        folder = photo_data / "cameras" / "orientation"
        upright = read_photo(folder / f"{name}_1.jpg")
        for orientation in (0, 2, 3, 4, 5, 6, 7, 8):
            photo = read_photo(folder / f"{name}_{orientation}.jpg")
            assert photo.metadata.orientation == (orientation or 1)
            assert (photo.metadata.width, photo.metadata.height) == (
                upright.metadata.width,
                upright.metadata.height,
            )
            assert difference(photo.image.resize((60, 60)), upright.image.resize((60, 60))) < 8


def test_real_cameras_are_understood(photo_data: Path) -> None:
    folder = photo_data / "cameras"
    nikon = read_photo(next(folder.rglob("DSC_0008.JPG"))).metadata
    assert (nikon.width, nikon.height, nikon.orientation) == (3072, 4608, 8)
    assert nikon.camera == "NIKON D3100"
    assert str(nikon.taken) == "2020-07-15 08:36:27"
    phone = read_photo(next(folder.rglob("IMG_5195.HEIC"))).metadata
    assert phone.camera == "Apple iPhone 11 Pro Max"
    assert phone.latitude == pytest.approx(39.0513, abs=1e-3)
    assert phone.longitude == pytest.approx(-94.2888, abs=1e-3)
    for path in folder.rglob("*.*"):
        assert read_photo(path).metadata.description is None  # only cameras wrote there


@pytest.mark.parametrize("length", [100, 70_000])
def test_a_comment_stays_out_of_the_thumbnail(length: int) -> None:
    """Pillow would write it into a JPEG, and gives up on a long one."""
    stored = io.BytesIO()
    Image.new("L", (40, 30)).save(stored, "GIF", comment=b"x" * length)
    photo = decode(FileBytes(Path("a.gif"), stored.getvalue(), b""))
    assert b"x" * 100 not in thumbnail_jpeg(photo.image)
