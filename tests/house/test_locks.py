"""The locks hold what pyproject.toml asks for, and nothing that ties them to one machine."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.sources import ROOT

SETS = {"runtime": (), "dev": ("dev",), "bench": ("dev", "bench")}


def locked(name: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{name}.lock").read_text(encoding="utf-8")
    return {
        canonicalize_name(found[1]): found[2] for found in re.finditer(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
    }


def asked(groups: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = list(project["project"]["dependencies"])
    for group in groups:
        lines += project["dependency-groups"][group]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", SETS)
def test_a_lock_holds_what_pyproject_asks_for(name: str) -> None:
    versions = locked(name)
    missing = [
        str(wanted)
        for wanted in asked(SETS[name])
        if not wanted.specifier.contains(versions.get(canonicalize_name(wanted.name), "0"), prereleases=True)
        or canonicalize_name(wanted.name) not in versions
    ]
    assert missing == [], "run: make lock"


def test_the_larger_lock_includes_the_smaller() -> None:
    assert locked("runtime").items() <= locked("dev").items() <= locked("bench").items()


@pytest.mark.parametrize("name", [*SETS, "tools"])
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / f"requirements/{name}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^[\w.-]+==[^\\\n]*$", text, re.MULTILINE), "a package without hashes"
