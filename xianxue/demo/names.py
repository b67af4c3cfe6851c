"""Names for invented people, drawn from `data/names.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class _Pool:
    """Given names of one sex and decade."""

    single: str
    first: str
    second: str
    single_share: int

    def draw(self, random: Random) -> str:
        if random.random() * 100 < self.single_share:
            return random.choice(self.single)
        first, second = random.choice(self.first), random.choice(self.second)
        return first + second if first != second else first + self.single[0]


class NameBook:
    """All name material; a pure source, the caller brings the random numbers."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.address: dict[str, list[str]] = data["address"]
        self.misread: str = data["surnames"]["misread"]
        self._dotted = data["dotted"]
        self._surnames, self._cumulated = _weighted(
            {char: int(weight) for weight, chars in data["surnames"]["weights"].items() for char in chars}
            | data["surnames"]["compound"]
        )
        self._compound = frozenset(data["surnames"]["compound"])
        self._groups, self._group_weights = _weighted(data["ethnic"]["weights"])
        self._given = tuple(
            (
                entry["until"],
                *(_Pool(**entry[sex], single_share=entry["single_share"]) for sex in ("female", "male")),
            )
            for entry in data["given"]
        )

    def surnames(self, random: Random, count: int) -> list[str]:
        """Return surnames as common as they are among people."""
        return random.choices(self._surnames, cum_weights=self._cumulated, k=count)

    def surname_of(self, name: str) -> str:
        """Return the surname that a name of this book begins with."""
        return name[:2] if name[:2] in self._compound else name[0]

    def groups(self, random: Random, count: int) -> list[str]:
        """Return ethnic groups, nearly all Han."""
        return random.choices(self._groups, cum_weights=self._group_weights, k=count)

    def given(self, random: Random, year: int, *, male: bool) -> str:
        """Return a given name of the fashion of a birth year."""
        for until, female_pool, male_pool in self._given:
            if year <= until:
                pool: _Pool = male_pool if male else female_pool
                return pool.draw(random)
        raise ValueError(year)

    def full(self, random: Random, surname: str, year: int, group: str, *, male: bool) -> str:
        """Return a whole name; groups that put the father's name after a dot get that form."""
        if group == self._dotted["group"]:
            fathers: list[str] = self._dotted["father"]
            father = fathers[sum(map(ord, surname)) % len(fathers)]  # siblings have the same
            return f"{random.choice(self._dotted['male' if male else 'female'])}·{father}"
        return surname + self.given(random, year, male=male)


def _weighted(weights: dict[str, int]) -> tuple[list[str], list[int]]:
    return list(weights), list(accumulate(weights.values()))


@cache
def name_book() -> NameBook:
    """Return the book of names, read once."""
    return NameBook(tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8")))
