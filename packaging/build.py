"""Build the program that needs no Python, audit it and try it: `python packaging/build.py`.

Leaves the folder dist/sgraffito. Needs the `package` extra.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import audit

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "sgraffito.exe" if sys.platform == "win32" else "sgraffito"
WINDOW_SECONDS = 15.0
EXPECTED = "This plugin does not support"  # of windows that are drawn into memory


class BuildError(Exception):
    """A step that did not give what it should; the text says which and how."""


def build(dist: Path) -> Path:
    """Run PyInstaller and return the built folder."""
    recipe = ROOT / "packaging" / "sgraffito.spec"
    work = ROOT / "build"
    options = ["--noconfirm", "--clean", "--log-level=WARN", f"--distpath={dist}", f"--workpath={work}"]
    subprocess.run([sys.executable, "-m", "PyInstaller", *options, str(recipe)], check=True, cwd=ROOT)
    return dist / "sgraffito"


def open_to_all(folder: Path) -> None:
    """Let every user read what this one built: some tools write weights for their owner only."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o444)


def strip_libraries(folder: Path) -> None:
    """Drop the symbol tables of torch and Python: 110 MB that only a debugger reads."""
    strip = shutil.which("strip")
    if sys.platform != "linux" or strip is None:
        return
    contents = folder / audit.CONTENTS
    wholes = ("torch/lib/*.so*", "libpython*.so*", "python3*/lib-dynload/*.so")
    for library in sorted(path for whole in wholes for path in contents.glob(whole)):
        subprocess.run([strip, "--strip-unneeded", str(library)], check=True)


def try_program(folder: Path) -> None:
    """Run the program from another folder, with an empty environment, without a display.

    Raises:
        BuildError: It did not do its job.
    """
    program = str((folder / PROGRAM).resolve())
    with tempfile.TemporaryDirectory(prefix="sgraffito-try-") as place:
        version = run([program, "--version"], place)
        if not version.startswith("Sgraffito "):
            raise BuildError(f"--version printed: {version}")
        told = run([program, "--selftest"], place)
        if not told.startswith("ok"):
            raise BuildError(f"--selftest printed: {told}")
        try_window([program, "app", "--library", str(Path(place) / "library.db")], place)
        print(f"{version.strip()}, {told.strip()}, window ok")


def run(command: Sequence[str], place: str) -> str:
    """Run a command to its end and return what it printed.

    Raises:
        BuildError: Its exit code is not 0.
    """
    done = subprocess.run(
        command, cwd=place, env=bare_environment(place), capture_output=True, text=True, check=False
    )
    if done.returncode or done.stderr:
        raise BuildError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def try_window(command: Sequence[str], place: str) -> None:
    """Open the window in memory, and see that it stays open without complaints.

    Raises:
        BuildError: It closed by itself, or printed something.
    """
    environment = bare_environment(place) | {"QT_QPA_PLATFORM": "offscreen"}
    window = subprocess.Popen(
        command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    time.sleep(WINDOW_SECONDS)
    closed = window.poll()
    window.kill()
    told, _ = window.communicate()
    complaints = [line for line in told.splitlines() if not line.startswith(EXPECTED)]
    if closed is not None or complaints:
        raise BuildError(f"the window: exit code {closed}\n{told}")


def bare_environment(place: str) -> dict[str, str]:
    """Return an environment without a PATH, where the user's folders are inside `place`."""
    if sys.platform == "win32":
        return {"SYSTEMROOT": os.environ["SYSTEMROOT"], "LOCALAPPDATA": place, "TEMP": place}
    return {"HOME": place, "LANG": "C.UTF-8"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, audit and try; return the exit code."""
    parser = argparse.ArgumentParser(description="Build, audit and try the program that needs no Python.")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where it goes (default: dist)")
    parser.add_argument("--try-only", action="store_true", help="audit and try what was built before")
    options = parser.parse_args(arguments)
    folder = options.dist / "sgraffito"
    if not options.try_only:
        folder = build(options.dist)
        strip_libraries(folder)
        open_to_all(folder)
    if audit.main([str(folder)]):
        return 1
    try:
        try_program(folder)
    except BuildError as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
