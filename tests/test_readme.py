"""The README's terminal lines run as written, and what it names exists."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from engine.cli.run import VERBS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MARK = "<!-- run by tests/test_readme.py -->"
COLOURS = ("red", "green", "blue", "yellow", "black")

needs_pack = pytest.mark.skipif(
    not (ROOT / "resources/models/sgraffito/manifest.json").exists(), reason="the bundled pack is not here"
)


def blocks(language: str, *, marked: bool = False) -> list[str]:
    """Return the README's fenced blocks of a language, or only those marked to be run."""
    opening = re.escape(f"{MARK}\n") if marked else ""
    return re.findall(rf"^{opening}```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def terminal_lines() -> list[str]:
    return [line for block in blocks("sh", marked=True) for line in block.splitlines()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's home with photos and a table of descriptions."""
    home = tmp_path_factory.mktemp("home")
    pictures = home / "Pictures"
    (pictures / "holiday").mkdir(parents=True)
    with (home / "captions.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "caption"])
        for colour in COLOURS:
            draw(pictures / f"{colour}.jpg", colour, "white")
            table.writerows([[f"{colour}.jpg", f"a {colour} circle, sentence {n}"] for n in range(5)])
    draw(pictures / "ball.jpg", "red", "gray")
    draw(pictures / "holiday" / "sun.jpg", "yellow", "lightblue")
    return home


def draw(path: Path, colour: str, background: str) -> None:
    image = Image.new("RGB", (320, 240), background)
    ImageDraw.Draw(image).ellipse((80, 40, 240, 200), fill=colour)
    image.save(path)


def in_terminal(line: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a user with this home would, in the checkout, with `.venv` activated."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PYTHON"))}
    return subprocess.run(
        ["bash", "-c", line],
        cwd=ROOT,
        env=keep | {"HOME": str(home), "PATH": path, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@needs_pack
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(os.name == "nt", reason="the lines are for a POSIX shell")
def test_terminal_lines_run_as_written(home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (home / "Pictures").rglob("*")}
    for line in terminal_lines():
        run = in_terminal(line, home)
        assert run.returncode == 0, f"{line}\n{run.stdout}{run.stderr}"
        assert run.stdout.strip(), line
        assert "Traceback" not in run.stderr, line
    assert {path: path.stat().st_mtime_ns for path in (home / "Pictures").rglob("*")} == before


def test_every_verb_is_shown() -> None:
    shown = " ".join(blocks("sh"))
    assert [verb for verb in VERBS if f"main.py {verb}" not in shown] == []
    assert len(terminal_lines()) >= 8


def test_measured_commands_exist() -> None:
    modules = re.findall(r"python -m ((?:tests|engine)[\w.]+)", README)
    assert modules
    missing = [m for m in modules if not list(ROOT.glob(m.replace(".", "/") + "*"))]
    assert missing == []


def test_linked_files_exist() -> None:
    links = re.findall(r"(?<!!)\[[^]]*\]\(([^)#]+)\)", README)
    local = [link for link in links if "://" not in link]
    assert "LICENSE" in local
    assert [link for link in local if not (ROOT / link).exists()] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("target", ["run", "test"])
def test_pip_lines_for_windows_do_what_make_does(target: str) -> None:
    """Every step of `make TARGET` is one of the PowerShell lines, give or take the spelling."""
    dry = subprocess.run(
        ["make", "--dry-run", "--always-make", "PYTHON=python3", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "PHOTOS"))},
    )
    steps = [plain(line) for line in dry.stdout.splitlines() if not line.startswith(("touch", "make"))]
    windows = next(block for block in blocks("powershell") if ("ruff" in block) == (target == "test"))
    assert [plain(line) for line in windows.splitlines()] == steps


def plain(line: str) -> str:
    """Return a command without the spelling of one system."""
    line = line.replace("\\", "/").replace(".venv/Scripts/", ".venv/bin/").replace("py -3 ", "python3 ")
    return re.sub(r"^QT_QPA_PLATFORM=\S+ | --disable-pip-version-check", "", line).strip()


def test_no_machine_or_registry_is_named() -> None:
    own = ("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "packaging/constraints.txt", ".ci/run")
    for name in own:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index-url|find-links|pypi\.org|/home/|/work/|/root/", text), name
