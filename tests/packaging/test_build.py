"""Trying a built program: what a good one, a failing one and a talkative one lead to."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.packaging import load_script

sys.modules["audit"] = load_script("audit")
build = load_script("build")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the made-up programs are shell scripts")

GOOD = """#!/bin/sh
case "$1" in
  --version) echo "Sgraffito 0.1.0" ;;
  --selftest) echo "ok: tiny, 6 photos" ;;
  app) exec /bin/sleep 60 ;;
esac
"""


def program(folder: Path, script: str) -> Path:
    """Write a made-up program into a folder and return the folder."""
    folder.mkdir(exist_ok=True)
    file = folder / "sgraffito"
    file.write_text(script)
    file.chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def _short_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "WINDOW_SECONDS", 0.5)


def test_a_good_program_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build.try_program(program(tmp_path / "good", GOOD))
    assert capsys.readouterr().out == "Sgraffito 0.1.0, ok: tiny, 6 photos, window ok\n"


@pytest.mark.parametrize(
    ("find", "replace", "told"),
    [
        ("Sgraffito 0.1.0", "unknown", "--version printed: unknown"),
        ("ok: tiny", "bad: tiny", "--selftest printed: bad"),
        ('echo "ok: tiny, 6 photos"', "echo oh no >&2; exit 3", "exit code 3\noh no"),
        ('echo "ok: tiny, 6 photos"', "echo ok; echo a warning >&2", "exit code 0\nok\na warning"),
        ("exec /bin/sleep 60", "exit 0", "the window: exit code 0"),
        ("exec /bin/sleep 60", "echo qt.qpa >&2; exec /bin/sleep 60", "qt.qpa"),
    ],
)
def test_a_failing_program_is_told_apart(tmp_path: Path, find: str, replace: str, told: str) -> None:
    assert find in GOOD
    with pytest.raises(build.BuildError) as failed:
        build.try_program(program(tmp_path / "bad", GOOD.replace(find, replace)))
    assert told in str(failed.value)


def test_a_program_gets_an_empty_environment_and_another_folder(tmp_path: Path) -> None:
    script = program(tmp_path / "asked", "#!/bin/sh\n/usr/bin/env\npwd\n") / "sgraffito"
    told = build.run([str(script)], str(tmp_path)).splitlines()
    assert f"HOME={tmp_path}" in told
    assert told[-1] == str(tmp_path)
    assert not any(line.startswith(("PATH=/usr/local", "PYTHON", "VIRTUAL_ENV")) for line in told)


def test_a_window_may_say_that_it_has_no_screen(tmp_path: Path) -> None:
    noise = "echo This plugin does not support raise >&2; exec /bin/sleep 60"
    build.try_program(program(tmp_path / "offscreen", GOOD.replace("exec /bin/sleep 60", noise)))


def test_what_was_built_is_open_to_all(tmp_path: Path) -> None:
    file = tmp_path / "contents" / "heads.safetensors"
    file.parent.mkdir()
    file.touch(0o600)
    (tmp_path / "link").symlink_to("nowhere")
    build.open_to_all(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "link").is_symlink()


def test_symbol_tables_are_stripped(tmp_path: Path) -> None:
    found = find_spec("torch")
    assert found is not None
    assert found.origin is not None
    library = Path(found.origin).parent / "lib" / "libtorch_global_deps.so"
    if shutil.which("strip") is None or not library.exists() or b".symtab" not in library.read_bytes():
        pytest.skip("needs binutils and a torch that has symbol tables")
    copy = tmp_path / "_internal" / "torch" / "lib" / library.name
    copy.parent.mkdir(parents=True)
    shutil.copy(library, copy)
    build.strip_libraries(tmp_path)
    assert b".symtab" not in copy.read_bytes()
    assert copy.stat().st_size < library.stat().st_size
