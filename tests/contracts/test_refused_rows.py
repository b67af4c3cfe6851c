"""What the table itself refuses: told when a file is checked where it can be, and else it keeps its row alone from being written."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contracts.stage import Stage
from tests.contracts.test_sheets_of_registers import Desk, workbook
from xianxue.kernel import resources
from xianxue.kernel.sheets.checking import rows
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.problems import problem_frame
from xianxue.projects.models import CapitalProject

pytestmark = pytest.mark.postgres
ENDED_EARLY = "未能保存：成员的结束日期早于开始日期。请核对两个日期。"
TAKEN = "未能保存：这个项目编号已经是另一个项目的。请核对编号。"


@pytest.fixture
def seats(stage: Stage) -> Desk:
    return Desk(stage, resources.get("seats"))


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody had forgotten the rules of a sheet."""
    monkeypatch.setattr(rows, "check_rules", lambda _checked, _sheet: problem_frame(()))


def test_what_a_rule_says_is_not_said_again(seats: Desk) -> None:
    job = seats.run(workbook(seats.sheet, seats.cells() | {"ended_on": "2023-12-31"}), dry_run=True)
    assert [problem["message"] for problem in job["problems"]] == ["“免职日期”2023-12-31 早于任职日期 2024-01-10。"]


@pytest.mark.usefixtures("no_rules")
def test_a_row_that_the_table_would_refuse_is_told_when_the_file_is_checked(seats: Desk) -> None:
    cells = seats.cells() | {"ended_on": "2023-12-31"}
    job = seats.run(workbook(seats.sheet, cells), dry_run=True)
    assert (job["wrong"], [problem["message"] for problem in job["problems"]]) == (1, [ENDED_EARLY])
    assert [(problem["code"], problem["column"]) for problem in job["problems"]] == [("P505", "ended_on")]


@pytest.mark.usefixtures("no_rules")
def test_a_change_is_judged_with_what_the_record_holds(seats: Desk) -> None:
    seats.run(workbook(seats.sheet, seats.cells()))
    names = ("unit", "body", "staff_no", "started_on")
    change = {name: seats.cells()[name] for name in names} | {"ended_on": "2023-12-31"}
    job = seats.run(workbook(seats.sheet, change))
    assert (job["wrong"], job["written"], job["problems"][0]["message"]) == (1, 0, ENDED_EARLY)


def test_one_row_that_the_database_refuses_keeps_no_other_from_being_written(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(stage, resources.get("projects"))
    insert = desk.sheet.writer.insert

    def careless(frame: Any, context: Any) -> Any:
        new = insert(frame, context)
        CapitalProject._base_manager.filter(name="第四栋").update(code="2024-T01")
        return new

    monkeypatch.setattr(desk.sheet.writer, "insert", careless)
    names = ["第一栋", "第二栋", "第三栋", "第四栋", "第五栋", "第六栋", "第七栋"]
    lines = [desk.cells() | {"code": f"2024-T0{place}", "name": name} for place, name in enumerate(names, 1)]
    job = desk.run(workbook(desk.sheet, *lines))
    assert (job["new"], job["written"]) == (7, 6)
    written = set(CapitalProject._base_manager.values_list("code", "name"))
    assert written == {(f"2024-T0{place}", name) for place, name in enumerate(names, 1) if name != "第四栋"}
    record = ImportJob.objects.get(pk=job["job"])
    assert [(late["row"], late["code"], late["column"], late["other"]) for late in record.late] == [
        (5, "P505", "code", TAKEN)
    ]
    page = desk.client.get(f"/imports/{record.pk}/").content.decode()
    assert f"第 5 行：{TAKEN}" in page
    assert "有 1 行没有写入" in page


def test_a_chunk_that_nothing_refuses_is_written_in_the_transaction_of_its_command_alone(stage: Stage) -> None:
    desk = Desk(stage, resources.get("projects"))
    with CaptureQueriesContext(connection) as asked:
        assert desk.run(workbook(desk.sheet, desk.cells()))["written"] == 1
    statements = [query["sql"].split() for query in asked.captured_queries]
    first = next(
        place for place, words in enumerate(statements) if words[:3] == ["INSERT", "INTO", '"projects_capitalproject"']
    )
    opened = sum(words[0] == "SAVEPOINT" for words in statements[:first])
    closed = sum(words[0] == "RELEASE" for words in statements[:first])
    # In a test the command's own transaction is a savepoint.
    assert opened - closed == 1
