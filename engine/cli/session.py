"""What every verb opens: the library and the models that its options name."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from engine.errors import KnownError
from engine.library import Library

if TYPE_CHECKING:
    from engine.models import Models


def open_library(args: Namespace) -> Library:
    """Open the library that `--library` names, or the user's own."""
    return Library.open(args.library)


def open_models(args: Namespace) -> Models:
    """Return the models that `--pack`, `--coarse-model` and `--device` name."""
    from engine.models import load_models

    return load_models(args.pack, coarse=args.coarse_model, device=args.device)


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
