import re
import subprocess
import sys
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


def test_shift_and_page_keys_select_and_come_back():
    """In a process of its own: inside a table Qt would look for its end for ever, deaf to everything."""
    script = """if True:
        import faulthandler
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication
        from app.about_window import AboutWindow
        from app.theme import Theme
        faulthandler.dump_traceback_later(60, exit=True)
        app = QApplication(["-platform", "offscreen"])
        window = AboutWindow(Theme(app))
        window.show()
        for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            for place in range(0, window.text.document().characterCount(), 5):
                cursor = window.text.textCursor()
                cursor.setPosition(place)
                window.text.setTextCursor(cursor)
                QTest.keyPress(window.text, key, Qt.KeyboardModifier.ShiftModifier)
                assert window.text.textCursor().anchor() == place
        """
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
