"""The ledger of grants: who may be in it, at what amount, once; and what the pupil's file shows of it."""

from datetime import date
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.factories.aid import AidGrantFactory
from tests.factories.organisations import TermFactory
from tests.factories.people import EnrolmentFactory, IdentifierFactory, id_number
from tests.people.sending import Sending
from xianxue.aid.models import AidGrant, AidProgramme, RateCard
from xianxue.aid.rules import Rate, amounts_on_card
from xianxue.aid.selectors import rates
from xianxue.aid.services import load_rates
from xianxue.aid.sheets import GRANTS
from xianxue.kernel import dossier
from xianxue.kernel.access import in_reach, whole_county
from xianxue.kernel.crypto import digest
from xianxue.organisations.choices import Season
from xianxue.organisations.models import Term
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Person
from xianxue.people.rules import STUDENT_SPACE

NUMBER, NOBODYS = f"G{id_number()}", f"G{id_number(sequence=3)}"
SPRING = date(2024, 2, 26)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    TermFactory(
        season=Season.SPRING,
        starts_on=SPRING,
        ends_on=date(2024, 7, 5),
        count_day=date(2024, 3, 31),
        year__start_year=2023,
    )
    return cast


@pytest.fixture
def pupil(cast: Cast) -> Person:
    enrolment = EnrolmentFactory(school=cast.first_primary, entered_on=date(2021, 9, 1), cohort_year=2021)
    IdentifierFactory(
        person=enrolment.person, kind=IdentifierKind.STUDENT_NO, value=NUMBER, digest=digest(STUDENT_SPACE, NUMBER)
    )
    person: Person = enrolment.person
    return person


def row(**changes: Any) -> dict[str, Any]:
    return {
        "school": "第一小学",
        "student_no": NUMBER,
        "name": "张小明",
        "programme": "义务教育家庭经济困难学生生活补助（寄宿生）",
        "term": "2024 年春季学期",
        "tier": "二档",
        "hardship": "低保",
        "amount": "625",
        "paid_on": "2024-05-20",
    } | changes


@pytest.fixture
def office(cast: Cast) -> Sending:
    return Sending(GRANTS, cast.reach("aid_officer"))


def test_a_grant_is_written_in_fen_with_its_kind_of_hardship(office: Sending, pupil: Person) -> None:
    assert office.send(row()) == {"new": 1}
    grant = AidGrant.unguarded.get()
    assert (grant.person, grant.amount_fen, grant.category, grant.tier) == (pupil, 62_500, "DB", "二档")
    assert (grant.term.starts_on, grant.paid_on) == (SPRING, date(2024, 5, 20))


def test_the_same_file_again_changes_nothing(office: Sending, pupil: Person) -> None:
    office.send(row())
    assert office.send(row()) == {"same": 1}
    assert AidGrant.unguarded.count() == 1


def test_an_amount_that_was_corrected_is_changed(office: Sending, pupil: Person) -> None:
    office.send(row())
    assert office.send(row(amount="875", tier="一档")) == {"changed": 1}
    assert AidGrant.unguarded.get().amount_fen == 87_500


@pytest.mark.parametrize("spelt", ["2024春", "2024-spring", "2024年春季学期", "2023-2024学年第二学期"])
def test_terms_are_understood_as_offices_write_them(spelt: str, office: Sending, pupil: Person) -> None:
    assert office.problems(row(term=spelt)) == []


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"student_no": NOBODYS}, "P601", "student_no"),
        ({"name": "李小红"}, "P602", "name"),
        ({"amount": "600"}, "W601", "amount"),
        ({"tier": "三档"}, "W601", "amount"),
        ({"school": "第二小学"}, "W602", "school"),
        ({"programme": "没有这个项目"}, "P202", "programme"),
        ({"paid_on": "2024-02-30"}, "P103", "paid_on"),
        ({"hardship": "富裕"}, "P201", "hardship"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(
    changes: dict[str, Any], code: str, column: str, office: Sending, pupil: Person
) -> None:
    assert office.problems(row(**changes)) == [(2, code, column)]


def test_two_lines_of_one_pupil_programme_and_term_are_one_too_many(office: Sending, pupil: Person) -> None:
    codes = [code for _row, code, _column in office.problems(row(), row(amount="875", tier="一档"))]
    assert codes
    assert all(code.startswith("P4") for code in codes)


def test_the_rate_of_a_term_is_that_of_its_first_day(db: None) -> None:
    boarder = AidProgramme.objects.get(code="boarder").pk
    facts: dict[str, Any] = {"programme_id": boarder, "stage": "primary", "tier": "二档"}
    assert amounts_on_card(rates(), **facts, on=date(2023, 9, 1)) == {50_000}
    assert amounts_on_card(rates(), **facts, on=SPRING) == {62_500}


def test_a_stage_that_is_not_known_fits_every_line() -> None:
    card = [Rate(1, stage, "", fen, date(2020, 1, 1), None) for stage, fen in (("primary", 1), ("junior", 2))]
    facts: dict[str, Any] = {"programme_id": 1, "tier": "", "on": SPRING}
    assert amounts_on_card(card, stage="", **facts) == {1, 2}
    assert amounts_on_card(card, stage="junior", **facts) == {2}


def test_loading_the_rates_again_adds_nothing(db: None) -> None:
    before = (AidProgramme.objects.count(), RateCard.objects.count())
    assert before[0] >= 9
    load_rates()
    assert (AidProgramme.objects.count(), RateCard.objects.count()) == before


def test_every_programme_and_rate_names_its_source(db: None) -> None:
    for programme in AidProgramme.objects.prefetch_related("rates"):
        assert programme.source
        assert programme.rates.exists(), programme.code


def test_the_file_of_a_pupil_shows_the_grants_to_those_who_may_see_them(cast: Cast, pupil: Person) -> None:
    grant = AidGrantFactory(person=pupil, school=cast.first_primary, term=Term.objects.first())
    for part, seen in (("head", True), ("aid_officer", True), ("class_teacher", False), ("other_registrar", False)):
        with in_reach(cast.reach(part)):
            found = {section.code: entries for section, entries in dossier.of(pupil.pk)}
        assert ("aid" in found) is seen, part
    with whole_county("test"):
        (entry,) = {section.code: entries for section, entries in dossier.of(pupil.pk)}["aid"]
    assert (entry.label, entry.on) == (grant.programme.name, grant.paid_on)
    assert "625" in entry.text


def test_a_section_of_the_file_has_a_code_of_its_own() -> None:
    section = dossier.get("aid")
    assert dossier.register(section) is section
    other = dossier.Section("aid", "", "", section.view, section.entries)
    with pytest.raises(ValueError, match="aid"):
        dossier.register(other)
