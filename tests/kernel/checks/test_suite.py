"""Checks that an app declares: what is kept, what is found, by night and after a change, and who reads it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.forms import model_to_dict
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from tests.cast import Cast
from tests.factories.projects import CapitalProjectFactory, ProjectFundingFactory
from tests.kernel.checks.desk import TODAY, Desk
from xianxue.kernel.access import Actor, in_reach, system_actor, whole_county
from xianxue.kernel.checks import checking, declaration, night, pages, system_checks
from xianxue.kernel.checks.book import book_on
from xianxue.kernel.checks.check import Check, Checks
from xianxue.kernel.checks.choices import Certainty, Severity
from xianxue.kernel.checks.declaration import Suite
from xianxue.kernel.checks.manual import Words, as_markdown
from xianxue.kernel.checks.models import SubjectFinding, SubjectRun, UnitVisit
from xianxue.kernel.checks.outcomes import PASSED
from xianxue.kernel.checks.registers import FindingRegister, rules_panel
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.models import Matter, Notice, Todo

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def outcomes() -> dict[str, Any]:
    run: SubjectRun = SubjectRun.unguarded.get(is_last=True)
    return dict(run.outcomes)


def test_a_declared_check_keeps_what_it_said_and_opens_what_it_found(desk: Desk, cast: Cast) -> None:
    assert desk.check() == 1
    run = SubjectRun.unguarded.get()
    assert (run.suite, run.subject_type, run.subject_id) == (
        "tests.spending", "projects.capitalproject", desk.money.project_id,
    )  # fmt: skip
    assert (run.unit_id, run.version, run.is_last) == (cast.first_primary.pk, "2024-1", True)
    said = outcomes()
    assert said["P01"]["verdict"] == "failed"
    assert said["P02"] == {"verdict": "skipped", "reason": "规则版本 2024-1 停用了这一项。"}
    (finding,) = desk.findings
    assert (finding.suite, finding.check_code, finding.key) == ("tests.spending", "P01", "2024-101/county")
    assert (finding.version, finding.parameters) == ("2024-1", {"over_percent": 0})
    assert (finding.severity, finding.certainty, finding.found_on) == (Severity.GRAVE, Certainty.SUSPECTED, TODAY)
    assert (finding.unit_id, finding.above_id, finding.earlier_id) == (cast.first_primary.pk, cast.county.pk, None)
    assert [(todo.place, todo.due_on) for todo in Todo.objects.all()] == [("unit", date(2024, 10, 17))]
    assert [(one.roles, one.unit_id) for one in Notice.objects.all()] == [("|county_officer|", cast.first_primary.pk)]
    actions = list(Event.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["tests.spending_finding.open_finding", "tests.spending.check_project"]


def test_the_same_result_again_writes_nothing(desk: Desk) -> None:
    desk.check()
    events = Event.objects.count()
    assert desk.check() == 0
    assert (SubjectRun.unguarded.count(), Event.objects.count()) == (1, events)


def test_what_cannot_be_looked_at_is_skipped_and_never_passed(desk: Desk) -> None:
    desk.check()
    desk.money.delete()
    desk.check()
    assert outcomes()["P01"] == {"verdict": "skipped", "reason": "没有登记资金。"}
    assert desk.states() == [("opened", True)], "what was not looked at is not gone"


def test_a_new_version_judges_by_its_own_numbers(desk: Desk) -> None:
    with clock.acting_on(date(2025, 1, 1)):
        desk.check(paid_fen=1_100_00)
        assert desk.findings == []
        assert outcomes() == {"P01": "passed", "P02": "passed"}
        desk.check(paid_fen=1_100_01)
    assert [(finding.version, finding.parameters) for finding in desk.findings] == [("2025-1", {"over_percent": 10})]


def test_the_first_version_holds_for_the_days_before_it() -> None:
    from tests.kernel.checks.spending import BOOKS  # noqa: PLC0415 - app ready: declares commands

    days = (date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
    assert [book_on(reversed(BOOKS), day).version for day in days] == ["2024-1", "2024-1", "2025-1"]
    assert BOOKS[1].source == "《建设项目资金管理办法》"


def test_the_night_looks_at_every_unit_once(desk: Desk, cast: Cast) -> None:
    ProjectFundingFactory(project=CapitalProjectFactory(unit=cast.second_primary.unit), paid_fen=1)
    assert night.check_everything(desk.suite) == "2 units, 2 subjects, 0 faults"
    assert set(UnitVisit.unguarded.values_list("suite", "unit_id", "subjects")) == {
        ("tests.spending", cast.first_primary.pk, 1),
        ("tests.spending", cast.second_primary.pk, 1),
    }
    assert night.check_everything(desk.suite) == "0 units, 0 subjects, 0 faults"
    events = Event.objects.count()
    assert night.check_everything(desk.suite, again=True) == "2 units, 2 subjects, 0 faults"
    assert (Event.objects.count(), SubjectRun.unguarded.count()) == (events, 2)


def test_the_night_asks_as_much_for_many_subjects_as_for_one(desk: Desk, cast: Cast) -> None:
    def queries() -> int:
        with whole_county("test"), CaptureQueriesContext(connection) as captured:
            night.look(desk.suite, cast.first_primary.pk, night.begin(desk.suite))
        return len(captured)

    one = queries()
    for _number in range(4):
        ProjectFundingFactory(project=CapitalProjectFactory(unit=cast.first_primary.unit))
    assert queries() == one == 5


def test_what_was_found_of_a_row_that_was_removed_is_gone(desk: Desk) -> None:
    night.check_everything(desk.suite)
    assert desk.states() == [("opened", True)]
    project = desk.money.project
    desk.money.delete()
    project.delete()
    assert night.check_everything(desk.suite, again=True) == "1 units, 0 subjects, 0 faults"
    assert night.check_everything(desk.suite, again=True) == "0 units, 0 subjects, 0 faults"
    assert desk.states() == [("gone", False)]
    assert [(run.is_last, run.outcomes == {}) for run in SubjectRun.unguarded.order_by("pk")] == [
        (False, False), (True, True),
    ]  # fmt: skip


def test_many_changes_at_once_wait_for_the_queue(desk: Desk, cast: Cast) -> None:
    keys = [desk.money.project_id, *(CapitalProjectFactory(unit=cast.first_primary.unit).pk for _number in range(3))]
    with whole_county("test"):
        checking.changed(desk.suite, {"project": keys[:3]}, by=system_actor("task"))
        assert SubjectRun.unguarded.count() == 3
        checking.changed(desk.suite, {"project": keys}, by=system_actor("task"))
    assert SubjectRun.unguarded.count() == 3
    task = DBTaskResult.objects.get(task_path="xianxue.kernel.checks.checking.check_later")
    assert task.args_kwargs["args"] == ["tests.spending", {"project": keys}]
    checking.check_later.call(*task.args_kwargs["args"])
    assert SubjectRun.unguarded.count() == 4


def test_whoever_explained_does_not_judge_and_another_school_knows_nothing(desk: Desk, cast: Cast) -> None:
    desk.check()
    head, officer = cast.users["head"], cast.users["county_officer"]
    judge = desk.suite.procedure.confirm_unexplained.run
    with in_reach(cast.reach("head")), pytest.raises(Refused, match="没有这项权限"):
        judge(desk.findings[0], by=Actor(head.pk, head.name), reason="属实。")
    with in_reach(cast.reach("county_officer")), pytest.raises(Refused) as refused:
        judge(desk.findings[0], by=Actor(officer.pk, officer.name), reason="属实。")
    assert refused.value.message == (
        "未能直接认定：说明期限到 2024-10-17，还没有过。请等有关单位说明，或者期限过后再认定。"
    )
    with in_reach(cast.reach("other_head")):
        assert not SubjectFinding.objects.exists()
        assert not SubjectRun.objects.exists()
    with in_reach(cast.reach("head")):
        assert SubjectFinding.objects.count() == SubjectRun.objects.count() == 1


def test_the_page_of_the_matter_shows_the_finding(desk: Desk, cast: Cast) -> None:
    desk.check()
    matter = Matter.unguarded.get()
    page = cast.client("head").get(f"/matters/{matter.pk}/").content.decode()
    assert "county 支付 1200 元，计划 1000 元。" in page
    assert "说明情况" in page
    assert cast.client("other_head").get(f"/matters/{matter.pk}/").status_code == 404


def test_a_wrong_declaration_is_told(suite: Suite) -> None:
    checks: Checks[Check] = Checks()
    checks.register(Check("P09", "看错对象", Severity.NOTE, Certainty.CERTAIN, "", {"school": lambda *_given: PASSED}))
    wrong = type("Wrong", (type(suite),), {"checks": checks, "system": "nowhere", "label": ""})()
    assert sorted(str(fault.id) for fault in system_checks.faults(wrong)) == [f"checks.E00{at}" for at in (1, 2, 4, 5)]
    assert list(system_checks.faults(suite)) == []
    with pytest.raises(ValueError, match="taken"):
        checks.register(checks.get("P09"))
    with pytest.raises(ValueError, match="taken"):
        declaration.register(type(suite))


def test_the_page_counts_how_the_findings_of_each_check_were_judged(desk: Desk, cast: Cast) -> None:
    desk.check()
    desk.judged(desk.suite.procedure.dismiss.run)
    with in_reach(cast.reach("county_officer")):
        page = pages.page(desk.suite)
    assert page.sub == "规则版本 2024-1，共 2 项；排除率高的规则容易误报，请考虑修改。"
    assert [[cell.text for cell in row.cells] for row in page.table.rows] == [
        ["P01 超计划支付", "严重", "疑似", "1", "", "", "1", "", "100%"],
        ["P02 没有支付", "已停用", "疑似", "", "", "", "", "", ""],
    ]
    with in_reach(cast.reach("other_head")):
        assert [row.cells[3].text for row in pages.page(desk.suite).table.rows] == ["", ""]


def test_the_manual_prints_every_check_with_its_numbers() -> None:
    from tests.kernel.checks.spending import BOOKS, MONEY  # noqa: PLC0415 - app ready: declares commands

    words = {code: Words(f"{code} 未通过。", "没有资金。", "核对。") for code in ("P01", "P02")}
    text = as_markdown("# 资金检查\n", MONEY, BOOKS[0], words, {("P01", "over_percent"): "超出百分之几"})
    assert text.splitlines()[2:9] == [
        "### P01 超计划支付",
        "",
        "- 程度：严重；疑似",
        "- 依据：《办法》第九条（条款待核）",
        "- 未通过：P01 未通过。",
        "- 未检查：没有资金。",
        "- 参数：超出百分之几：0",
    ]
    assert "- 程度：提示；疑似；已停用" in text


def test_the_register_lists_the_findings_of_its_suite_alone(desk: Desk, cast: Cast) -> None:
    desk.check()
    register = type("Spending", (FindingRegister,), {"suite": "tests.spending", "view": desk.suite.procedure.read})()
    SubjectFinding.unguarded.create(
        **{**model_to_dict(desk.findings[0], exclude=("id", "matter", "earlier")), "suite": "another"},
        matter=Matter.unguarded.create(
            procedure="tests.spending_finding", state="opened", title="", opened_on=TODAY, state_since=TODAY
        ),
    )
    with in_reach(cast.reach("county_officer")):
        (row,) = register.fetched(register.visible())
        facts = {fact.label: fact.text for fact in rules_panel(row, row.version).facts}
    assert (row.severity_name, row.certainty_name, row.state_name, row.unit_name) == (
        "严重", "疑似", "待说明", "第一小学",
    )  # fmt: skip
    known = {"severity": "3", "certainty": "suspected", "inputs": '{"paid_fen": 5}', "earlier": "7"}
    columns = register.history_columns
    assert [f"{columns[name].label} {columns[name].display(text)}" for name, text in known.items()] == [
        "严重程度 严重", "确定程度 疑似", "检查依据的数据 paid_fen = 5", "以前的认定 编号 7",
    ]  # fmt: skip
    assert facts == {
        "规则版本": "2024-1",
        "依据": "《办法》第九条",
        "参数": "over_percent = 0",
        "检查依据的数据": "paid_fen = 120000；planned_fen = 100000",
    }
