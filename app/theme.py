"""The look: neutral surfaces, one accent, in the system's light or dark."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.settings import Scheme
from engine import resources

LIGHT = {
    "window": "#f6f5f4",
    "surface": "#ffffff",
    "text": "#1f1e1d",
    "subdued": "#63605c",
    "line": "#e2dfdb",
    "border": "#c4c0ba",
    "hover": "#ecebe8",
    "selected": "#f4ddd2",
    "notice": "#fbf0e6",
    "handle": "#bdb9b3",
    "placeholder": "#e7e5e2",
    "accent": "#9c4526",
    "accent_hover": "#843a20",
    "on_accent": "#ffffff",
}
DARK = {
    "window": "#1c1b1a",
    "surface": "#262524",
    "text": "#f0eeeb",
    "subdued": "#a9a5a0",
    "line": "#383634",
    "border": "#54514e",
    "hover": "#343230",
    "selected": "#5a3525",
    "notice": "#352b25",
    "handle": "#5f5c58",
    "placeholder": "#2c2b29",
    "accent": "#ec9a76",
    "accent_hover": "#f2b093",
    "on_accent": "#1c1b1a",
}
MIRRORED = frozenset({"back", "next", "previous", "sidebar"})  # icons that point where one reads to
ICON_SIDES = (16, 20, 24, 32, 48)
CHOSEN: dict[Scheme, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """The colours in use, applied to the whole application.

    Signals:
        changed: The colours went from light to dark or back.
    """

    changed = Signal()

    def __init__(self, application: QApplication, scheme: Scheme = "system") -> None:
        super().__init__(application)
        self._application = application
        self._source = (resources() / "style" / "app.qss").read_text("utf-8")
        application.setStyle("Fusion")
        application.setWindowIcon(QIcon(str(resources() / "icons" / "sgraffito.svg")))
        self._colours: dict[str, str] = {}
        self._chosen = scheme
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose(scheme)

    def choose(self, scheme: Scheme) -> None:
        """Follow the system's colours, or keep to the light or the dark ones."""
        self._chosen = scheme
        hints = QGuiApplication.styleHints()
        if hasattr(hints, "setColorScheme"):  # since Qt 6.8; the windows' frames follow it
            hints.setColorScheme(CHOSEN[scheme])
        self._follow()

    def apply(self, scheme: Qt.ColorScheme) -> None:
        """Take on the light or the dark colours."""
        colours = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        if colours is self._colours:
            return
        self._colours = colours
        self._application.setPalette(_palette(self._colours))
        self._application.setStyleSheet(
            re.sub(r"@(\w+)", lambda found: self._colours[found[1]], self._source)
        )
        self.changed.emit()

    def colour(self, name: str) -> QColor:
        """Return a colour by its name in `LIGHT` and `DARK`."""
        return QColor(self._colours[name])

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """Return an icon of `resources/icons`, drawn in one of the colours."""
        drawing = (resources() / "icons" / f"{name}.svg").read_text("utf-8")
        renderer = QSvgRenderer(drawing.replace("#000000", self._colours[colour]).encode("utf-8"))
        icon = QIcon()
        for side in ICON_SIDES:
            pixmap = QPixmap(QSize(side, side))
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            if name in MIRRORED and QGuiApplication.isRightToLeft():
                painter.translate(side, 0)
                painter.scale(-1, 1)
            renderer.render(painter)
            painter.end()
            icon.addPixmap(pixmap)
        return icon

    def _follow(self) -> None:
        chosen = CHOSEN[self._chosen]
        self.apply(QGuiApplication.styleHints().colorScheme() if self._chosen == "system" else chosen)


def _palette(colours: dict[str, str]) -> QPalette:
    """Return a palette for what the style sheet does not reach (selection, links, dialogs)."""
    palette = QPalette(QColor(colours["window"]))
    roles = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "window",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.PlaceholderText: "subdued",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.ToolTipBase: "surface",
        QPalette.ColorRole.ToolTipText: "text",
    }
    for role, name in roles.items():
        palette.setColor(role, QColor(colours[name]))
    disabled = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(disabled, role, QColor(colours["subdued"]))
    return palette
