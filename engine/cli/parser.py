"""The verbs and options of the terminal."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from engine import __version__

_Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_EPILOG = "Nothing leaves this machine, and your photos and their folders are never written."


def build_parser(*, window: bool = False) -> argparse.ArgumentParser:
    """Return the parser of all verbs.

    Args:
        window: Whether the verb `app`, which opens the window, is offered.
    """
    parser = argparse.ArgumentParser(
        prog="sgraffito",
        description="Find your photos by describing them, on your own machine.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"Sgraffito {__version__}")
    parser.add_argument(
        "--selftest", action="store_true", help="check the installation with a few generated photos"
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    if window:
        _library_option(_verb(verbs, "app", "open the window"))
    _index(verbs)
    _search(verbs)
    _describe(verbs)
    _similar(verbs)
    _evaluate(verbs)
    _evaluate_official(verbs)
    _demo(verbs)
    return parser


def _index(verbs: _Verbs) -> None:
    verb = _verb(
        verbs,
        "index",
        "read folders of photos into the library",
        "Reads new and changed photos of the folders, and of all folders below them, into the library. "
        "What was read before is not read again, and stopping with Ctrl+C loses nothing. "
        "Exit code 1 where any of the folders can't be read or holds no photo at all.",
    )
    verb.add_argument("folders", metavar="FOLDER", type=named, nargs="+", help="a folder of photos")
    _common_options(verb)


def _search(verbs: _Verbs) -> None:
    verb = _verb(
        verbs,
        "search",
        "find photos by describing them",
        "Prints rank, match strength (0 to 1) and path of the photos that match the caption, best first. "
        "The caption may hold what narrows the search: -beach or -“red car” (without), folder:Trips, "
        "date:2019..2021 or date:“summer 2019”, camera:pixel, type:heic, is:favourite, is:portrait, "
        "has:location. Without other words, the newest photos that fit come first. Put -- before a caption "
        "that begins with a dash.",
    )
    verb.add_argument("caption", metavar="CAPTION", help="what is in the photo, in plain English")
    verb.add_argument(
        "--folder",
        metavar="FOLDER",
        type=named,
        help="search only below this folder; what is new in it is indexed first",
    )
    _limit_option(verb, 20, "photos")
    verb.add_argument(
        "--candidates",
        metavar="K",
        type=positive,
        default=200,
        help="photos that are looked at closely, at least N (default: %(default)s)",
    )
    verb.add_argument("--coarse-only", action="store_true", help="leave the closer look out")
    _common_options(verb)


def _describe(verbs: _Verbs) -> None:
    verb = _verb(
        verbs,
        "describe",
        "describe a photo",
        "Prints match strength (0 to 1), source and text of the sentences that describe the photo best: "
        "captions found in the library's photos, past searches, and composed descriptions.",
    )
    verb.add_argument("photo", metavar="PHOTO", type=named, help="a photo, in the library or not")
    _limit_option(verb, 8, "descriptions")
    _common_options(verb)


def _similar(verbs: _Verbs) -> None:
    verb = _verb(
        verbs,
        "similar",
        "find photos like a photo",
        "Prints rank, match strength (0 to 1) and path of the library's photos that are like the photo.",
    )
    verb.add_argument("photo", metavar="PHOTO", type=named, help="a photo, in the library or not")
    verb.add_argument(
        "--by",
        choices=["description", "looks"],
        default="description",
        help="photos that would be described alike, or photos that look alike (default: %(default)s)",
    )
    _limit_option(verb, 20, "photos")
    _common_options(verb)


def _evaluate(verbs: _Verbs) -> None:
    verb = _verb(
        verbs,
        "evaluate",
        "measure recall on captioned photos",
        "Measures recall in both directions: for the coarse filter alone, for SGRAF alone on the "
        "candidates, and for the fused answer, each with its 95 % confidence interval.",
    )
    verb.add_argument("--images", metavar="DIR", type=named, required=True, help="folder of the photos")
    verb.add_argument(
        "--captions",
        metavar="FILE.csv",
        type=named,
        required=True,
        help="captions, with the header image,caption",
    )
    verb.add_argument(
        "--split", metavar="NAMES.txt", type=named, help="use only these photos, one name a line"
    )
    verb.add_argument(
        "--candidates",
        metavar="K",
        type=positive_or_all,
        default=200,
        help="answers of the coarse filter that SGRAF looks at, or “all” (default: %(default)s)",
    )
    verb.add_argument(
        "--folds",
        metavar="N",
        type=positive,
        default=1,
        help="search N equal parts of the photos apart, and print the mean (default: %(default)s)",
    )
    verb.add_argument(
        "--report",
        metavar="DIR",
        type=named,
        help="also write a page with charts, examples and all figures into this folder",
    )
    _common_options(verb, library=False)


def _evaluate_official(verbs: _Verbs) -> None:
    verb = _verb(
        verbs,
        "evaluate-official",
        "measure recall with the SGRAF authors' files",
        "Runs the paper's protocol on the authors' checkpoints, features and vocabulary.",
    )
    verb.add_argument(
        "--checkpoint",
        metavar="FILE",
        type=named,
        action="append",
        required=True,
        help="a checkpoint; given twice (SGR and SAF), similarities are averaged",
    )
    verb.add_argument(
        "--features",
        metavar="DIR",
        type=named,
        required=True,
        help="folder with SPLIT_caps.txt and SPLIT_ims.npy",
    )
    verb.add_argument("--vocab", metavar="FILE", type=named, required=True, help="vocabulary JSON")
    verb.add_argument("--split", choices=["test", "testall", "dev"], required=True, help="which files")
    verb.add_argument("--fold5", action="store_true", help="mean over five folds of the photos")
    _common_options(verb, library=False, pack=False)


def _demo(verbs: _Verbs) -> None:
    verb = _verb(
        verbs,
        "demo",
        "index a folder and answer three captions",
        "Indexes a folder, or without one the public-domain photos that scikit-image carries, "
        "and prints the ranked answers to three captions. The public photos go into a library of "
        "their own that is gone afterwards, so --library can be named only with a FOLDER.",
    )
    verb.add_argument("folder", metavar="FOLDER", type=named, nargs="?", help="a folder of photos")
    _common_options(verb)


def _verb(verbs: _Verbs, name: str, summary: str, description: str = "") -> argparse.ArgumentParser:
    text = description or f"{summary[0].upper()}{summary[1:]}."
    return verbs.add_parser(name, help=summary, description=text, epilog=_EPILOG)


def _limit_option(verb: argparse.ArgumentParser, default: int, what: str) -> None:
    verb.add_argument(
        "--limit",
        metavar="N",
        type=positive,
        default=default,
        help=f"how many {what} to print (default: %(default)s)",
    )


def _library_option(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--library", metavar="FILE", type=named, help="library file (default: in your data folder)"
    )


def _common_options(verb: argparse.ArgumentParser, *, library: bool = True, pack: bool = True) -> None:
    if library:
        _library_option(verb)
    verb.add_argument("--json", action="store_true", help="print JSON, for machines")
    if pack:
        verb.add_argument("--pack", metavar="FOLDER", type=named, help="another model pack")
        verb.add_argument(
            "--coarse-model",
            metavar="NAME=CHECKPOINT|local-dir:DIR",
            help="an open_clip model on this machine as coarse filter",
        )
    verb.add_argument(
        "--device",
        choices=["auto", "cpu", "cuda", "mps"],
        default="auto",
        help="where to compute (default: %(default)s)",
    )


def named(text: str) -> Path:
    """Return a path.

    Raises:
        argparse.ArgumentTypeError: It has no letters, which would mean the folder one is in.
    """
    if not text:
        raise argparse.ArgumentTypeError("must not be empty")
    return Path(text)


def positive(text: str) -> int:
    """Return a whole number of at least 1.

    Raises:
        argparse.ArgumentTypeError: It isn't one.
    """
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, not “{text}”")
    return number


def positive_or_all(text: str) -> int | None:
    """Return a whole number of at least 1, or None for "all".

    Raises:
        argparse.ArgumentTypeError: It is neither.
    """
    return None if text == "all" else positive(text)
