"""The library: everything the program remembers, in one SQLite file.

All SQL of the engine lives in this package. Importing it does not import torch.
"""

from engine.library.library import Library
from engine.library.records import (
    Change,
    Failure,
    Features,
    FileStamp,
    KnownFile,
    NewContent,
    Obstacle,
    Reading,
)
from engine.library.roots import Place

__all__ = [
    "Change",
    "Failure",
    "Features",
    "FileStamp",
    "KnownFile",
    "Library",
    "NewContent",
    "Obstacle",
    "Place",
    "Reading",
]
