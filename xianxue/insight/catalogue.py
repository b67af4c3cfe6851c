"""The catalogue of published figures and the systems that own them, as data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from xianxue.kernel import indicators
from xianxue.kernel.indicators import Indicator

HIDDEN_ACTION = ""


@dataclass(frozen=True)
class Figure:
    """One figure that the county publishes; whether there are records behind it is computed, not written."""

    id: str
    system: str
    action: str
    label: str
    unit: str
    wording: str
    direction: str = ""

    @property
    def indicator(self) -> Indicator | None:
        """The indicator that delivers it, once its system is built."""
        return indicators.by_figure().get(self.id)


@dataclass(frozen=True)
class System:
    """One of the working parts of the house, under the action it serves."""

    key: str
    action: str
    label: str

    @property
    def is_built(self) -> bool:
        """Whether anything that counts belongs to it."""
        return any(item.system == self.key for item in indicators.all())


def read(name: str) -> dict[str, Any]:
    """A data file of this app."""
    return tomllib.loads(resources.files("xianxue.insight").joinpath(f"data/{name}").read_text(encoding="utf-8"))


@cache
def figures() -> tuple[Figure, ...]:
    """All figures, in the order of the county's account."""
    return tuple(Figure(**row) for row in read("figures.toml")["figure"])


@cache
def systems() -> dict[str, System]:
    """All systems by key, in order."""
    return {row["key"]: System(**row) for row in read("systems.toml")["system"]}


@cache
def actions() -> dict[str, str]:
    """The five actions: key → label."""
    return {row["key"]: row["label"] for row in read("systems.toml")["action"]}


def figure(figure_id: str) -> Figure | None:
    """The figure of that id, or None."""
    return next((item for item in figures() if item.id == figure_id), None)
