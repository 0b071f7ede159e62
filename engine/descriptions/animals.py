"""Scenes of animals: pets, farm animals, birds and wild animals."""

from __future__ import annotations

from engine.descriptions.grammar import many, one, scene

DOG = one(
    "a dog; a black dog; a brown dog; a white dog; a brown and white dog; a black and white dog; a small dog;"
    "a puppy; a golden retriever; a german shepherd"
) + many("two dogs; three dogs")
CAT = one("a cat; a black cat; a white cat; an orange cat; a gray cat; a tabby cat; a kitten") + many(
    "two cats; two kittens"
)
HORSE = one("a horse; a white horse; a brown horse; a foal; a pony; a donkey") + many(
    "two horses; several horses"
)
CATTLE = one("a cow; a brown cow; a black and white cow; a bull; a calf") + many(
    "several cows; cows; two cows"
)
FLOCK = one("a sheep; a goat; a lamb; a flock of sheep") + many("several sheep; two goats; lambs")

ANIMALS = (
    scene(
        DOG,
        "running; playing with a ball; jumping; lying; sitting; standing; catching a frisbee;"
        "carrying a stick",
        "on the grass; on a beach; in the snow; in a park; in a field; in a backyard",
    ),
    scene(
        DOG,
        "sleeping; lying; sitting; looking at the camera; chewing a toy",
        "on a couch; on a bed; on the floor; in a basket; by a window; in a car",
    ),
    scene(
        DOG,
        "swimming; running through the water; shaking off water; standing; fetching a stick",
        "in a lake; in a river; in the sea",
    ),
    scene(
        DOG, "jumping over a hurdle; jumping over a log; racing; wearing a collar; wearing a coat", alone=True
    ),
    scene(
        CAT,
        "sleeping; lying; sitting; looking at the camera; playing; licking {their} fur; stretching",
        "on a couch; on a bed; on a windowsill; in a box; on a chair; on a laptop; in a garden",
    ),
    scene(
        HORSE,
        "grazing; running; standing; galloping; looking over a fence",
        "in a field; in a meadow; on a farm; in the snow; on a beach",
    ),
    scene(
        CATTLE + FLOCK,
        "grazing; standing; lying; resting",
        "in a field; on a hill; on a farm; on a road; by a river",
    ),
    scene(
        one("a pig; a rooster; a hen; a turkey; a goose; a rabbit")
        + many("chickens; several pigs; ducklings"),
        "standing; eating; walking; resting",
        "on a farm; in a yard; on the grass; in a cage",
    ),
    scene(
        one("a duck; a swan; a goose; a white swan; a mallard") + many("two ducks; two swans; several ducks"),
        "swimming; floating; flapping {their} wings; resting; diving",
        "on a lake; on a pond; on a river; in the reeds",
    ),
    scene(
        one(
            "a small bird; a blue bird; a red bird; a yellow bird; an owl; an eagle; a hawk; a woodpecker;"
            "a robin;"
            "a parrot; a crow; a sparrow; a hummingbird; a kingfisher"
        )
        + many("two birds; several birds"),
        "sitting; perching; resting; spreading {their} wings",
        "on a branch; on a post; on a wire; on a fence; on a snowy branch",
    ),
    scene(
        one("a seagull; a pelican; a heron; a flamingo; a penguin; a stork")
        + many("seagulls; pelicans; flamingos"),
        "standing; resting; looking for food; spreading {their} wings",
        "on a beach; on a rock; in shallow water; on a pier",
    ),
    scene(
        one("a bird; an eagle; a flock of birds; a seagull") + many("geese; several birds; seagulls"),
        "flying",
        "over the sea; over a lake; in a blue sky; in front of the sun; over a field; above the trees",
    ),
    scene(
        one(
            "an elephant; a giraffe; a zebra; a lion; a lioness; a rhinoceros; a leopard; a cheetah;a buffalo"
        )
        + many("two elephants; elephants; zebras; two giraffes; giraffes; lions; antelopes"),
        "standing; walking; resting; drinking; looking at the camera",
        "in the savanna; at a waterhole; under a tree; in tall grass; in a zoo",
    ),
    scene(
        one("a brown bear; a polar bear; a wolf; a fox; a deer; a moose; a squirrel; a raccoon; a hedgehog")
        + many("two deer; two bears; several deer"),
        "standing; walking; looking for food; resting; looking at the camera",
        "in a forest; in the snow; on a meadow; by a river; in a zoo; beside a road",
    ),
    scene(
        one("a monkey; a gorilla; a panda; a koala; a tiger; a kangaroo; a chimpanzee; a sloth")
        + many("two monkeys"),
        "sitting; eating leaves; sleeping; climbing; looking at the camera",
        "in a tree; in a zoo; on a rock; on the grass",
    ),
    scene(
        one("a butterfly; a bee; a dragonfly; a beetle; a ladybug; a spider; a caterpillar; a grasshopper"),
        "sitting; resting; crawling; feeding",
        "on a flower; on a green leaf; on a purple flower; on a yellow flower; on a branch",
    ),
    scene(
        one("a sea turtle; a dolphin; a shark; a jellyfish; a school of fish; a whale; an octopus")
        + many("colorful fish; two dolphins; tropical fish"),
        "swimming",
        "in clear blue water; over a coral reef; in an aquarium; in the sea; in deep water",
    ),
    scene(
        one("a lizard; a snake; a frog; a turtle; a tortoise; a crocodile; an iguana; a snail"),
        "sitting; resting; crawling; basking in the sun",
        "on a rock; on a branch; in the grass; by the water; on the sand",
    ),
    scene(
        one("a hamster; a guinea pig; a rabbit; a white rabbit; a parrot; a budgie"),
        "sitting; eating; sleeping; looking at the camera",
        "in a cage; in the grass; on a table; in someone's hands",
    ),
)
