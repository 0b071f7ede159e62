"""What Linux says of the locks on files."""

from __future__ import annotations

from pathlib import Path

LOCKS = Path("/proc/locks")


def locked(folder: Path) -> set[str]:
    """Return the names of a folder's files that any process holds locks on."""
    names = {str(file.stat().st_ino): file.name for file in folder.iterdir()}
    fields = (line.split() for line in LOCKS.read_text().splitlines() if "->" not in line)
    numbers = (field[5].rpartition(":")[2] for field in fields)
    return {names[number] for number in numbers if number in names}
