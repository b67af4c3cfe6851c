"""How full a class is, by the bands in data/class_sizes.toml, which also says where they come from."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from xianxue.organisations.choices import Stage


@dataclass(frozen=True)
class SizeBand:
    """A band of class sizes: from `least` pupils on. `code` is stable, `label` is shown."""

    code: str
    label: str
    least: int


@cache
def _data() -> dict[str, Any]:
    file = resources.files("xianxue.organisations").joinpath("data/class_sizes.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def size_bands() -> tuple[SizeBand, ...]:
    """The bands, smallest first."""
    return tuple(sorted((SizeBand(**band) for band in _data()["band"]), key=lambda band: band.least))


def class_size_band(pupils: int, stage: str) -> SizeBand | None:
    """The band of a class of so many pupils; None for an empty class and for kindergartens (no bands)."""
    if stage == Stage.KINDERGARTEN:
        return None
    fitting = [band for band in size_bands() if band.least <= pupils]
    return fitting[-1] if fitting else None


def standard_class_size(stage: str, grade: int) -> int:
    """The size for which a class of the stage and grade is planned (幼儿园工作规程 for kindergartens)."""
    if stage == Stage.KINDERGARTEN:
        sizes = {row["grade"]: row["most"] for row in _data()["kindergarten"]}
        return int(sizes.get(grade, max(sizes.values())))
    return int(_data()["standard"][stage])
