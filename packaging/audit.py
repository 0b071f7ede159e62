"""What is inside a built program folder, and what must not be: `python packaging/audit.py FOLDER`.

Prints the size of each package, then every finding; the exit code is 1 if there are any.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

MB = 1_000_000
BUDGET_MB = 780
LARGEST_MB = 60
LARGE_ON_PURPOSE = ("*libtorch_cpu*", "*torch_cpu.dll")
CONTENTS = "_internal"
PACK = f"{CONTENTS}/resources/models/sgraffito"
REQUIRED = (
    f"{PACK}/manifest.json",
    f"{PACK}/MODEL_CARD.md",
    f"{CONTENTS}/resources/style/app.qss",
    f"{CONTENTS}/open_clip/bpe_simple_vocab_16e6.txt.gz",
    f"{CONTENTS}/open_clip/model_configs/ViT-B-32.json",
    f"{CONTENTS}/LICENSE",
)
UNWANTED = {
    "a CUDA library": ("*libcud*", "*libcublas*", "*libnv*", "*nvidia*", "*_cuda*.so*", "*_cuda*.dll"),
    "CUDA source": ("*.cu", "*.cuh"),
    "a C or C++ header": ("*.h", "*.hpp"),
    "a test": ("*/test/*", "*/tests/*", "*/test_*.py", "*_test.so", "*_test.py"),
    "a translation of Qt": ("*/translations/*",),
    "data of NLTK": ("*/nltk_data/*",),
    "a user's file": ("*.db", "*.log", "*/.git/*", "*/__pycache__/*"),
}
UNWANTED_PACKAGES = frozenset(
    {
        "IPython",
        "PyInstaller",
        "_pytest",
        "coverage",
        "hypothesis",
        "importlinter",
        "matplotlib",
        "mypy",
        "pandas",
        "pip",
        "pytest",
        "pytestqt",
        "ruff",
        "scipy",
        "sentence_transformers",
        "setuptools",
        "skimage",
        "sklearn",
        "tensorboard",
        "tests",
        "tkinter",
        "transformers",
        "triton",
    }
)
TEXT = frozenset({".py", ".json", ".txt", ".md", ".cfg", ".toml", ".qss", ".svg", ".ini", ".conf", ""})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that should not be so.

    Attributes:
        path: The file, relative to the audited folder ("" for the whole).
        what: What is wrong with it.
    """

    path: str
    what: str


def files_in(folder: Path) -> list[str]:
    """Return the relative POSIX paths of all files and links, sorted."""
    return sorted(
        Path(place, name).relative_to(folder).as_posix()
        for place, folders, files in os.walk(folder)
        for name in [*files, *(f for f in folders if Path(place, f).is_symlink())]
    )


def sizes_by_package(folder: Path, paths: Iterable[str]) -> Counter[str]:
    """Return bytes by package: the first folder inside the contents folder, or the file itself."""
    sizes: Counter[str] = Counter()
    for path in paths:
        parts = [part for part in path.split("/") if part != CONTENTS]
        sizes[parts[0].removesuffix(".libs")] += (folder / path).lstat().st_size
    return sizes


def audit(folder: Path, *, budget_mb: float = BUDGET_MB, private: Sequence[str] = ()) -> list[Finding]:
    """Return everything that is wrong with a built folder.

    Args:
        folder: The folder, with the program and its contents folder.
        budget_mb: Largest size of the whole in megabytes.
        private: Paths of the building machine that must not occur in any text file.
    """
    paths = files_in(folder)
    total = sum((folder / path).lstat().st_size for path in paths)
    findings = [Finding(path, "is missing") for path in REQUIRED if path not in paths]
    if total > budget_mb * MB:
        findings.append(Finding("", f"{total / MB:.0f} MB in all, more than {budget_mb:.0f}"))
    findings += unwanted_files(paths)
    findings += oversized_files(folder, paths)
    findings += dangling_links(folder, paths)
    findings += private_files(folder, paths)
    findings += private_paths(folder, paths, private)
    findings += damaged_pack_files(folder / PACK)
    return sorted(findings)


def unwanted_files(paths: Iterable[str]) -> Iterator[Finding]:
    """Yield files that no program needs, and files of packages that this one doesn't."""
    for path in paths:
        for what, patterns in UNWANTED.items():
            if any(fnmatch(f"/{path}", pattern) for pattern in patterns):
                yield Finding(path, f"is {what}")
        package = path.removeprefix(f"{CONTENTS}/").split("/")[0].removesuffix(".libs")
        if package in UNWANTED_PACKAGES:
            yield Finding(path, f"belongs to {package}, which is for development")


def unwanted_modules(modules: Iterable[str]) -> Iterator[Finding]:
    """Yield the packages for development among the modules inside the program file."""
    found = {module.split(".")[0] for module in modules} & UNWANTED_PACKAGES
    yield from (Finding(name, "is inside the program, and is for development") for name in sorted(found))


def modules_inside(program: Path) -> list[str]:
    """Return the names of the modules that a frozen program carries in its own file."""
    from PyInstaller.archive.readers import CArchiveReader

    return list(CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz").toc)


def oversized_files(folder: Path, paths: Iterable[str]) -> Iterator[Finding]:
    """Yield files that are larger than any that we put there on purpose."""
    for path in paths:
        size = (folder / path).lstat().st_size
        if size > LARGEST_MB * MB and not any(fnmatch(path, pattern) for pattern in LARGE_ON_PURPOSE):
            yield Finding(path, f"is large: {size / MB:.0f} MB")


def dangling_links(folder: Path, paths: Iterable[str]) -> Iterator[Finding]:
    """Yield links that lead out of the folder, or nowhere."""
    inside = folder.resolve()
    for path in paths:
        link = folder / path
        if link.is_symlink() and not (link.exists() and link.resolve().is_relative_to(inside)):
            yield Finding(path, f"links to {link.readlink()}, which is not in the folder")


def private_files(folder: Path, paths: Iterable[str]) -> Iterator[Finding]:
    """Yield files that only the user who built the folder could read."""
    for path in paths:
        if os.name == "posix" and not (folder / path).lstat().st_mode & stat.S_IROTH:
            yield Finding(path, "can be read by its owner only")


def private_paths(folder: Path, paths: Iterable[str], private: Sequence[str]) -> Iterator[Finding]:
    """Yield text files that name a path of the machine they were built on."""
    needles = [text.encode() for text in private if len(text) > 1]
    for path in paths:
        if Path(path).suffix not in TEXT or not (folder / path).is_file():
            continue
        content = (folder / path).read_bytes()
        yield from (Finding(path, f"names {needle.decode()}") for needle in needles if needle in content)


def damaged_pack_files(pack: Path) -> Iterator[Finding]:
    """Yield files of the model pack that are not as its manifest promises."""
    manifest = pack / "manifest.json"
    promised = json.loads(manifest.read_text(encoding="utf-8"))["files"] if manifest.is_file() else {}
    for name, promise in promised.items():
        path = pack / name
        if not path.is_file():
            yield Finding(f"{PACK}/{name}", "is missing from the model pack")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != promise["sha256"]:
            yield Finding(f"{PACK}/{name}", "is damaged")


def machine_paths() -> list[str]:
    """Return the paths of this machine that a build could leak."""
    checkout = Path(__file__).resolve().parent.parent
    return sorted({str(checkout), sys.prefix, sys.base_prefix, str(Path.home())} - {"/", "/usr", "/root"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit the folder that the command line names."""
    parser = argparse.ArgumentParser(description="Audit a built program folder.")
    parser.add_argument("folder", type=Path, help="the built folder")
    parser.add_argument(
        "--budget-mb", type=float, default=BUDGET_MB, help="largest size (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    paths = files_in(options.folder)
    for package, size in sizes_by_package(options.folder, paths).most_common(20):
        print(f"{size / MB:8.1f} MB  {package}")
    print(f"{sum((options.folder / p).lstat().st_size for p in paths) / MB:8.1f} MB  in {len(paths)} files")
    findings = audit(options.folder, budget_mb=options.budget_mb, private=machine_paths())
    program = options.folder / "sgraffito"
    if program.is_file():
        findings += unwanted_modules(modules_inside(program))
    for finding in findings:
        print(f"{finding.path or options.folder}: {finding.what}", file=sys.stderr)
    print("audit: " + (f"{len(findings)} findings" if findings else "ok"))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
