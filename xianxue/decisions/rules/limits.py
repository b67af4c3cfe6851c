"""Limits of time of findings and letters, from data/limits.toml, which also says where they come from."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from xianxue.kernel.procedures import Basis, Days


@cache
def _data() -> dict[str, Any]:
    file = resources.files("xianxue.decisions").joinpath("data/limits.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def days(name: str) -> Days:
    """A limit in working days, as the limit of a step. Raises KeyError."""
    return Days(_data()[name]["working_days"], _data()[name]["basis"])


def basis(name: str) -> Basis:
    """The source of a limit as the basis of a procedure. Raises KeyError."""
    return Basis(_data()[name]["basis"], is_checked=_data()[name]["is_checked"])
