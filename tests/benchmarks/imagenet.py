"""ImageNet's classes by the plain nouns that captions use for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from engine.models.torchvision_compat import import_torchvision
from tests.benchmarks.english import FUNCTION_WORDS, plural

CLASSES = 1000

# Classes stand in WordNet's order, so the kinds of an animal are neighbours.
DOGS = range(151, 269)
CATS = range(281, 286)
BIRDS = (*range(7, 25), *range(80, 101), *range(127, 147))
HORSE = 339  # sorrel, the only horse

# Things whose class names say what captions call them: a class belongs to a noun if one
# of its names ends with one of these words. Nouns that mean something else in a caption
# ("player", "board", "kite", "crane") are left out.
ENDINGS: dict[str, tuple[str, ...]] = {
    "ball": (
        *("croquet ball", "golf ball", "ping-pong ball", "rugby ball", "soccer ball", "tennis ball"),
        *("baseball", "basketball", "volleyball"),
    ),
    "bear": ("brown bear", "black bear", "polar bear"),
    "bicycle": ("bicycle", "bike"),
    "bike": ("bicycle", "bike"),
    "boat": (
        *("speedboat", "fireboat", "lifeboat", "canoe", "catamaran", "trimaran", "schooner", "yawl"),
        "gondola",
    ),
    "bus": ("school bus", "minibus", "trolleybus"),
    "car": (
        *("sports car", "race car", "station wagon", "cab", "convertible", "jeep", "limousine", "minivan"),
        "model t",
    ),
    "couch": ("couch",),
    "hat": ("cowboy hat", "sombrero"),
    "shirt": ("t-shirt", "sweatshirt"),
    "suit": ("suit of clothes",),
    "train": ("bullet train", "steam locomotive", "electric locomotive", "passenger car"),
} | {
    noun: (noun,)
    for noun in (
        *("backpack", "balloon", "baseball", "basketball", "bed", "bench", "bikini", "bottle"),
        *("bowl", "bridge", "broom", "bucket", "camel", "camera", "candle", "canoe", "chair", "church"),
        *("cliff", "coat", "computer", "cup", "desk", "dock", "elephant", "fence", "fountain", "guitar"),
        *("helmet", "jeep", "laptop", "mask", "microphone", "monkey", "paddle", "parachute"),
        *("penguin", "pier", "pizza", "plate", "racket", "saxophone", "scooter", "sheep", "ski", "sled"),
        *("snowmobile", "sunglasses", "sweatshirt", "swing", "table", "tent", "tiger", "tractor"),
        *("tricycle", "truck", "trumpet", "umbrella", "uniform", "violin", "volleyball", "wall", "wig"),
        "zebra",
    )
}


@cache
def class_names() -> tuple[tuple[str, ...], ...]:
    """Return the names of every class, lower-cased, the usual one first."""
    import_torchvision()
    from timm.data.imagenet_info import ImageNetInfo

    info = ImageNetInfo()
    return tuple(
        tuple(name.strip().lower() for name in info.index_to_description(number).split(","))
        for number in range(CLASSES)
    )


def classes_by_noun() -> dict[str, tuple[int, ...]]:
    """Return the classes that a noun stands for."""
    named = {noun: tuple(filter(_named(endings), range(CLASSES))) for noun, endings in ENDINGS.items()}
    animals = {"dog": tuple(DOGS), "puppy": tuple(DOGS), "cat": tuple(CATS), "bird": BIRDS, "horse": (HORSE,)}
    return named | animals


def noun_by_word() -> dict[str, str]:
    """Return the noun of `classes_by_noun` that a word is, in the singular or in the plural."""
    nouns = classes_by_noun()
    return {plural(noun): noun for noun in nouns} | {noun: noun for noun in nouns}


def class_nouns() -> frozenset[str]:
    """Return the last word of every name of every class: a thousand things, and what else they mean."""
    nouns = {name.split()[-1] for names in class_names() for name in names}
    return frozenset(
        noun for noun in nouns if noun.isalpha() and len(noun) > 2 and noun not in FUNCTION_WORDS
    )


def _named(endings: tuple[str, ...]) -> Callable[[int], bool]:
    def belongs(number: int) -> bool:
        return any(f" {name}".endswith(f" {end}") for name in class_names()[number] for end in endings)

    return belongs
