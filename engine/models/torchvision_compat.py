"""Import torchvision beside a torch that it was not built for.

The registry's torchvision is a CUDA build. Beside a CPU torch its C++ operators
don't load, and its import dies with `operator torchvision::nms does not exist`.
Nothing here needs those operators, so where (and only where) that happens we
declare the two that the import looks for.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import torch

_declared: list[torch.library.Library] = []
_SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def import_torchvision() -> None:
    """Import torchvision, declaring its missing operators if that is what fails.

    Raises:
        RuntimeError: The import failed for another reason.
    """
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        _declare_operators()
        for name in [n for n in sys.modules if n.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        importlib.import_module("torchvision")


def _declare_operators() -> None:
    library: Any = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    library.define("nms" + _SIGNATURE)
    library.define("qnms" + _SIGNATURE)
    # Kept alive: the declarations vanish with the object.
    _declared.append(library)
