"""The machine's battery and this process's share of it, asked of the system without any package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
_NICENESS = 10
_BELOW_NORMAL = 0x4000


def on_battery() -> bool:
    """Return whether the machine runs on its battery; False where that can't be known."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return _mac()
    return _linux(SUPPLIES)


def give_way() -> None:
    """Let other processes have the cores before this one."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICENESS)


def _linux(supplies: Path) -> bool:
    """Return whether a battery of the machine itself (not of its mouse) is being used up."""
    return any(
        _read(battery / "type") == "Battery"
        and _read(battery / "scope") != "Device"
        and _read(battery / "status") == "Discharging"
        for battery in supplies.glob("*")
    )


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _windows() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    status = (ctypes.c_ubyte * 12)()  # SYSTEM_POWER_STATUS; its first byte is the state of the mains
    asked = ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status))
    return bool(asked) and status[0] == 0


def _mac() -> bool:
    try:
        asked = subprocess.run(["pmset", "-g", "batt"], capture_output=True, text=True, timeout=2, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return "Battery Power" in asked.stdout
