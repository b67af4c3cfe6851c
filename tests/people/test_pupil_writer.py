from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest

from tests.factories.people import EnrolmentFactory, IdentifierFactory, PersonFactory, id_number
from tests.people.places import BORN, FATHER, MOTHER, Place, pupil
from tests.people.sending import Sending, run
from xianxue.kernel.access import in_reach, whole_county
from xianxue.people.choices import ExitReason, IdentifierKind
from xianxue.people.models import ClassMembership, Enrolment, GuardianLink, Identifier, Person

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _reads_everything(place: Place) -> Iterator[None]:
    with whole_county("test"):
        yield


def facts(name: str = "张小明") -> dict[str, object]:
    enrolment = Enrolment.objects.select_related("person", "classroom").get(person__name=name, ended_on=None)
    person = enrolment.person
    return {
        "sex": person.sex,
        "born_on": person.born_on,
        "ethnic_group": person.ethnic_group,
        "phone": person.phone,
        "numbers": {item.kind: item.value for item in person.identifiers.all()},
        "class": (enrolment.stage, enrolment.cohort_year, enrolment.classroom and enrolment.classroom.number),
        "entered_on": enrolment.entered_on,
        "boarding": enrolment.boarding,
        "flags": (enrolment.is_left_behind, enrolment.needs_aid),
        "seats": [
            (seat.classroom.number, seat.started_on, seat.ended_on)
            for seat in enrolment.memberships.select_related("classroom").order_by("started_on")
        ],
        "guardians": [
            (link.order, link.guardian.name, link.relation, link.guardian.phone, link.is_guardian)
            for link in GuardianLink.objects.filter(pupil=person).select_related("guardian").order_by("order")
        ],
    }


def first_guardian(name: str) -> tuple[int, str, str]:
    link = GuardianLink.objects.select_related("guardian").get(pupil__name=name, order=1)
    return link.order, link.guardian.name, link.relation


def test_a_new_row_becomes_a_person_with_numbers_enrolment_class_and_guardians(registrar: Sending) -> None:
    assert registrar.send(pupil()) == {"new": 1}
    assert facts() == {
        "sex": "1",
        "born_on": BORN,
        "ethnic_group": "01",
        "phone": "13800000001",
        "numbers": {"student_no": pupil()["student_no"], "id_card": pupil()["id_number"]},
        "class": ("primary", 2024, 1),
        "entered_on": date(2024, 9, 1),
        "boarding": "day",
        "flags": (False, None),
        "seats": [(1, date(2024, 9, 1), None)],
        "guardians": [(1, "张大明", "51", "13900000001", True), (2, "李大红", "52", "13900000002", True)],
    }
    person = Person.objects.get(name="张小明")
    assert (person.name_pinyin, person.initials) == ("zhangxiaoming", "zxm")


def test_the_same_file_twice_changes_nothing(registrar: Sending) -> None:
    rows = [
        pupil(),
        pupil(2, name="王小红", sex="男"),
        pupil(
            3,
            name="单小东",
            guardian1_name="",
            guardian1_relation="",
            guardian1_id_number="",
            guardian1_phone="",
            guardian1_is_guardian="",
        ),
    ]
    assert registrar.send(*rows) == {"new": 3}
    before = [
        list(model.objects.order_by("pk").values()) for model in (Person, Enrolment, ClassMembership, GuardianLink)
    ]
    assert registrar.send(*rows) == {"same": 3}
    after = [
        list(model.objects.order_by("pk").values()) for model in (Person, Enrolment, ClassMembership, GuardianLink)
    ]
    assert after == before


def test_changed_cells_are_named_and_written_and_nothing_else(registrar: Sending) -> None:
    registrar.send(pupil())
    row = pupil(name="张晓明", phone="13800000009", boarding="住校", needs_aid="是", entered_on="2024-10")
    result = registrar.check(row)
    assert result.problems.select("code", "column").rows() == [("W402", "name")]
    assert dict(result.cells.select("column", "new").rows()) == {
        "phone": "13800000009",
        "boarding": "boarder",
        "needs_aid": "1",
        "entered_on": "2024-10",
    }
    registrar.send(row)
    found = facts()
    assert (found["phone"], found["boarding"], found["flags"]) == ("13800000009", "boarder", (False, True))
    assert registrar.send(row) == {"same": 1}


def test_a_partial_file_leaves_what_it_does_not_speak_of(registrar: Sending) -> None:
    registrar.send(pupil())
    before = facts()
    assert registrar.send({"student_no": pupil()["student_no"], "boarding": "住校", "phone": ""}) == {"changed": 1}
    assert facts() == before | {"boarding": "boarder"}


def test_a_change_of_class_ends_one_membership_and_opens_the_next(registrar: Sending) -> None:
    registrar.send(pupil())
    registrar.options = {"on": "2024-12-02"}
    assert registrar.send(pupil(class_number="2")) == {"changed": 1}
    found = facts()
    assert found["class"] == ("primary", 2024, 2)
    assert found["seats"] == [(1, date(2024, 9, 1), date(2024, 12, 2)), (2, date(2024, 12, 2), None)]
    registrar.send(pupil(class_number="1"))
    assert facts()["seats"] == [(1, date(2024, 9, 1), date(2024, 12, 2)), (1, date(2024, 12, 2), None)]


def test_a_change_of_grade_changes_the_cohort(registrar: Sending) -> None:
    registrar.send(pupil())
    assert registrar.send(pupil(grade="二年级")) == {"changed": 1}
    assert facts()["class"] == ("primary", 2023, 1)


def test_a_class_that_the_school_does_not_have_is_refused_with_those_it_has(registrar: Sending) -> None:
    result = registrar.check(pupil(class_number="97"))
    assert result.problems.select("code", "column", "other").rows() == [("P515", "class_number", "1、2")]


def test_schools_unknown_and_out_of_reach_are_refused_alike(registrar: Sending, place: Place) -> None:
    unknown, outside = registrar.check(pupil(school="2136999999")), registrar.check(pupil(school="2136000002"))
    assert "P202" in unknown.problems["code"]
    assert [row[1:4] for row in unknown.problems.drop("value").rows()] == [
        row[1:4] for row in outside.problems.drop("value").rows()
    ]


def test_a_pupil_at_another_school_is_refused_without_naming_a_school_out_of_reach(
    registrar: Sending, other_registrar: Sending, officer: Sending
) -> None:
    registrar.send(pupil())
    there = pupil(school="2136000002")
    for sender, named in ((other_registrar, None), (officer, "甲小学")):
        problem = sender.check(there).problems.row(0, named=True)
        assert (problem["code"], problem["other"]) == ("P511", named)
    assert other_registrar.send(there) == {"wrong": 1}
    assert Enrolment.objects.count() == 1


def test_a_pupil_who_left_comes_back_as_the_same_person(registrar: Sending, other_registrar: Sending) -> None:
    registrar.send(pupil())
    Enrolment.objects.update(ended_on=date(2024, 10, 1), exit_reason=ExitReason.TRANSFERRED, status="left")
    ClassMembership.objects.update(ended_on=date(2024, 10, 1))
    assert other_registrar.send(pupil(school="2136000002", entered_on="2024-10", address="新家")) == {"new": 1}
    person = Person.objects.get(name="张小明")
    assert (person.enrolments.count(), person.identifiers.count(), person.address) == (2, 2, "新家")
    assert other_registrar.send(pupil(school="2136000002", entered_on="2024-10", address="新家")) == {"same": 1}


def test_numbers_of_two_persons_in_one_row_are_refused(registrar: Sending) -> None:
    registrar.send(pupil(1), pupil(2, name="王小红"))
    mixed = pupil(1) | {"id_number": pupil(2)["id_number"]}
    assert ("P512") in {code for _row, code, _column in registrar.problems(mixed)}


def test_a_number_that_somebody_else_has_under_another_name_is_refused_without_the_name(registrar: Sending) -> None:
    number = id_number(BORN, sequence=7)
    IdentifierFactory(person=PersonFactory(name="别的人"), value=number)
    problems = registrar.check(pupil(4, student_no=None, id_number=number)).problems
    assert problems.select("code", "other").rows() == [("P513", None)]


def test_name_birth_date_and_guardians_phone_alone_are_a_hint_and_no_match(registrar: Sending) -> None:
    registrar.send(pupil())
    other = id_number(BORN, sequence=21)
    row = pupil(student_no=None, id_number=other, guardian1_id_number="")
    assert registrar.problems(row) == [(2, "W511", "name")]
    assert registrar.send(row) == {"new": 1}


def test_birth_date_and_sex_are_held_against_the_id_number(registrar: Sending) -> None:
    result = registrar.check(pupil(born_on="2018-05-02", sex="女"))
    assert sorted(result.problems.select("code", "column", "suggestion").rows()) == [
        ("P311", "born_on", "2018-05-01"),
        ("P312", "sex", "男"),
    ]


def test_a_wrong_check_digit_is_found_in_an_id_card_and_not_sought_in_a_passport(registrar: Sending) -> None:
    number = pupil()["id_number"]
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    codes = [code for _row, code, column in registrar.problems(pupil(id_number=wrong)) if column == "id_number"]
    assert codes == ["P105"]
    assert registrar.problems(pupil(student_no=None, id_kind="护照", id_number="E12345678")) == []


def test_siblings_in_one_file_share_the_guardian_known_by_document(registrar: Sending) -> None:
    registrar.send(pupil(1), pupil(2, name="张小红"))
    fathers = Person.objects.filter(name="张大明")
    assert fathers.count() == 1
    assert fathers.get().ward_links.count() == 2
    assert fathers.get().born_on == date(1990, 1, 1)


def test_a_guardian_with_children_in_two_schools_is_one_person(registrar: Sending, other_registrar: Sending) -> None:
    registrar.send(pupil(1))
    other_registrar.send(pupil(2, name="张小红", school="2136000002"))
    assert Person.objects.get(name="张大明").ward_links.count() == 2


def test_guardians_without_a_document_are_never_joined(registrar: Sending) -> None:
    registrar.send(pupil(1), pupil(2, name="张小红"))
    assert Person.objects.filter(name="李大红").count() == 2


def test_a_guardian_s_document_under_two_names_is_refused(registrar: Sending, other_registrar: Sending) -> None:
    rows = [pupil(1), pupil(2, name="张小红", guardian1_name="张二明")]
    assert [(row, code) for row, code, _column in registrar.problems(*rows)] == [(2, "P516"), (3, "P516")]
    registrar.send(pupil(1))
    result = other_registrar.check(pupil(2, name="张小红", school="2136000002", guardian1_name="张二明"))
    assert result.problems.select("code", "other").rows() == [("P516", "")]


def test_a_guardian_s_corrected_name_and_phone_hold_for_all_children(registrar: Sending) -> None:
    registrar.send(pupil(1), pupil(2, name="张小红"))
    rows = [
        pupil(1, guardian1_name="张达明", guardian1_phone="13900000009"),
        pupil(2, name="张小红", guardian1_name="张达明", guardian1_phone="13900000009"),
    ]
    assert registrar.send(*rows) == {"changed": 2}
    assert not Person.objects.filter(name="张大明").exists()
    assert Person.objects.get(name="张达明").phone == "13900000009"
    assert registrar.send(*rows) == {"same": 2}


def test_another_document_and_name_is_another_guardian_who_takes_the_place(registrar: Sending) -> None:
    registrar.send(pupil(1), pupil(2, name="张小红"))
    registrar.send(
        pupil(
            1,
            guardian1_name="李大红",
            guardian1_id_number=MOTHER,
            guardian1_relation="母亲",
            guardian2_name="",
            guardian2_relation="",
            guardian2_phone="",
        )
    )
    assert first_guardian("张小明") == (1, "李大红", "52")
    assert first_guardian("张小红") == (1, "张大明", "51")
    assert Identifier.objects.get(person__name="李大红", person__ward_links__order=1).kind == IdentifierKind.ID_CARD


def test_a_document_added_later_joins_the_guardian_to_the_one_known_by_it(registrar: Sending) -> None:
    registrar.send(pupil(1), pupil(2, name="张小红", guardian1_id_number=""))
    assert Person.objects.filter(name="张大明").count() == 2
    assert registrar.send(pupil(2, name="张小红")) == {"changed": 1}
    assert Person.objects.get(name="张大明", identifiers__isnull=False).ward_links.count() == 2
    assert registrar.send(pupil(1), pupil(2, name="张小红")) == {"same": 2}


def test_changes_can_be_taken_back_with_the_old_values(registrar: Sending) -> None:
    registrar.send(pupil())
    before = facts()
    row = pupil(
        phone="13800000008",
        boarding="住校",
        class_number="2",
        guardian1_phone="13900000007",
        guardian2_name="王五",
    )
    cells = registrar.old_cells(registrar.check(row))
    assert registrar.send(row) == {"changed": 1}
    assert facts() != before
    back = cells.select("id", "unit_id", "column", old="new", new="old")
    run(lambda: registrar.sheet.writer.change(back, registrar.context))
    after = facts()
    assert {name: value for name, value in after.items() if name != "seats"} == {
        name: value for name, value in before.items() if name != "seats"
    }
    assert registrar.send(pupil()) == {"same": 1}


def test_new_pupils_can_be_taken_back_without_a_trace(registrar: Sending) -> None:
    registrar.send(pupil(1), pupil(2, name="张小红"))
    ids = list(Enrolment.objects.values_list("person_id", flat=True))
    kept = run(lambda: registrar.sheet.writer.remove(ids, registrar.context))
    assert kept == {}
    assert [model.objects.count() for model in (Person, Identifier, Enrolment, ClassMembership, GuardianLink)] == [
        0
    ] * 5


def test_taking_back_one_sibling_leaves_the_other_s_guardian(registrar: Sending) -> None:
    registrar.send(pupil(1), pupil(2, name="张小红"))
    person = Person.objects.get(name="张小红")
    run(lambda: registrar.sheet.writer.remove([person.pk], registrar.context))
    assert sorted(Person.objects.values_list("name", flat=True)) == ["张大明", "张小明", "李大红"]


def test_a_full_roster_closes_those_left_out_and_can_be_taken_back(registrar: Sending, place: Place) -> None:
    registrar.options = {"on": "2024-12-02"}
    registrar.send(pupil(1), pupil(2, name="张小红"))
    writer, context = registrar.sheet.writer, registrar.context
    roster = writer.roster([place.first.pk])
    assert sorted(roster["label"]) == ["张小明", "张小红"]
    person = Person.objects.get(name="张小红")
    run(lambda: writer.close([person.pk], context))
    ended = Enrolment.objects.get(person=person)
    assert (ended.ended_on, ended.exit_reason, ended.status) == (date(2024, 12, 2), "transferred", "left")
    assert ended.memberships.get().ended_on == date(2024, 12, 2)
    assert run(lambda: writer.reopen([person.pk], context)) == {}
    again = Enrolment.objects.get(person=person)
    assert (again.ended_on, again.exit_reason, again.status) == (None, "", "active")
    assert again.memberships.get().ended_on is None


def test_the_cost_follows_the_number_of_statements_not_of_rows(
    registrar: Sending, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    rows = [pupil(number, name=f"张小{'甲乙丙丁戊己庚辛'[number % 8]}") for number in range(1, 41)]
    with django_assert_max_num_queries(60):  # type: ignore[operator]  # a fixture of pytest-django
        assert registrar.send(*rows) == {"new": 40}


def test_current_holds_digests_unless_a_column_is_to_be_revealed(registrar: Sending) -> None:
    registrar.send(pupil())
    person = Person.objects.get(name="张小明")
    hidden = registrar.sheet.writer.current([person.pk])
    shown = registrar.sheet.writer.current([person.pk], reveal=("id_number", "phone", "guardian1_id_number"))
    assert hidden["id_number"].item() == Identifier.objects.get(person=person, kind="id_card").digest
    assert shown.select("id_number", "phone", "guardian1_id_number").row(0) == (
        pupil()["id_number"], "13800000001", FATHER,
    )  # fmt: skip
    assert hidden.columns == ["id", *[name for name in hidden.columns if name != "id"]]
    assert set(registrar.sheet.names) <= set(hidden.columns)
    assert hidden.schema["school"] == pl.String


def test_pupils_out_of_reach_have_no_current_state(registrar: Sending, other_registrar: Sending) -> None:
    outside = EnrolmentFactory().person
    with in_reach(other_registrar.reach):
        assert registrar.sheet.writer.current([outside.pk]).height == 0
