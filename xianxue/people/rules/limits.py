"""Limits of time in the life of a record, from data/limits.toml, which also says where they come from."""

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Limit:
    """A limit with its source; `count` is of working days, months, years or times, as its name says."""

    count: int
    basis: str
    article: str
    is_checked: bool

    @property
    def source(self) -> str:
        """Document and article in one line; what has not been compared with the text says so."""
        return f"{self.basis}{f'（{self.article}）' if self.article else ''}"


@cache
def _data() -> dict[str, Any]:
    file = resources.files("xianxue.people").joinpath("data/limits.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def limit(name: str) -> Limit:
    """The limit of that name. Raises KeyError."""
    facts = dict(_data()[name])
    checked = {key: facts.pop(key) for key in ("basis", "article", "is_checked")}
    (count,) = facts.values()
    return Limit(count, **checked)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day (民法典 202)."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
