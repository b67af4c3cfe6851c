from collections.abc import Iterator
from datetime import date

import pytest
from django.http import QueryDict

from tests.people.places import Place, pupil
from tests.people.sending import Sending
from xianxue.kernel.access import Reach, UnitScope, in_reach
from xianxue.kernel.resources import asked, get
from xianxue.organisations import roles
from xianxue.people.choices import ExitReason
from xianxue.people.models import Enrolment
from xianxue.people.selectors import search

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _pupils(registrar: Sending, other_registrar: Sending) -> Iterator[None]:
    registrar.send(pupil(1), pupil(2, name="单红", class_number="2", phone="13800000002"))
    other_registrar.send(pupil(3, name="王小红", school="2136000002"))
    with in_reach(registrar.reach):
        yield


def listed(query: str, register: str = "pupils") -> list[str]:
    found = get(register)
    return [found.title(row) for row in found.fetched(asked.read(found, QueryDict(query)).rows())]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("单红", ["单红"]),
        ("红", ["单红"]),
        ("sh", ["单红"]),
        ("SHANHO", ["单红"]),
        ("zxm", ["张小明"]),
        (pupil(2)["student_no"], ["单红"]),
        (pupil(2)["id_number"].lower(), ["单红"]),
        ("138 0000 0002", ["单红"]),
        (pupil(2)["id_number"][:17], []),
        ("王小红", []),
        (pupil(3)["id_number"], []),
    ],
)
def test_pupils_are_found_by_name_pinyin_or_whole_number_and_in_reach_only(text: str, names: list[str]) -> None:
    assert listed(f"q={text}") == names


def test_a_name_elsewhere_that_begins_so_hides_nobody_here(other_registrar: Sending) -> None:
    other_registrar.send(pupil(4, name="红梅", school="2136000002"))
    assert listed("q=红") == ["单红"]
    with in_reach(other_registrar.reach):
        assert listed("q=红") == ["红梅"]
    assert listed("q=红") == ["单红"]


def test_only_names_that_the_filters_leave_decide_between_beginning_and_inside(registrar: Sending) -> None:
    registrar.send(pupil(4, name="红梅"))
    assert listed("q=红") == ["红梅"]
    Enrolment.objects.filter(person__name="红梅").update(
        status="left", ended_on=date(2024, 11, 1), exit_reason=ExitReason.TRANSFERRED
    )
    assert listed("q=红") == ["单红"]
    assert listed("q=红&status=left") == ["红梅"]


def test_many_persons_of_one_name_are_decided_in_the_same_way(
    other_registrar: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MANY", 0)
    other_registrar.send(pupil(4, name="红梅", school="2136000002"))
    assert listed("q=红") == ["单红"]
    assert listed("q=sh") == ["单红"]


def test_guardians_are_found_by_their_own_number_and_stand_beside_every_child() -> None:
    assert listed(f"q={pupil()['guardian1_id_number']}", "guardians") == ["张大明", "张大明"]
    assert listed("q=zdm", "guardians") == ["张大明", "张大明"]


def test_those_who_left_are_not_listed_until_asked_for_and_keep_their_page() -> None:
    gone = Enrolment.objects.get(person__name="单红")
    Enrolment.objects.filter(pk=gone.pk).update(
        status="left", ended_on=date(2024, 11, 1), exit_reason=ExitReason.TRANSFERRED
    )
    assert listed("") == ["张小明"]
    assert listed("status=left") == ["单红"]
    assert listed("status=every") == ["张小明", "单红"]
    assert listed("on=2024-10-31") == ["张小明", "单红"]
    assert get("pupils").visible().filter(pk=gone.pk).exists()


def test_what_is_over_cannot_be_changed_on_the_form_of_those_who_are_here() -> None:
    register = get("pupils")
    row = Enrolment.objects.get(person__name="单红")
    assert register.allows(register.change, row)
    row.ended_on = date(2024, 11, 1)
    assert not register.allows(register.change, row)
    assert register.allows(register.view, row)


def test_a_list_as_of_a_day_shows_the_class_of_that_day(registrar: Sending) -> None:
    registrar.options = {"on": "2024-12-02"}
    registrar.send(pupil(1, class_number="2"))
    register = get("pupils")
    shown = {}
    for day in (date(2024, 12, 1), date(2024, 12, 2), None):
        rows = register.fetched(register.visible(day).filter(person__name="张小明"), on=day)
        shown[day] = [row.class_shown for row in rows]
    assert shown == {
        date(2024, 12, 1): ["一年级（1）班"],
        date(2024, 12, 2): ["一年级（2）班"],
        None: ["一年级（2）班"],
    }


def test_a_class_teacher_sees_the_own_class_and_its_guardians(place: Place) -> None:
    room = place.rooms["甲", 2024, 2]
    teacher = Reach(roles={roles.CLASS_TEACHER: UnitScope(frozenset({room.pk}))}, user_id=9)
    with in_reach(teacher):
        assert listed("") == ["单红"]
        assert sorted(listed("", "guardians")) == ["张大明", "李大红"]
        assert listed("q=张小明") == []
        assert not get("staff").may_view()
