"""What Sgraffito is, on what it stands, and under which licences."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QTextBrowser, QVBoxLayout, QWidget

from app.theme import Theme
from engine import __version__

INSIDE = (
    ("Python", "PSF-2.0"),
    ("Qt and PySide6-Essentials", "LGPL-3.0"),
    ("appdirs", "MIT"),
    ("nltk", "Apache-2.0"),
    ("numpy", "BSD-3-Clause"),
    ("open-clip-torch", "MIT"),
    ("pillow", "MIT-CMU"),
    ("pillow-heif (libheif, libde265)", "BSD-3-Clause (LGPL-3.0)"),
    ("pyspellchecker (its word lists)", "MIT"),
    ("rapidfuzz", "MIT"),
    ("safetensors", "Apache-2.0"),
    ("SQLAlchemy", "MIT"),
    ("SQLite", "public domain"),
    ("timm", "Apache-2.0"),
    ("tokenizers", "Apache-2.0"),
    ("torch", "BSD-3-Clause and others"),
    ("tqdm", "MPL-2.0 and MIT"),
    ("EfficientNet-Lite1 and Lite2, all-MiniLM-L6-v2 (the starting points of the model pack)", "Apache-2.0"),
)
PAPER = (
    "Haiwen Diao, Ying Zhang, Lin Ma, Huchuan Lu: Similarity Reasoning and Filtration for Image-Text "
    "Matching. AAAI 2021. https://arxiv.org/abs/2101.01368"
)
ICON_SIDE = 48
SIZE = (560, 680)


class AboutWindow(QDialog):
    """Version, method, and the licences of what is inside, as text that can be copied."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(self.tr("About Sgraffito"))
        self.resize(*SIZE)
        self._icon = QLabel()
        self.title = QLabel(self.tr("Sgraffito {version}").format(version=__version__))
        self.title.setObjectName("dialogTitle")
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.tr("About Sgraffito"))
        self.text.setOpenLinks(False)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setHtml(self._html())
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._icon)
        head.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        self._icon.setPixmap(theme.icon("sgraffito").pixmap(ICON_SIDE))

    def _html(self) -> str:
        sentences = (
            self.tr(
                "Sgraffito finds your photos by describing them. Everything happens on this computer, and no "
                "photo is ever changed."
            ),
            self.tr("Its closer look at a photo is SGRAF, a method by:"),
            PAPER,
            self.tr("Sgraffito is licensed under Apache-2.0. Inside it are:"),
        )
        # No table: with Shift and Page Down, Qt would look for the end of one for ever.
        rows = "".join(f"<li>{escape(name)}: {escape(licence)}</li>" for name, licence in INSIDE)
        card = self.tr(
            "What the model pack was trained on, and on which terms, is in Settings under Advanced."
        )
        paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        return f"{paragraphs}<ul>{rows}</ul><p>{escape(card)}</p>"
