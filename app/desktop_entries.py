"""The programs that a Linux desktop knows, as its desktop entries tell of them.

Follows freedesktop.org's Desktop Entry and MIME Applications specifications, as far as
opening a photo needs them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_FILE_CODES = ("%f", "%F", "%u", "%U")


@dataclass(frozen=True, slots=True)
class Program:
    """A program that opens photos.

    Attributes:
        id: Name of its desktop entry ("org.gnome.eog.desktop").
        name: What people call it.
        icon: Name or path of its icon; "" where it has none.
        command: Program and arguments, with the entry's field codes.
        folder: Where it wants to run; "" for anywhere.
        entry: The entry's file.
    """

    id: str
    name: str
    icon: str
    command: tuple[str, ...]
    folder: str
    entry: Path


def programs(kinds: Iterable[str], environment: Mapping[str, str], locale: str) -> list[Program]:
    """Return the programs that open files of some kinds, those first that the user prefers.

    Args:
        kinds: MIME types of the file, the most exact first.
        environment: Tells where desktop entries are.
        locale: Of the names ("de_CH").
    """
    wanted = list(kinds)
    folders = _data_folders(environment)
    found: dict[str, Program | None] = {}  # None for an entry that hides those of the same name behind it
    added, removed, preferred = _associations(wanted, environment, folders)
    for folder in folders:
        for entry_id, file in _entries(folder / "applications"):
            if entry_id not in found:
                found[entry_id] = _program(entry_id, file, wanted, entry_id in added, locale)
    usable = [program for program in found.values() if program is not None and program.id not in removed]
    order = {entry_id: at for at, entry_id in reversed(list(enumerate(preferred)))}
    return sorted(usable, key=lambda program: (order.get(program.id, len(order)), program.name.casefold()))


def command_line(program: Program, path: str, url: str) -> list[str]:
    """Return a program's command line for one file, its field codes replaced.

    Args:
        program: The program.
        path: The file.
        url: The file, for a program that wants URLs.
    """
    files = {"%f": path, "%F": path, "%u": url, "%U": url}
    line: list[str] = []
    for argument in program.command:
        if argument == "%i":
            line += ["--icon", program.icon] if program.icon else []
            continue
        text = _replaced(argument, {**files, "%c": program.name, "%k": str(program.entry)})
        if text or not argument.startswith("%"):  # a code that stands for nothing leaves no argument
            line.append(text)
    if not any(code in argument for argument in program.command for code in _FILE_CODES):
        line.append(path)  # as GLib does: the entry says that it opens such files
    return line


def split_command(line: str) -> tuple[str, ...]:
    """Return the arguments of an Exec line, unquoted.

    Raises:
        ValueError: A quotation has no end.
    """
    arguments: list[str] = []
    current: str | None = None
    quoted = False
    characters = iter(line)
    for character in characters:
        if character == '"':
            quoted, current = not quoted, current or ""
        elif character == "\\":
            current = (current or "") + next(characters, "")
        elif character in " \t\n" and not quoted:
            if current is not None:
                arguments.append(current)
            current = None
        else:
            current = (current or "") + character
    if quoted:
        raise ValueError("a quotation has no end")
    return tuple(arguments if current is None else [*arguments, current])


def _program(entry_id: str, file: Path, kinds: Iterable[str], sure: bool, locale: str) -> Program | None:
    """Return the program of a desktop entry, or None where it is none for a photo of these kinds."""
    values = _group(file, "Desktop Entry")
    hidden = values.get("Hidden") == "true" or values.get("Terminal") == "true"
    fits = sure or not set(kinds).isdisjoint(_listed(values.get("MimeType", "")))
    if hidden or not fits or values.get("Type") != "Application":
        return None
    try:
        command = split_command(_unescaped(values.get("Exec", "")))
    except ValueError:
        return None
    needed = [_unescaped(values["TryExec"])] if values.get("TryExec") else []
    if not command or any(shutil.which(program) is None for program in [*needed, command[0]]):
        return None
    names = (f"Name[{locale}]", f"Name[{locale.split('_')[0]}]", "Name")
    name = next((values[key] for key in names if values.get(key)), entry_id)
    icon, folder = values.get("Icon", ""), values.get("Path", "")
    return Program(entry_id, _unescaped(name), _unescaped(icon), command, _unescaped(folder), file)


def _data_folders(environment: Mapping[str, str]) -> list[Path]:
    home = Path(environment.get("HOME") or "~").expanduser()
    own = environment.get("XDG_DATA_HOME") or home / ".local" / "share"
    shared = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(own), *(Path(part) for part in shared.split(":") if part)]


def _associations(
    kinds: Iterable[str], environment: Mapping[str, str], folders: Iterable[Path]
) -> tuple[list[str], set[str], list[str]]:
    """Return what the user's own settings add, remove and prefer, as names of desktop entries."""
    home = Path(environment.get("HOME") or "~").expanduser()
    own = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    shared = (environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    places = [own, *(Path(part) for part in shared if part), *(folder / "applications" for folder in folders)]
    added: list[str] = []
    removed: set[str] = set()
    preferred: list[str] = []
    for file in [place / "mimeapps.list" for place in places]:
        for group, take in (
            ("Default Applications", preferred.extend),
            ("Added Associations", added.extend),
            ("Removed Associations", removed.update),
        ):
            values = _group(file, group)
            for kind in kinds:
                take(_listed(values.get(kind, "")))
    return added, removed, [*preferred, *added]


def _entries(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield a folder's desktop entries with their names: "kde/okular.desktop" is "kde-okular.desktop"."""
    for file in sorted(folder.rglob("*.desktop")):
        yield "-".join(file.relative_to(folder).parts), file


def _group(file: Path, group: str) -> dict[str, str]:
    """Return the keys and values of one group of a file; nothing of one that can't be read."""
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    values: dict[str, str] = {}
    inside = False
    for line in lines:
        if line.startswith("["):
            inside = line.strip() == f"[{group}]"
        elif inside and "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            values.setdefault(key.strip(), value.strip())
    return values


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]


def _unescaped(value: str) -> str:
    parts: list[str] = []
    characters = iter(value)
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            parts.append(_ESCAPES.get(following, f"\\{following}"))
        else:
            parts.append(character)
    return "".join(parts)


def _replaced(argument: str, codes: Mapping[str, str]) -> str:
    """Return an argument with its field codes replaced; those that are unknown or old vanish."""
    parts: list[str] = []
    characters = iter(argument)
    for character in characters:
        if character != "%":
            parts.append(character)
            continue
        code = f"%{next(characters, '')}"
        parts.append("%" if code == "%%" else codes.get(code, ""))
    return "".join(parts)
