"""The audit of a built folder, on a small made-up one."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.packaging import load_script

audit = load_script("audit")

WEIGHTS = b"weights" * 100


def put(folder: Path, path: str, content: bytes | str = "x") -> Path:
    """Write a file of the built folder and return it."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built folder in which all is well."""
    folder = tmp_path / "sgraffito"
    for path in audit.REQUIRED:
        put(folder, path)
    promise = {"size": len(WEIGHTS), "sha256": hashlib.sha256(WEIGHTS).hexdigest()}
    put(folder, f"{audit.PACK}/heads.safetensors", WEIGHTS)
    put(folder, f"{audit.PACK}/manifest.json", json.dumps({"files": {"heads.safetensors": promise}}))
    put(folder, "_internal/torch/lib/libtorch_cpu.so", b"\0" * 5000)
    put(folder, "_internal/torch/testing/_comparison.py")
    return folder


def whats(findings: list[object]) -> str:
    return "\n".join(f"{f.path}: {f.what}" for f in findings)  # type: ignore[attr-defined]


def test_a_good_folder_has_no_findings(built: Path) -> None:
    assert audit.audit(built) == []


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("_internal/torchvision.libs/libcudart.faf08d9a.so.13", "a CUDA library"),
        ("_internal/torchvision.libs/libnvjpeg.36e11081.so.13", "a CUDA library"),
        ("_internal/torch/lib/libtorch_cuda.so", "a CUDA library"),
        ("_internal/torch/_inductor/kernel/flex.cu", "CUDA source"),
        ("_internal/torch/include/ATen/ATen.h", "a C or C++ header"),
        ("_internal/nltk/test/corpus.doctest", "a test"),
        ("_internal/timm/tests/__pycache__/test_models.pyc", "a test"),
        ("_internal/torch/lib/libtorchbind_test.so", "a test"),
        ("_internal/PySide6/Qt/translations/qtbase_de.qm", "a translation of Qt"),
        ("_internal/nltk_data/corpora/words.zip", "data of NLTK"),
        ("_internal/resources/library.db", "a user's file"),
        ("_internal/transformers/__init__.py", "transformers, which is for development"),
        ("_internal/scipy.libs/libscipy_openblas.so", "scipy, which is for development"),
    ],
)
def test_what_nobody_needs_is_found(built: Path, path: str, what: str) -> None:
    put(built, path)
    findings = audit.audit(built)
    assert {finding.path for finding in findings} == {path}
    assert what in whats(findings)


@pytest.mark.parametrize("path", audit.REQUIRED)
def test_what_is_missing_is_found(built: Path, path: str) -> None:
    (built / path).unlink()
    assert f"{path}: is missing" in whats(audit.audit(built))


def test_size_is_measured(built: Path) -> None:
    assert "0 MB in all, more than 0" in whats(audit.audit(built, budget_mb=0.001))
    assert audit.audit(built, budget_mb=0.01) == []


def test_a_large_file_is_found_unless_it_is_meant(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(built, "_internal/torch/lib/libother.so", b"\0" * 4000)
    monkeypatch.setattr(audit, "LARGEST_MB", 0.003)
    assert [f.path for f in audit.audit(built)] == ["_internal/torch/lib/libother.so"]


def test_links_must_stay_inside(built: Path) -> None:
    (built / "_internal" / "good.so").symlink_to("torch/lib/libtorch_cpu.so")
    (built / "_internal" / "lost.so").symlink_to("torch/lib/gone.so")
    (built / "_internal" / "out").symlink_to(built.parent)
    findings = audit.audit(built)
    assert [f.path for f in findings] == ["_internal/lost.so", "_internal/out"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_files_must_be_readable_by_all(built: Path) -> None:
    (built / audit.PACK / "heads.safetensors").chmod(0o600)
    assert whats(audit.audit(built)) == f"{audit.PACK}/heads.safetensors: can be read by its owner only"


def test_paths_of_the_building_machine_are_found_in_text_only(built: Path) -> None:
    put(built, "_internal/a/config.json", '{"from": "/home/ada/sgraffito"}')
    put(built, "_internal/a/code.so", "/home/ada/sgraffito")
    findings = audit.audit(built, private=["/home/ada", ""])
    assert whats(findings) == "_internal/a/config.json: names /home/ada"


def test_every_file_of_the_pack_is_checked(built: Path) -> None:
    weights = built / audit.PACK / "heads.safetensors"
    weights.write_bytes(WEIGHTS[:-1] + b"!")
    assert whats(audit.audit(built)) == f"{audit.PACK}/heads.safetensors: is damaged"
    weights.unlink()
    assert whats(audit.audit(built)) == f"{audit.PACK}/heads.safetensors: is missing from the model pack"


def test_sizes_are_counted_by_package(built: Path) -> None:
    put(built, "sgraffito", b"\0" * 10)
    put(built, "_internal/numpy/core.so", b"\0" * 30)
    put(built, "_internal/numpy.libs/libopenblas.so", b"\0" * 4)
    sizes = audit.sizes_by_package(built, audit.files_in(built))
    assert (sizes["sgraffito"], sizes["numpy"], sizes["torch"]) == (10, 34, 5001)


def test_modules_for_development_inside_the_program_are_found() -> None:
    findings = audit.unwanted_modules(["numpy.linalg", "sklearn.svm", "sklearn", "pytest", "test"])
    assert [finding.path for finding in findings] == ["pytest", "sklearn"]


def test_the_command_tells_sizes_and_findings(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main([str(built)]) == 0
    assert "MB  torch" in capsys.readouterr().out
    put(built, "_internal/pytest/__init__.py")
    assert audit.main([str(built)]) == 1
    told = capsys.readouterr()
    assert "audit: 1 findings" in told.out
    assert "_internal/pytest/__init__.py: belongs to pytest" in told.err


def test_the_machines_own_paths_are_known() -> None:
    assert str(Path(audit.__file__).parent.parent) in audit.machine_paths()
    assert "/" not in audit.machine_paths()
