"""The bank of composed descriptions, for photos that nobody has described.

`bank()` is deterministic: the same sentences in the same order in every process, so
that a pack may carry their embeddings (`Models.bank_embeddings`).
"""

from __future__ import annotations

from functools import cache


@cache
def bank() -> tuple[str, ...]:
    """Return every composed sentence, without repetition, in a fixed order."""
    # The scenes are only needed by whoever describes a photo: keep them out of start-up.
    from engine.descriptions.animals import ANIMALS
    from engine.descriptions.celebrations import CELEBRATIONS
    from engine.descriptions.daily_life import HOME_AND_WORK, OUT_AND_ABOUT, PLAY
    from engine.descriptions.places import PLACES
    from engine.descriptions.sports import SPORTS
    from engine.descriptions.things import FOOD, ROOMS_AND_THINGS, VEHICLES

    people = SPORTS + PLAY + HOME_AND_WORK + OUT_AND_ABOUT + CELEBRATIONS
    scenes = people + ANIMALS + VEHICLES + FOOD + PLACES + ROOMS_AND_THINGS
    return tuple(dict.fromkeys(sentence for scene in scenes for sentence in scene.sentences()))


__all__ = ["bank"]
