"""Bodies, seats, declarations: who may enter them, and what is refused."""

from datetime import date, timedelta

import pytest

from tests.factories.people import PersonFactory
from tests.meetings.scene import Scene
from xianxue.kernel.commands import Refused
from xianxue.meetings.models import Interest
from xianxue.meetings.services import rosters

DAY = date(2024, 10, 8)


def test_one_body_of_a_kind(seven: Scene) -> None:
    unit = seven.body.unit
    with pytest.raises(Refused, match="已有这一类机构"):
        seven.records(rosters.found, unit=unit, kind="party", name="另一个", started_on=DAY)
    assert seven.records(rosters.found, unit=unit, kind="other", name="周会", started_on=DAY).name == "周会"


def test_one_open_seat_and_one_chief(seven: Scene) -> None:
    given = {"body": seven.body, "duty": "书记", "started_on": DAY}
    with pytest.raises(Refused, match="已经是该机构的成员"):
        seven.records(rosters.seat, person=seven.seats[1].person, **given)
    with pytest.raises(Refused, match="已有主要负责人"):
        seven.records(rosters.seat, person=PersonFactory(), is_chief=True, **given)
    seven.records(rosters.unseat, seven.seats[0], ended_on=DAY)
    assert seven.records(rosters.seat, person=PersonFactory(), is_chief=True, **given).is_chief


def test_a_seat_ends_once_and_not_before_it_began(seven: Scene) -> None:
    seat = seven.seats[3]
    with pytest.raises(Refused, match="早于任职日期"):
        seven.records(rosters.unseat, seat, ended_on=seat.started_on - timedelta(days=1))
    seven.records(rosters.unseat, seat, ended_on=DAY)
    with pytest.raises(Refused, match="已经结束"):
        seven.records(rosters.unseat, seat, ended_on=DAY)


def test_a_declaration_names_somebody(seven: Scene) -> None:
    given = {"body": seven.body, "person": seven.seats[1].person, "ground": "kin", "started_on": DAY}
    with pytest.raises(Refused, match="没有写相关人员"):
        seven.records(rosters.declare, **given)
    seven.records(rosters.declare, organisation=" 试验家具厂 ", **given)
    assert Interest.objects.get().organisation == "试验家具厂"


def test_rosters_of_another_school_are_not_touched(seven: Scene) -> None:
    other = seven.cast.users["other_recorder"]
    with pytest.raises(Refused, match="没有这项权限"):
        seven.does(other, rosters.unseat, seven.seats[0], ended_on=DAY)


def test_a_joint_branch_stands_in_for_what_the_school_has_not(seven: Scene) -> None:
    given = {"unit": seven.body.unit, "kind": "other", "name": "联合支部", "started_on": DAY}
    with pytest.raises(Refused, match="有自己的党组织会议，不用代行") as told:
        seven.records(rosters.found, stands_in_for=["party"], **given)
    assert told.value.field == "stands_in_for"
    made = seven.records(rosters.found, stands_in_for=["congress", "administration"], **given)
    assert made.stands_in_for == ["administration", "congress"]
    with pytest.raises(Refused, match="现由“联合支部”代行"):
        seven.records(rosters.found, unit=seven.body.unit, kind="administration", name="校长办公会", started_on=DAY)
    seven.records(rosters.change_body, made, name="联合支部", stands_in_for=["congress"])
    assert seven.records(
        rosters.found, unit=seven.body.unit, kind="administration", name="校长办公会", started_on=DAY
    ).pk


def test_a_body_ends_once_its_members_have_left(seven: Scene) -> None:
    with pytest.raises(Refused, match="还有在任的成员"):
        seven.records(rosters.change_body, seven.body, name="", ended_on=DAY)
    for seat in seven.seats:
        seven.records(rosters.unseat, seat, ended_on=DAY)
    with pytest.raises(Refused, match="早于设立日期"):
        seven.records(rosters.change_body, seven.body, name="", ended_on=seven.body.started_on - timedelta(days=1))
    ended = seven.records(rosters.change_body, seven.body, name="", ended_on=DAY)
    assert (ended.name, ended.ended_on) == (seven.body.name, DAY)
    with pytest.raises(Refused, match="已经撤销"):
        seven.records(rosters.change_body, seven.body, name="别的")


def test_the_page_of_a_body_is_its_schools(seven: Scene) -> None:
    address = f"/meetings/bodies/{seven.body.pk}/change/"
    client = seven.cast.client("recorder")
    assert seven.body.name in client.get(address).content.decode()
    client.post(address, {"name": "党支部委员会", "stands_in_for": ["administration"]})
    seven.body.refresh_from_db()
    assert (seven.body.name, seven.body.stands_in_for) == ("党支部委员会", ["administration"])
    assert [seven.cast.client(part).get(address).status_code for part in ("member", "other_recorder")] == [403, 404]
