"""Samples of projects: what the contracts try them with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.cast import Cast
from tests.contracts.declared import Sample, Work
from tests.factories.projects import CapitalProjectFactory, ProjectFundingFactory, ProjectGateFactory
from xianxue.organisations.models import School
from xianxue.projects.models import CapitalProject


def _project_of(cast: Cast, school: School) -> CapitalProject:
    found: CapitalProject = CapitalProject.unguarded.filter(unit=school.unit).first() or CapitalProjectFactory(
        unit=school.unit
    )
    return found


def _money_cells(cast: Cast) -> Mapping[str, str]:
    project = _project_of(cast, cast.first_primary)
    return {"project": project.code, "source": "捐赠", "planned": "1000", "received": "500", "paid": "100"}


def _gate_cells(cast: Cast) -> Mapping[str, str]:
    project = _project_of(cast, cast.first_primary)
    return {"project": project.code, "gate": "开工", "planned_on": "2024-05-01", "reached_on": "2024-05-03"}


SOURCES = ("central", "province", "city", "county")


SAMPLES: dict[str, Sample] = {
    "projects": Sample(
        lambda _cast, school, number: CapitalProjectFactory(unit=school.unit, code=f"2024-S{number}"),
        cells={
            "code": "2024-T01",
            "name": "第一小学教学楼扩建",
            "unit": "第一小学",
            "kind": "扩建",
            "is_livelihood": "否",
            "listed_on": "2024-03-15",
        },
        changed={"built": "40"},
        wrong=("kind", "搬迁"),
    ),
    "project-funding": Sample(
        lambda cast, school, number: ProjectFundingFactory(project=_project_of(cast, school), source=SOURCES[number]),
        cells=_money_cells,
        changed={"paid": "200"},
        wrong=("paid", "600"),
    ),
    "project-gates": Sample(
        lambda cast, school, number: ProjectGateFactory(project=_project_of(cast, school), gate=number + 1),
        cells=_gate_cells,
        changed={"reached_on": "2024-05-06"},
        wrong=("gate", "没有这个节点"),
    ),
}


def counted(cast: Cast) -> None:
    """A project that was delivered, some that will be or are repairs, and money."""
    done = CapitalProjectFactory(unit=cast.first_primary.unit, is_livelihood=True, places=1080)
    ProjectGateFactory(project=done, gate=12, planned_on=date(2024, 9, 1), reached_on=date(2024, 9, 1))
    ProjectFundingFactory(project=done, received_fen=50_000_000, paid_fen=25_000_000, planned_fen=100_000_000)
    CapitalProjectFactory(unit=cast.county, places=540, expected_on=date(2025, 2, 17))
    CapitalProjectFactory(unit=cast.county, places=90, expected_on=date(2025, 10, 1))
    CapitalProjectFactory(unit=cast.second_primary.unit, kind="repair")


def _late_gate(stage: Any) -> int:
    project = CapitalProjectFactory(unit=stage.cast.first_primary.unit)
    key: int = ProjectGateFactory(project=project, gate=9, planned_on=date(2024, 5, 1), reached_on=None).pk
    return key


WORK = {
    "projects.gates": Work(
        _late_gate, mine=("project_officer",), seen=("director", "county_officer", "auditor", "head")
    ),
}
