"""Every word that a user can see goes through `tr`, as a literal that the tools for translators find."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app as package

MODULES = sorted(Path(package.__file__).parent.glob("*.py"))

# What shows its text arguments to the user: methods, and widgets that are made with a text.
SHOWS = {
    "addAction", "addButton", "addItem", "addItems", "addMenu", "addTab", "add_field", "add_note",
    "drawText", "say", "setAccessibleDescription", "setAccessibleName", "setDetailedText",
    "setInformativeText", "setItemText", "setLabelText", "setPlaceholderText", "setPrefix", "setStatusTip",
    "setSuffix", "setText", "setTitle", "setToolTip", "setWhatsThis", "setWindowTitle", "show_message",
    "show_note", "show_state", "show_trouble",
    "CloseButton", "QAction", "QCheckBox", "QGroupBox", "QLabel", "QListWidgetItem", "QMenu", "QPushButton",
    "QRadioButton", "QToolButton", "QTreeWidgetItem", "State", "_action", "_button", "quiet_label",
}  # fmt: skip
SIGNALS = {"message", "said", "failed", "told"}  # whose emit carries a sentence
SAME_EVERYWHERE = {"Sgraffito"}
KEYS = {  # for the program, not for the user: what a state does, the name of a file, of an icon, of a value
    "add", "clear", "retry", "unfilter", "sgraffito.log", "auto",
    "back", "previous", "next", "minus", "plus", "play", "expand", "star", "why", "information",
}  # fmt: skip
TRANSLATES = {"tr", "translate"}


def calls(module: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def name_of(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def shows(call: ast.Call) -> bool:
    if name_of(call) == "emit" and isinstance(call.func, ast.Attribute):
        return getattr(call.func.value, "attr", "") in SIGNALS
    return name_of(call) in SHOWS


def words(node: ast.expr) -> Iterator[str]:
    """The literal words in an argument, where they are not on their way through `tr`."""
    if isinstance(node, ast.Call) and name_of(node) in TRANSLATES:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.search(r"[^\W\d_]{2,}", node.value) and node.value not in SAME_EVERYWHERE | KEYS:
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield from words(part)
    elif isinstance(node, ast.IfExp):
        yield from words(node.body)
        yield from words(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from words(node.left)
        yield from words(node.right)
    elif isinstance(node, ast.List | ast.Tuple):
        for part in node.elts:
            yield from words(part)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from words(node.func.value)


def untranslated(module: Path) -> list[str]:
    return [
        f"{module.name}:{call.lineno}: {name_of(call)}(… {text!r} …)"
        for call in calls(module)
        if shows(call)
        for argument in call.args
        for text in words(argument)
    ]


def test_the_walk_finds_what_it_looks_for(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        "QLabel('Hello')\n"
        "x.setText(self.tr('Fine') if y else 'Not fine')\n"
        "x.message.emit(f'{n} photos')\n"
        "x.setText('{n} of {all}'.format(n=1, all=2))\n"
        "x.setObjectName('name')\n"
        "x.setText(tr('Fine, too').format(n=1) + ' · ')\n"
    )
    assert [line.split("(")[0] for line in untranslated(module)] == [
        "module.py:1: QLabel",
        "module.py:2: setText",
        "module.py:3: emit",
        "module.py:4: setText",
    ]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_every_word_on_the_screen_goes_through_tr(module):
    assert untranslated(module) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_what_is_translated_is_a_literal(module):
    hidden = [
        f"{module.name}:{call.lineno}"
        for call in calls(module)
        if name_of(call) == "tr" and not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert hidden == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_count_is_said_in_the_form_of_its_number(module):
    """Most languages need more forms than one and many: the number goes with the sentence."""
    formless = [
        f"{module.name}:{call.lineno}: {call.args[0].value}"
        for call in calls(module)
        if name_of(call) == "tr" and len(call.args) < 3
        if isinstance(call.args[0], ast.Constant)
        if re.search(r"(?<!° )\{n\} [^\W\d_]{2,}", call.args[0].value)
        and not re.search(r"\{n\} of \{all\}[;.]?(?! photos)|to read", call.args[0].value)
    ]
    assert formless == []
