"""Two records become one, and two again: nothing is lost, nothing is guessed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.cast import Cast
from tests.factories.aid import AidGrantFactory, AidProgrammeFactory
from tests.factories.duplicates import DuplicatePairFactory
from tests.factories.people import (
    EnrolmentFactory,
    GuardianLinkFactory,
    IdentifierFactory,
    MembershipFactory,
    QualificationFactory,
    StaffPostFactory,
    id_number,
)
from xianxue.kernel.access import Actor, in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of, verify
from xianxue.organisations.models import Term
from xianxue.people.models import DuplicatePair, Enrolment, GuardianLink, Identifier, Person, StaffPost
from xianxue.people.selectors.duplicates.conflicts import differing, left_behind, obstacles, questions
from xianxue.people.selectors.duplicates.references import many_to_many, references
from xianxue.people.services import duplicates

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(standing_cast: Cast) -> Cast:
    return standing_cast


@contextmanager
def acting(cast: Cast, part: str) -> Iterator[Actor]:
    """The person's reach, and the person as an actor."""
    with in_reach(cast.reach(part)):
        yield Actor(cast.users[part].pk, part)


def everything(*, but: tuple[str, ...] = ("history", "duplicatepair")) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the application, but for the log and the pairs."""
    found = {}
    # Other tests may have made a model known whose table is not there.
    tables = set(connection.introspection.table_names())
    for model in apps.get_models():
        label = model._meta.label_lower
        if model._meta.db_table in tables and not any(part in label for part in but):
            rows = model._base_manager.order_by("pk")
            found[label] = list(rows.values_list(*(field.attname for field in model._meta.concrete_fields)))
    return found


def choices_for(pair: DuplicatePair, **chosen: str) -> dict[str, str]:
    """Everything chosen: the first record's side, unless said otherwise (by beginning of the key)."""
    with whole_county("test"):
        keys = [item.key for item in questions(pair)] + [f"field:{name}" for name in differing(pair)]
    sides = dict.fromkeys(keys, "first")
    for beginning, side in chosen.items():
        sides |= {key: side for key in keys if key.startswith(beginning.replace("__", "."))}
    return {"survivor": chosen.get("survivor", "first"), **sides}


def merge(cast: Cast, pair: DuplicatePair, choices: Mapping[str, str]) -> None:
    """By the two persons of a school, or by the bureau across schools."""
    if pair.spans_schools:
        with acting(cast, "county_officer") as by:
            duplicates.merge_across(pair.pk, choices=choices, reason="户口簿一致", by=by)
        return
    with acting(cast, "registrar") as by:
        duplicates.propose_merge(pair.pk, choices=choices, reason="户口簿一致", by=by)
    with acting(cast, "head") as by:
        duplicates.confirm_merge(pair.pk, by=by)


def undo(cast: Cast, pair: DuplicatePair, reason: str = "合并有误") -> None:
    with acting(cast, "county_officer") as by:
        duplicates.undo_merge(pair.pk, reason=reason, by=by)


def now(pair: DuplicatePair) -> DuplicatePair:
    found: DuplicatePair = DuplicatePair.unguarded.select_related("first", "second").get(pk=pair.pk)
    return found


def pupils(cast: Cast, *, across: bool = False) -> DuplicatePair:
    """A pupil entered twice: two open enrolments, two ID numbers, guardians twice, other spellings."""
    first = MembershipFactory(classroom=cast.first_class, enrolment__person__phone="13800000001").enrolment
    room = cast.second_class if across else cast.first_class
    second = MembershipFactory(
        classroom=room,
        enrolment__person__name="张晓明",
        enrolment__person__phone="13800000002",
        enrolment__person__address="建设路 1 号",
        enrolment__entered_on=date(2024, 9, 2),
    ).enrolment
    IdentifierFactory(person=first.person, value=id_number(sequence=1))
    IdentifierFactory(person=second.person, value=id_number(sequence=3))
    father = GuardianLinkFactory(pupil=first.person).guardian
    GuardianLinkFactory(pupil=second.person, guardian=father, relation="59", order=2)
    GuardianLinkFactory(pupil=second.person, guardian__name="李大红", order=1, relation="52")
    return DuplicatePairFactory(first=first.person, second=second.person, spans_schools=across)


def staff(cast: Cast) -> DuplicatePair:
    first = StaffPostFactory(school=cast.first_primary, staff_no="T1").person
    second = StaffPostFactory(school=cast.first_primary, staff_no="T2", person__sex="2").person
    QualificationFactory(person=first, number="2010")
    QualificationFactory(person=second, number="2010", subject="13")
    StaffPostFactory(school=cast.second_primary, person=second, ended_on=date(2012, 7, 1))
    return DuplicatePairFactory(first=first, second=second, kind="staff")


def guardians(cast: Cast) -> DuplicatePair:
    pupil = EnrolmentFactory(school=cast.first_primary).person
    other = EnrolmentFactory(school=cast.first_primary, person__name="张小红").person
    first = GuardianLinkFactory(pupil=pupil, guardian__phone="13900000001").guardian
    second = GuardianLinkFactory(pupil=pupil, order=2, relation="59").guardian
    GuardianLinkFactory(pupil=other, guardian=second)
    return DuplicatePairFactory(first=first, second=second, kind="guardian")


MAKERS: dict[str, Callable[[Cast], DuplicatePair]] = {
    "pupils": pupils,
    "staff": staff,
    "guardians": guardians,
    "across": lambda cast: pupils(cast, across=True),
}


@pytest.mark.parametrize("survivor", ["first", "second"])
@pytest.mark.parametrize("side", ["first", "second"])
@pytest.mark.parametrize("kind", MAKERS)
def test_merge_then_undo_leaves_every_row_as_it_was(cast: Cast, kind: str, side: str, survivor: str) -> None:
    pair = MAKERS[kind](cast)
    before = everything()
    choices = choices_for(pair, people=side, field=side, guardians=side, survivor=survivor)
    merge(cast, now(pair), choices)
    assert everything() != before
    shell = Person.unguarded.get(merged_into__isnull=False)
    assert shell.pk == (pair.second_id if survivor == "first" else pair.first_id)
    with whole_county("test"):
        assert [item.code for item in references() if item.rows(shell.pk).exists()] == []
    undo(cast, pair)
    assert everything() == before
    assert now(pair).state == "open"
    assert verify().is_sound


def test_what_moves_is_found_by_looking_at_the_models() -> None:
    codes = {item.code for item in references()}
    assert {"people.enrolment.person_id", "aid.aidgrant.person_id", "people.guardianlink.guardian_id"} <= codes
    assert "people.duplicatepair.first_id" not in codes
    assert many_to_many() == []
    for item in references():
        list(item.rules())


def test_every_choice_is_asked_for(cast: Cast) -> None:
    pair = now(pupils(cast))
    choices = choices_for(pair)
    asked = {key.partition(":")[0] for key in choices}
    assert asked == {
        "survivor", "field", "guardians", "people.enrolment.person_id", "people.identifier.person_id",
        "people.guardianlink.pupil_id",
    }  # fmt: skip
    for key in choices:
        rest = {name: side for name, side in choices.items() if name != key}
        with acting(cast, "registrar") as by, pytest.raises(Refused) as refused:
            duplicates.propose_merge(pair.pk, choices=rest, reason="同一人", by=by)
        assert refused.value.field == key


def test_the_survivor_has_what_was_chosen_and_what_only_the_other_had(cast: Cast) -> None:
    pair = pupils(cast)
    merge(cast, pair, choices_for(now(pair), field="second", people__enrolment="second", people__identifier="second"))
    kept = Person.unguarded.get(pk=pair.first_id)
    assert (kept.name, kept.name_pinyin, kept.phone, kept.address) == (
        "张晓明",
        "zhangxiaoming",
        "13800000002",
        "建设路 1 号",
    )
    with whole_county("test"):
        numbers = {item.value: item.valid_to for item in Identifier.objects.filter(person=kept)}
        assert numbers[id_number(sequence=3)] is None
        assert numbers[id_number(sequence=1)] is not None
        enrolments = list(Enrolment.objects.filter(person=kept).order_by("entered_on"))
        assert [(item.exit_reason, item.ended_on is None) for item in enrolments] == [("invalid", False), ("", True)]
        links = GuardianLink.objects.filter(pupil=kept).order_by("order").values_list("guardian__name", "relation")
        assert list(links) == [("张大明", "51"), ("李大红", "52")]


def test_a_grant_paid_twice_stays_in_the_ledger(cast: Cast) -> None:
    pair = pupils(cast)
    programme, term = AidProgrammeFactory(code="twice"), Term.objects.get()
    for person in (pair.first, pair.second):
        AidGrantFactory(person=person, school=cast.first_primary, programme=programme, term=term)
    with whole_county("test"):
        assert len(left_behind(now(pair))) == 1
    before = everything()
    merge(cast, pair, choices_for(now(pair)))
    assert len(everything()["aid.aidgrant"]) == 2
    undo(cast, pair)
    assert everything() == before


def test_nobody_becomes_the_own_guardian(cast: Cast) -> None:
    link = GuardianLinkFactory(pupil=EnrolmentFactory(school=cast.first_primary).person)
    pair = DuplicatePairFactory(first=link.pupil, second=link.guardian, kind="mixed")
    with whole_county("test"):
        assert len(obstacles(now(pair))) == 1
    with acting(cast, "registrar") as by, pytest.raises(Refused, match="自己的监护人"):
        duplicates.propose_merge(pair.pk, choices=choices_for(now(pair)), reason="同一人", by=by)


def test_the_proposer_does_not_confirm(cast: Cast) -> None:
    pair = pupils(cast)
    with acting(cast, "registrar") as by:
        duplicates.propose_merge(pair.pk, choices=choices_for(now(pair)), reason="同一人", by=by)
    assert now(pair).proposed_at is not None
    with acting(cast, "head"), pytest.raises(Refused, match="提请人和替他代办的人不能确认"):
        duplicates.confirm_merge(pair.pk, by=Actor(cast.users["registrar"].pk, "registrar"))
    with acting(cast, "registrar") as by, pytest.raises(Refused):
        duplicates.confirm_merge(pair.pk, by=by)
    with acting(cast, "head") as by:
        duplicates.return_merge(pair.pk, reason="请再核对户口簿", by=by)
    assert (now(pair).state, now(pair).choices) == ("open", {})


def test_a_school_does_not_touch_a_pair_across_schools(cast: Cast) -> None:
    pair = pupils(cast, across=True)
    choices = choices_for(now(pair))
    for part in ("registrar", "head", "other_registrar", "class_teacher", "stranger", "auditor"):
        with acting(cast, part) as by:
            with pytest.raises(Refused):
                duplicates.judge_different(pair.pk, reason="不是", by=by)
            with pytest.raises(Refused):
                duplicates.propose_merge(pair.pk, choices=choices, reason="是", by=by)
            with pytest.raises(Refused):
                duplicates.merge_across(pair.pk, choices=choices, reason="是", by=by)
    assert now(pair).state == "open"


def test_the_bureau_does_not_merge_a_schools_pair_alone(cast: Cast) -> None:
    pair = pupils(cast)
    with acting(cast, "county_officer") as by, pytest.raises(Refused, match="须先由学籍管理员提请"):
        duplicates.merge_across(pair.pk, choices=choices_for(now(pair)), reason="是", by=by)


def test_what_was_proposed_is_merged_only_while_it_stands(cast: Cast) -> None:
    pair = pupils(cast)
    with acting(cast, "registrar") as by:
        duplicates.propose_merge(pair.pk, choices=choices_for(now(pair)), reason="同一人", by=by)
    Person.unguarded.filter(pk=pair.second_id).update(address="人民路 2 号")
    with acting(cast, "head") as by, pytest.raises(Refused, match="又有变化"):
        duplicates.confirm_merge(pair.pk, by=by)


def test_undoing_is_refused_with_what_changed_since(cast: Cast) -> None:
    pair = pupils(cast)
    merge(cast, pair, choices_for(now(pair)))
    Person.unguarded.filter(pk=pair.first_id).update(address="人民路 2 号")
    Enrolment.unguarded.filter(person_id=pair.first_id, ended_on__isnull=False).update(ended_on=date(2030, 1, 1))
    with pytest.raises(Refused) as refused:
        undo(cast, pair)
    assert "“现住址”又改过" in refused.value.message
    assert "“学籍”后来又改过" in refused.value.message


def test_both_histories_tell_of_it(cast: Cast) -> None:
    pair = pupils(cast)
    merge(cast, pair, choices_for(now(pair), field="second"))
    for pk in (pair.first_id, pair.second_id):
        (entry,) = events_of("people.person", pk)
        assert (entry.action, entry.note) == ("people.confirm_merge", "户口簿一致")
    assert events_of("people.person", pair.first_id)[0].changes["name"] == ["张小明", "张晓明"]
    states = [entry.facts["state"] for entry in events_of("people.duplicatepair", pair.pk)]
    assert states == ["merged", "proposed"]


def test_a_judgement_says_why(cast: Cast) -> None:
    pair = pupils(cast)
    with acting(cast, "registrar") as by:
        with pytest.raises(Refused, match="期限已过"):
            duplicates.judge_unclear(
                pair.pk, reason="待查", question="出生医学证明编号", asked_of="村委会", until=date(2020, 1, 1), by=by
            )
        duplicates.judge_unclear(
            pair.pk, reason="待查", question="出生医学证明编号", asked_of="村委会", until=date(2099, 1, 1), by=by
        )
        assert (now(pair).state, now(pair).asked_of) == ("unclear", "村委会")
        duplicates.judge_different(pair.pk, reason="两个孩子都在班上", by=by)
        with pytest.raises(Refused, match="可能刚由别人处理过"):
            duplicates.judge_different(pair.pk, reason="再说一遍", by=by)
    assert events_of("people.duplicatepair", pair.pk)[0].note == "两个孩子都在班上"


def test_two_merges_in_a_row_come_apart_in_the_other_order(cast: Cast) -> None:
    pair = pupils(cast)
    third = EnrolmentFactory(
        school=cast.first_primary, person__name="张小明", ended_on=date(2024, 9, 3), exit_reason="invalid"
    ).person
    before = everything()
    merge(cast, pair, choices_for(now(pair)))
    next_pair = DuplicatePairFactory(first=pair.first, second=third)
    merge(cast, next_pair, choices_for(now(next_pair), survivor="second"))
    with pytest.raises(Refused, match="又并入了另一份记录"):
        undo(cast, pair)
    undo(cast, next_pair)
    undo(cast, pair)
    assert everything() == before


def test_staff_keep_one_post_at_a_school(cast: Cast) -> None:
    pair = staff(cast)
    merge(cast, pair, choices_for(now(pair), people__staffpost="second"))
    posts = StaffPost.unguarded.filter(person=pair.first, school=cast.first_primary).order_by("staff_no")
    assert [(post.staff_no, post.ended_on is None) for post in posts] == [("T1", False), ("T2", True)]
