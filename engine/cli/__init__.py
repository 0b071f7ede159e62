"""The terminal: every job of the program, one verb each.

Results go to stdout, messages to stderr. Exit codes: 0 done, 1 the user can mend it,
2 wrong usage, 130 stopped with Ctrl+C.
"""

from __future__ import annotations

from engine.cli.run import guarded, main

__all__ = ["guarded", "main"]
