"""How to load the models: known before torch is in memory, and sent to other processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.models import Models


@dataclass(frozen=True, slots=True)
class ModelLoader:
    """Loads models when it is called, each time others: no two threads may share a network.

    Attributes:
        pack: Folder of a model pack; None for the bundled one.
        device: "auto", "cpu", "cuda" or "mps". One that has been taken out of the machine since it
            was chosen is no reason not to search: the best of the others is used then.
        threads: How many cores every network of the process computes on; None to leave that to torch.
    """

    pack: Path | None = None
    device: str = "auto"
    threads: int | None = None

    def __call__(self) -> Models:
        """Return the models.

        Raises:
            PackError: The pack is missing or unusable.
        """
        # Importing them here imports torch only now.
        from engine.models import available_devices, load_models

        there = {found.name for found in available_devices()}
        device = self.device if self.device in there else "auto"
        return load_models(self.pack, device=device, threads=self.threads)
