"""Scenes of vehicles, food, rooms and objects."""

from __future__ import annotations

from engine.descriptions.grammar import many, one, scene

VEHICLES = (
    scene(
        one(
            "a red car; a white car; a black car; a blue car; a silver car; a yellow taxi; an old car;"
            "a vintage car;"
            "a sports car; a pickup truck; a van; a police car; a camper van"
        )
        + many("several cars; two vintage cars"),
        "parked; standing",
        "on a street; in front of a house; in a parking lot; in the snow; beside a tree; in a garage",
    ),
    scene(
        one(
            "a red car; a white car; a black car; a sports car; a race car; a truck; a jeep; an old car;"
            "a camper van"
        ),
        "driving; turning a corner",
        "on a country road; on a highway; through mud; in the rain; at night; in the mountains",
    ),
    scene(
        one(
            "a bus; a red double-decker bus; a yellow school bus; a tram; a truck; a fire truck; an ambulance"
        ),
        "driving; standing; stopping; turning a corner; waiting",
        "on a city street; in traffic; at a stop; in the rain; at night",
    ),
    scene(
        one(
            "a motorcycle; a black motorcycle; a red motorcycle; a scooter; a bicycle; an old bicycle;"
            "a red bicycle"
        )
        + many("bicycles; several motorcycles; several bicycles"),
        "parked; leaning against a wall; standing",
        "on a street; in front of a shop; beside a canal; in an alley; in a courtyard",
    ),
    scene(
        one("a train; a steam train; a passenger train; a freight train; a red train; a high-speed train"),
        "standing; arriving; leaving; passing; waiting",
        "at a station; on the tracks; on a bridge; in the countryside; in the mountains; at night",
    ),
    scene(
        one("a sailboat; a small boat; a fishing boat; a rowing boat; a wooden boat; a yacht")
        + many("several boats; sailboats; fishing boats"),
        "floating; anchored; moored; sailing",
        "in a harbor; on a calm lake; near the coast; at sunset; on the blue sea; on a river",
    ),
    scene(
        one("a ferry; a cruise ship; a cargo ship; a tall ship; a warship"),
        "sailing; anchored; leaving",
        "in a harbor; near the coast; at sunset; under a bridge",
    ),
    scene(
        one("an airplane; a passenger plane; a small plane; a helicopter; a fighter jet; a propeller plane"),
        "landing; taking off; standing; waiting",
        "at an airport; on an airfield; in the rain; on a sunny day; at sunset",
    ),
    scene(
        one("an airplane; a passenger plane; a small plane; a helicopter; a fighter jet; a drone"),
        "flying",
        "in a blue sky; above the clouds; above a city; over the mountains; at sunset",
    ),
    scene(
        one("a hot air balloon; a colorful kite; a paraglider; a parachute")
        + many("hot air balloons; kites; two paragliders"),
        "flying; floating; rising",
        "in a blue sky; over a field; over the sea; above the mountains; at sunrise",
    ),
    scene(
        one("a tractor; a dump truck; an excavator; a crane; a combine harvester; a bulldozer"),
        "standing; working; moving",
        "in a field; on a road; at a construction site; on a farm; in front of a building",
    ),
)

FOOD = (
    scene(
        one(
            "a pizza; a plate of pasta; a salad; a hamburger; a sandwich; a bowl of soup;"
            "a plate of sushi; a steak;"
            "a plate of grilled fish; a bowl of rice; a bowl of noodles; a hot dog; an omelette;"
            "a plate of vegetables;"
            "a plate of french fries; a roast chicken; a cheese board; a bowl of curry; a taco"
        )
        + many("pancakes; dumplings; sandwiches; tacos"),
        "served; lying; ready to eat; arranged",
        "on a wooden table; on a white tablecloth; in a restaurant; on a tray; next to a glass of wine",
    ),
    scene(
        one(
            "a chocolate cake; a birthday cake; a slice of cake; an apple pie; a wedding cake;"
            "an ice cream sundae;"
            "a plate of cookies; a strawberry tart; a cheesecake; a dessert; a box of chocolates"
        )
        + many("donuts; cupcakes; muffins; croissants; waffles; cookies"),
        "served; decorated; arranged; displayed",
        "on a table; in a bakery; at a party; next to a cup of coffee",
    ),
    scene(
        one(
            "a cup of coffee; a cup of tea; a glass of wine; a glass of beer; a cocktail; a bottle of wine;"
            "a glass of orange juice; a pot of tea; a cappuccino"
        )
        + many("two glasses of wine; two cups of coffee; several bottles"),
        "standing; served",
        "on a wooden table; next to a book; on a bar; beside a laptop; on a tray; by a window",
    ),
    scene(
        many(
            "apples; oranges; bananas; strawberries; tomatoes; lemons; grapes; carrots; peppers; pumpkins;"
            "mushrooms;"
            "cherries; watermelons; fresh vegetables; fresh fruits; potatoes; onions"
        ),
        "lying; arranged; displayed; piled up",
        "in a bowl; at a market; in a basket; on a wooden table; in a crate",
    ),
    scene(
        one("a loaf of bread; a breakfast; a buffet; a barbecue; a festive dinner; a picnic")
        + many("fresh loaves; cheeses"),
        "laid out; prepared; served; waiting",
        "on a table; in a garden; in a kitchen; on a terrace; on a checkered cloth",
    ),
)

ROOMS_AND_THINGS = (
    scene(
        one(
            "a living room; a bedroom; a kitchen; a dining room; a bathroom; a hotel room; an office;"
            "a hallway;"
            "a child's room; an attic room"
        ),
        "furnished with wooden furniture; painted white; lit by the sun; lit by lamps; decorated with plants;"
        "full of boxes; decorated in bright colors",
        "in a modern house; in an old house; in an apartment",
        alone=True,
    ),
    scene(
        one(
            "a library; a church; a restaurant; a cafe; a museum hall; a theater; a classroom; a shop;"
            "a train station"
        ),
        "seen from inside; filled with people; almost empty; lit by large windows; decorated with flowers;"
        "lit by lamps",
        alone=True,
    ),
    scene(
        one(
            "a laptop; a computer; a camera; a phone; a book; a notebook; a pair of glasses; a watch;"
            "a lamp; a vase of flowers;"
            "a potted plant; a candle; a teapot; a bouquet of flowers; a keyboard; a clock; a basket;"
            "a toy car; a teddy bear"
        )
        + many("books; keys; candles; old photographs; pencils; letters; tools"),
        "lying; arranged; seen up close",
        "on a wooden table; on a desk; on a shelf; on a windowsill; on a white background; on a bed",
    ),
    scene(
        one(
            "a couch; an armchair; a wooden table; a bed; a piano; a bookshelf; a desk; a mirror;"
            "a wardrobe; a television"
        ),
        "standing",
        "in a living room; in a bright room; next to a window; in front of a brick wall; in an old house;"
        "in a hotel",
    ),
    scene(
        one(
            "a guitar; a pair of shoes; a hat; a suitcase; a backpack; an umbrella; a helmet;"
            "a bicycle wheel; a pair of boots"
        ),
        "lying; hanging; displayed",
        "on a chair; on a wall; in a shop; on the floor; in a workshop; beside a door",
    ),
    scene(
        one(
            "a Christmas tree; a table set for dinner; a bunch of balloons; a birthday table;"
            "a row of lanterns;"
            "a wedding table; a nativity scene; a wreath"
        )
        + many("pumpkins; presents; paper lanterns; balloons; Easter eggs"),
        "arranged; displayed; seen up close",
        "in a garden; at a party; in a living room; at a market; in a shop window",
    ),
    scene(
        many("fireworks; colorful fireworks; Christmas lights; paper lanterns; bright lights"),
        "glowing; shining; lighting up the sky",
        "over a city; at night; above a crowd; over the water; at a festival",
    ),
    scene(
        one("a sign; a poster; a painting; a mural; a handwritten note; a map; a blackboard; a menu"),
        "seen up close; hanging",
        "on a wall; on a door; in a shop window",
    ),
)
