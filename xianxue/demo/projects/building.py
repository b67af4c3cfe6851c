"""The capital projects of an invented county: money by source, and which of the fourteen gates were reached when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any, Final

from xianxue.demo.plan import Plan, ProjectPlan, shared_out

# The fourteen gates (government investment rules of 2019, as counties run them) and the usual months from the first.
_MONTHS_TO_GATE: Final = (0.0, 0.7, 1.5, 2.3, 3.2, 4.2, 5.5, 6.5, 7.0, 10.0, 16.0, 17.0, 20.0, 24.0)
_DELIVERED: Final = 12
_LATE: Final = 0.16
# How much of the approved sum has been received and paid once a gate is reached, in hundredths.
_RECEIVED: Final = (0, 0, 5, 10, 15, 25, 40, 50, 60, 75, 88, 92, 95, 100)
_PAID: Final = (0, 0, 0, 1, 2, 3, 5, 20, 25, 60, 82, 87, 95, 97)
# Physical progress that the owner reports.
_BUILT: Final = (0, 0, 0, 0, 0, 0, 0, 0, 8, 70, 96, 100, 100, 100)


@dataclass(frozen=True, slots=True)
class Project:
    """A project with its rows for the three sheets."""

    plan: ProjectPlan
    row: dict[str, Any]
    money: list[dict[str, Any]]
    gates: list[dict[str, Any]]


def build_projects(plan: Plan) -> list[Project]:
    """Return the projects of the plan, gate dates and money lines filled in."""
    return [_project(plan, project) for project in plan.projects]


def _project(plan: Plan, project: ProjectPlan) -> Project:
    random = Random(f"{plan.seed}/projects/{project.code}")
    gates = list(_gates(plan, project, random))
    row = {
        "code": project.code,
        "name": project.name,
        "unit": plan.school(project.owner).code if project.owner else plan.code,
        "kind": project.kind,
        "is_livelihood": "是" if project.livelihood else "否",
        "approved_fen": project.budget_wan * 10_000 * 100,
        "places": project.places or None,
        "delivery_on": project.delivery,
        "built": _BUILT[project.gate - 1],
        "listed_on": gates[0]["reached_on"],
    }
    return Project(project, row, list(_money(plan, project)), gates)


def _gates(plan: Plan, project: ProjectPlan, random: Random) -> Iterator[dict[str, Any]]:
    """Yield the fourteen gates; those reached lie between the listing and the end of the year, in order."""
    year, month = map(int, project.listed.split("-"))
    first = date(year, month, random.randint(3, 25))
    reached = _reached(first, project, date(plan.year, 12, 20), random.uniform(0.9, 1.25))
    planned = [*_planned_past(project, reached, random), *_planned_ahead(plan, project, reached[-1], random)]
    for at, day in enumerate(planned):
        yield {
            "project": project.code,
            "gate": at + 1,
            "planned_on": day,
            "reached_on": reached[at] if at < len(reached) else None,
        }


def _reached(first: date, project: ProjectPlan, latest: date, pace: float) -> list[date]:
    """Return the days on which the gates were reached: at the project's own pace, through the delivery where there was
    one, and none later than `latest`.
    """
    days = [months * 30.4 * pace for months in _MONTHS_TO_GATE[: project.gate]]
    knots = [(0, first)]
    if project.delivery and project.gate >= _DELIVERED:
        knots.append((_DELIVERED - 1, project.delivery))
    at, day = knots[-1]
    if at < project.gate - 1:
        knots.append((project.gate - 1, min(day + timedelta(days=days[-1] - days[at]), latest)))
    reached = [first]
    for (i, start), (j, end) in pairwise(knots):
        share = (end - start).days / (days[j] - days[i])
        reached += [start + timedelta(days=int((days[k] - days[i]) * share)) for k in range(i + 1, j + 1)]
    return reached


def _planned_past(project: ProjectPlan, reached: list[date], random: Random) -> Iterator[date]:
    """Yield the planned days of the gates that were reached: some days before or after, in order."""
    at_least = reached[0]
    for gate, day in enumerate(reached, start=1):
        promised = project.delivery if gate == _DELIVERED else None
        at_least = promised or max(at_least, day - timedelta(days=random.randint(-8, 12)))
        yield min(at_least, project.delivery) if project.delivery and gate < _DELIVERED else at_least


def _planned_ahead(plan: Plan, project: ProjectPlan, last: date, random: Random) -> Iterator[date]:
    """Yield the planned days of the gates still to come.

    A promised delivery is led up to; otherwise most projects have time until the school year is over, and some are late.
    """
    ahead = _MONTHS_TO_GATE[project.gate :]
    if not ahead:
        return
    days = [round((months - _MONTHS_TO_GATE[project.gate - 1]) * 30.4) for months in ahead]
    if project.delivery and project.gate < _DELIVERED:
        pace = (project.delivery - last).days / days[_DELIVERED - 1 - project.gate]
        yield from (last + timedelta(days=round(day * pace)) for day in days)
        return
    is_late = random.random() < _LATE
    start = date(plan.year, 10, 10) if is_late else date(plan.year + 1, 7, 20)
    wait = max(0, (start - last).days + random.randrange(60) - days[0])
    yield from (last + timedelta(days=wait + day) for day in days)


def _money(plan: Plan, project: ProjectPlan) -> Iterator[dict[str, Any]]:
    shares = plan.funding[project.funding]
    whole = project.budget_wan * 10_000 * 100
    planned = shared_out(project.budget_wan, list(shares.values()))
    for source, wan in zip(shares, planned, strict=True):
        fen = wan * 10_000 * 100 if len(shares) > 1 else whole
        yield {
            "project": project.code,
            "source": source,
            "planned_fen": fen,
            "received_fen": fen * _RECEIVED[project.gate - 1] // 100,
            "paid_fen": fen * min(_PAID[project.gate - 1], _RECEIVED[project.gate - 1]) // 100,
        }
