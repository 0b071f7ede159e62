"""Any Pillow mode and colour space to sRGB, as a person would see the picture on white paper."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

_SPACES = {"RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}  # Pillow's modes, and what profiles call them


def in_srgb(image: Image.Image) -> Image.Image:
    """Return `image` with the colours that its profile means, where it is of another space than sRGB.

    Phones take photos in a wider space (Display P3), which look dull where that is not heeded.
    A profile that is damaged, or meant for another kind of picture, is no reason to refuse one.
    """
    content = image.info.get("icc_profile")
    if not content or image.mode not in _SPACES:
        return image
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content))
        described = profile.profile
        if described.xcolor_space != _SPACES[image.mode] or "sRGB" in (described.profile_description or ""):
            return image
        mode = "RGB" if image.mode == "CMYK" else image.mode
        converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError):
        return image
    return image if converted is None else converted


def to_rgb(image: Image.Image) -> Image.Image:
    """Return `image` as RGB: deep greys scaled to 8 bits, transparency on white.

    Raises:
        ValueError: Pillow can't convert this mode.
    """
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode == "F" or image.mode.startswith("I"):
        return _eight_bits(image).convert("RGB")
    if image.has_transparency_data:
        layer = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a deep grey image in 8 bits.

    Integers are taken as 16-bit; floats as 0 to 1. What goes beyond is scaled to fit.
    """
    values = np.asarray(image)
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
    top = float(values.max(initial=0))
    white = 1.0 if values.dtype.kind == "f" else 65535.0
    if top > white:
        white = top
    return Image.fromarray((np.clip(values, 0, white) * np.float32(255 / white) + 0.5).astype(np.uint8))
