"""The settings' page on what the computer may be asked to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QThread
from PySide6.QtWidgets import QWidget

from app import phrases
from app.choice import Choice
from app.form import FormPage
from app.indexing import Indexing
from app.settings import Settings
from engine import Device


class SpeedPage(FormPage):
    """What computes, on how many cores, and when photos are read gently."""

    def __init__(self, settings: Settings, indexing: Indexing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._indexing = indexing
        gentle = (
            (self.tr("While on battery"), "battery"),
            (self.tr("Always"), "always"),
            (self.tr("Never"), "never"),
        )
        self.gentle = Choice(gentle, settings.gentle)
        self.gentle.currentIndexChanged.connect(self._choose_gentle)
        self.add_field(
            self.tr("Read photos gently"),
            self.gentle,
            note=self.tr("Takes about twice as long, and keeps the computer cool and quick."),
        )
        self.device = Choice(((self.tr("Automatic"), "auto"),), "auto")
        self.device.currentIndexChanged.connect(self._choose_device)
        self.add_field(self.tr("Compute on"), self.device)
        self.threads = Choice(self._core_counts(), settings.threads)
        self.threads.currentIndexChanged.connect(self._choose_threads)
        self.add_field(
            self.tr("Processor cores"),
            self.threads,
            note=self.tr("What you change in these two takes effect at the next start of Sgraffito."),
        )
        self.column.addStretch(1)

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Offer the devices of this machine, the one that is taken by itself first.

        A device that was chosen once and is gone stays the user's choice; meanwhile the
        automatic one is shown, because it is used.
        """
        with QSignalBlocker(self.device):
            self.device.clear()
            self.device.addItem(self.tr("Automatic ({device})").format(device=devices[0].label), "auto")
            for device in devices:
                self.device.addItem(device.label, device.name)
            self.device.setCurrentIndex(max(0, self.device.findData(self._settings.device)))

    def _core_counts(self) -> list[tuple[str, int | None]]:
        most = max(1, QThread.idealThreadCount(), self._settings.threads or 1)
        counts = [(phrases.number(count), count) for count in range(1, most + 1)]
        return [(self.tr("Automatic"), None), *counts]

    def _choose_gentle(self) -> None:
        self._settings.gentle = self.gentle.currentData()
        self._indexing.set_gentle(self.gentle.currentData())

    def _choose_device(self) -> None:
        self._settings.device = self.device.currentData()

    def _choose_threads(self) -> None:
        self._settings.threads = self.threads.currentData()
