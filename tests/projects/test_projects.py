"""Capital projects: which count for a year, when places exist, what is late, what a workbook may not say."""

from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tests.factories.projects import CapitalProjectFactory, ProjectFundingFactory, ProjectGateFactory
from tests.people.sending import Sending
from xianxue.kernel import indicators
from xianxue.kernel.access import in_reach, whole_county
from xianxue.kernel.work import selectors as work
from xianxue.projects import sheets
from xianxue.projects.models import CapitalProject, ProjectFunding, ProjectGate
from xianxue.projects.work import LateGates

YEAR = indicators.year_period(2024)


@pytest.fixture
def cast(standing_cast: Cast) -> Cast:
    return standing_cast


def counted(code: str) -> set[str]:
    with whole_county("test"):
        return {project.code for project in indicators.get(code).build(YEAR).queryset}


@pytest.mark.parametrize(
    ("facts", "closed_on", "is_counted"),
    [
        ({"listed_on": date(2024, 12, 31)}, None, True),
        ({"listed_on": date(2025, 1, 1)}, None, False),
        ({"listed_on": date(2020, 1, 1)}, None, True),
        ({"listed_on": date(2020, 1, 1)}, date(2023, 12, 31), False),
        ({"listed_on": date(2020, 1, 1)}, date(2024, 1, 1), True),
        ({"kind": "repair"}, None, False),
        ({"kind": "rebuild"}, None, True),
    ],
)
def test_which_projects_count_for_a_year(facts: Any, closed_on: date | None, is_counted: bool, cast: Cast) -> None:
    project = CapitalProjectFactory(unit=cast.county, **facts)
    if closed_on:
        ProjectGateFactory(project=project, gate=14, reached_on=closed_on)
    assert (project.code in counted("projects.capital")) is is_counted


@pytest.mark.parametrize(
    ("expected_on", "delivered_on", "planned", "delivered"),
    [
        (date(2024, 9, 1), date(2024, 9, 1), True, True),
        (date(2025, 2, 17), None, True, False),
        (date(2025, 8, 31), None, True, False),
        (date(2025, 9, 1), None, False, False),
        (date(2023, 9, 1), date(2023, 9, 1), False, False),
        (date(2023, 9, 1), date(2024, 3, 1), True, True),
        (None, None, False, False),
    ],
)
def test_when_places_count(
    expected_on: date | None, delivered_on: date | None, planned: bool, delivered: bool, cast: Cast
) -> None:
    project = CapitalProjectFactory(unit=cast.county, places=90, expected_on=expected_on)
    if delivered_on:
        ProjectGateFactory(project=project, gate=12, reached_on=delivered_on)
    assert (project.code in counted("projects.places")) is planned
    assert (project.code in counted("projects.places_delivered")) is delivered


def test_only_the_next_gate_of_a_project_is_late(cast: Cast) -> None:
    project = CapitalProjectFactory(unit=cast.first_primary.unit)
    ProjectGateFactory(project=project, gate=1)
    for gate, planned in ((2, date(2024, 5, 1)), (3, date(2024, 6, 1)), (4, date(2025, 6, 1))):
        ProjectGateFactory(project=project, gate=gate, planned_on=planned, reached_on=None)
    with whole_county("test"):
        found = [(late.gate, late.planned_on) for late in LateGates().waiting(date(2024, 12, 31))]
        assert found == [(2, date(2024, 5, 1))]
        assert list(LateGates().waiting(date(2024, 5, 1))) == []


def test_a_gate_that_was_passed_without_a_date_is_not_late(cast: Cast) -> None:
    project = CapitalProjectFactory(unit=cast.county)
    ProjectGateFactory(project=project, gate=3, planned_on=date(2024, 3, 1), reached_on=None)
    ProjectGateFactory(project=project, gate=4)
    with whole_county("test"):
        assert list(LateGates().waiting(date(2024, 12, 31))) == []


def test_a_late_gate_stands_with_its_school(cast: Cast) -> None:
    project = CapitalProjectFactory(unit=cast.first_primary.unit)
    ProjectGateFactory(project=project, gate=9, planned_on=date(2024, 5, 1), reached_on=None)
    day = date(2024, 5, 8)
    asked = work.Asked(kind="projects.gates")
    with in_reach(cast.reach("head")) as reach:
        (item,) = work.items(reach, day, "in_sight", asked, first=0, count=9)
        assert work.standings(reach, day, asked)[cast.first_primary.pk].late == {"capital_projects": 1}
    assert (item.unit_id, item.until) == (cast.first_primary.pk, date(2024, 5, 1))
    assert (item.line.title, item.line.actor, item.line.note) == (project.name, "项目办", "第一小学")
    assert item.line.asked == "“开工”节点未完成"


def test_the_three_sheets_of_the_project_office(cast: Cast) -> None:
    office = cast.reach("project_officer")
    project = {
        "code": "P-1", "name": "教学楼", "unit": "第一小学", "kind": "改扩建", "is_livelihood": "是",
        "listed_on": "2024-03-15", "approved": "12600000", "places": "270", "delivery_on": "2025-08-20",
    }  # fmt: skip
    money = {"project": "P-1", "source": "专项债券", "planned": "100", "received": "60", "paid": "30"}
    gate = {"project": "教学楼", "gate": "12", "planned_on": "2025-08-20"}
    for sheet, row in ((sheets.PROJECTS, project), (sheets.MONEY, money), (sheets.GATES, gate)):
        assert Sending(sheet, office).send(row) == {"new": 1}, sheet.code
        assert Sending(sheet, office).send(row) == {"same": 1}, sheet.code
    made = CapitalProject.unguarded.get()
    assert (made.unit_id, made.kind, made.approved_fen) == (cast.first_primary.pk, "extend", 1_260_000_000)
    assert ProjectFunding.unguarded.get().source == "special_bond"
    assert (ProjectGate.unguarded.get().gate, ProjectGate.unguarded.get().reached_on) == (12, None)
    assert Sending(sheets.GATES, office).send(gate | {"reached_on": "2025-08-19"}) == {"changed": 1}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"paid": "61"}, "P611"),
        ({"received": "101"}, "W611"),
        ({"source": "借款"}, "P201"),
        ({"project": "P-9"}, "P202"),
    ],
)
def test_money_that_cannot_be(changes: dict[str, str], code: str, cast: Cast) -> None:
    CapitalProjectFactory(code="P-1", unit=cast.county)
    money = {"project": "P-1", "source": "县", "planned": "100", "received": "60", "paid": "30"} | changes
    found = Sending(sheets.MONEY, cast.reach("project_officer")).problems(money)
    assert code in [one for _row, one, _column in found]


def test_the_sources_together_stay_within_what_was_approved(cast: Cast) -> None:
    project = CapitalProjectFactory(code="P-1", unit=cast.county, approved_fen=30_000)
    ProjectFundingFactory(project=project, source="county", planned_fen=20_000, received_fen=0, paid_fen=0)
    sending = Sending(sheets.MONEY, cast.reach("project_officer"))
    money = {"project": "P-1", "source": "省", "planned": "100", "received": "0", "paid": "0"}
    assert sending.problems(money) == []
    assert sending.problems(money | {"planned": "100.01"}) == [(2, "W613", "planned")]
    # The row of a source that is there already counts once, with what the file says.
    assert sending.problems(money | {"source": "县", "planned": "300"}) == []


def test_a_projects_page_shows_money_and_gates(cast: Cast) -> None:
    project = CapitalProjectFactory(unit=cast.first_primary.unit, built_percent=40)
    ProjectFundingFactory(project=project, planned_fen=200_000_000, received_fen=100_000_000, paid_fen=50_000_000)
    ProjectGateFactory(project=project, gate=1)
    ProjectGateFactory(project=project, gate=2, planned_on=date(2024, 6, 1), reached_on=None)
    page = cast.client("head").get(f"/registers/projects/{project.pk}/").content.decode()
    assert "资金与进度" in page
    assert "已完成 1 / 2" in page
    assert "谋划入库" in page
    assert cast.client("other_registrar").get(f"/registers/projects/{project.pk}/").status_code == 404
