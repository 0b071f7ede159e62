"""The description that a person (or their software) wrote into a photo's file.

XMP, IPTC and EXIF each have a place for it. Cameras write their own name there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import ExifTags

MAX_LENGTH = 2000
MAX_XMP = 1 << 20
_IPTC_CAPTION = (2, 120)
_IPTC_CHARSET = (1, 90)
_UTF8_MARK = b"\x1b%G"
_PHOTOSHOP_IPTC = 0x0404
_TIFF_IPTC = 33723

_XMP_DESCRIPTION = re.compile(
    rb"<dc:description\b[^<>]*>\s*<rdf:Alt\b[^<>]*>\s*<rdf:li\b[^<>]*>([^<]*)</rdf:li>"
)
_XMP_ATTRIBUTE = re.compile(rb"""\bdc:description=(?:"([^"<]*)"|'([^'<]*)')""")
_CAMERA_DEFAULT = re.compile(
    r"""(?ix) ^ (
        .* \b digital \s (still \s)? camera | .* \b digicam | sony \s dsc | exif [\s_-]? jpeg .* | .* _picture
        | my \s beautiful \s picture | created \s with \s .* | default | untitled | none | screenshot
        | < .* > | charset= .* | [a-z_]{0,5} \d+ [a-z]? ( \. \w{2,4} )?
        | dav | cof | sdr | hdrpl | rhdr | oznor\w* | ptr | bty | fbt | mde | nor | edf | dig | jpeg | picture
    ) $"""
)


def find_description(exif: Mapping[int, Any], info: Mapping[Any, Any]) -> str | None:
    """Return the description that a photo carries, or None.

    Args:
        exif: The main EXIF directory.
        info: Pillow's `Image.info` (XMP packet, Photoshop blocks).
    """
    for found in _candidates(exif, info):
        text = clean(found)
        if text is not None:
            return text
    return None


def clean(text: str) -> str | None:
    """Return a description without what cameras and software fill in, or None."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    plain = " ".join(shown.split())[:MAX_LENGTH].rstrip()
    if sum(character.isalpha() for character in plain) < 3 or _CAMERA_DEFAULT.match(plain):
        return None
    return plain


def xmp_description(packet: bytes) -> str | None:
    """Return `dc:description` of an XMP packet (the default language comes first)."""
    packet = packet[:MAX_XMP]
    match = _XMP_DESCRIPTION.search(packet) or _XMP_ATTRIBUTE.search(packet)
    if match is None:
        return None
    found = next(group for group in match.groups() if group is not None)
    return html.unescape(found.decode("utf-8", "replace"))


def iptc_caption(block: bytes) -> str | None:
    """Return the first Caption/Abstract of an IPTC-IIM block, or None where there is none."""
    fields = dict(reversed([*_iptc_fields(block)]))
    caption = fields.get(_IPTC_CAPTION)
    if caption is None:
        return None
    return _decoded(caption, "utf-8" if fields.get(_IPTC_CHARSET) == _UTF8_MARK else None)


def _candidates(exif: Mapping[int, Any], info: Mapping[Any, Any]) -> Iterator[str]:
    xmp = info.get("xmp")
    if isinstance(xmp, bytes):
        yield xmp_description(xmp) or ""
    photoshop = info.get("photoshop")
    block = photoshop.get(_PHOTOSHOP_IPTC) if isinstance(photoshop, dict) else exif.get(_TIFF_IPTC)
    if isinstance(block, bytes):
        yield iptc_caption(block) or ""
    described = exif.get(ExifTags.Base.ImageDescription)
    if isinstance(described, str):
        yield _mended(described)
    commented = exif.get(ExifTags.Base.XPComment)
    if isinstance(commented, bytes):
        yield commented.decode("utf-16-le", "replace").split("\0")[0]


def _iptc_fields(block: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Yield ((record, dataset), value) as long as the block makes sense."""
    at = 0
    while at + 5 <= len(block) and block[at] == 0x1C:
        length = int.from_bytes(block[at + 3 : at + 5], "big")
        if length & 0x8000:  # an extended field: not used by captions
            return
        yield (block[at + 1], block[at + 2]), block[at + 5 : at + 5 + length]
        at += 5 + length


def _mended(text: str) -> str:
    """Return EXIF text, which Pillow takes for Latin-1 although most programs write UTF-8."""
    try:
        return _decoded(text.encode("latin-1"))
    except UnicodeEncodeError:
        return text


def _decoded(text: bytes, encoding: str | None = None) -> str:
    """Return bytes that are most likely UTF-8, else an old Western encoding."""
    if encoding is not None:
        return text.decode(encoding, "replace")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")
