"""Tests of the scripts in packaging/, which is no package: they are loaded from their files."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

PACKAGING = Path(__file__).resolve().parent.parent.parent / "packaging"


def load_script(name: str) -> ModuleType:
    """Import packaging/NAME.py under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"packaging_{name}", PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
