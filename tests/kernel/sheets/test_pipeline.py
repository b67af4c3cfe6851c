"""The way of a workbook: recognised, checked, compared, written once, undone."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.kernel.sheets import shelf
from tests.kernel.sheets.shelf import pupil, stored, workbook
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_via, verify
from xianxue.kernel.sheets import imports, jobs
from xianxue.kernel.sheets.models import ImportJob

pytestmark = pytest.mark.postgres


def sent(by: Actor, content: bytes, name: str = "学生.xlsx", **options: str) -> ImportJob:
    return imports.check(imports.receive((name, content), by=by, options=options))


def test_a_right_workbook_is_written_row_by_row_with_its_history(by: Actor) -> None:
    job = sent(by, workbook([pupil(1), pupil(2)]))
    assert (job.state, job.sheet, job.counts["new"], job.problems) == ("ready", "shelf", 2, [])
    imports.apply(job, by=by)
    assert job.state == "applied"
    assert stored() == [
        (1, "张小乙", "2015-09-01", "01", "13800000001", str(shelf.FIRST), "1"),
        (2, "张小丙", "2015-09-01", "01", "13800000001", str(shelf.FIRST), "1"),
    ]
    entries = list(events_via(job.door))
    assert [entry.facts["row"] for entry in entries] == [2, 3]
    assert entries[0].changes["number"] == [None, shelf.id_number(1)]
    assert verify().is_sound


def test_the_same_file_again_changes_nothing_and_names_the_first_job(by: Actor) -> None:
    content = workbook([pupil(1), pupil(2)])
    first = imports.apply(sent(by, content), by=by)
    again = sent(by, content)
    assert (again.same_as_id, again.counts["same"], again.counts["new"], again.counts["changed"]) == (first.pk, 2, 0, 0)
    assert imports.why_not_apply(again) == "没有需要写入的行：内容与现有记录相同，或者都有错。"


def test_a_changed_cell_is_shown_and_written_and_undone(by: Actor) -> None:
    imports.apply(sent(by, workbook([pupil(1), pupil(2)])), by=by)
    job = sent(by, workbook([pupil(1), pupil(2, phone="13900000002", ethnic="回族")]))
    assert (job.counts["changed"], job.counts["cells"], job.counts["by_column"]) == (1, 2, {"ethnic": 1, "phone": 1})
    imports.apply(job, by=by)
    assert stored()[1][3:5] == ("03", "13900000002")
    imports.undo(job, by=by)
    assert job.state == "undone"
    assert stored()[1][3:5] == ("01", "13800000001")
    assert verify().is_sound


def test_undo_leaves_what_somebody_changed_since(by: Actor) -> None:
    first = imports.apply(sent(by, workbook([pupil(1), pupil(2)])), by=by)
    imports.apply(sent(by, workbook([pupil(2, phone="13900000002")])), by=by)
    imports.undo(first, by=by)
    assert [row[0] for row in stored()] == [2]
    assert [item["reason"] for item in first.late] == ["导入后又被改过，没有删除。请核对后单独处理。"]


def test_what_was_changed_and_changed_back_by_undoing_stands_in_nobodys_way(by: Actor) -> None:
    first = imports.apply(sent(by, workbook([pupil(1), pupil(2)])), by=by)
    second = imports.apply(sent(by, workbook([pupil(2, phone="13900000002")])), by=by)
    imports.undo(second, by=by)
    imports.undo(first, by=by)
    assert (stored(), first.late) == ([], [])


def test_every_problem_is_found_at_once(by: Actor) -> None:
    rows = [
        pupil(1, ethnic="汉族人", phone="123"),
        pupil(2, born_on="2015-09-02"),
        pupil(3, number="36092220150901001"),
        pupil(4, number=shelf.id_number(5)),
        pupil(5),
        pupil(6, school="没有的小学"),
        pupil(7, name=None),
        pupil(8, number=360922201509010017),
        pupil(9, number=None),
    ]
    job = sent(by, workbook(rows))
    found = {(group["code"], group["column"], group["row"], group["count"]) for group in job.problems}
    assert found == {
        ("P201", "ethnic", 2, 1),
        ("P112", "phone", 2, 1),
        ("P390", "born_on", 3, 1),
        ("P111", "number", 4, 1),
        ("P402", "number", 5, 2),
        ("P202", "school", 7, 1),
        ("P100", "name", 8, 1),
        ("P104", "number", 9, 1),
        ("P401", "number", 10, 1),
    }
    assert job.counts["wrong"] == 9


def test_a_group_is_mended_with_one_click_and_checked_again(by: Actor) -> None:
    job = sent(by, workbook([pupil(1, ethnic="汉族人"), pupil(2, ethnic="汉族人"), pupil(3, born_on="2015-09-11")]))
    (ethnic,) = [group for group in job.problems if group["code"] == "P201"]
    assert ethnic["mends"] == [{"column": "ethnic", "from": "汉族人", "to": "汉族"}]
    (birth,) = [group for group in job.problems if group["code"] == "P390"]
    imports.mend(job, [*ethnic["mends"], *birth["mends"]])
    imports.check(job)
    assert (job.problems, job.counts["new"]) == ([], 3)


def test_all_or_nothing_writes_nothing_while_a_row_is_wrong(by: Actor) -> None:
    job = sent(by, workbook([pupil(1), pupil(2, phone="1")]), atomic="1")
    assert imports.why_not_apply(job) == "选了“全部无错才写入”，还有 1 行有错。请先改正。"
    assert stored() == []


@pytest.mark.parametrize(("count", "needed"), [(1, True), (40, False)])
def test_a_full_roster_that_closes_many_needs_a_second_person(by: Actor, count: int, needed: bool) -> None:
    imports.apply(sent(by, workbook([pupil(number) for number in range(count + 1)])), by=by)
    job = sent(by, workbook([pupil(number) for number in range(count)]), full_roster="1")
    assert job.counts["missing"] == 1
    assert (imports.why_not_apply(job) is not None) is needed
    if needed:
        imports.confirm_missing(job, by=Actor(user_id=8, label="陈复核"))
    imports.apply(job, by=by)
    assert stored()[-1][1].startswith("离册")
    imports.undo(job, by=by)
    assert not stored()[-1][1].startswith("离册")


def test_a_row_that_somebody_changed_since_the_check_is_left_out_and_told(by: Actor) -> None:
    imports.apply(sent(by, workbook([pupil(1), pupil(2)])), by=by)
    late = sent(by, workbook([pupil(1, phone="13900000001"), pupil(2, phone="13900000002"), pupil(3), pupil(4)]))
    imports.apply(sent(by, workbook([pupil(1, phone="13700000001"), pupil(3)])), by=by)
    imports.apply(late, by=by)
    assert [(item["code"], item["row"]) for item in late.late] == [("P503", 4), ("P502", 2)]
    assert [row[4] for row in stored()] == ["13700000001", "13900000002", "13800000001", "13800000001"]


def test_all_or_nothing_takes_everything_back_when_a_row_came_too_late(by: Actor) -> None:
    imports.apply(sent(by, workbook([pupil(1)])), by=by)
    job = sent(by, workbook([pupil(1, phone="13900000001"), pupil(2)]), atomic="1")
    imports.apply(sent(by, workbook([pupil(1, phone="13700000001")])), by=by)
    imports.apply(job, by=by)
    assert (job.state, [row[4] for row in stored()]) == ("undone", ["13700000001"])


def test_two_workers_with_one_import_write_every_row_once(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xianxue.kernel.sheets.writing.apply.CHUNK", 1)
    job = sent(by, workbook([pupil(1), pupil(2), pupil(3)]))
    imports.start_applying(job, by=by)
    slow = ImportJob.objects.get(pk=job.pk)
    imports.carry_on_applying(job)
    imports.carry_on_applying(slow)
    assert (len(stored()), slow.state) == (3, "applied")


def test_a_cancelled_import_keeps_what_was_written_and_can_be_undone(
    by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xianxue.kernel.sheets.writing.apply.CHUNK", 1)
    job = sent(by, workbook([pupil(1), pupil(2), pupil(3)]))
    imports.start_applying(job, by=by)
    advance = jobs.advance

    def cancel_after_one(*args: Any, **fields: Any) -> None:
        advance(*args, **fields)
        imports.cancel(ImportJob.objects.get(pk=job.pk))

    monkeypatch.setattr(jobs, "advance", cancel_after_one)
    imports.carry_on_applying(job)
    assert (job.state, len(stored())) == ("applied", 1)
    monkeypatch.undo()
    imports.undo(job, by=by)
    assert stored() == []


def test_an_import_is_undone_within_its_days_only(by: Actor, settings: Settings) -> None:
    job = imports.apply(sent(by, workbook([pupil(1)])), by=by)
    settings.IMPORT_UNDO_DAYS = 0
    with pytest.raises(Refused, match="未能撤销：写入已超过 0 天，不能整批撤销。"):
        imports.undo(job, by=by)
    assert len(stored()) == 1


def test_a_program_error_is_told_and_writes_nothing(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    job = sent(by, workbook([pupil(1)]))
    monkeypatch.setattr(shelf.ShelfWriter, "insert", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        imports.apply(job, by=by)
    job.refresh_from_db()
    assert (job.state, job.reason, stored()) == (
        "failed",
        "未能完成：程序出错。请把任务号告诉管理员。",
        [],
    )
