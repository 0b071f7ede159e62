"""Fixtures that every test may use."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from engine.models import Models

pytest_plugins = ["tests.album"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_configure() -> None:
    """Let Ctrl+C reach what the tests start, also where they run in the background of a script."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Spell out what in captured lines is no text (file names): it can't travel between processes."""
    report = yield
    report.sections = [
        (title, text.encode(errors="backslashreplace").decode()) for title, text in report.sections
    ]
    return report


def shared_folder(*parts: str) -> Path:
    """Return a folder of ../shared, or skip the test where it is missing."""
    folder = SHARED.joinpath(*parts)
    if not folder.exists():
        pytest.skip(f"needs ../shared/{'/'.join(parts)}, which is not on this machine")
    return folder


@pytest.fixture(scope="session")
def golden() -> Path:
    """The golden vectors of the reference SGRAF."""
    return shared_folder("golden")


@pytest.fixture(scope="session")
def photo_data() -> Path:
    """The folder of photos to measure with."""
    return shared_folder("data")


@pytest.fixture(scope="session")
def tiny_pack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny pack of random weights."""
    from tests.packs import tiny_pack

    return tiny_pack(tmp_path_factory.mktemp("pack") / "tiny")


@pytest.fixture(scope="session")
def tiny_models(tiny_pack_folder: Path) -> Models:
    """The models of the tiny pack."""
    from engine.models import load_models

    return load_models(tiny_pack_folder, device="cpu")
