"""Scenes of people doing sports."""

from __future__ import annotations

from engine.descriptions.grammar import many, one, scene
from engine.descriptions.people import (
    ADULTS,
    BOYS,
    BRIGHT,
    CHILD,
    CHILDREN,
    FAMILY,
    GIRLS,
    GROUPS,
    KIDS,
    MAN_OR_WOMAN,
    MEN,
    PAIRS,
    WOMEN,
)

SPORTS = (
    scene(
        ADULTS + BRIGHT,
        "riding a bicycle; riding a mountain bike; jogging; walking a dog; walking; taking a photo",
        "in a park; on a street; on a country road; along a river; on a forest path",
    ),
    scene(
        CHILD[:1] + BOYS + GIRLS + CHILDREN,
        "riding a bicycle; riding a scooter; skateboarding; roller skating; running",
        "in a park; on a street; on a playground; on a sidewalk",
    ),
    scene(
        BOYS + one("a man; a young man", "his") + one("a skateboarder", "their"),
        "doing a trick on a skateboard; jumping on a skateboard; riding a skateboard down a ramp;"
        "grinding a rail on a skateboard",
        "in a skate park; on a street; in front of a crowd; at sunset",
        alone=True,
    ),
    scene(
        MEN + WOMEN + GROUPS + one("a hiker", "their") + many("two hikers"),
        "hiking; climbing up a steep trail; resting on a rock; looking at the view; standing on a cliff",
        "in the mountains; above a lake; in a green valley; on a foggy day; at sunset",
    ),
    scene(
        MAN_OR_WOMAN + BRIGHT + one("a climber", "their"),
        "climbing a rock wall; climbing a steep cliff; hanging from a rope; rappelling down a rock face",
        "above a forest; above the sea; in the mountains",
        alone=True,
    ),
    scene(
        ADULTS + BRIGHT + GROUPS + FAMILY[1:4],
        "skiing; skiing down a slope; snowboarding; riding a ski lift; walking with ski poles",
        "in deep snow; in the mountains; on a sunny winter day; among snowy trees",
    ),
    scene(
        one("a surfer", "their") + BOYS[:1] + GIRLS[:1] + MEN[:2] + WOMEN[:2],
        "riding a wave; surfing a big wave; carrying a surfboard; paddling on a surfboard;"
        "falling off a surfboard",
        "in the sea; near the beach; at sunset; under a cloudy sky",
        alone=True,
    ),
    scene(
        ADULTS[:2] + WOMEN[:2] + PAIRS + GROUPS,
        "paddling a kayak; paddling a canoe; rowing a boat; rafting in white water; sailing a small boat",
        "on a lake; on a river; through a canyon; on a sunny day; in the rain",
    ),
    scene(
        one("a soccer player; a soccer team", "their") + BOYS + GIRLS + CHILDREN + many("two soccer players"),
        "playing soccer; kicking a ball; running after a soccer ball; celebrating a goal",
        "on a grass field; in a stadium; in the rain; on a sunny day",
    ),
    scene(
        one("a basketball player", "their")
        + BOYS
        + GIRLS
        + MEN[:2]
        + WOMEN[:2]
        + many("two basketball players"),
        "playing basketball; shooting a basketball; jumping for a basketball; dribbling a basketball",
        "in a gym; on an outdoor court; during a game; in front of spectators",
    ),
    scene(
        one("a baseball player; a baseball player in a white uniform", "their") + BOYS[:2] + GIRLS[:2],
        "swinging a bat; throwing a baseball; catching a ball; sliding into a base; running to a base",
        "on a baseball field; during a game; in front of a crowd",
    ),
    scene(
        one("a football player; a football player in a red uniform", "their")
        + many("two football players; football players in helmets; rugby players"),
        "running with the ball; tackling an opponent; catching a pass; celebrating; lining up",
        "on a field; during a game; in a stadium at night; in the mud",
    ),
    scene(
        one("a tennis player", "their") + MAN_OR_WOMAN + BOYS[:1] + GIRLS[:1] + WOMEN[1:2] + MEN[1:2],
        "playing tennis; hitting a tennis ball; serving a tennis ball; holding a tennis racket",
        "on a clay court; on a grass court; on a blue court; in front of spectators",
        alone=True,
    ),
    scene(
        PAIRS + GROUPS + KIDS,
        "playing volleyball; throwing a frisbee; catching a frisbee; playing with a ball",
        "on a beach; in a park; on the grass; in a backyard",
    ),
    scene(
        one("a runner; a marathon runner", "their")
        + many("several runners; two runners")
        + many("many people"),
        "running a race; running a marathon; crossing the finish line; jogging",
        "on a city street; on a track; in the rain; past cheering spectators",
    ),
    scene(
        one("a cyclist; a group of cyclists", "their") + many("two cyclists; cyclists in helmets"),
        "racing; riding uphill; riding around a bend; riding past a crowd; resting",
        "on a mountain road; on a city street; in the rain; beside a field",
    ),
    scene(
        one("a motorcyclist; a motocross rider; a dirt bike rider", "their") + many("two motorcyclists"),
        "jumping over a hill; racing; riding a motorcycle; taking a sharp turn",
        "on a dirt track; on a road; through mud; in front of spectators",
    ),
    scene(
        KIDS + MAN_OR_WOMAN + one("a swimmer", "their"),
        "swimming; jumping into the water; diving into the water; splashing; floating on an air mattress",
        "in a swimming pool; in a lake; on a hot summer day",
    ),
    scene(
        one("a golfer", "their") + MAN_OR_WOMAN + PAIRS[1:4],
        "playing golf; swinging a golf club; putting; walking",
        "on a golf course; on a green lawn; near a pond",
    ),
    scene(
        one("a gymnast; a dancer; a ballet dancer", "their") + GIRLS[:2] + WOMEN[:2] + MEN[1:2],
        "jumping in the air; stretching; standing on one leg; spinning; doing a handstand",
        "on a stage; in a gym; in front of an audience; in a studio",
    ),
    scene(
        WOMEN + MEN[:2] + GROUPS,
        "doing yoga; stretching; meditating; exercising",
        "in a park; on a beach; at home; in a gym; at sunrise",
    ),
    scene(
        many("two boxers; two wrestlers; two martial artists; two boys in karate uniforms; two fencers"),
        "fighting; training; facing each other; shaking hands",
        "in a ring; in a gym; on a mat; in front of a crowd",
    ),
    scene(
        one("a hockey player", "their") + many("hockey players; two hockey players") + CHILD[:3] + PAIRS[:1],
        "skating on ice; playing ice hockey; falling on the ice",
        "on a frozen lake; in an ice rink; in winter",
    ),
)
