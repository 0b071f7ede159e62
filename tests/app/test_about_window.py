import re
import tomllib
from pathlib import Path

from PySide6.QtCore import Qt

import engine
from app.about_window import INSIDE, AboutWindow

ROOT = Path(engine.__file__).parent.parent


def test_it_names_the_version_the_method_and_its_paper(qtbot, app):
    app.beside.show_about()
    about = app.window.findChild(AboutWindow)
    assert about.isVisible()
    assert engine.__version__ in about.title.text()
    text = about.text.toPlainText()
    assert "SGRAF" in text
    assert "https://arxiv.org/abs/2101.01368" in text
    assert "href" not in about.text.toHtml()  # text, so that no click leads to the network
    assert about.text.accessibleName()
    qtbot.waitUntil(about.isActiveWindow)
    qtbot.keyClick(about, Qt.Key.Key_Escape)
    assert not about.isVisible()


def test_every_package_inside_is_named_with_its_licence():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = {re.match(r"[\w-]+", line)[0].lower() for line in project["dependencies"]}
    named = " ".join(name.lower() for name, _ in INSIDE)
    assert [package for package in packages if package not in named] == []
    assert all(licence for _, licence in INSIDE)
    assert project["license"] == "Apache-2.0"
