"""Small colour profiles (ICC version 2, three primaries and one gamma), made here."""

from __future__ import annotations

import struct

Primary = tuple[float, float, float]

# sRGB's primaries, adapted to the profiles' white.
RED: Primary = (0.4361, 0.2225, 0.0139)
GREEN: Primary = (0.3851, 0.7169, 0.0971)
BLUE: Primary = (0.1431, 0.0606, 0.7141)
WIDE_RED: Primary = (0.5151, 0.2412, -0.0011)  # those of Display P3
WIDE_GREEN: Primary = (0.2919, 0.6922, 0.0419)
WIDE_BLUE: Primary = (0.1572, 0.0666, 0.7841)


def profile(
    red: Primary, green: Primary, blue: Primary, *, space: bytes = b"RGB ", name: str = "of a test"
) -> bytes:
    """Return the bytes of a profile with these primaries (XYZ) and a gamma of 2.2."""
    words = name.encode() + b"\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(8 + 3 + 67)
    gamma = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256))
    tags = {
        b"desc": description,
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": _xyz((0.9642, 1.0, 0.8249)),
        b"rXYZ": _xyz(red),
        b"gXYZ": _xyz(green),
        b"bXYZ": _xyz(blue),
        b"rTRC": gamma,
        b"gTRC": gamma,
        b"bTRC": gamma,
    }
    table, content = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += tag + struct.pack(">II", start + len(content), len(value))
        content += value + bytes(-len(value) % 4)
    size = start + len(content)
    header = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", space, b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">iii", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + table + content


def _xyz(values: Primary) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">iii", *(round(value * 65536) for value in values))
