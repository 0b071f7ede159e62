"""What a front end may say about a model pack, without loading it."""

from __future__ import annotations

from pathlib import Path

from engine.errors import PackError
from engine.models.packs import REINSTALL, read_pack
from engine.types import PackCard

CARD = "MODEL_CARD.md"


def read_card(pack: Path | None = None) -> PackCard:
    """Return the name, size and model card of a pack (None: the bundled one).

    A pack without a card has an empty text.

    Raises:
        PackError: There is no pack in that folder, or its files can't be read.
    """
    found = read_pack(pack)
    card = found.folder / CARD
    try:
        text = card.read_text("utf-8", "replace") if card.is_file() else ""
    except OSError as error:
        raise PackError("the model pack's card can't be read.", path=card, hint=REINSTALL) from error
    size = sum(file.size for file in found.files.values())
    return PackCard(name=found.name, folder=found.folder, size=size, text=text)
