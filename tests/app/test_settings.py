from pathlib import Path

from PySide6.QtCore import QByteArray, QStandardPaths

from app.settings import Settings
from engine import data_folder


def test_first_start_proposes_the_pictures_folder(tmp_path):
    settings = Settings(tmp_path / "s.ini")
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    assert settings.last_folder == Path(pictures)
    assert settings.geometry.isEmpty()
    assert settings.splitter.isEmpty()


def test_values_survive_a_restart(tmp_path):
    settings = Settings(tmp_path / "s.ini")
    settings.geometry = QByteArray(b"\x00\xff geometry")
    settings.splitter = QByteArray(b"split")
    settings.last_folder = tmp_path
    settings.save()
    again = Settings(tmp_path / "s.ini")
    assert again.geometry == QByteArray(b"\x00\xff geometry")
    assert again.splitter == QByteArray(b"split")
    assert again.last_folder == tmp_path


def test_a_folder_that_is_gone_is_not_proposed(tmp_path):
    settings = Settings(tmp_path / "s.ini")
    settings.last_folder = tmp_path / "gone"
    assert settings.last_folder != tmp_path / "gone"


def test_a_damaged_file_reads_as_defaults(tmp_path):
    (tmp_path / "s.ini").write_text("[window]\ngeometry=nonsense\n[folders]\nlast=@Invalid()\n")
    settings = Settings(tmp_path / "s.ini")
    assert settings.geometry.isEmpty()
    assert settings.last_folder.name


def test_by_default_they_live_in_the_data_folder():
    settings = Settings()
    settings.geometry = QByteArray(b"here")
    settings.save()
    assert (data_folder() / "settings.ini").is_file()
