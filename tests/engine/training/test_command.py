"""The command line of the training."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.training.__main__ import main


@pytest.mark.parametrize("share", ["0", "-0.5", "1.5", "nan", "half"])
def test_a_share_that_is_none_is_refused(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["image", "--data", "photos", f"--share={share}"])
    assert "--share" in capsys.readouterr().err


@pytest.mark.parametrize("chosen", [["all"], ["calibrate", "pack"], ["pack", "--name="]])
def test_a_pack_without_a_name_is_refused_before_anything_runs(
    chosen: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*chosen, "--data", "photos", "--run", str(tmp_path / "run"), "--out", str(tmp_path / "pack")])
    assert "the stage pack needs --name" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
