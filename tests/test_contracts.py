"""Who may import whom: the contracts of pyproject.toml, and what they can't say."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine

ROOT = Path(__file__).resolve().parent.parent
TRAINING = sorted(
    path.stem for path in (ROOT / "engine" / "training").glob("*.py") if path.stem != "__init__"
)

BLOCKER = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked}:
            raise ModuleNotFoundError("blocked: " + name)

sys.meta_path.insert(0, Blocker())
"""


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter at the root of the checkout."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )


def source_files(*tops: str) -> list[Path]:
    return sorted(path for top in tops for path in (ROOT / top).rglob("*.py"))


def engine_imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, what) of each use of the engine that is more than a public name."""
    public = set(engine.__all__)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "engine":
            if node.module != "engine":
                yield node.lineno, f"from {node.module} import …"
            yield from ((node.lineno, a.name) for a in node.names if a.name not in public)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.startswith("engine."))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            private = node.value.id == "engine" and node.attr not in public
            yield from [(node.lineno, f"engine.{node.attr}")] * private


def imported_packages(tree: ast.AST) -> set[str]:
    """Return the top-level names that a module imports ("." for a relative import)."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append("." if node.level or node.module is None else node.module)
    return {name.split(".")[0] or "." for name in names}


def test_import_contracts_hold() -> None:
    # In a process of its own: it sets up logging for the whole of its process.
    run = python(
        "import sys; from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True))"
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", source_files("app"), ids=lambda path: path.name)
def test_app_sees_only_public_names_of_engine(path: Path) -> None:
    assert list(engine_imports(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "line",
    ["from engine.library import Library", "import engine.image", "engine._HOMES", "from engine import x"],
)
def test_private_names_of_engine_are_noticed(line: str) -> None:
    assert list(engine_imports(ast.parse(line)))


def test_every_public_name_loads() -> None:
    names = ", ".join(engine.__all__)
    run = python(f"from engine import {names}")
    assert run.returncode == 0, run.stderr


def test_nothing_imports_main_or_tests_or_relatively() -> None:
    wrong = {
        str(path.relative_to(ROOT)): names
        for path in source_files("app", "engine")
        if (names := imported_packages(ast.parse(path.read_text(encoding="utf-8"))) & {"main", "tests", "."})
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "module",
    ["engine", "engine.library", "engine.image", "engine.scan", "engine.types", "app.window", "main"],
)
def test_import_leaves_torch_out(module: str) -> None:
    run = python(f"import {module}, sys; print(sorted({{'torch', 'timm', 'open_clip'}} & set(sys.modules)))")
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


def test_help_leaves_torch_and_qt_out() -> None:
    run = python(
        "import main, sys; code = main.main(['--help']); "
        "print(code, sorted({'torch', 'PySide6', 'sqlalchemy'} & set(sys.modules)))"
    )
    assert run.stdout.splitlines()[-1] == "0 []"


def test_training_imports_without_the_programs_other_parts() -> None:
    modules = ", ".join(f"engine.training.{name}" for name in TRAINING)
    blocked = {"appdirs", "sqlalchemy", "PySide6", "pillow_heif", "nltk", "open_clip", "skimage"}
    run = python(BLOCKER.format(blocked=blocked) + f"import engine.training, {modules}")
    assert run.returncode == 0, run.stderr


def test_blocked_packages_are_really_out_of_reach() -> None:
    run = python(BLOCKER.format(blocked={"appdirs"}) + "import engine.places")
    assert "blocked: appdirs" in run.stderr
