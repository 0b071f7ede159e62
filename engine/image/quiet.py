"""Decoders' remarks about odd files, kept from the user.

Each such file ends either as a photo or with an `ImageError` that says why not.
"""

from __future__ import annotations

import ctypes
import warnings

from PIL import _imaging

_MODULES = r"PIL\."
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", module=_MODULES)
    _QUIET = warnings.filters[0]


def silence_warnings() -> None:
    """Let Python ignore Pillow's warnings, from now on.

    `warnings.catch_warnings` around a decoder would not be safe between threads.
    """
    if _QUIET not in warnings.filters:
        warnings.filterwarnings("ignore", module=_MODULES)


def silence_libtiff() -> None:
    """Keep libtiff from writing to the terminal.

    Its handlers can be reached where Pillow carries it as a library of its own (Linux,
    macOS). On Windows it is built in and there is no terminal in the way.
    """
    try:
        library = ctypes.CDLL(_imaging.__file__)
        library.TIFFSetWarningHandler(None)
        library.TIFFSetErrorHandler(None)
    except (OSError, AttributeError):
        return
