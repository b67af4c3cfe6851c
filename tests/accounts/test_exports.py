"""Unmasked data leave the house with a purpose, above some rows with a second person's approval, marked row by row."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.cast import Cast, make_cast
from tests.factories.accounts import PostingFactory
from tests.factories.people import IdentifierFactory, MembershipFactory, PersonFactory, id_number
from xianxue.accounts.models import ExportRequest
from xianxue.accounts.services import exports
from xianxue.kernel import restricted
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.kernel.restricted.models import ReadRecord
from xianxue.kernel.restricted.services import open_domain
from xianxue.organisations import roles

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = datetime(2024, 10, 15, 2, 0, tzinfo=UTC)
LIST = "/registers/pupils/export/"


@pytest.fixture
def cast(db: None, settings: Settings) -> Iterator[Cast]:
    settings.EXPORT_APPROVAL_ROWS = 2
    with time_machine.travel(NOW, tick=False):
        made = make_cast()
        for number in range(3):
            person = PersonFactory(name=f"张小明{number}", health="1")
            IdentifierFactory(person=person, value=id_number(sequence=101 + 2 * number))
            MembershipFactory(classroom=made.first_class, enrolment__person=person)
        yield made


def actor(cast: Cast, part: str) -> Actor:
    user = cast.users[part]
    return Actor(user.pk, user.name)


def with_purposes(cast: Cast, part: str = "registrar") -> None:
    for code in ("identity", "special"):
        with in_reach(cast.reach(part)):
            open_domain(restricted.get(code), purpose="business", by=actor(cast, part))


def export(cast: Cast, part: str = "registrar", query: str = "status=every") -> Any:
    return cast.client(part).post(f"{LIST}?{query}")


def ask(cast: Cast, part: str = "registrar", query: str = "status=every", rows: int = 3) -> ExportRequest:
    with in_reach(cast.reach(part)):
        made: ExportRequest = exports.ask_for_export(
            register="pupils",
            query=query,
            rows=rows,
            purpose="办理中考报名",
            recipient="县招生办",
            by=actor(cast, part),
        )
    return made


def approve(cast: Cast, request: ExportRequest, part: str = "head", until: date = date(2024, 10, 20)) -> None:
    with in_reach(cast.reach(part)):
        exports.approve_export(request, valid_until=until, by=actor(cast, part))


def rows_of(answer: Any) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_without_a_purpose_the_file_is_not_made(cast: Cast) -> None:
    answer = export(cast, query="q=张小明1&status=every")
    assert answer.headers["Location"].startswith("/registers/restricted/identity/open/")


def test_a_few_rows_need_a_purpose_only_and_are_noted(cast: Cast) -> None:
    with_purposes(cast)
    rows = rows_of(export(cast, query="q=张小明1&status=every"))
    assert (len(rows), "导出编号" in rows[0]) == (2, False)
    noted = ReadRecord.unguarded.order_by("domain").values_list("domain", "people", "what")
    assert list(noted) == [("identity", 1, "导出学生原值"), ("special", 1, "导出学生原值")]


def test_many_rows_lead_to_the_request(cast: Cast) -> None:
    with_purposes(cast)
    where = export(cast).headers["Location"]
    assert where.startswith(reverse("matter-start", args=("accounts.export", "ask")))
    assert "rows=3" in where
    assert cast.client("registrar").get(where).status_code == 200


def test_the_request_says_which_list_and_how_many_rows(cast: Cast) -> None:
    start = "/matters/start/accounts.export/ask/?query=status%3Devery&rows=1&register="
    facts = cast.client("registrar").get(f"{start}pupils").context["facts"]
    assert [(fact.label, fact.text) for fact in facts][:2] == [("名单", "学生"), ("行数", "3")]
    assert "身份证件号" in facts[2].text
    # A list whose hidden columns the person may not have is not even counted.
    assert cast.client("aid_officer").get(f"{start}pupils").context["facts"] == []


def test_an_approved_list_leaves_with_its_number_on_every_row_and_three_times_only(cast: Cast) -> None:
    with_purposes(cast)
    request = ask(cast)
    assert export(cast).status_code == 302
    approve(cast, request)
    head, *rows = rows_of(export(cast))
    assert head[-1] == "导出编号"
    mark = f"DC{request.pk:06d}-1 {cast.users['registrar'].name} 2024-10-15 用途：办理中考报名"
    assert {row[-1] for row in rows} == {mark}
    assert len(rows) == 3
    assert [export(cast).status_code for _time in range(3)] == [200, 200, 302]
    assert Event.objects.filter(action="accounts.use_export").count() == 3


def test_the_mark_does_not_hinder_sending_the_file_in_again(cast: Cast) -> None:
    with_purposes(cast)
    approve(cast, ask(cast))
    head = rows_of(export(cast))[0]
    assert head.count("导出编号") == 1


@pytest.mark.parametrize(("part", "query"), [("registrar", "status=active"), ("other_registrar", "status=every")])
def test_an_approval_is_for_one_list_and_one_person(cast: Cast, part: str, query: str, settings: Settings) -> None:
    settings.EXPORT_APPROVAL_ROWS = 0
    MembershipFactory(classroom=cast.second_class)
    approve(cast, ask(cast))
    with_purposes(cast, part)
    assert export(cast, part, query).status_code == 302


def test_an_approval_ends_with_its_day_and_with_a_list_that_has_grown(cast: Cast) -> None:
    with_purposes(cast)
    approve(cast, ask(cast))
    MembershipFactory(classroom=cast.first_class)
    assert "rows=4" in export(cast).headers["Location"]
    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        with_purposes(cast)
        assert "/matters/start/" in export(cast).headers["Location"]


@pytest.mark.parametrize(("part", "reason"), [
    ("registrar", "没有这项权限"),
    ("other_registrar", "没有这项权限"),
    ("class_teacher", "没有这项权限"),
])  # fmt: skip
def test_only_the_head_of_the_unit_or_the_director_approves(cast: Cast, part: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        approve(cast, ask(cast), part)


@pytest.mark.parametrize("until", [date(2024, 10, 14), date(2024, 11, 15)])
def test_an_approval_lasts_a_month_at_most(cast: Cast, until: date) -> None:
    with pytest.raises(Refused, match="有效期须在今天起 30 天之内"):
        approve(cast, ask(cast), until=until)


def test_nobody_asks_for_a_register_that_is_not_theirs_to_reveal(cast: Cast) -> None:
    with pytest.raises(Refused, match="不能导出"):
        ask(cast, "class_teacher")


def test_the_neighbour_school_does_not_see_the_request(cast: Cast) -> None:
    request = ask(cast)
    href = reverse("matter", args=(request.matter_id,))
    seen = {
        part: cast.client(part).get(href).status_code for part in ("registrar", "head", "other_registrar", "stranger")
    }
    assert seen == {"registrar": 200, "head": 200, "other_registrar": 404, "stranger": 404}


def test_the_rows_are_counted_and_not_believed(cast: Cast) -> None:
    assert ask(cast, rows=900_000).rows == 3


def test_a_list_does_not_leave_in_slices_below_the_limit(cast: Cast) -> None:
    with_purposes(cast)
    taken = [export(cast, query=f"q=张小明{number}&status=every").status_code for number in range(3)]
    assert taken == [200, 200, 302]
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        with_purposes(cast)
        assert export(cast, query="q=张小明2&status=every").status_code == 200


def test_rows_that_left_with_an_approval_do_not_count_as_slices(cast: Cast) -> None:
    with_purposes(cast)
    approve(cast, ask(cast))
    assert export(cast).status_code == 200
    assert export(cast, query="q=张小明1&status=every").status_code == 200


def test_whoever_keeps_records_at_a_school_and_at_the_bureau_has_the_county_s_list_approved_by_the_director(
    cast: Cast,
) -> None:
    PostingFactory(user=cast.users["registrar"], role=roles.COUNTY_OFFICER, unit=cast.county)
    assert ask(cast).unit_id == cast.first_primary.pk
    person = PersonFactory(name="李四")
    IdentifierFactory(person=person, value=id_number(sequence=301))
    MembershipFactory(classroom=cast.second_class, enrolment__person=person)
    request = ask(cast)
    assert request.unit_id == cast.county.pk
    with pytest.raises(Refused, match="没有这项权限"):
        approve(cast, request)
    approve(cast, request, "director")


def test_who_keeps_records_at_two_schools_asks_for_each_and_gets_no_more(cast: Cast) -> None:
    early = ask(cast)
    approve(cast, early)
    PostingFactory(user=cast.users["registrar"], role=roles.REGISTRAR, unit=cast.second_primary.unit)
    MembershipFactory(classroom=cast.second_class)
    ExportRequest.unguarded.update(rows=100)
    with pytest.raises(Refused, match="按学校筛选，分别申请"):
        ask(cast)
    with_purposes(cast)
    assert "/matters/start/" in export(cast).headers["Location"]
    early.refresh_from_db()
    assert early.downloads == 0
