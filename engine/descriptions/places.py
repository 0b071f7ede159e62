"""Scenes of landscapes, plants, weather and towns."""

from __future__ import annotations

from engine.descriptions.grammar import many, one, scene

PLACES = (
    scene(
        one("a lake; a mountain lake; a calm lake; a river; a wide river; a pond; a frozen lake; a stream"),
        "surrounded by trees; surrounded by mountains; reflecting the sky; covered in mist; lined with rocks",
        "at sunset; at sunrise; in autumn; in winter; on a sunny day; under a cloudy sky",
    ),
    scene(
        many(
            "mountains; snowy mountains; rocky mountains; green hills; rolling hills; high peaks; cliffs;"
            "sand dunes"
        ),
        "rising above a valley; covered in clouds; glowing; seen from above; standing under a blue sky",
        "at sunset; at sunrise; in the distance; in summer; in the evening light",
    ),
    scene(
        one("a waterfall; a high waterfall; a mountain stream; a river"),
        "flowing over rocks; rushing; falling into a pool; winding",
        "in a forest; through a canyon; in a jungle; in the mountains; in a green valley",
    ),
    scene(
        one("a sandy beach; a tropical beach; an empty beach; a rocky coast; the sea")
        + many("waves; big waves"),
        "seen from above; glowing; lit by the sun; shining; seen through palm trees",
        "at sunset; at sunrise; under dark clouds; on a clear day; under a blue sky",
    ),
    scene(
        one(
            "a forest path; a dirt road; a country road; a winding road; an empty road; a footpath;"
            "a hiking trail"
        ),
        "leading; winding; disappearing",
        "through a forest; through green fields; into the mountains; into the fog; between tall trees;"
        "through the snow; through a desert",
    ),
    scene(
        many("trees; pine trees; birch trees; bare trees; palm trees; tall trees; autumn leaves"),
        "covered in snow; glowing; seen in the fog; standing in a row; reflected in the water",
        "at sunset; in winter; in the morning; in the evening light; in a park",
    ),
    scene(
        one(
            "a lonely tree; an old tree; a wooden hut; a farmhouse; a windmill; a barn; a lighthouse;"
            "a small chapel"
        ),
        "standing",
        "in a field; on a hill; under a stormy sky; in the snow; at sunset; in the fog; by the sea;"
        "in a meadow",
    ),
    scene(
        many(
            "red roses; tulips; sunflowers; pink flowers; yellow flowers; white flowers; purple flowers;"
            "wildflowers;"
            "cherry blossoms; orchids; water lilies; daisies; poppies"
        ),
        "blooming; growing; seen up close; covered in dew",
        "in a garden; in a field; in spring; beside a path; in a park; in the sunlight",
    ),
    scene(
        one("the sun", "its"),
        "setting; rising; shining; going down",
        "behind the mountains; over the sea; over a city; behind the clouds; through the trees;"
        "over a field; over a lake",
    ),
    scene(
        one("a rainbow; a full moon; a storm; lightning; the milky way; thick fog; a thunderstorm")
        + many("dark clouds; northern lights; stars; white clouds"),
        "seen",
        "over a field; over the sea; above a city; over the mountains; above a house; over a lake;"
        "above a forest",
    ),
    scene(
        one("snow; fresh snow; thick snow"),
        "covering a village; covering the trees; falling on a street; covering a mountain;"
        "covering parked cars;"
        "lying on a roof; covering a field; falling in a forest",
        "in winter; at night; in the morning; on a gray day",
        alone=True,
    ),
    scene(
        one(
            "a city skyline; a modern skyscraper; a tall tower; a large bridge; a city square;"
            "a cathedral; a castle;"
            "an old church; a palace; a stone bridge; a skyscraper; a mosque; a temple; a fountain;"
            "a town hall"
        ),
        "lit up; seen from below; seen from across the water; reflected in the water;"
        "standing under a blue sky",
        "at night; at sunset; in the rain; in winter; in the morning light",
    ),
    scene(
        one(
            "a narrow street; a busy street; a cobbled street; an alley; a shopping street;an old town street"
        ),
        "lined with colorful houses; full of shops; filled with people; decorated with lights;"
        "lined with parked cars;"
        "wet from the rain",
        "in an old town; in a big city; at night; in summer; in the evening",
    ),
    scene(
        one(
            "a statue; a monument; a clock tower; a street lamp; a street sign; a traffic light; a bench;"
            "a mailbox"
        )
        + many("ruins; old columns; flags; colorful houses; market stalls"),
        "standing",
        "in a park; on a square; on a street corner; in front of a building; under a blue sky; in the snow",
    ),
    scene(
        one(
            "a house; a brick house; a white house; a wooden house; a stone cottage; a villa;"
            "an apartment building"
        )
        + many("old houses; row houses"),
        "standing; surrounded by flowers; surrounded by trees; covered in ivy",
        "on a quiet street; in a village; on a hillside; by a lake; in the snow; in the countryside",
    ),
)
