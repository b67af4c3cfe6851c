"""Two accounts are not two persons, and a stand-in is whom he stands in for: at every door that asks for a second person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.cast import Cast, make_cast
from tests.factories.accounts import AccountRequestFactory, DelegationFactory, PostingFactory, UserFactory
from tests.factories.duplicates import DuplicatePairFactory
from tests.factories.findings import make_finding
from tests.factories.meetings import SeatFactory
from tests.factories.people import EnrolmentFactory, PersonFactory, StaffPostFactory
from tests.factories.restricted import EmergencyFactory
from xianxue.accounts import services
from xianxue.accounts.models import Delegation, User
from xianxue.decisions.services import findings
from xianxue.insight.models import Draft
from xianxue.insight.releases.rules import same_person
from xianxue.kernel.access import Actor, accounts_of, in_reach, persons_of, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.restricted.services import judge
from xianxue.kernel.sheets import imports
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.models import ImportBatch, ImportJob
from xianxue.organisations import roles
from xianxue.people.models import DuplicatePair
from xianxue.people.services.duplicates import confirm_merge

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 10, 15, 4, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def lend(cast: Cast, giver: str, taker: str) -> Delegation:
    """The role of the one, lent to the other for October."""
    delegation: Delegation = DelegationFactory(
        posting=cast.users[giver].postings.get(), taker=cast.users[taker], ended_on=date(2024, 10, 31)
    )
    return delegation


def employ(cast: Cast, part: str, other: str) -> None:
    """One teacher, who has both accounts: the number of the post is the one's, the seat in the committee the other's."""
    person = PersonFactory(name="王老师", born_on=date(1980, 3, 1))
    StaffPostFactory(person=person, school=cast.first_primary, staff_no="T9")
    cast.users[part].worker_number = "T9"
    cast.users[part].save()
    SeatFactory(person=person, user=cast.users[other])


@contextmanager
def acting(cast: Cast, part: str) -> Iterator[Actor]:
    with in_reach(cast.reach(part)):
        yield Actor(cast.users[part].pk, part)


def roster(cast: Cast, part: str) -> ImportJob:
    """A full roster that closes more than one person may decide, sent by somebody at noon, checked."""
    job = ImportJob.objects.create(
        batch=ImportBatch.objects.create(), sheet="pupils", file_name="名册.xlsx", file_size=1, sender_id=cast.users[part].pk, sender=part,
        state=State.READY, options={"full_roster": "1"}, counts={"missing": 40},
    )  # fmt: skip
    job.units.create(unit_id=cast.first_primary.pk)
    return job


def test_a_stand_in_does_not_confirm_the_roster_of_whom_he_stands_in_for(cast: Cast) -> None:
    job = roster(cast, "registrar")
    lend(cast, "registrar", "class_teacher")
    with acting(cast, "class_teacher") as by, pytest.raises(Refused, match="替他代办的人不能复核"):
        imports.confirm_missing(job, by=by)
    with acting(cast, "county_officer") as by:
        imports.confirm_missing(job, by=by)
    assert ImportJob.objects.get(pk=job.pk).confirmed_by == "county_officer"


def test_nor_whoever_lent_the_right_by_which_it_was_sent_though_it_was_taken_back_since(cast: Cast) -> None:
    lent = lend(cast, "registrar", "class_teacher")
    job = roster(cast, "class_teacher")
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        services.recall_delegation(lent, by=Actor(cast.users["registrar"].pk, "registrar"))
    with (
        time_machine.travel(NOON + timedelta(minutes=6), tick=False),
        acting(cast, "registrar") as by,
        pytest.raises(Refused, match="不能复核这份名册"),
    ):
        imports.confirm_missing(job, by=by)


@pytest.mark.parametrize("gone", ["registrar", "class_teacher"])
def test_nor_when_the_account_of_either_was_switched_off_since(cast: Cast, gone: str) -> None:
    lend(cast, "registrar", "class_teacher")
    job = roster(cast, "class_teacher")
    SeatFactory(person=SeatFactory(user=cast.users["registrar"]).person, user=cast.users["county_officer"])
    User.objects.filter(pk=cast.users[gone].pk).update(is_active=False)
    with acting(cast, "county_officer") as by, pytest.raises(Refused, match="不能复核这份名册"):
        imports.confirm_missing(job, by=by)


def test_what_somebody_lent_in_another_matter_makes_no_one_of_two(cast: Cast) -> None:
    # The head is away, and the registrar holds the head's role besides the own: what a registrar sends is not the head's.
    lend(cast, "head", "registrar")
    job = roster(cast, "registrar")
    PostingFactory(user=cast.users["head"], role=roles.REGISTRAR, unit=cast.first_primary.unit)
    with acting(cast, "head") as by:
        imports.confirm_missing(job, by=by)
    assert ImportJob.objects.get(pk=job.pk).confirmed_by == "head"


def test_two_accounts_of_one_teacher_are_one_person(cast: Cast) -> None:
    employ(cast, "registrar", "county_officer")
    both = frozenset({cast.users["registrar"].pk, cast.users["county_officer"].pk})
    assert [accounts_of([pk]) for pk in both] == [both, both]
    assert persons_of(both) == persons_of([cast.users["registrar"].pk])
    with acting(cast, "county_officer") as by, pytest.raises(Refused, match="不能复核这份名册"):
        imports.confirm_missing(roster(cast, "registrar"), by=by)


def test_a_number_of_another_school_is_another_person_s(cast: Cast) -> None:
    employ(cast, "registrar", "county_officer")
    StaffPostFactory(school=cast.second_primary, staff_no="T9")
    assert len(persons_of([cast.users["registrar"].pk])) == 1
    cast.users["registrar"].postings.update(unit=cast.second_primary.unit)
    assert accounts_of([cast.users["registrar"].pk]) == {cast.users["registrar"].pk}


def test_a_stand_in_does_not_judge_the_emergency_of_whom_he_stands_in_for(cast: Cast) -> None:
    opening = EmergencyFactory(user_id=cast.users["head"].pk, unit_id=cast.first_primary.pk, started_at=NOON)
    lend(cast, "head", "registrar")
    with acting(cast, "registrar") as by, pytest.raises(Refused, match="替人代办的紧急查阅"):
        judge(opening, verdict="justified", note="确有必要", by=by)
    with acting(cast, "auditor") as by:
        judge(opening, verdict="justified", note="确有必要", by=by)


def test_a_merge_proposed_for_somebody_is_not_confirmed_by_that_person_for_another(cast: Cast) -> None:
    lend(cast, "registrar", "class_teacher")
    lend(cast, "head", "registrar")
    pupils = [EnrolmentFactory(school=cast.first_primary).person for _number in range(2)]
    pair = DuplicatePairFactory(
        first=pupils[0],
        second=pupils[1],
        state="proposed",
        proposed_by=cast.users["class_teacher"].pk,
        proposed_at=NOON,
    )
    with acting(cast, "registrar") as by, pytest.raises(Refused, match="替他代办的人不能确认"):
        confirm_merge(pair.pk, by=by)
    assert DuplicatePair.unguarded.get(pk=pair.pk).state == "proposed"


def test_a_report_prepared_for_somebody_is_not_released_by_that_person(cast: Cast) -> None:
    lend(cast, "director", "county_officer")
    draft = Draft(year=2024, prepared_by_id=cast.users["county_officer"].pk, prepared_at=NOON)
    with acting(cast, "county_officer") as by:
        assert "不能是同一人" in str(same_person(draft, by))
    with acting(cast, "director") as by:
        assert same_person(draft, by) is None
    employ(cast, "county_officer", "director")
    PostingFactory(user=cast.users["county_officer"], role=roles.REGISTRAR, unit=cast.first_primary.unit)
    with acting(cast, "director") as by:
        assert "不能是同一人" in str(same_person(draft, by))


def test_an_administrator_s_other_account_confirms_nothing(cast: Cast) -> None:
    request = AccountRequestFactory(user=UserFactory(), unit=cast.county, asked_by=cast.users["security_admin"])
    person = PersonFactory(name="王老师", born_on=date(1980, 3, 1))
    SeatFactory(person=person, user=cast.users["security_admin"])
    SeatFactory(person=person, user=cast.users["director"])
    with acting(cast, "director") as by, pytest.raises(Refused, match="申请人自己不能确认"):
        services.confirm_role(request, by=by)


def test_whom_a_finding_is_about_settles_it_by_no_account(cast: Cast) -> None:
    inspector = SeatFactory(user=cast.users["inspector"], person__name="纪委员").person
    finding = make_finding(cast.first_primary.unit, check_code="C19", inputs={"persons": [inspector.pk]})
    with acting(cast, "head") as by:
        findings.explain(finding, explanation="当天请假。", by=by)
    for step in (findings.confirm, findings.dismiss):
        with acting(cast, "inspector") as by, pytest.raises(Refused, match="与您本人或您所代的人有关"):
            step(finding, reason="没有问题。", by=by)
    lend(cast, "inspector", "member")
    with acting(cast, "member") as by, pytest.raises(Refused, match="与您本人或您所代的人有关"):
        findings.dismiss(finding, reason="没有问题。", by=by)
    with acting(cast, "discipline") as by:
        findings.dismiss(finding, reason="有请假条。", by=by)
    with whole_county("test"):
        finding.refresh_from_db()
    assert finding.matter.state == "dismissed"
