"""A released report: frozen, signed, numbered once, and never edited."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Model

from tests.cast import Cast
from tests.insight.release_sample import actor, grant, released
from tests.kernel.indicators.sample import make_county
from xianxue.insight.models import Draft, Release, ReleaseRows, Withdrawal
from xianxue.insight.releases import checking, selectors, services
from xianxue.insight.releases.comparing import compare
from xianxue.insight.services import edit_sentence
from xianxue.kernel.access import whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.models import ImportBatch, ImportJob

pytestmark = pytest.mark.postgres


@pytest.fixture
def cast(db: None) -> Cast:
    return make_county()


def test_a_release_recomputed_at_once_is_the_same_in_every_figure(cast: Cast) -> None:
    made = compare(released(cast))
    assert {one.state for one in made.findings} == {"same"}
    assert made.faults == ()


def test_a_release_keeps_what_each_figure_meant_and_came_to(cast: Cast) -> None:
    content = selectors.content_of(released(cast))
    grants = next(one for one in content["figures"] if one["code"] == "aid.grants")
    assert (grants["value"], grants["rows"], grants["version"]) == ("3", 3, 1)
    assert grants["printed"] == ["3人次"]
    assert grants["definition"].startswith("发放日期在本年度")
    assert grants["parameters"]["day"] == "2024-12-31"
    amount = next(one for one in content["figures"] if one["code"] == "aid.amount")
    assert (amount["value"], amount["numerator"]) == ("1562.5", 156_250)
    runs = [run["text"] for block in content["document"] if block["kind"] == "paragraph" for run in block["runs"]]
    assert "资助学生3人次，资助金额1,562.5元。" in "".join(runs)


def test_what_nothing_delivers_yet_is_kept_as_not_on_record(cast: Cast) -> None:
    content = selectors.content_of(released(cast))
    posts = next(one for one in content["figures"] if one["code"] == "new_media_posts")
    assert posts["value"] is None


def test_the_second_person_is_another_one(cast: Cast) -> None:
    with whole_county("test"):
        draft = services.prepare(2024, by=actor(cast, "director"))
        with pytest.raises(Refused, match="不能是同一人"):
            services.release(draft, by=actor(cast, "director"))
    assert not Release.objects.exists()


def test_a_draft_that_the_records_left_behind_is_refused_by_name(cast: Cast) -> None:
    with whole_county("test"):
        draft = services.prepare(2024, by=actor(cast, "county_officer"))
        grant(cast)
        with pytest.raises(Refused, match="学生资助人次"):
            services.release(draft, by=actor(cast, "director"))
    assert Draft.objects.exists()


def test_words_changed_after_preparing_are_refused_too(cast: Cast) -> None:
    with whole_county("test"):
        draft = services.prepare(2024, by=actor(cast, "county_officer"))
        edit_sentence(2024, "report", "lead.handover", text="现报告如下。", by=actor(cast, "county_officer"))
        with pytest.raises(Refused, match="文句"):
            services.release(draft, by=actor(cast, "director"))


def test_nothing_is_prepared_while_an_import_writes(cast: Cast) -> None:
    ImportJob.objects.create(batch=ImportBatch.objects.create(), state=State.APPLYING, file_name="x.xlsx", file_size=1)
    with pytest.raises(Refused, match="正在写入"):
        services.prepare(2024, by=actor(cast, "county_officer"))


def test_a_second_release_of_a_year_takes_the_place_of_the_first_and_says_why(cast: Cast) -> None:
    first = released(cast)
    with pytest.raises(Refused, match="更换原因"):
        released(cast)
    second = released(cast, reason="补录了发放记录")
    assert (first.number, second.number) == ("2024-1", "2024-2")
    assert selectors.body_of(second)["supersedes"]["reason"] == "补录了发放记录"
    assert selectors.in_force(2024) == second
    assert [one.number for one in selectors.releases()] == ["2024-2", "2024-1"]


def test_a_withdrawn_release_stays_to_be_seen_with_its_reason(cast: Cast) -> None:
    release = released(cast)
    with pytest.raises(Refused, match="原因"):
        services.withdraw(release, reason=" ", by=actor(cast, "director"))
    services.withdraw(release, reason="口径有误", by=actor(cast, "director"))
    assert selectors.in_force(2024) is None
    assert selectors.releases().get().withdrawal.reason == "口径有误"
    with pytest.raises(Refused, match="已经撤回"):
        services.withdraw(selectors.releases().get(), reason="再来", by=actor(cast, "director"))


def test_a_number_is_not_given_twice_after_a_withdrawal(cast: Cast) -> None:
    services.withdraw(released(cast), reason="口径有误", by=actor(cast, "director"))
    assert released(cast).number == "2024-2"


def test_the_history_knows_the_release_by_its_root(cast: Cast) -> None:
    release = released(cast)
    (event,) = events_of(checking.SUBJECT, release.pk)
    assert event.facts["root"] == release.root
    assert Event.objects.filter(action="insight.prepare_release").count() == 1


def test_a_dropped_draft_leaves_its_reason_and_no_release(cast: Cast) -> None:
    draft = services.prepare(2024, by=actor(cast, "county_officer"))
    pk = draft.pk
    services.drop_draft(draft, reason="文字还要改", by=actor(cast, "director"))
    assert not Draft.objects.exists()
    assert [one.note for one in events_of(services.DRAFT, pk)] == ["文字还要改", ""]


def test_a_draft_that_was_used_up_cannot_be_released_again(cast: Cast) -> None:
    with whole_county("test"):
        draft = services.prepare(2024, by=actor(cast, "county_officer"))
        pk = draft.pk
        services.release(draft, by=actor(cast, "director"))
        draft.pk = pk
        with pytest.raises(Refused, match="已被发布"):
            services.release(draft, by=actor(cast, "director"))
    assert Release.objects.count() == 1


def test_preparing_again_replaces_the_draft(cast: Cast) -> None:
    first = services.prepare(2024, by=actor(cast, "county_officer"))
    second = services.prepare(2024, by=actor(cast, "county_officer"))
    assert list(Draft.objects.values_list("pk", flat=True)) == [second.pk]
    assert first.pk != second.pk


@pytest.mark.parametrize("model", [Release, ReleaseRows, Withdrawal])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_rewrite_a_release(model: type[Model], act: str, cast: Cast) -> None:
    services.withdraw(released(cast), reason="口径有误", by=actor(cast, "director"))
    rows: Any = model._default_manager.filter(pk=model._default_manager.first().pk)  # type: ignore[union-attr]  # there is one
    with pytest.raises(DatabaseError, match="read only"), transaction.atomic():
        rows.update(id=rows.get().pk) if act == "update" else rows._raw_delete("default")


def test_the_same_content_gives_the_same_root_of_rows_and_another_salt_another(cast: Cast) -> None:
    first, second = (selectors.content_of(released(cast, reason=reason)) for reason in ("", "再来一份"))
    pairs = zip(first["figures"], second["figures"], strict=True)
    with_rows = [(a, b) for a, b in pairs if a.get("rows")]
    assert with_rows
    for before, after in with_rows:
        assert before["rows_root"] != after["rows_root"]
        assert before["value"] == after["value"]


def test_a_release_holds_no_name_of_a_pupil(cast: Cast) -> None:
    release = Release.objects.get(pk=released(cast).pk)
    assert "张小明" not in release.body
    assert "张小明".encode() not in bytes(release.parts)


def test_released_at_is_the_moment_of_the_second_person(cast: Cast) -> None:
    release = released(cast)
    body = selectors.body_of(release)
    assert body["released"]["by"] == "director 某"
    assert body["prepared"]["by"] == "county_officer 某"
    assert release.released_at - selectors.releases().get().released_at < timedelta(seconds=1)
