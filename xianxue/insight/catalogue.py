"""The catalogue of published figures and the systems that own them, as data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from xianxue.kernel import indicators
from xianxue.kernel.indicators import Indicator
from xianxue.kernel.ui.systems import System


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


def read(name: str) -> dict[str, Any]:
    """A data file of this app."""
    return tomllib.loads(resources.files("xianxue.insight").joinpath(f"data/{name}").read_text(encoding="utf-8"))


@cache
def figures() -> tuple[Figure, ...]:
    """All figures, in the order of the county's account."""
    return tuple(Figure(**row) for row in read("figures.toml")["figure"])


def is_built(system: System) -> bool:
    """Whether anything that counts belongs to it."""
    return any(item.system == system.key for item in indicators.all())


def figure(figure_id: str) -> Figure | None:
    """The figure of that id, or None."""
    return next((item for item in figures() if item.id == figure_id), None)
