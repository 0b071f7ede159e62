"""What every verb opens: the library and the models that its options name."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import KnownError
from engine.library import Library

if TYPE_CHECKING:
    from engine.models import Models


def open_library(args: Namespace) -> Library:
    """Open the library that `--library` names, or the user's own, for a verb that puts photos into it."""
    return Library.open(args.library)


def open_known_library(args: Namespace) -> Library:
    """Open the library that `--library` names, or the user's own, for a verb that only reads it.

    Raises:
        LibraryError: A name was given, and there is no library of that name; or it can't be opened.
    """
    return Library.open(args.library, create=args.library is None)


def open_models(args: Namespace) -> Models:
    """Return the models that `--pack`, `--coarse-model` and `--device` name."""
    return model_loader(args)()


def model_loader(args: Namespace) -> Callable[[], Models]:
    """Return what loads these models, in this process or another."""
    return partial(_load, args.pack, args.coarse_model, args.device)


def require_photos(library: Library, models: Models) -> None:
    """Make sure that there is something to search.

    Raises:
        KnownError: No photo has been indexed, or none with these models.
    """
    if not library.counts().photos:
        raise KnownError(
            "The library holds no photos yet.", hint="Index a folder first: sgraffito index FOLDER"
        )
    if not len(library.gallery_rows(models.coarse.pack_id)[0]):
        raise KnownError(
            "The library's photos have not been read with these models.",
            hint="Index their folders again with the same --pack and --coarse-model.",
        )


def _load(pack: Path | None, coarse: str | None, device: str) -> Models:
    from engine.models import load_models

    return load_models(pack, coarse=coarse, device=device)
