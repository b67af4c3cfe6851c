"""After a merge, files speak of the survivor: with the old number, from the other school, for the same guardian."""

import pytest

from tests.factories.duplicates import DuplicatePairFactory
from tests.factories.people import id_number
from tests.people.places import BORN, FATHER, Place, pupil, sending
from tests.people.sending import CLERK, Sending, run
from tests.people.test_duplicates_merge import choices_for, now
from xianxue.kernel.access import EVERY_UNIT, Actor, Reach, in_reach, whole_county
from xianxue.kernel.sheets.writer import Context
from xianxue.organisations import roles
from xianxue.people.models import DuplicatePair, Enrolment, GuardianLink, Identifier, Person
from xianxue.people.services import duplicates

OFFICER = Reach(roles={roles.COUNTY_OFFICER: EVERY_UNIT}, user_id=3)
OLD = f"L{id_number(BORN, sequence=5)}"


def merged(place: Place) -> tuple[Person, Person]:
    """张小明, entered again by 甲小学 under a temporary number and another document; both become one."""
    desk = sending(place, "first")
    desk.send(pupil(1))
    kept = Person.unguarded.get(name="张小明")
    desk.send(pupil(3, student_no=OLD))
    other = Person.unguarded.get(name="张小明", pk__gt=kept.pk)
    pair = DuplicatePairFactory(first=kept, second=other, spans_schools=True)
    with in_reach(OFFICER):
        duplicates.merge_across(pair.pk, choices=choices_for(now(pair)), reason="同一人", by=Actor(3, "学籍"))
    return kept, other


def test_a_file_with_the_old_number_finds_the_survivor_and_changes_nothing(place: Place) -> None:
    kept, shell = merged(place)
    desk = sending(place, "first")
    row = pupil(3, student_no=OLD)
    result = desk.check(row)
    assert result.rows["id"].to_list() == [kept.pk]
    assert desk.send(row) == {"same": 1}
    assert Person.unguarded.filter(name="张小明").count() == 2
    assert not Identifier.unguarded.filter(person=shell).exists()


def test_a_file_with_the_old_number_still_corrects_other_cells(place: Place) -> None:
    kept, _shell = merged(place)
    assert sending(place, "first").send(pupil(3, student_no=OLD, address="人民路 2 号")) == {"changed": 1}
    assert Person.unguarded.get(pk=kept.pk).address == "人民路 2 号"
    assert Identifier.unguarded.filter(person=kept, valid_to__isnull=True).count() == 2


def test_the_other_school_sees_that_the_old_number_is_enrolled(place: Place) -> None:
    merged(place)
    row = pupil(3, student_no=OLD, school="2136000002")
    assert (2, "P511", "student_no") in sending(place, "second").problems(row)


def test_undoing_the_import_that_brought_the_merged_record_is_refused_by_its_history(place: Place) -> None:
    kept, shell = merged(place)
    desk = sending(place, "first")
    with in_reach(desk.reach):
        run(lambda: desk.sheet.writer.remove([shell.pk], Context(CLERK)))
    assert Person.unguarded.filter(pk__in=(kept.pk, shell.pk)).count() == 2


@pytest.mark.parametrize("document", [FATHER, ""])
def test_a_guardian_of_children_at_two_schools_is_one_person_or_a_candidate(place: Place, document: str) -> None:
    sending(place, "first").send(pupil(1, guardian1_id_number=document))
    sending(place, "second").send(pupil(2, name="张小红", school="2136000002", guardian1_id_number=document))
    fathers = Person.unguarded.filter(name="张大明")
    with whole_county("test"):
        duplicates.find_duplicates(by=CLERK)
    pairs = DuplicatePair.unguarded.filter(kind="guardian", first__name="张大明", second__name="张大明")
    assert (fathers.count(), pairs.count()) == ((1, 0) if document else (2, 1))
    if pairs:
        assert {code for code, _weight in pairs[0].facts} >= {"same_phone", "same_partner"}
        assert pairs[0].spans_schools


def test_merged_guardians_stay_one_when_both_schools_send_their_files_again(place: Place) -> None:
    rows = (pupil(1, guardian1_id_number=""), pupil(2, name="张小红", school="2136000002", guardian1_id_number=""))
    desks: list[Sending] = [sending(place, "first"), sending(place, "second")]
    for desk, row in zip(desks, rows, strict=True):
        desk.send(row)
    with whole_county("test"):
        duplicates.find_duplicates(by=CLERK)
    pair = DuplicatePair.unguarded.get(kind="guardian", first__name="张大明")
    with in_reach(OFFICER):
        duplicates.merge_across(pair.pk, choices=choices_for(now(pair)), reason="同一人", by=Actor(3, "学籍"))
    for desk, row in zip(desks, rows, strict=True):
        assert desk.send(row) == {"same": 1}
    assert GuardianLink.unguarded.filter(guardian=pair.first).count() == 2
    assert Enrolment.unguarded.count() == 2
