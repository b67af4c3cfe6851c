"""Families of an invented county: who lives with whom, and who answers for the children."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from xianxue.demo.identity import IdNumbers
from xianxue.demo.names import NameBook, name_book
from xianxue.demo.plan import Plan
from xianxue.demo.staff import Employee

# Why a family may be in need, with its frequency among those that are; the vocabulary is that of the aid office.
_HARDSHIPS: Final = (
    ("TP", 42), ("DB", 18), ("JC1", 5), ("JC2", 5), ("JC3", 3), ("DBB", 7), ("TK", 2), ("CJZ", 4), ("CZ", 5), ("TF", 3), ("QT", 6),
)  # fmt: skip
_IN_NEED: Final = 0.25
_SIBLING_GAP: Final = (300, 14 * 365)
_MOST_CHILDREN: Final = 4


@dataclass(frozen=True, slots=True)
class Guardian:
    """Someone who looks after a child; `answers` says whether the law calls them guardian."""

    name: str
    relation: str
    id_number: str
    phone: str
    answers: bool = True


@dataclass(slots=True)
class Family:
    """A household with children at school."""

    surname: str
    group: str
    area: str
    town: str
    address: str
    household_place: str
    rural: bool
    migrant: bool
    left_behind: bool = False
    orphaned: bool = False
    hardship: str | None = None
    guardians: list[Guardian] = field(default_factory=list)
    child_surname: str = ""
    only_child: bool = True


def group_children(random: Random, born: Sequence[int], children: list[int], chance: float) -> Iterator[list[int]]:
    """Yield lists of children who are siblings; `born` are ordinals, `chance` that the next child joins."""
    random.shuffle(children)
    nearest, farthest = _SIBLING_GAP
    family: list[int] = []
    for child in children:
        fits = family and len(family) < _MOST_CHILDREN and random.random() < chance
        if fits and all(nearest < abs(born[child] - born[other]) < farthest for other in family):
            family.append(child)
            continue
        if family:
            yield family
        family = [child]
    if family:
        yield family


class Households:
    """Invents families one by one."""

    def __init__(self, plan: Plan, ids: IdNumbers, phones: Iterator[str], staff: Sequence[Employee]) -> None:
        self._plan, self._ids, self._phones = plan, ids, phones
        self._random = Random(f"{plan.seed}/families")
        self._book: NameBook = name_book()
        self._codes, self._chances = zip(*_HARDSHIPS, strict=True)
        # Some teachers have children at school: the same person is then staff and guardian.
        parents = [person for person in staff if person.teaches and 1976 <= person.born.year <= 1992]
        self._parents = {
            male: [person for person in parents if person.male is male][: max(1, len(parents) // 12)]
            for male in (True, False)
        }

    def found(self, town: str, *, in_town: bool, eldest: int, youngest: int) -> Family:
        """Return a family of a township; the birth dates of its children (ordinals) decide how old parents are."""
        random, plan, shares = self._random, self._plan, self._plan.families
        migrant = in_town and random.random() * 100 < shares.migrant
        rural = not in_town or random.random() < 0.4
        family = Family(
            surname=self._book.surnames(random, 1)[0],
            group=self._book.groups(random, 1)[0],
            area=random.choice(plan.outside_id_areas if migrant else plan.id_areas),
            town=town,
            address=self._address(town, in_town=in_town),
            household_place=random.choice(self._book.address["outside"])
            if migrant
            else f"{plan.province.name}{plan.name}{town}",
            rural=rural,
            migrant=migrant,
        )
        if random.random() < _IN_NEED:
            family.hardship = random.choices(self._codes, self._chances)[0]
        self._appoint(family, eldest, youngest, away=shares.left_behind / (3 if in_town else 1))
        return family

    def _address(self, town: str, *, in_town: bool) -> str:
        random, words = self._random, self._book.address
        if in_town:
            return f"{town}{random.choice(words['roads'])}{random.randint(1, 320)}号{random.choice(words['estates'])}{random.randint(1, 28)}栋{random.randint(1, 3)}{random.randint(1, 12):02d}室"
        return f"{town}{random.choice(words['villages'])}{random.randint(1, 18)}组{random.randint(1, 160)}号"

    def _appoint(self, family: Family, eldest: int, youngest: int, *, away: float) -> None:
        """Give the family its guardians: two parents mostly, one, grandparents, or somebody else."""
        random, shares = self._random, self._plan.families
        father = self._parent(family, eldest, youngest, male=True)
        mother = self._parent(family, eldest, youngest, male=False)
        family.child_surname = family.surname
        if random.random() * 100 < shares.mother_surname and "·" not in mother.name:
            family.child_surname = self._book.surname_of(mother.name)
        draw = random.random() * 100
        if draw < shares.single_parent:
            family.guardians = [random.choice((father, mother))]
        elif draw < shares.single_parent + away:
            family.left_behind = True
            family.guardians = [self._grandparent(family, eldest), father]
        elif draw < shares.single_parent + away + shares.other_guardian:
            family.orphaned = True
            family.hardship = random.choice(("GE", "SS"))
            uncle = self._parent(family, eldest, youngest, male=random.random() < 0.5)
            family.guardians = [Guardian(uncle.name, "其他亲属", uncle.id_number, uncle.phone)]
        else:
            family.guardians = [father, mother] if random.random() < 0.6 else [mother, father]

    def _parent(self, family: Family, eldest: int, youngest: int, *, male: bool) -> Guardian:
        random = self._random
        relation = "父亲" if male else "母亲"
        colleague = self._colleague(family, eldest, male=male)
        if colleague:
            return Guardian(colleague.name, relation, colleague.id_number, colleague.phone)
        low, high = eldest - 39 * 365, min(eldest - 20 * 365, youngest - 21 * 365)
        born = date.fromordinal(random.randint(low, high))
        surname = family.surname if male else self._book.surnames(random, 1)[0]
        name = self._book.full(random, surname, born.year, family.group, male=male)
        return Guardian(name, relation, self._ids.issue(family.area, born, male=male), next(self._phones))

    def _colleague(self, family: Family, eldest: int, *, male: bool) -> Employee | None:
        """Return, once in a while, a teacher who fits as a parent; the children of a father bear his surname."""
        colleagues = self._parents[male]
        if not colleagues or family.migrant or self._random.random() >= 0.01:
            return None
        if date.fromordinal(eldest).year - colleagues[-1].born.year < 20 or "·" in colleagues[-1].name:
            return None
        colleague = colleagues.pop()
        if male:
            family.surname, family.group = self._book.surname_of(colleague.name), colleague.group
        return colleague

    def _grandparent(self, family: Family, eldest: int) -> Guardian:
        random = self._random
        male = random.random() < 0.45
        fathers_side = random.random() < 0.8
        born = date.fromordinal(eldest) - timedelta(days=random.randint(47 * 365, 66 * 365))
        surname = family.surname if male and fathers_side else self._book.surnames(random, 1)[0]
        relation = ("祖父" if male else "祖母") if fathers_side else ("外祖父" if male else "外祖母")
        name = self._book.full(random, surname, born.year, family.group, male=male)
        return Guardian(name, relation, self._ids.issue(family.area, born, male=male), next(self._phones))
