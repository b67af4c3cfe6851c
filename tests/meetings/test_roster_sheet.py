"""Rosters through Excel: persons by the number of the staff, nobody twice at a time, one chief, dates of both ends."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import openpyxl
import pytest

from tests.cast import Cast
from tests.factories.meetings import BodyFactory
from tests.factories.people import StaffPostFactory
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.sheets import imports
from xianxue.meetings.models import Body, Seat
from xianxue.people.models import StaffPost

HEADS = {
    "unit": "学校", "body": "议事机构", "staff_no": "工号", "name": "姓名", "duty": "职务", "is_chief": "主要负责人",
    "is_discipline": "纪检委员", "account": "登录名", "started_on": "任职日期", "ended_on": "免职日期",
}  # fmt: skip


@pytest.fixture
def body(cast: Cast) -> Body:
    made: Body = BodyFactory(unit=cast.first_primary.unit, kind="party", name="第一小学党支部委员会")
    return made


def post(cast: Cast, name: str = "李老师", *, number: str = "", other: bool = False) -> StaffPost:
    """Somebody of the staff of the first school, or of the other."""
    school = cast.second_primary if other else cast.first_primary
    given = {"staff_no": number} if number else {}
    made: StaffPost = StaffPostFactory(school=school, person__name=name, **given)
    return made


def line(of: StaffPost, **more: str) -> dict[str, str]:
    """A row of the workbook."""
    cells = {
        "unit": "第一小学", "body": "党组织会议", "staff_no": of.staff_no, "name": of.person.name, "duty": "委员",
        "is_chief": "否", "is_discipline": "否", "started_on": "2024-01-10", **more,
    }  # fmt: skip
    return {HEADS[name]: text for name, text in cells.items()}


def sends(cast: Cast, *lines: Mapping[str, str], part: str = "recorder") -> dict[str, Any]:
    """Send a workbook with these rows; returns the job's report."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    heads = list(dict.fromkeys(name for one in lines for name in one))
    page.append(heads)
    for one in lines:
        page.append([one.get(name, "") for name in heads])
    target = io.BytesIO()
    book.save(target)
    user = cast.users[part]
    with in_reach(cast.reach(part)):
        report = imports.run(
            [("名册.xlsx", target.getvalue())], by=Actor(user.pk, user.name, via="cli"), options={"sheet": "seats"}
        )
    (job,) = report["jobs"]
    return dict(job)


def told(job: Mapping[str, Any]) -> list[str]:
    return sorted(problem["code"] for problem in job["problems"])


def test_a_roster_comes_in_once_with_chief_discipline_account_and_dates(cast: Cast, body: Body) -> None:
    first, second = post(cast, "周一鸣"), post(cast, "吴二南")
    account = cast.users["member"].username
    lines = (
        line(first, duty="书记", is_chief="是", account=account),
        line(second, duty="纪检委员", is_discipline="是", body=body.name, ended_on="2024-12-31"),
    )
    assert sends(cast, *lines)["written"] == 2
    seats = list(Seat.objects.order_by("order"))
    assert [(one.person_id, one.duty, one.is_chief, one.is_discipline, one.order) for one in seats] == [
        (first.person_id, "书记", True, False, 0),
        (second.person_id, "纪检委员", False, True, 1),
    ]
    assert [(one.started_on, one.ended_on) for one in seats] == [
        (date(2024, 1, 10), None), (date(2024, 1, 10), date(2024, 12, 31)),
    ]  # fmt: skip
    assert [one.user_id for one in seats] == [cast.users["member"].pk, None]
    assert [one.body_id for one in seats] == [body.pk, body.pk]
    again = sends(cast, *lines)
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 2)


def test_two_people_of_one_name_are_told_apart_by_number(cast: Cast, body: Body) -> None:
    one, twin = post(cast, "王芳"), post(cast, "王芳")
    assert told(sends(cast, line(one), line(twin))) == []
    assert set(Seat.objects.values_list("person_id", flat=True)) == {one.person_id, twin.person_id}


def test_number_and_name_are_of_the_same_person(cast: Cast, body: Body) -> None:
    assert told(sends(cast, line(post(cast, "王芳"), name="李芳"))) == ["P643"]
    assert told(sends(cast, line(post(cast, "外校", number="T8801", other=True)))) == ["P642"]
    assert not Seat.objects.exists()


def test_a_body_and_an_account_are_the_schools_own(cast: Cast, body: Body) -> None:
    BodyFactory(unit=cast.second_primary.unit, kind="administration", name="第二小学校长办公会")
    of = post(cast)
    assert told(sends(cast, line(of, body="第二小学校长办公会"))) == ["P641"]
    assert told(sends(cast, line(of, body="校长办公会议"))) == ["P641"]
    strange = cast.users["other_recorder"].username
    assert told(sends(cast, line(of, account=strange))) == ["P647"]


def test_nobody_sits_twice_at_a_time_and_a_change_of_duty_follows(cast: Cast, body: Body) -> None:
    of = post(cast)
    twice = sends(cast, line(of), line(of, duty="副书记", started_on="2024-06-01"))
    assert (told(twice), twice["wrong"]) == (["P645"], 2)
    followed = sends(cast, line(of, ended_on="2024-06-01"), line(of, duty="副书记", started_on="2024-06-01"))
    assert (told(followed), followed["written"]) == ([], 2)
    assert told(sends(cast, line(of, started_on="2025-01-01"))) == ["P645"]


def test_one_chief_at_a_time_in_the_file_and_against_the_records(cast: Cast, body: Body) -> None:
    old, new = post(cast, "周一鸣"), post(cast, "吴二南")
    chief = {"is_chief": "是", "duty": "书记"}
    two = sends(cast, line(old, **chief), line(new, **chief))
    assert (told(two), two["wrong"]) == (["P646"], 2)
    sends(cast, line(old, **chief))
    assert told(sends(cast, line(new, **chief, started_on="2025-01-01"))) == ["P646"]
    both = sends(cast, line(old, **chief, ended_on="2025-01-01"), line(new, **chief, started_on="2025-01-01"))
    assert (told(both), both["new"], both["changed"]) == ([], 1, 1)


def test_a_seat_does_not_end_before_it_begins(cast: Cast, body: Body) -> None:
    assert told(sends(cast, line(post(cast), ended_on="2024-01-09"))) == ["P644"]


def test_an_account_can_follow_later_and_an_empty_cell_ends_nothing(cast: Cast, body: Body) -> None:
    of = post(cast)
    sends(cast, line(of, ended_on="2024-12-31"))
    user = cast.users["member"]
    job = sends(cast, line(of, account=user.username, ended_on=""))
    assert (told(job), job["changed"]) == ([], 1)
    assert list(Seat.objects.values_list("user_id", "ended_on")) == [(user.pk, date(2024, 12, 31))]


def test_a_recorder_writes_no_other_schools_roster(cast: Cast, body: Body) -> None:
    job = sends(cast, line(post(cast)), part="other_recorder")
    assert job["written"] == 0
    assert not Seat.objects.exists()
