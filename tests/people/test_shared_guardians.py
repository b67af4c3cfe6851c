"""A guardian with children at two schools: what one school writes leaves its trace at the other."""

import pytest

from tests.people.places import Place, pupil, sending
from xianxue.kernel.history.selectors import events_of, verify
from xianxue.people.models import Person

ACTION = "people.note_on_other_wards"


@pytest.fixture
def child(place: Place) -> int:
    """A pupil of 甲小学, whose father is known by his document."""
    sending(place, "first").send(pupil(1))
    pk: int = Person.unguarded.get(name="张小明").pk
    return pk


def traces(person: int) -> list[tuple[dict[str, list[str | None]], int | None]]:
    return [(entry.changes, entry.unit_id) for entry in events_of("people.person", person) if entry.action == ACTION]


def sister(**changes: str) -> dict[str, object]:
    return pupil(2, name="张小红", school="2136000002", **changes)


def test_a_new_pupil_elsewhere_with_a_newer_telephone(place: Place, child: int) -> None:
    sending(place, "second").send(sister(guardian1_phone="13900000077"))
    assert Person.unguarded.get(name="张大明").phone == "13900000077"
    assert traces(child) == [({"guardian1_phone": ["13900000001", "13900000077"]}, place.first.pk)]
    assert verify().is_sound


def test_the_same_telephone_leaves_no_trace(place: Place, child: int) -> None:
    sending(place, "second").send(sister())
    assert traces(child) == []


def test_a_correction_elsewhere(place: Place, child: int) -> None:
    other = sending(place, "second")
    other.send(sister())
    other.send(sister(guardian1_phone="13900000088", guardian1_name="张达明"))
    assert traces(child) == [
        (
            {"guardian1_name": ["张大明", "张达明"], "guardian1_phone": ["13900000001", "13900000088"]},
            place.first.pk,
        )
    ]
    (own,) = [person.pk for person in Person.unguarded.filter(name="张小红")]
    assert traces(own) == []
