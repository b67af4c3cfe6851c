"""A release compared with the records: whatever changed is named, figure by figure and row by row, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import polars as pl
import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.factories.people import StaffPostFactory
from tests.insight.release_sample import actor, grant, released
from tests.kernel.indicators.sample import make_county
from xianxue.aid.models import AidGrant
from xianxue.insight.models import Release, ReleaseCheck, Side
from xianxue.insight.releases import exporting, services, watching
from xianxue.insight.releases.changed_rows import Differences, differences
from xianxue.insight.releases.comparing import Comparison, Finding, compare
from xianxue.kernel.access import Actor, in_reach, whole_county
from xianxue.kernel.commands import command
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.indicators import registry
from xianxue.kernel.work import selectors as work
from xianxue.organisations.models import Term
from xianxue.people.models import Enrolment, Person


@pytest.fixture
def cast(db: None) -> Cast:
    return make_county()


@command("test.undo_rows", label="撤销导入")
def undo(row: AidGrant, *, by: Actor) -> None:
    record(Subject("aid.aidgrant", row.pk, "补助"), facts={"closed": True})
    AidGrant.unguarded.filter(pk=row.pk).delete()


@command("test.correct", label="更正学生信息")
def correct(person_id: int, *, by: Actor) -> None:
    record(Subject("people.person", person_id, "某人"), {"boarding": ["住校", "走读"]})


def finding(made: Comparison, code: str) -> Finding:
    return next(one for one in made.findings if one.code == code)


def differing(made: Comparison) -> set[str]:
    return {one.code for one in made.findings if one.state != "same"}


def rows_of(cast: Cast, release: Release, found: Finding, part: str, side: Side = Side.COUNTED) -> Differences:
    with in_reach(cast.reach(part)):
        return differences(release, found, side, exporting.periods_of(release)[found.code], limit=50)


def test_a_grant_undone_by_an_import_is_named_with_the_import(cast: Cast) -> None:
    release = released(cast)
    row = AidGrant.unguarded.get(amount_fen=31_250)
    undo(row, by=replace(actor(cast, "aid_officer"), via="import:12"))
    made = compare(release)
    assert differing(made) == {"aid.grants", "aid.amount", "aid.persons"}
    found = finding(made, "aid.grants")
    assert (found.state, found.was, found.now) == ("changed", "3 人次", "2 人次")
    assert (found.counted.added, found.counted.gone, found.counted.changed) == ((), (row.pk,), ())
    shown = rows_of(cast, release, found, "director")
    assert [(one.kind, one.key, one.href) for one in shown.rows] == [("gone", row.pk, "")]
    (event,) = shown.rows[0].events
    assert (event.via, event.actor, event.action_label) == ("import:12", "aid_officer 某", "撤销导入")


def test_a_pupil_corrected_is_named_with_who_did_it(cast: Cast) -> None:
    release = released(cast)
    row = Enrolment.unguarded.filter(school=cast.first_primary, boarding="boarder").first()
    assert row is not None
    Enrolment.unguarded.filter(pk=row.pk).update(boarding="day")
    correct(row.person_id, by=actor(cast, "registrar"))
    made = compare(release)
    assert differing(made) == {"people.boarders"}
    found = finding(made, "people.boarders")
    assert found.counted.gone == (row.pk,)
    shown = rows_of(cast, release, found, "county_officer")
    assert shown.rows[0].href
    assert [event.actor for event in shown.rows[0].events] == ["registrar 某"]


def test_a_row_that_counts_differently_is_changed_and_neither_added_nor_gone(cast: Cast) -> None:
    release = released(cast)
    row = AidGrant.unguarded.get(amount_fen=31_250)
    AidGrant.unguarded.filter(pk=row.pk).update(amount_fen=41_250)
    made = compare(release)
    assert differing(made) == {"aid.amount"}
    assert finding(made, "aid.amount").counted.changed == (row.pk,)
    assert finding(made, "aid.amount").now == "1,662.5 元"


def test_a_row_that_only_moved_leaves_the_number_and_is_named(cast: Cast) -> None:
    release = released(cast)
    row = Enrolment.unguarded.filter(school=cast.first_primary).first()
    assert row is not None
    Enrolment.unguarded.filter(pk=row.pk).update(school=cast.second_primary)
    found = finding(compare(release), "people.pupils")
    assert (found.state, found.counted.changed) == ("rows", (row.pk,))
    assert found.was == found.now


def test_a_row_added_is_named(cast: Cast) -> None:
    release = released(cast)
    row = grant(cast)
    found = finding(compare(release), "aid.grants")
    assert (found.counted.added, found.now) == ((row.pk,), "4 人次")


def test_a_name_corrected_changes_no_figure(cast: Cast) -> None:
    release = released(cast)
    Person.unguarded.update(name="李小红")
    assert differing(compare(release)) == set()


def test_the_denominator_of_a_ratio_is_compared_on_its_own(cast: Cast) -> None:
    release = released(cast)
    post = StaffPostFactory(school=cast.first_primary)
    found = finding(compare(release), "people.pupils_per_teacher")
    assert (found.state, bool(found.counted), found.divided.added) == ("changed", False, (post.pk,))
    assert len(rows_of(cast, release, found, "director", Side.DIVIDED).rows) == 1


def redeclared(monkeypatch: pytest.MonkeyPatch, code: str, **facts: object) -> None:
    changed = replace(registry.get(code), **facts)  # type: ignore[arg-type]  # facts of the declaration
    monkeypatch.setitem(registry._registry, code, changed)


def test_a_definition_of_another_version_cannot_be_recomputed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    release = released(cast)
    redeclared(monkeypatch, "aid.grants", version=2)
    found = finding(compare(release), "aid.grants")
    assert (found.state, found.now) == ("uncomputed", "")
    assert found.reasons == ("口径已由第 1 版改为第 2 版，原口径不能再算。",)


def test_a_definition_changed_without_a_version_is_found_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    release = released(cast)
    redeclared(monkeypatch, "aid.grants", definition="别的口径。")
    found = finding(compare(release), "aid.grants")
    assert found.state == "uncomputed"
    assert "版本号没有升" in found.reasons[0]


def test_an_indicator_that_is_gone_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    release = released(cast)
    monkeypatch.delitem(registry._registry, "aid.grants")
    assert finding(compare(release), "aid.grants").reasons == ("这项指标已经不在本系统里。",)


def test_a_parameter_is_named_with_its_value_then_and_now(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    redeclared(monkeypatch, "aid.grants", parameters=lambda _period: {"起付线": "100"})
    release = released(cast)
    redeclared(monkeypatch, "aid.grants", parameters=lambda _period: {"起付线": "200"})
    found = finding(compare(release), "aid.grants")
    assert (found.state, found.reasons) == ("parameters", ("起付线由 100 改为 200。",))


def test_a_threshold_is_part_of_the_definition(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    release = released(cast)
    redeclared(monkeypatch, "people.large_classes", threshold=Decimal(3))
    assert finding(compare(release), "people.large_classes").state == "uncomputed"


def test_a_count_day_that_was_moved_is_named(cast: Cast) -> None:
    release = released(cast)
    Term.objects.filter(season="autumn").update(count_day="2024-10-01")
    found = finding(compare(release), "people.pupils")
    assert (found.state, found.reasons) == ("parameters", ("统计日由 2024-09-30 改为 2024-10-01。",))


def test_rows_out_of_reach_are_counted_and_not_named(cast: Cast) -> None:
    release = released(cast)
    grant(cast)
    found = finding(compare(release), "aid.grants")
    shown = rows_of(cast, release, found, "project_officer")
    assert (shown.rows, shown.total, shown.hidden) == ((), 1, 1)
    shown = rows_of(cast, release, found, "registrar")
    assert (len(shown.rows), shown.hidden) == (1, 0)
    shown = rows_of(cast, release, found, "other_registrar")
    assert (len(shown.rows), shown.hidden) == (0, 1)


def test_a_row_that_was_deleted_is_told_to_those_who_reach_everything_only(cast: Cast) -> None:
    release = released(cast)
    AidGrant.unguarded.filter(school=cast.first_primary, paid_on__year=2024).delete()
    found = finding(compare(release), "aid.grants")
    assert "已删除" in rows_of(cast, release, found, "auditor").rows[0].title
    assert rows_of(cast, release, found, "head").hidden == 1


def test_the_findings_survive_being_kept(cast: Cast) -> None:
    release = released(cast)
    grant(cast)
    made = compare(release)
    assert Comparison.unpacked(made.packed()) == made


def test_the_nightly_comparison_makes_a_matter_of_what_differs(cast: Cast) -> None:
    release = released(cast)
    assert watching.check_all() == 1
    day, asked = release.released_at.date(), work.Asked(kind="insight.releases")
    with in_reach(cast.reach("director")) as reach:
        assert work.items(reach, day, "in_sight", asked, first=0, count=9) == []
    undo(AidGrant.unguarded.get(amount_fen=31_250), by=actor(cast, "aid_officer"))
    assert watching.check_all() == 1
    with in_reach(cast.reach("county_officer")) as reach:
        (item,) = work.items(reach, day, "mine", asked, first=0, count=9)
    assert (item.line.asked, item.until) == ("已发布数字与现在不符：3 个", None)
    assert item.line.href == reverse("release-compare", args=("2024-1",))


def test_the_nightly_comparison_rests_while_nothing_happened(cast: Cast) -> None:
    release = released(cast)
    assert [watching.check_all(), watching.check_all()] == [1, 0]
    check = ReleaseCheck.objects.get(release=release)
    ReleaseCheck.objects.update(checked_at=check.checked_at - timedelta(days=1))
    assert watching.check_all() == 1


def test_a_release_that_was_withdrawn_is_not_compared_at_night(cast: Cast) -> None:
    services.withdraw(released(cast), reason="口径有误", by=actor(cast, "director"))
    assert watching.check_all() == 0


def test_the_comparison_is_a_workbook_with_the_rows(cast: Cast) -> None:
    release = released(cast)
    row = grant(cast)
    with in_reach(cast.reach("director")):
        book = pl.read_excel(BytesIO(exporting.workbook(release, compare(release))))
    told = book.filter((pl.col("指标代码") == "aid.grants") & pl.col("变化").is_in(["新增"]))
    assert told.height == 1
    assert str(row.person) in told["记录"][0]
    assert book.filter(pl.col("比对").is_not_null()).height == len(compare(release).findings)


def test_comparing_asks_the_same_whatever_the_number_of_rows(cast: Cast, django_assert_max_num_queries: object) -> None:
    release = released(cast)
    for _number in range(5):
        grant(cast)
    found = finding(compare(release), "aid.grants")
    with whole_county("test"), django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture
        assert len(differences(release, found, Side.COUNTED, "2024", limit=50).rows) == 5
