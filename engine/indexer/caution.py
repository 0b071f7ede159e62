"""Care with files at which the process that read them has died."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

DEADLY = "Reading this file made the program fail, so it is left out. It may be damaged."


@dataclass(frozen=True, slots=True)
class Caution:
    """Which files are not read like the others.

    Attributes:
        alone: Those that were being read when the process died: any of them may be why. They
            are read one at a time, after all the others.
        refused: Those that the process died of while they were read alone. They are not read.
    """

    alone: frozenset[Path] = frozenset()
    refused: frozenset[Path] = frozenset()

    def after_death(self, in_hand: AbstractSet[Path]) -> Caution:
        """Return what is known once the process has died with these files in its hands."""
        if len(in_hand) == 1 and in_hand <= self.alone:
            return Caution(self.alone - in_hand, self.refused | in_hand)
        return Caution(self.alone | in_hand, self.refused)


NO_CAUTION = Caution()
