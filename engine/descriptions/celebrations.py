"""Scenes of weddings, birthdays, concerts, parades and other occasions."""

from __future__ import annotations

from engine.descriptions.grammar import many, one, scene
from engine.descriptions.people import (
    ADULTS,
    BABY,
    BOYS,
    CROWD,
    FAMILY,
    GIRLS,
    GROUPS,
    KIDS,
    MEN,
    PAIRS,
    WOMEN,
)

CELEBRATIONS = (
    scene(
        one("a newly married couple", "their")
        + many("a bride and groom; a bride and her father; a bride and her bridesmaids"),
        "kissing; dancing; holding hands; smiling; cutting the wedding cake; posing for a photo; walking;"
        "standing under flowers; laughing",
        "in a church; in a garden; on a beach; at a wedding; in front of guests; at sunset",
    ),
    scene(
        one("a bride; a bride in a white dress", "her") + one("a groom; a groom in a dark suit", "his"),
        "smiling; walking down the aisle; holding flowers; getting ready; looking out of a window; dancing",
        "at a wedding; in a church; in a garden",
        alone=True,
    ),
    scene(
        KIDS + BABY + FAMILY + GROUPS[:1],
        "blowing out candles on a birthday cake; opening presents; eating cake;"
        "playing with balloons; laughing",
        "at a birthday party; at home; in a garden; in a decorated room",
    ),
    scene(
        FAMILY + KIDS + PAIRS[:1],
        "decorating a Christmas tree; opening presents; standing beside a Christmas tree; singing;"
        "sitting by the fireplace",
        "at Christmas; in a living room; in the evening",
    ),
    scene(
        KIDS + GROUPS[:2] + PAIRS[:1],
        "dressed up in costume; carving pumpkins; posing with pumpkins; collecting sweets",
        "at Halloween; on a porch; at a party",
    ),
    scene(
        one(
            "a musician; a guitarist; a singer; a street musician; a drummer; a band; an orchestra; a choir",
            "their",
        )
        + many("two musicians; several musicians"),
        "performing; playing music; standing in bright lights; rehearsing; bowing",
        "on a stage; on a street; at a concert; in front of an audience; in a church",
    ),
    scene(
        ADULTS[:3] + WOMEN[:3] + BOYS[:1] + GIRLS[:1],
        "playing a guitar; playing the piano; playing a violin; playing the drums; singing into a microphone;"
        "playing a trumpet; playing an accordion",
        "on a stage; on a street; at home; in a park; at a party",
    ),
    scene(
        CROWD + GROUPS,
        "dancing; cheering; holding up {their} hands; watching fireworks; listening to music; waving flags",
        "at a concert; at a festival; in a stadium; on a street; at night",
    ),
    scene(
        GROUPS + PAIRS + WOMEN[:2] + MEN[:2],
        "dancing; drinking champagne; laughing; posing for a photo; celebrating",
        "at a party; in a bar; at a wedding; on New Year's Eve; in a nightclub",
    ),
    scene(
        many("graduates; two graduates; students in gowns") + one("a graduate", "their"),
        "throwing {their} caps; holding a diploma; smiling; hugging; posing with family",
        "at a graduation; in front of a university; on a lawn",
    ),
    scene(
        many("people in costumes; dancers in traditional dress; marching musicians; people with flags")
        + one("a marching band", "their"),
        "marching; dancing; walking; performing; waving",
        "in a parade; on a street; at a festival; in a square",
    ),
    scene(
        one("a crowd of protesters", "their")
        + many("protesters; people with signs; demonstrators with banners"),
        "marching; standing; shouting; holding up signs; gathering",
        "on a street; in front of a government building; in a city square",
    ),
    scene(
        one("a priest; a monk; an old woman", "their")
        + many("monks in orange robes; several people; worshippers"),
        "praying; lighting candles; walking; sitting; reading",
        "in a church; in a temple; in front of an altar; in a monastery",
    ),
)
