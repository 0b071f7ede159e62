"""Spelling help: it mends slips, and leaves alone whatever may be right."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.spelling import Correction, Speller, corrected


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(["colour", "frisbee"], ["Our hoodie at the Strandbad", "zorbing"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("swiming", "swimming"),
        ("bycicle", "bicycle"),
        ("mountian", "mountain"),
        ("umbrela", "umbrella"),
        ("skatebord", "skateboard"),
        ("hosre", "horse"),
        ("jacekt", "jacket"),
        ("snowmann", "snowman"),
        ("standign", "standing"),
    ],
)
def test_a_slip_is_mended(speller, typed, meant):
    text = f"two kids {typed} outside"
    assert speller.corrections(text) == (Correction(typed, meant, 9, 9 + len(typed)),)
    assert corrected(text, speller.corrections(text)) == f"two kids {meant} outside"


@pytest.mark.parametrize(
    "text",
    [
        "two dogs running on a beach",
        "a colourful snowboarder's selfie near the theatre",
        "a hoodie, and zorbing",  # in a caption of the library
        "Grandma in Swiming",  # a name, for all we know
        "IMG swiming2 a.swiming swiming@home #swiming x/swiming",
        '"swiming pool" and ‘bycicle’',
        '-swiming -"a bycicle" folder:swiming camera:"bycicle x"',
        "hund im schnee",
        "una praia con perro",
        "un gato sur la plage",
        "a red kat",  # too short to tell
        "bedframe countertop livingroom waterskiing",
        "sdfkjhsdf",
        "abcde fghij swiming bycicle mountian",  # that many are no slips
        "",
    ],
)
def test_what_may_be_right_is_left_alone(speller, text):
    assert speller.corrections(text) == ()


def test_several_words_are_replaced_in_their_places(speller):
    text = "“Swiming” swiming on a bycicle -bycicle"
    assert corrected(text, speller.corrections(text)) == '"Swiming" swimming on a bicycle -bycicle'


def test_a_word_of_the_library_is_offered(speller):
    assert [found.better for found in speller.corrections("a hooodie")] == ["hoodie"]


def test_nobody_is_offered_a_rude_word(speller):
    assert all(found.better != "bitch" for found in speller.corrections("a kitch"))


def test_it_needs_no_torch():
    script = "import sys, engine.spelling; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
