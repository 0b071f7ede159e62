"""Sgraffito: `python main.py` opens the window, `python main.py VERB` does a job in the terminal."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path

UNSEEN = ("offscreen", "minimal")  # Qt's platforms that draw for nobody
BUNDLED = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")  # lead to PyInstaller's copies


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    Without arguments the window opens; where there is no display, the demonstration
    runs instead.
    """
    from engine.cli import main as run_terminal

    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        arguments = ["app"] if has_display() else ["demo"]
    return run_terminal(arguments, open_window=open_window)


def open_window(library: Path | None) -> int:
    """Open the window on a library file (None: the user's own) and return the exit code."""
    if sys.platform == "win32":
        # Qt's DLLs on the search path keep torch's own from loading afterwards.
        import torch  # noqa: F401
    try:
        from app.application import run
    except ImportError as error:
        from engine.cli.terminal import print_message

        print_message(
            f"sgraffito: the window can't open on this machine ({error}). "
            "Install what is missing, or use the terminal: main.py --help"
        )
        return 1
    return run(sys.argv[:1], library)


def has_display() -> bool:
    """Return whether a window can be shown."""
    if sys.platform in ("win32", "darwin"):
        return True
    plugin = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if plugin:
        return plugin not in UNSEEN
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def forget_bundle(environment: MutableMapping[str, str]) -> None:
    """Keep our own libraries from the programs that a frozen one starts: a photo viewer has others.

    This program has read the paths by now. When it is started again, for its index process, it would
    take them for set; so it is told that it is to find them anew.

    Args:
        environment: What other programs will be given; it is changed.
    """
    for name in BUNDLED:
        environment.pop(name, None)
    own = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    if own is not None:
        environment["LD_LIBRARY_PATH"] = own
    environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    multiprocessing.freeze_support()  # a frozen program is started again for its index process
    if sys.platform == "linux" and getattr(sys, "frozen", False):
        forget_bundle(os.environ)
    sys.exit(main())
