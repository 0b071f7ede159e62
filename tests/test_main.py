"""`python main.py`: the window, the demonstration, or a verb."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QProcessEnvironment

import main as program

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture
def started(monkeypatch):
    """What main hands on: the arguments for the terminal."""
    import engine.cli

    handed = []
    monkeypatch.setattr(engine.cli, "main", lambda arguments, **_: handed.append(arguments) or 0)
    return handed


@pytest.fixture
def no_display(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize("name", DISPLAYS)
def test_a_display_is_recognised(name, monkeypatch):
    assert not program.has_display()
    monkeypatch.setenv(name, "")
    assert not program.has_display()
    monkeypatch.setenv(name, "x")
    assert program.has_display()


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize("plugin", ["offscreen", "offscreen:fontdpi=96", "minimal"])
def test_what_nobody_sees_is_no_display(plugin, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", plugin)
    assert not program.has_display()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
@pytest.mark.usefixtures("no_display")
def test_windows_and_macs_have_a_display(platform, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    assert program.has_display()


@pytest.mark.usefixtures("no_display")
def test_without_arguments_the_window_or_the_demonstration_starts(started, monkeypatch):
    assert program.main([]) == 0
    monkeypatch.setenv("DISPLAY", ":0")
    assert program.main([]) == 0
    assert program.main(["search", "a dog"]) == 0
    assert started == [["demo"], ["app"], ["search", "a dog"]]


def test_a_window_that_can_not_open_is_explained(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "app.application", None)
    assert program.open_window(None) == 1
    said = capsys.readouterr().err
    assert "the window can't open on this machine" in said
    assert "--help" in said


BUNDLE = {
    "LD_LIBRARY_PATH": "/bundle:/own",
    "QT_PLUGIN_PATH": "/bundle/PySide6/Qt/plugins",
    "QML2_IMPORT_PATH": "/bundle/PySide6/Qt/qml",
    "PATH": "/usr/bin",
}


@pytest.mark.parametrize(
    ("before", "after"), [({}, {}), ({"LD_LIBRARY_PATH_ORIG": "/own"}, {"LD_LIBRARY_PATH": "/own"})]
)
def test_other_programs_get_no_libraries_of_the_frozen_one(before, after):
    environment = BUNDLE | before
    program.forget_bundle(environment)
    again = {"PYINSTALLER_RESET_ENVIRONMENT": "1"}  # its own processes find them anew
    assert environment == {"PATH": "/usr/bin"} | after | again


def test_qt_starts_programs_with_what_is_left(monkeypatch):
    ours = {"LD_LIBRARY_PATH_ORIG": "/own", "PYINSTALLER_RESET_ENVIRONMENT": ""}
    for name, value in (BUNDLE | ours).items():
        monkeypatch.setenv(name, value)
    program.forget_bundle(os.environ)
    seen = QProcessEnvironment.systemEnvironment()
    assert seen.value("LD_LIBRARY_PATH") == "/own"
    assert not seen.contains("QT_PLUGIN_PATH")


def test_the_script_returns_the_exit_code():
    wrong = subprocess.run(
        [sys.executable, "main.py", "search", "a dog", "--limit", "0"], capture_output=True, text=True
    )
    assert wrong.returncode == 2
    assert "--limit" in wrong.stderr
    version = subprocess.run([sys.executable, "main.py", "--version"], capture_output=True, text=True)
    assert (version.returncode, version.stderr) == (0, "")
