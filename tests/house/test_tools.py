"""The settings of tools hold no list of exceptions, and both readmes say the same commands."""

import re
import tomllib

from tests.house.sources import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def commands(readme: str) -> list[str]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    return re.findall(r"^    (make[^#\n]*?) *(?:#.*)?$", text, re.MULTILINE)


def test_import_contracts_have_no_exceptions() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in contracts if "ignore_imports" in contract] == []


def test_mypy_is_strict_for_all_of_xianxue() -> None:
    mypy = PYPROJECT["tool"]["mypy"]
    assert mypy["strict"] is True
    assert [override for override in mypy["overrides"] if "xianxue" in str(override["module"])] == []


def test_the_readmes_name_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh.md")
    assert commands("README.md")[0] == "make demo"
