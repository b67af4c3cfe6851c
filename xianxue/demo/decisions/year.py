"""Which proposals the public schools put forward in the year: two or three each, in every phase, one plant in 25 of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from xianxue.decisions.choices import Category
from xianxue.decisions.models import CatalogueEntry, RuleSet
from xianxue.decisions.rules.book import RuleBook
from xianxue.demo.decisions.lawful import Bundle, Wanted, lawful
from xianxue.demo.decisions.plants import PLANTS, Plant
from xianxue.demo.decisions.rosters import Team
from xianxue.kernel.procedures.calendar import add_working_days
from xianxue.meetings.choices import BodyKind

PROPOSALS_OF_FOUR_SCHOOLS: Final = 11
# Phase → how many of a hundred proposals stand there on the year's last day, and on which day those were put forward.
UNDER_WAY: Final[Mapping[str, tuple[int, tuple[int, int]]]] = {
    "proposed": (4, (12, 27)),
    "preparing": (6, (12, 20)),
    "tabled": (4, (12, 13)),
    "decided": (4, (12, 4)),
    "published": (4, (12, 2)),
    "executing": (7, (11, 11)),
    "done": (5, (11, 4)),
}
LATE_SINCE: Final = (9, 12)
"""When a proposal that is done and should have been archived long ago was put forward."""
SUPPLIERS: Final = (
    "宏业建筑有限公司",
    "启明教育装备有限公司",
    "清源后勤服务有限公司",
    "诚信印务有限公司",
    "绿苑园林有限公司",
)


@dataclass(frozen=True)
class Made:
    """A proposal of the year; `plant` where something is wrong with it."""

    bundle: Bundle
    plant: Plant | None = None


@dataclass(frozen=True)
class Slot:
    """A place in the year: whose, the how-manieth, how far, from when."""

    team: Team
    place: int
    phase: str
    on: date
    plant: Plant | None = None


def year_of(
    teams: Sequence[Team], entries: Mapping[int, Sequence[CatalogueEntry]], rule_set: RuleSet, year: int, seed: str
) -> Iterator[Made]:
    """Every proposal of the year. `entries`: school → the entries of its list in force.

    A county with fewer schools has fewer proposals, and as many of the plants as there is room for, from the first on.
    """
    book = RuleBook.of(rule_set.version, rule_set.rules)
    random = Random(f"{seed}/decisions")
    for slot in _slots(teams, entries, year, random):
        entry = _entry(slot, entries[slot.team.school.pk], random)
        bundle = lawful(_wanted(slot, entry, rule_set, book, year, random))
        if slot.plant:
            slot.plant.spoil(bundle)
        yield Made(bundle, slot.plant)


def _slots(
    teams: Sequence[Team], entries: Mapping[int, Sequence[CatalogueEntry]], year: int, random: Random
) -> Iterator[Slot]:
    count = len(teams) * PROPOSALS_OF_FOUR_SCHOOLS // 4
    places = [(team, number // len(teams) + 1) for number, team in zip(range(count), _around(teams), strict=False)]
    plants = list(_housed(places, entries))
    free = [place for place in places if place not in [housed for housed, _plant in plants]]
    for (team, place), plant in plants:
        yield Slot(team, place, plant.phase, _planted_on(plant, year, random), plant)
    for phase, (many, (month, day)) in UNDER_WAY.items():
        taken, free = free[: many * count // 100], free[many * count // 100 :]
        for team, place in taken:
            yield Slot(team, place, phase, _working(date(year, month, day)))
    for team, place in free:
        yield Slot(team, place, "archived", _working(date(year, 2, 26) + timedelta(days=random.randrange(160))))


def _around(teams: Sequence[Team]) -> Iterator[Team]:
    while True:
        yield from teams


def _housed(
    places: Sequence[tuple[Team, int]], entries: Mapping[int, Sequence[CatalogueEntry]]
) -> Iterator[tuple[tuple[Team, int], Plant]]:
    """A place for every plant: the first free one whose school has an entry and a body that fit."""
    free = list(places)
    for plant in PLANTS:
        for place in free:
            team = place[0]
            is_large = len(team.seats[BodyKind.PARTY]) >= plant.least
            if is_large and any(plant.fits(entry) for entry in entries[team.school.pk]):
                free.remove(place)
                yield place, plant
                break


def _planted_on(plant: Plant, year: int, random: Random) -> date:
    if plant.phase == "executing":
        return _working(date(year, 10, 14))
    if plant.phase == "done":
        return _working(date(year, *LATE_SINCE))
    return _working(date(year, 3, 4) + timedelta(days=random.randrange(120)))


def _working(day: date) -> date:
    return add_working_days(add_working_days(day, 1), -1)


def _entry(slot: Slot, entries: Sequence[CatalogueEntry], random: Random) -> CatalogueEntry:
    fitting = [entry for entry in entries if slot.plant is None or slot.plant.fits(entry)]
    if slot.phase == "decided":
        # What is decided and waits for nothing: not yet begun, and not to be made public first.
        fitting = [entry for entry in fitting if not entry.publication_days] or fitting
    if slot.phase == "published" or (slot.phase == "done" and slot.plant is None):
        # Two meetings and a publication: then the days are those that the phase was dated for.
        fitting = [entry for entry in fitting if entry.publication_days and len(entry.chain) == 2] or fitting
    return random.choice(fitting)


def _wanted(slot: Slot, entry: CatalogueEntry, rule_set: RuleSet, book: RuleBook, year: int, random: Random) -> Wanted:
    with_money = entry.category in {Category.PROJECT, Category.FUNDS}
    least = entry.threshold_fen or book.thresholds["default"]
    return Wanted(
        team=slot.team,
        entry=entry,
        rule_set=rule_set,
        book=book,
        number=f"{year}-{slot.place:03d}",
        title=entry.name,
        on=slot.on,
        phase=slot.phase,
        amount_fen=least + random.randrange(1, 60) * 100_000 if with_money else None,
        supplier=random.choice(SUPPLIERS) if with_money else "",
    )
