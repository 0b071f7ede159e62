"""Descriptions in photos' files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from engine.image import read_photo
from engine.image.captions import MAX_LENGTH, clean, find_description, iptc_caption, xmp_description
from tests.engine.pictures import write_picture

DESCRIPTION, COMMENT = ExifTags.Base.ImageDescription, ExifTags.Base.XPComment
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><dc:description>
<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li><rdf:li xml:lang="de">anders</rdf:li></rdf:Alt>
</dc:description></rdf:Description></rdf:RDF></x:xmpmeta>"""


def iptc(text: bytes, *, marked: bool = False) -> bytes:
    def field(record: int, number: int, value: bytes) -> bytes:
        return bytes((0x1C, record, number)) + len(value).to_bytes(2, "big") + value

    mark = field(1, 90, b"\x1b%G") if marked else b""
    return mark + field(2, 5, b"title") + field(2, 120, text)


def exif(**tags: str | bytes) -> Image.Exif:
    found = Image.Exif()
    for name, value in tags.items():
        found[getattr(ExifTags.Base, name)] = value
    return found


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_xmp_is_found_in_files(tmp_path: Path, suffix: str) -> None:
    packet = XMP.format("Two kids &amp; a snowman ☃").encode()
    image = Image.new("RGB", (9, 9))
    options = {"png": {"pnginfo": png_xmp(packet)}, "tif": {"tiffinfo": {700: packet}}}
    image.save(tmp_path / f"a.{suffix}", **options.get(suffix, {"xmp": packet}))
    assert read_photo(tmp_path / f"a.{suffix}").metadata.description == "Two kids & a snowman ☃"


def png_xmp(packet: bytes) -> PngInfo:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet.decode())
    return info


def test_iptc_is_found_in_a_jpeg(tmp_path: Path) -> None:
    block = iptc("Großmutter lacht".encode(), marked=True)
    resource = b"8BIM\x04\x04\0\0" + len(block).to_bytes(4, "big") + block + b"\0" * (len(block) % 2)
    segment = b"Photoshop 3.0\0" + resource
    path = write_picture(tmp_path / "a.jpg", 1)
    content = path.read_bytes()
    path.write_bytes(
        content[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + content[2:]
    )
    assert read_photo(path).metadata.description == "Großmutter lacht"


def test_exif_is_found_in_a_jpeg(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.jpg", 1, exif=exif(ImageDescription="Grandma laughing"))
    assert read_photo(path).metadata.description == "Grandma laughing"
    comment = "Enkel im Schnee".encode("utf-16-le") + b"\0\0"
    path = write_picture(tmp_path / "b.jpg", 1, exif=exif(XPComment=comment))
    assert read_photo(path).metadata.description == "Enkel im Schnee"


def test_what_people_wrote_comes_before_what_cameras_wrote() -> None:
    found = find_description(
        {DESCRIPTION: "OLYMPUS DIGITAL CAMERA", COMMENT: "a dog".encode("utf-16-le")}, {"xmp": b"<none/>"}
    )
    assert found == "a dog"
    info = {"xmp": XMP.format("from XMP").encode(), "photoshop": {0x0404: iptc(b"from IPTC")}}
    assert find_description({DESCRIPTION: "from EXIF"}, info) == "from XMP"
    assert find_description({DESCRIPTION: "from EXIF"}, {"photoshop": info["photoshop"]}) == "from IPTC"
    assert find_description({DESCRIPTION: 7, COMMENT: "text"}, {"xmp": "text", "photoshop": {}}) is None


def test_utf8_that_was_taken_for_latin1_is_mended() -> None:
    mangled = "Größe".encode().decode("latin-1")
    assert find_description({DESCRIPTION: mangled}, {}) == "Größe"
    assert find_description({DESCRIPTION: "Größe"}, {}) == "Größe"


@pytest.mark.parametrize(
    "text",
    [
        "OLYMPUS DIGITAL CAMERA         ",
        "KODAK Digital Still Camera",
        "SONY DSC",
        "Exif_JPEG_PICTURE",
        "DSC00001",
        "IMG_1234.JPG",
        "<KENOX S630  / Samsung S630>",
        "Created with GIMP",
        "My beautiful picture",
        "charset=Ascii",
        "dav",
        "                ",
        "\0\0\0",
        "12345 67",
        "",
    ],
)
def test_what_nobody_wrote_is_no_description(text: str) -> None:
    assert clean(text) is None


@pytest.mark.parametrize(
    "text", ["Grandma", "A digital camera on a table", "Mum, Dad and 3 dogs", "祖母在笑"]
)
def test_what_somebody_wrote_is_kept(text: str) -> None:
    assert clean(f"  {text}\n") == text


def test_iptc_in_an_old_encoding() -> None:
    assert iptc_caption(iptc("Größe".encode("latin-1"))) == "Größe"
    assert iptc_caption(iptc("Größe".encode())) == "Größe"
    assert iptc_caption(b"") is None
    assert iptc_caption(b"\x1c\x02\x78\x80\x04" + b"x" * 9) is None


def test_of_several_iptc_captions_the_first_counts() -> None:
    """The standard knows only one; programs that add another leave the first where it is."""
    assert iptc_caption(iptc(b"Grandma") + iptc(b"Untitled 7")) == "Grandma"
    assert iptc_caption(iptc("Größe".encode(), marked=True) + iptc(b"Grandma")) == "Größe"


def test_xmp_as_an_attribute() -> None:
    assert xmp_description(b'<rdf:Description dc:description="a &lt;dog&gt;"/>') == "a <dog>"
    assert xmp_description(b"<rdf:Description dc:description='a dog'/>") == "a dog"
    assert xmp_description(b"<dc:description/>") is None


@given(st.binary(max_size=200), st.text(max_size=200))
def test_nonsense_never_raises(block: bytes, text: str) -> None:
    iptc_caption(block)
    iptc_caption(b"\x1c\x02\x78" + block)
    xmp_description(b"<dc:description>" + block)
    found = clean(text)
    assert found is None or (found == clean(found) and len(found) <= MAX_LENGTH)
    find_description({DESCRIPTION: text, COMMENT: block}, {"xmp": block, "photoshop": {0x0404: block}})


def test_a_novel_is_cut() -> None:
    found = clean("word " * 3000)
    assert found is not None
    assert len(found) <= MAX_LENGTH
