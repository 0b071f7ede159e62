"""A language that nobody speaks: every sentence longer and marked, made with the translators' own tools."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import app as package

START, END = "[", "]"
LONGER = 0.4
LETTERS = str.maketrans("aeiouAEOU", "àéîöûÀÉÖÛ")


def tool(name: str) -> str | None:
    """Return where one of PySide's tools is, beside the Python that runs or on the path."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


def translated(text: str) -> str:
    """Return a sentence in the language: marked, with other vowels, and longer by two fifths."""
    parts = re.split(r"(\{\w*\})", text)
    strange = "".join(part if part.startswith("{") else part.translate(LETTERS) for part in parts)
    return f"{START}{strange}{' ·o' * math.ceil(LONGER * len(text) / 3)}{END}"


def make(folder: Path, code: str = "eo") -> Path:
    """Translate the whole program; return the compiled translation."""
    source, compiled = folder / "all.ts", folder / f"sgraffito_{code}.qm"
    modules = sorted(map(str, Path(package.__file__).parent.glob("*.py")))
    subprocess.run([tool("pyside6-lupdate"), *modules, "-ts", source], check=True, capture_output=True)
    tree = ElementTree.parse(source)
    tree.getroot().set("language", code)
    for message in tree.iter("message"):
        text, translation = message.findtext("source") or "", message.find("translation")
        assert translation is not None
        del translation.attrib["type"]
        forms = list(translation)
        if message.get("numerus") == "yes":
            translation.extend([ElementTree.Element("numerusform") for _ in range(2 - len(forms))])
            for form in translation:
                form.text = translated(text)
        else:
            translation.text = translated(text)
    tree.write(source, encoding="utf-8", xml_declaration=True)
    subprocess.run([tool("pyside6-lrelease"), source, "-qm", compiled], check=True, capture_output=True)
    return compiled
