"""The pinned versions are within the ranges that the package promises, and complete."""

import re
import tomllib

from packaging.requirements import Requirement

from tests.packaging import PACKAGING

PINS = dict(re.findall(r"^([\w.-]+)==(\S+)$", (PACKAGING / "constraints.txt").read_text(), re.MULTILINE))
PROJECT = tomllib.loads((PACKAGING.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def required() -> list[Requirement]:
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in [*PROJECT["dependencies"], *extras]]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_requirement_is_pinned_within_its_range() -> None:
    wrong = [str(r) for r in required() if not r.specifier.contains(PINS.get(normal(r.name), "0"))]
    assert wrong == []


def test_torch_is_pinned_for_development_and_a_range_for_users() -> None:
    assert PINS["torch"] == "2.13.0"
    assert all(s.operator == ">=" for r in required() if r.name == "torch" for s in r.specifier)


def test_pins_are_exact_and_of_no_one_machine() -> None:
    lines = (PACKAGING / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if line and not re.fullmatch(r"#.*|[a-z0-9-]+==[\d.]+", line)] == []
