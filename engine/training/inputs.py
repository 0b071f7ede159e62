"""What a stage is given, in one digest: what came of other photos or weights is not its own result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from engine.training.captions import CaptionedPhoto


def digest_of(photos: Iterable[CaptionedPhoto], files: Iterable[Path]) -> str:
    """Return a SHA-256 over photos with their captions, in order, and over files, which may be missing."""
    sha = hashlib.sha256()
    for photo in photos:
        sha.update(json.dumps([*photo.path.parts[-3:], *photo.captions]).encode())
    for file in files:
        content = file.read_bytes() if file.is_file() else b""
        sha.update(file.name.encode() + hashlib.sha256(content).digest())
    return sha.hexdigest()
