"""The systems of the house and the actions that they serve, as data: whatever an app declares belongs to one of them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

# Groups of the menu that are no actions of the county's account.
BASE = ("registers", "system")


@dataclass(frozen=True, slots=True)
class System:
    """One working part of the house; `action` is a key of `actions()`, empty for what stands above them all."""

    key: str
    action: str
    label: str


@cache
def _data() -> dict[str, Any]:
    text = resources.files("xianxue.kernel.ui").joinpath("data/systems.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def systems() -> dict[str, System]:
    """All systems by key, in the order of the menu."""
    return {row["key"]: System(**row) for row in _data()["system"]}


@cache
def groups() -> dict[str, str]:
    """Key → label of the five actions and of the two groups that follow them."""
    return {row["key"]: row["label"] for row in _data()["action"]}


@cache
def actions() -> dict[str, str]:
    """Key → label of the five actions of the county's account."""
    return {key: label for key, label in groups().items() if key not in BASE}


def action_of(system: str) -> str:
    """The action of a system; empty for those above them all, and for a key that no system has (a check names it)."""
    return systems()[system].action if system in systems() else ""
