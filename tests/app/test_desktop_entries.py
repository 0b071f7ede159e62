from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desktop_entries import Program, command_line, programs, split_command

PHOTO, URL = "/photos/a b.jpg", "file:///photos/a%20b.jpg"


class Desktop:
    """The folders of a Linux desktop, real ones."""

    def __init__(self, home: Path) -> None:
        self.own, self.shared, self.config = home / "own", home / "shared", home / "config"
        self.environment = {
            "HOME": str(home),
            "XDG_DATA_HOME": str(self.own),
            "XDG_DATA_DIRS": f"{self.shared}:{home / 'nowhere'}",
            "XDG_CONFIG_HOME": str(self.config),
            "XDG_CONFIG_DIRS": str(home / "etc"),
        }

    def add(self, name: str, *lines: str, folder: Path | None = None) -> None:
        file = (folder or self.shared) / "applications" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        usual = ["Type=Application", "Exec=/bin/true %f", "MimeType=image/jpeg;image/png;"]
        file.write_text("\n".join(["[Desktop Entry]", *lines, *usual]) + "\n[Desktop Action new]\nName=No\n")

    def prefer(self, text: str) -> None:
        self.config.mkdir(exist_ok=True)
        (self.config / "mimeapps.list").write_text(text)

    def names(self, *kinds: str, locale: str = "en_US") -> list[str]:
        found = programs(kinds or ["image/jpeg"], self.environment, locale)
        return [program.name for program in found]


@pytest.fixture
def desktop(tmp_path) -> Desktop:
    return Desktop(tmp_path)


def program(*command: str, icon: str = "eye") -> Program:
    return Program("eye.desktop", "Eye", icon, command, "", Path("/apps/eye.desktop"))


def test_programs_that_open_the_kind_are_found_by_name(desktop):
    desktop.add("b.desktop", "Name=Beta")
    desktop.add("a.desktop", "Name=alpha")
    desktop.add("kde/c.desktop", "Name=Gamma")
    desktop.add("text.desktop", "Name=Text", "MimeType=text/plain;")
    assert desktop.names() == ["alpha", "Beta", "Gamma"]
    assert desktop.names("text/plain") == ["Text"]
    assert desktop.names("image/heic") == []


def test_what_is_no_program_for_a_window_is_left_out(desktop):
    desktop.add("terminal.desktop", "Name=Terminal", "Terminal=true")
    desktop.add("link.desktop", "Name=Link", "Type=Link")
    desktop.add("gone.desktop", "Name=Gone", "Exec=/nowhere/gone %f")
    desktop.add("try.desktop", "Name=Try", "TryExec=/nowhere/try")
    desktop.add("open.desktop", "Name=Open quotation", 'Exec="/bin/true %f')
    desktop.add("none.desktop", "Name=No command", "Exec=")
    (desktop.shared / "applications" / "bytes.desktop").write_bytes(b"\xff\xfe\x00")
    (desktop.shared / "applications" / "folder.desktop").mkdir()
    assert desktop.names() == []


def test_only_the_first_entry_of_a_name_counts(desktop):
    desktop.add("a.desktop", "Name=Theirs")
    desktop.add("b.desktop", "Name=Hidden by the user")
    desktop.add("a.desktop", "Name=Mine", folder=desktop.own)
    desktop.add("b.desktop", "Name=B", "Hidden=true", folder=desktop.own)
    assert desktop.names() == ["Mine"]


def test_names_are_in_the_user_s_language(desktop):
    desktop.add("a.desktop", "Name=Photos", "Name[de]=Fotos", "Name[de_CH]=Fötteli")
    assert desktop.names(locale="de_CH") == ["Fötteli"]
    assert desktop.names(locale="de_AT") == ["Fotos"]
    assert desktop.names(locale="fr_FR") == ["Photos"]


def test_the_user_s_own_associations_come_first(desktop):
    for name in ("a", "b", "c", "d"):
        desktop.add(f"{name}.desktop", f"Name={name}")
    desktop.add("gimp.desktop", "Name=Gimp", "MimeType=image/x-xcf;")
    desktop.prefer(
        "[Default Applications]\nimage/jpeg=c.desktop;\n"
        "[Added Associations]\nimage/jpeg=gimp.desktop;b.desktop;\n"
        "[Removed Associations]\nimage/jpeg=d.desktop;\n"
    )
    assert desktop.names() == ["c", "Gimp", "b", "a"]


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("eye %f", ("eye", "%f")),
        ('"/opt/my eye/eye"  --new "a \\"b\\" \\$c" %U', ("/opt/my eye/eye", "--new", 'a "b" $c', "%U")),
        ('eye ""', ("eye", "")),
        ("", ()),
    ],
)
def test_a_command_is_split_as_its_quotation_says(line, arguments):
    assert split_command(line) == arguments


@given(st.lists(st.text(st.characters(exclude_categories=("C",)), min_size=1)))
def test_what_is_quoted_comes_back(arguments):
    quoted = [
        '"' + "".join(f"\\{c}" if c in '"`$\\' else c for c in argument) + '"' for argument in arguments
    ]
    assert split_command(" ".join(quoted)) == tuple(arguments)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (("eye", "%f"), ["eye", PHOTO]),
        (("eye", "%F"), ["eye", PHOTO]),
        (("eye", "%u"), ["eye", URL]),
        (("eye", "--open=%U", "-x"), ["eye", f"--open={URL}", "-x"]),
        (("eye", "%i", "%f"), ["eye", "--icon", "eye", PHOTO]),
        (("eye", "--title", "%c", "%k", "%f"), ["eye", "--title", "Eye", "/apps/eye.desktop", PHOTO]),
        (("eye", "100%%", "%f"), ["eye", "100%", PHOTO]),
        (("eye", "%m", "%d", "%f"), ["eye", PHOTO]),
        (("eye", "", "%f"), ["eye", "", PHOTO]),
        (("eye", "--all"), ["eye", "--all", PHOTO]),
        (("run", "@@u", "%U", "@@"), ["run", "@@u", URL, "@@"]),
    ],
)
def test_field_codes_are_replaced(command, line):
    assert command_line(program(*command), PHOTO, URL) == line


def test_a_program_without_an_icon_gets_none():
    assert command_line(program("eye", "%i", "%f", icon=""), PHOTO, URL) == ["eye", PHOTO]
