"""The people of the descriptions: who may be doing something."""

from __future__ import annotations

from engine.descriptions.grammar import many, one

MEN = one("a man; a young man; an old man; a man with a beard; a man with glasses", "his")
WOMEN = one("a woman; a young woman; an old woman; a woman with long hair; a woman with glasses", "her")
ADULTS = MEN + WOMEN
MAN_OR_WOMAN = one("a man", "his") + one("a woman", "her")
BRIGHT = one(
    "a man in a red jacket; a man in a blue shirt; a man in sunglasses; a man with a backpack", "his"
) + one("a woman in a red coat; a woman in a blue shirt; a woman in a hat; a woman with a backpack", "her")
BOYS = one("a boy; a little boy; a boy in a red shirt; a teenage boy", "his")
GIRLS = one("a girl; a little girl; a girl in a pink shirt; a teenage girl", "her")
CHILD = one("a child", "their") + one("a little boy; a boy in a blue shirt", "his")
CHILD += one("a little girl; a girl in a pink dress", "her")
CHILDREN = many("two boys; two girls; two children; three children; several children")
KIDS = CHILD + CHILDREN
BABY = one("a baby; a toddler", "their")
TODDLER = BABY[1:]
PAIRS = one("a couple", "their") + many("two men; two women; a man and a woman; two friends")
GROUPS = one("a group of friends; a group of people; a group of young people", "their") + many(
    "several people; three women; three men"
)
FAMILY = one("a family", "their") + many(
    "a mother and her child; a father and his son; a father and his daughter; a mother and her daughter;"
    "grandparents and their grandchildren; parents and their two children"
)
CROWD = one("a crowd; a large crowd of people", "their") + many("many people; hundreds of people")
ANYONE = MAN_OR_WOMAN + PAIRS + one("a group of friends", "their")
