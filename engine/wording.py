"""Numbers in sentences for the user."""

from __future__ import annotations


def counted(number: int, name: str) -> str:
    """Return a number with the name of what is counted: 1 photo, 2,000 photos."""
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"
