"""The command line of the training."""

from __future__ import annotations

import pytest

from engine.training.__main__ import main


@pytest.mark.parametrize("share", ["0", "-0.5", "1.5", "nan", "half"])
def test_a_share_that_is_none_is_refused(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["image", "--data", "photos", f"--share={share}"])
    assert "--share" in capsys.readouterr().err
