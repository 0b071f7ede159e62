from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from app.settings import Settings
from engine import data_folder


def test_first_start_proposes_the_pictures_folder(tmp_path):
    settings = Settings(tmp_path / "s.ini")
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    assert settings.last_folder == Path(pictures)
    assert settings.export_folder == Path.home()
    assert settings.geometry.isEmpty()
    assert settings.splitter.isEmpty()


def test_first_start_leaves_the_choices_to_the_system(tmp_path):
    settings = Settings(tmp_path / "s.ini")
    assert (settings.scheme, settings.device, settings.threads) == ("system", "auto", None)
    assert settings.gentle == "battery"


def test_values_survive_a_restart(tmp_path):
    settings = Settings(tmp_path / "s.ini")
    settings.geometry = QByteArray(b"\x00\xff geometry")
    settings.splitter = QByteArray(b"split")
    settings.last_folder = tmp_path
    settings.export_folder = tmp_path / "Stick"
    (tmp_path / "Stick").mkdir()
    settings.scheme = "dark"
    settings.device = "cuda"
    settings.threads = 3
    settings.gentle = "always"
    settings.save()
    again = Settings(tmp_path / "s.ini")
    assert again.geometry == QByteArray(b"\x00\xff geometry")
    assert again.splitter == QByteArray(b"split")
    assert again.last_folder == tmp_path
    assert again.export_folder == tmp_path / "Stick"
    assert (again.scheme, again.device, again.threads, again.gentle) == ("dark", "cuda", 3, "always")


def test_a_choice_is_read_as_it_was_just_set(tmp_path):
    settings = Settings(tmp_path / "s.ini")
    for threads in (4, None, 1):
        settings.threads = threads
        assert settings.threads == threads


def test_a_folder_that_is_gone_is_not_proposed(tmp_path):
    settings = Settings(tmp_path / "s.ini")
    settings.last_folder = tmp_path / "gone"
    assert settings.last_folder != tmp_path / "gone"
    settings.export_folder = tmp_path / "gone"
    assert settings.export_folder == Path.home()


def test_a_damaged_file_reads_as_defaults(tmp_path):
    folders = "[folders]\nlast=@Invalid()\nexport=@Invalid()\n"
    (tmp_path / "s.ini").write_text(f"[window]\ngeometry=nonsense\n{folders}")
    settings = Settings(tmp_path / "s.ini")
    assert settings.geometry.isEmpty()
    assert settings.last_folder.name
    assert settings.export_folder == Path.home()


@pytest.mark.parametrize(
    "threads",
    ["0", "-1", "257", "4.5", "four", "٤", "1, 2", "@Invalid()", "99999999999999999999", '""'],
)
def test_a_number_of_threads_that_makes_no_sense_is_left_to_the_system(tmp_path, threads):
    (tmp_path / "s.ini").write_text(f"[speed]\nthreads={threads}\n", "utf-8")
    assert Settings(tmp_path / "s.ini").threads is None


def allowed(settings: Settings) -> bool:
    """Read everything; return whether each value is one that the program can use."""
    return (
        isinstance(settings.geometry, QByteArray)
        and isinstance(settings.splitter, QByteArray)
        and settings.last_folder.parts is not None
        and settings.export_folder.parts is not None
        and settings.scheme in ("system", "light", "dark")
        and settings.device in ("auto", "cpu", "cuda", "mps")
        and (settings.threads is None or 1 <= settings.threads <= 256)
        and settings.gentle in ("battery", "always", "never")
    )


KEYS = (
    "window/geometry",
    "folders/last",
    "folders/export",
    "look/scheme",
    "speed/device",
    "speed/threads",
    "speed/gentle",
)
VALUES = st.one_of(
    st.text(),
    st.integers(-(2**31), 2**31 - 1),
    st.booleans(),
    st.lists(st.text(max_size=5), max_size=3),
    st.binary(max_size=20).map(QByteArray),
)


@limits(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, VALUES)))
def test_values_of_any_kind_do_no_harm(tmp_path, values):
    file = tmp_path / "s.ini"
    store = QSettings(str(file), QSettings.Format.IniFormat)
    store.clear()
    for key, value in values.items():
        store.setValue(key, value)
    assert allowed(Settings(file))
    store.sync()
    assert allowed(Settings(file))


@limits(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.binary(max_size=200))
def test_a_file_of_any_bytes_does_no_harm(tmp_path, text):
    file = tmp_path / "s.ini"
    file.write_bytes(b"[speed]\nthreads=" + text)
    assert allowed(Settings(file))


def test_by_default_they_live_in_the_data_folder():
    settings = Settings()
    settings.geometry = QByteArray(b"here")
    settings.save()
    assert (data_folder() / "settings.ini").is_file()


@pytest.mark.parametrize(
    ("name", "first", "other"),
    [
        ("thumbnail", 184, 296),
        ("order", "newest", "name"),
        ("library_panel", True, False),
        ("library_width", 232, 300),
    ],
)
def test_how_the_library_is_browsed_is_kept(tmp_path, name, first, other):
    file = tmp_path / "settings.ini"
    settings = Settings(file)
    assert getattr(settings, name) == first
    setattr(settings, name, other)
    settings.save()
    assert getattr(Settings(file), name) == other


def test_damaged_settings_of_browsing_read_as_their_defaults(tmp_path):
    file = tmp_path / "settings.ini"
    file.write_text("[look]\nthumbnail=huge\norder=random\n[window]\nlibrary=7\nlibrary_width=-1\n", "utf-8")
    settings = Settings(file)
    assert (settings.thumbnail, settings.order) == (184, "newest")
    assert (settings.library_panel, settings.library_width) == (True, 232)


def test_how_sure_a_match_must_be_is_kept_and_a_damaged_value_is_the_middle(tmp_path):
    file = tmp_path / "settings.ini"
    settings = Settings(file)
    assert settings.strictness == "good"
    settings.strictness = "more"
    settings.save()
    assert Settings(file).strictness == "more"
    file.write_text("[search]\nstrictness=any\n", "utf-8")
    assert Settings(file).strictness == "good"
