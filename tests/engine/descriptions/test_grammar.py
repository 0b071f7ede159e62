"""Scenes combine subjects, actions and places with agreement."""

from __future__ import annotations

from engine.descriptions.grammar import Subject, many, one, phrases, scene


def test_phrases_are_split_at_semicolons_and_tidied():
    assert phrases(" on a beach;  by\n  the sea ;") == ("on a beach", "by the sea")


def test_subjects_carry_their_verb_and_possessive():
    assert one("a man", "his") == (Subject("a man", "is", "his"),)
    assert many("two men; two dogs") == (
        Subject("two men", "are", "their"),
        Subject("two dogs", "are", "their"),
    )


def test_a_scene_combines_everything_with_everything():
    who = one("a cat") + many("two cats")
    made = list(scene(who, "licking {their} fur; sleeping", "on a bed; in a box").sentences())
    assert made[:2] == ["a cat is licking its fur on a bed", "a cat is licking its fur in a box"]
    assert made[-1] == "two cats are sleeping in a box"
    assert len(made) == 2 * 2 * 2


def test_a_scene_without_places_stands_alone():
    assert list(scene(one("a dog"), "jumping over a log").sentences()) == ["a dog is jumping over a log"]


def test_a_scene_may_have_sentences_with_and_without_a_place():
    made = list(scene(one("a dog"), "barking", "in a yard", alone=True).sentences())
    assert made == ["a dog is barking", "a dog is barking in a yard"]
