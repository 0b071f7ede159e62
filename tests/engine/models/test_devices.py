from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engine.errors import KnownError
from engine.models import available_devices, choose_device


def test_the_cpu_is_always_there_and_comes_last() -> None:
    found = available_devices()
    assert (found[-1].name, found[-1].label) == ("cpu", "CPU")
    assert len({device.name for device in found}) == len(found)
    assert all(device.label for device in found)


def test_auto_is_the_first_of_them_and_each_can_be_chosen() -> None:
    names = [device.name for device in available_devices()]
    assert choose_device("auto") == names[0]
    assert [choose_device(name) for name in names] == names


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card")
def test_a_graphics_card_is_called_by_its_name() -> None:
    assert available_devices()[0].label == torch.cuda.get_device_name()


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(KnownError, match="abacus"):
        choose_device("abacus")


def test_threads_hold_for_every_thread_of_the_process(tiny_pack_folder: Path) -> None:
    code = (
        "import threading, torch; from pathlib import Path; from engine.models import load_models;"
        f"load_models(Path({str(tiny_pack_folder)!r}), device='cpu', threads=3);"
        "worker = threading.Thread(target=lambda: print(torch.get_num_threads()));"
        "worker.start(); worker.join(); print(torch.get_num_threads())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["3", "3"]
