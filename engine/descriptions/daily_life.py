"""Scenes of people at play, at home, at work and out and about."""

from __future__ import annotations

from engine.descriptions.grammar import many, one, scene
from engine.descriptions.people import (
    ADULTS,
    ANYONE,
    BABY,
    BOYS,
    BRIGHT,
    CHILD,
    CROWD,
    FAMILY,
    GIRLS,
    GROUPS,
    KIDS,
    MAN_OR_WOMAN,
    MEN,
    PAIRS,
    TODDLER,
    WOMEN,
)

PLAY = (
    scene(
        KIDS + TODDLER + BOYS[3:],
        "playing in the sand; building a sandcastle; running into the waves; digging a hole;"
        "splashing in the water",
        "on a beach; by the sea; at sunset; on a sunny day",
    ),
    scene(
        KIDS + FAMILY,
        "building a snowman; throwing snowballs; sledding down a hill; playing in the snow; pulling a sled",
        "in a garden; in a park; in front of a house; in the woods; on a winter day",
        alone=True,
    ),
    scene(
        KIDS + TODDLER,
        "sitting on a swing; going down a slide; climbing on a frame; hanging from a bar;playing on a seesaw",
        "on a playground; in a park; in a backyard",
        alone=True,
    ),
    scene(
        KIDS + TODDLER + BOYS[:1] + GIRLS[:1],
        "blowing bubbles; running through a sprinkler; jumping on a trampoline; playing with a ball;"
        "running across the grass; playing with a dog",
        "in a garden; in a park; in a backyard; on a summer day",
    ),
    scene(
        KIDS + TODDLER,
        "playing with toys; drawing with crayons; building with blocks; playing with a toy train;"
        "reading a picture book; painting",
        "on the floor; at a table; at home; in a classroom; in a kitchen",
    ),
    scene(
        CHILD + BABY,
        "sleeping; crying; laughing; smiling at the camera; eating ice cream; holding a teddy bear; sitting",
        "in a stroller; in a car seat; on a couch; on a blanket; on a bench",
    ),
    scene(
        BABY[:1] + one("a newborn baby", "their"),
        "sleeping; lying on {their} back; yawning; smiling; crying",
        "in a crib; on a white blanket; in a mother's arms; in a father's arms; in a hospital",
    ),
    scene(
        KIDS + FAMILY,
        "jumping in a puddle; walking under an umbrella; standing in the rain; playing in fallen leaves",
        "in a park; on a street; in autumn; in front of a house",
    ),
    scene(
        KIDS + PAIRS + FAMILY,
        "riding a carousel; riding a roller coaster; eating cotton candy; riding a ferris wheel;"
        "watching a show",
        "at an amusement park; at a fair; at night",
    ),
)

HOME_AND_WORK = (
    scene(
        ADULTS + CHILD,
        "reading a book; sleeping; using a laptop; talking on the phone; watching television; holding a cat;"
        "petting a dog; looking at a phone",
        "on a couch; on a bed; in an armchair; in a living room",
    ),
    scene(
        ADULTS + FAMILY[:4] + PAIRS[:1] + CHILD[:1],
        "cooking; baking a cake; cutting vegetables; washing dishes; stirring a pot; kneading dough",
        "in a kitchen; at home; at a wooden table; in front of a stove",
    ),
    scene(
        one("a chef; a cook in a white hat", "their") + many("two chefs"),
        "preparing food; cutting meat; frying vegetables; making a pizza; decorating a cake; grilling fish",
        "in a restaurant kitchen; at a market stall; in front of guests",
        alone=True,
    ),
    scene(
        ANYONE + FAMILY + GROUPS,
        "eating dinner; drinking wine; having breakfast; talking; laughing; eating pizza",
        "at a table; in a restaurant; on a terrace; in a garden",
    ),
    scene(
        ADULTS + BRIGHT[:4] + PAIRS,
        "drinking coffee; reading a newspaper; working on a laptop; waiting; writing in a notebook",
        "in a cafe; at a window; at a sidewalk table; on a bench; at an airport",
    ),
    scene(
        ADULTS[:2] + WOMEN[:2] + GROUPS + PAIRS,
        "sitting at a desk; having a meeting; giving a presentation; looking at a screen; shaking hands",
        "in an office; in a conference room; in front of a whiteboard",
    ),
    scene(
        one("a teacher", "their") + many("several students; students") + one("a student", "their"),
        "reading; writing; standing at a blackboard; listening; raising {their} hands",
        "in a classroom; in a library; in a lecture hall",
    ),
    scene(
        one("a construction worker", "their") + many("two workers in helmets; several construction workers"),
        "working; carrying planks; digging a hole; standing on scaffolding; repairing a roof;"
        "pouring concrete",
        "at a construction site; on a street; on a sunny day",
        alone=True,
    ),
    scene(
        one("a farmer; an old farmer", "their") + many("two farmers; farm workers"),
        "harvesting vegetables; picking apples; feeding animals; working; carrying a basket",
        "in a field; on a farm; in an orchard; in front of a barn",
    ),
    scene(
        one("a mechanic", "their") + MAN_OR_WOMAN,
        "repairing a car; fixing a bicycle; welding metal; sawing wood; painting a wall; using a drill",
        "in a workshop; in a garage; in front of a house",
        alone=True,
    ),
    scene(
        one("a firefighter; a police officer; a soldier; a paramedic", "their")
        + many("two firefighters; two police officers; several soldiers"),
        "standing; talking to people; walking; helping someone; posing for a photo",
        "beside a vehicle; on a street; in a parade; in front of a building",
    ),
    scene(
        one("a doctor; a nurse; a scientist in a white coat", "their"),
        "looking at a screen; talking to a patient; writing notes; using a microscope; smiling",
        "in a hospital; in a laboratory; in an office",
    ),
    scene(
        ADULTS + KIDS[:4],
        "watering flowers; planting a tree; mowing the lawn; raking leaves; picking flowers;"
        "hanging up laundry",
        "in a garden; in a backyard; in front of a house",
    ),
)

OUT_AND_ABOUT = (
    scene(
        ANYONE + FAMILY + BRIGHT,
        "walking; sitting on a towel; standing at the water's edge; looking at the sea; taking a photo",
        "on a beach; on a sandy beach at sunset; on a rocky shore; on a pier",
    ),
    scene(
        ADULTS + BRIGHT,
        "walking; crossing the street; waiting; standing; carrying bags; holding an umbrella; riding a bus",
        "in a city; in the rain; at night; in the snow",
    ),
    scene(
        ADULTS[:2] + WOMEN[:2] + PAIRS + GROUPS + FAMILY[:1],
        "shopping; buying fruit; looking at flowers; talking; walking past stalls",
        "at a market; at a street stall; in a supermarket; in a busy street",
    ),
    scene(
        one("a vendor; an old vendor", "their") + many("two vendors") + one("a woman in a headscarf", "her"),
        "selling fruit; selling vegetables; selling fish; selling flowers; selling clothes;"
        "selling street food",
        "at a market; on a street; from a cart; under an umbrella",
    ),
    scene(
        PAIRS + MAN_OR_WOMAN + GROUPS + FAMILY[:2] + many("tourists; two tourists"),
        "standing; taking a selfie; posing for a photo; looking at a map; walking; sitting on the steps",
        "in front of a church; in front of a monument; on a bridge; in an old town; in a square",
    ),
    scene(
        ANYONE + MEN[2:3] + WOMEN[2:3],
        "sitting; talking; reading; feeding birds; eating a sandwich; sleeping; playing chess",
        "on a park bench; under a tree; on the grass; beside a fountain",
    ),
    scene(
        GROUPS + FAMILY + PAIRS,
        "having a picnic; camping; sitting around a campfire; putting up a tent; grilling sausages",
        "in a meadow; by a lake; in a forest; on a beach; in the evening",
        alone=True,
    ),
    scene(
        one("a fisherman; an old fisherman", "his") + MAN_OR_WOMAN + CHILD[1:2] + FAMILY[2:3] + PAIRS[1:2],
        "fishing; holding a big fish; casting a line; sitting in a small boat; pulling in a net",
        "on a lake; by a river; at sunrise; on a calm sea",
        alone=True,
    ),
    scene(
        ADULTS[:2] + WOMEN[:2] + CHILD[3:4] + PAIRS[:3] + one("a cowboy; a jockey", "their"),
        "riding a horse; leading a horse; brushing a horse; standing beside a horse",
        "on a beach; in a field; on a farm; on a trail; in an arena",
    ),
    scene(
        CROWD + GROUPS,
        "walking; waiting; standing; sitting; crossing the street",
        "in a train station; at an airport; in a city square; on a busy street; in a subway",
    ),
    scene(
        ADULTS + KIDS[:4],
        "looking out of the window; sleeping; reading; looking at a phone",
        "on a train; on a bus; on a plane; in a car",
    ),
    scene(
        PAIRS + GROUPS + FAMILY + MAN_OR_WOMAN,
        "looking at paintings; looking at a sculpture; taking photos; walking; listening to a guide",
        "in a museum; in an art gallery; in a palace",
    ),
    scene(
        ADULTS + BRIGHT + CHILD,
        "smiling; looking at the camera; laughing; posing; looking away",
        "in front of a white wall; in front of a brick wall; in a garden; in black and white; in a studio;"
        "against a blue sky",
    ),
)
