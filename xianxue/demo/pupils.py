"""The pupils of an invented county, as columns: seats first, then families, then what the register asks for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from xianxue.demo.classes import SchoolClass
from xianxue.demo.families import Family, Households, group_children
from xianxue.demo.identity import IdNumbers
from xianxue.demo.names import name_book
from xianxue.demo.plan import Plan
from xianxue.demo.staff import Employee

_ENTRY_AGE: Final = {"kindergarten": 3, "primary": 6, "junior": 12, "senior": 15, "vocational": 15}
_NO_SIBLING_STAGE_TOWN: Final = frozenset({"senior", "vocational"})
SPECIAL_SCHOOL: Final = "514"
_DISABILITIES: Final = ("智力残疾", "听力残疾", "肢体残疾", "视力残疾", "言语残疾", "多重残疾")
_OTHER_PAPERS: Final = (
    ("护照", "E", "美国"),
    ("港澳居民来往内地通行证", "H", "中国香港"),
    ("台湾居民来往大陆通行证", "", "中国台湾"),
)


@dataclass(slots=True)
class Pupil:
    """What other parts of the county need to know about a pupil; the register's row is made from it."""

    seat: SchoolClass
    class_no: int
    male: bool
    born: date
    family: Family
    boards: bool
    name: str = ""
    id_kind: str | None = "居民身份证"
    id_number: str | None = None
    student_no: str | None = None
    nationality: str = "中国"
    disability: str | None = None
    hardship: str | None = None
    need: float = 1.0


@dataclass(slots=True)
class _Seats:
    """Parallel columns, one entry a seat."""

    seat: list[SchoolClass] = field(default_factory=list)
    class_no: list[int] = field(default_factory=list)
    born: list[int] = field(default_factory=list)
    town: list[str] = field(default_factory=list)
    twin: list[bool] = field(default_factory=list)


class Roll:
    """Invents the pupils of a county."""

    def __init__(self, plan: Plan, ids: IdNumbers, phones: Iterator[str], staff: Sequence[Employee]) -> None:
        self._plan, self._ids = plan, ids
        self._random = Random(f"{plan.seed}/pupils")
        self._households = Households(plan, ids, phones, staff)
        self._towns = sorted({school.town for school in plan.schools})

    def invent(self, classes: Sequence[SchoolClass]) -> list[Pupil]:
        """Return all pupils, class by class."""
        seats = self._take_seats(classes)
        families = self._families(seats)
        random, shares = self._random, self._plan.families
        pupils: list[Pupil] = []
        for at, (seat, class_no, born, family) in enumerate(
            zip(seats.seat, seats.class_no, seats.born, families, strict=True)
        ):
            boards = random.random() * 100 < seat.school.boarding.get(seat.stage, 0)
            pupil = Pupil(seat, class_no, random.random() < 0.53, date.fromordinal(born), family, boards)
            self._name(pupil, pupils[at - 1] if seats.twin[at] else None)
            self._number(pupil, shares.temporary_number, shares.no_id_number)
            self._background(pupil)
            pupils.append(pupil)
        self._repeat_names(pupils)
        return pupils

    def _take_seats(self, classes: Sequence[SchoolClass]) -> _Seats:
        random, seats, shares = self._random, _Seats(), self._plan.families
        others = [town for town in self._towns if town != self._plan.seat]
        for seat in classes:
            opens = date(seat.cohort - _ENTRY_AGE[seat.stage] - 1, 9, 1).toordinal()
            central = seat.school.town == self._plan.seat
            for class_no in range(1, seat.size + 1):
                twin = class_no > 1 and random.random() * 1000 < shares.twins / 2
                late = random.random() < 0.03
                seats.seat.append(seat)
                seats.class_no.append(class_no)
                seats.born.append(seats.born[-1] if twin else opens + random.randrange(365) - (365 if late else 0))
                away = others and (central or seat.stage in _NO_SIBLING_STAGE_TOWN) and random.random() < 0.35
                seats.town.append(seats.town[-1] if twin else random.choice(others) if away else seat.school.town)
                seats.twin.append(twin)
        return seats

    def _families(self, seats: _Seats) -> list[Family]:
        by_town: dict[str, list[int]] = defaultdict(list)
        for at, town in enumerate(seats.town):
            if not seats.twin[at]:
                by_town[town].append(at)
        families: dict[int, Family] = {}
        for town in self._towns:
            in_town = town == self._plan.seat
            chance = self._plan.families.siblings / 100
            for children in group_children(self._random, seats.born, by_town[town], chance):
                born = [seats.born[child] for child in children]
                family = self._households.found(town, in_town=in_town, eldest=min(born), youngest=max(born))
                family.only_child = len(children) == 1 and self._random.random() < 0.55
                families.update(dict.fromkeys(children, family))
        for at, twin in enumerate(seats.twin):
            if twin:
                families[at] = families[at - 1]
                families[at].only_child = False
        return [families[at] for at in range(len(seats.seat))]

    def _name(self, pupil: Pupil, twin: Pupil | None) -> None:
        family = pupil.family
        while not pupil.name or (twin and twin.name == pupil.name):
            pupil.name = name_book().full(
                self._random, family.child_surname, pupil.born.year, family.group, male=pupil.male
            )

    def _number(self, pupil: Pupil, temporary: int, without: int) -> None:
        """Give ID number and 学籍号: G with the ID number, L for new first-graders, J without an ID number.

        Kindergarten children have numbers of the same form from the pre-school system.
        """
        random = self._random
        first_grade = pupil.seat.stage == "primary" and pupil.seat.cohort == self._plan.year
        if random.random() * 1000 < without:
            pupil.id_kind = None
            if random.random() < 0.35:
                pupil.id_kind, letter, pupil.nationality = random.choice(_OTHER_PAPERS)
                pupil.id_number = f"{letter}{random.randrange(10**8):08d}"
            pupil.student_no = "J" + self._foreign_body(pupil)
            return
        pupil.id_number = self._ids.issue(pupil.family.area, pupil.born, male=pupil.male)
        if first_grade and random.random() * 100 < temporary:
            pupil.student_no = "L" + self._foreign_body(pupil)
        else:
            pupil.student_no = "G" + pupil.id_number

    def _foreign_body(self, pupil: Pupil) -> str:
        """Return a body by the coding rule of ID numbers that tells nothing about its bearer."""
        day = date(1999, 1, 1).toordinal() + self._random.randrange(365 * 20)
        return self._ids.issue(self._plan.outside_id_areas[0], date.fromordinal(day), male=not pupil.male)

    def _background(self, pupil: Pupil) -> None:
        random = self._random
        pupil.hardship = pupil.family.hardship
        if pupil.seat.school.type == SPECIAL_SCHOOL or random.random() < 0.003:
            pupil.disability = random.choice(_DISABILITIES)
            pupil.hardship = pupil.hardship or "CJ"
        elif random.random() < 0.0012:
            pupil.hardship = "LS"
        pupil.need = random.random() * 0.5 + (0.0 if pupil.hardship else 0.5)

    def _repeat_names(self, pupils: Sequence[Pupil]) -> None:
        """Give two children of one class the same name, in some classes, as happens."""
        by_class: dict[tuple[str, str, int, int], dict[str, Pupil]] = defaultdict(dict)
        for pupil in pupils:
            seat = pupil.seat
            key = (seat.school.code, seat.stage, seat.cohort, seat.number)
            surname = f"{pupil.family.child_surname}{pupil.male}"
            other = by_class[key].setdefault(surname, pupil)
            if other.family is pupil.family or "·" in pupil.name or "·" in other.name:
                continue
            if self._random.random() * 100 < self._plan.families.same_name / 15:
                pupil.name = other.name
