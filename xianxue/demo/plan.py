"""A county's year as data: what `data/*.toml` says, checked, and cut down to a smaller county on request."""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import ceil
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from xianxue.demo.names import DATA


class Part(BaseModel):
    """A part of the plan: immutable, and strict about keys, so that a slip of the pen in a data file is found."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def but(self, **changes: Any) -> Self:
        """Return a copy with some values replaced."""
        return self.model_copy(update=changes)


class Area(Part):
    """A province or city above the county."""

    name: str
    code: str


class SchoolPlan(Part):
    """One school or kindergarten; `pupils` by stage, `boarding` the boarders in a hundred by stage."""

    code: str
    name: str
    short: str
    type: str
    locality: str
    town: str
    pupils: dict[str, int]
    class_size: int
    opened: date
    boarding: dict[str, int] = {}
    private: bool = False

    @property
    def kind(self) -> tuple[str, str, bool]:
        """What a smaller county must keep at least one of."""
        return self.type, self.locality, self.private


class Counts(Part):
    """Whole-county numbers; `teachers` are those of the staff who teach."""

    pupils: int
    staff: int
    teachers: int


class TermPlan(Part):
    """A term and the day from which its aid was paid; no aid where there is no such day."""

    code: str
    starts_on: date
    ends_on: date
    paid_on: date | None = None


class Families(Part):
    """Shares in a hundred, unless the data file says otherwise."""

    siblings: int
    twins: int
    single_parent: int
    left_behind: int
    other_guardian: int
    migrant: int
    mother_surname: int
    temporary_number: int
    no_id_number: int
    same_name: int


class Layouts(Part):
    """How many schools in a hundred send which kind of file."""

    national: int
    school: int
    csv: int
    dirty: int


class Rate(Part):
    """What a line of the rate card pays per pupil and term, from one term until another (both included)."""

    yuan: Decimal
    valid_from: str = Field(default="", alias="from")
    valid_until: str = Field(default="", alias="until")


class AidLine(Part):
    """One line of the rate card and how often it was paid, by term."""

    programme: str
    stages: list[str]
    rates: list[Rate]
    counts: dict[str, int]
    tier: str = ""
    boarding: bool | None = None
    school_types: list[str] = []

    def fen(self, terms: Sequence[str], term: str) -> int:
        """Return the amount in 分 for a term; `terms` are the codes in order of time."""
        at = terms.index(term)
        for rate in self.rates:
            starts = terms.index(rate.valid_from) if rate.valid_from else 0
            ends = terms.index(rate.valid_until) if rate.valid_until else len(terms)
            if starts <= at <= ends:
                return int(rate.yuan * 100)
        message = f"{self.programme}: no rate for {term}"
        raise ValueError(message)


class AidPlan(Part):
    """The rate card with its source, and the year's grants."""

    source: str
    lines: list[AidLine]


class ProjectPlan(Part):
    """One capital project; `gate` is the last of the fourteen gates reached at the end of the year."""

    code: str
    name: str
    owner: str
    kind: str
    budget_wan: int
    listed: str
    gate: int
    funding: str
    livelihood: bool = False
    places: int = 0
    delivery: date | None = None


class Member(Part):
    """Someone a visitor may sign in as; `school` is a short name, a class is named by stage and cohort."""

    username: str
    name: str
    role: str
    title: str
    school: str = ""
    stage: str = ""
    cohort: int = 0


class Cast(Part):
    """The people of the demonstration, one for each role and two for registrars."""

    members: list[Member]


class Plan(Part):
    """A county and its year."""

    name: str
    short: str
    code: str
    province: Area
    city: Area
    bureau: str
    year: int
    seed: str
    id_areas: list[str]
    outside_id_areas: list[str]
    postcode: str
    seat: str
    schools: list[SchoolPlan]
    projects: list[ProjectPlan]
    counts: Counts
    terms: list[TermPlan]
    families: Families
    layouts: Layouts
    aid: AidPlan
    funding: dict[str, dict[str, int]]
    cast: Cast
    scale: float = 1.0

    @model_validator(mode="after")
    def check(self) -> Self:
        """Refuse a plan whose parts contradict one another."""
        planned = sum(sum(school.pupils.values()) for school in self.schools)
        if planned != self.counts.pupils:
            message = f"schools hold {planned} pupils, counts.pupils says {self.counts.pupils}"
            raise ValueError(message)
        shorts = {school.short for school in self.schools}
        unknown = {project.owner for project in self.projects} | {member.school for member in self.cast.members}
        if unknown := unknown - shorts - {""}:
            message = f"no such school: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        for shares in self.funding.values():
            if sum(shares.values()) != 100:
                message = f"funding shares {shares} do not make a whole"
                raise ValueError(message)
        return self

    @cached_property
    def term_codes(self) -> list[str]:
        """Codes of the terms in order of time."""
        return [term.code for term in self.terms]

    def school(self, short: str) -> SchoolPlan:
        """Return the school of a short name."""
        return next(school for school in self.schools if school.short == short)


def load(name: str, *, scale: float = 1.0) -> Plan:
    """Return the plan of `data/<name>.toml`; a scale below 1 keeps every kind of thing and all proportions.

    Raises ValueError for a scale that is not in (0, 1], FileNotFoundError for an unknown name.
    """
    if not 0 < scale <= 1:
        message = f"scale must lie between 0 and 1, not {scale}"
        raise ValueError(message)
    plan = Plan.model_validate(tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8")))
    return plan if scale == 1 else _scaled(plan, scale)


def shared_out(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Return whole numbers that sum to `total`, in proportion to the weights, none below `least`.

    Largest remainders get what rounding leaves over; `total` grows where the minima need more.
    """
    whole = sum(weights) or 1
    exact = [total * weight / whole for weight in weights]
    parts = [max(least, int(value)) for value in exact]
    behind = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in behind[: max(0, total - sum(parts))]:
        parts[at] += 1
    while sum(parts) > max(total, least * len(parts)):
        parts[parts.index(max(parts))] -= 1
    return parts


def _scaled(plan: Plan, scale: float) -> Plan:
    """Return the same county in small."""
    schools = _smaller_schools(plan, scale)
    shorts = {school.short for school in schools}
    projects = [
        project.but(owner=project.owner if project.owner in shorts else "")
        for project in _some(plan.projects, scale, key=lambda project: (project.livelihood, project.delivery))
    ]
    lines = [
        line.but(counts={term: max(1, round(count * scale)) for term, count in line.counts.items()})
        for line in plan.aid.lines
    ]
    teachers = max(2 * len(schools), round(plan.counts.teachers * scale))
    counts = Counts(
        pupils=sum(sum(school.pupils.values()) for school in schools),
        staff=max(teachers + len(schools), round(plan.counts.staff * scale)),
        teachers=teachers,
    )
    return plan.but(schools=schools, projects=projects, counts=counts, aid=plan.aid.but(lines=lines), scale=scale)


def _smaller_schools(plan: Plan, scale: float) -> list[SchoolPlan]:
    named = {member.school for member in plan.cast.members}
    kept = _some(plan.schools, scale, key=lambda school: school.kind, always=lambda school: school.short in named)
    pupils: dict[str, dict[str, int]] = {school.code: {} for school in kept}
    for stage in sorted({stage for school in plan.schools for stage in school.pupils}):
        whole = sum(school.pupils.get(stage, 0) for school in plan.schools)
        hosts = [school for school in kept if stage in school.pupils]
        parts = shared_out(round(whole * scale), [school.pupils[stage] for school in hosts], least=12)
        for school, part in zip(hosts, parts, strict=True):
            pupils[school.code][stage] = part
    return [school.but(pupils=pupils[school.code]) for school in kept]


def _some(items: Iterable[Any], scale: float, *, key: Any, always: Any = lambda _item: False) -> list[Any]:
    """Return a share of the items in their order, at least the first of every kind, and those asked for always."""
    items = list(items)
    firsts = {key(item): at for at, item in reversed(list(enumerate(items)))}
    kept = set(firsts.values()) | {at for at, item in enumerate(items) if always(item)}
    wanted = ceil(len(items) * scale)
    for at in range(len(items)):
        if len(kept) >= wanted:
            break
        kept.add(at)
    return [items[at] for at in sorted(kept)]
