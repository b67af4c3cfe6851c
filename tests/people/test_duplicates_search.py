"""The search offers who may be one person, says why, and lets twins and namesakes be."""

from datetime import date
from math import log2

import pytest

from tests.cast import Cast
from tests.factories.duplicates import DuplicatePairFactory
from tests.factories.people import (
    EnrolmentFactory,
    GuardianLinkFactory,
    IdentifierFactory,
    PersonFactory,
    StaffPostFactory,
    id_number,
)
from tests.people.planted import Planter
from xianxue.kernel.access import Actor, in_reach, system_actor, whole_county
from xianxue.kernel.commands import command
from xianxue.kernel.history.records import Subject, record
from xianxue.people.models import DuplicatePair, DuplicateScan, GuardianLink, Person
from xianxue.people.rules.duplicates import weights
from xianxue.people.selectors.duplicates import compare, material, paired_elsewhere
from xianxue.people.services import duplicates

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SYSTEM = system_actor("task")
NAMES = ("陈子轩", "林诗涵", "黄俊杰", "吴欣怡", "刘浩然", "周雨桐", "徐博文", "孙若曦", "马天宇", "朱梦瑶")


@pytest.fixture
def cast(standing_cast: Cast) -> Cast:
    return standing_cast


@command("tests.touch", label="改动")
def touch(person: Person, *, by: Actor, **values: object) -> None:
    Person.unguarded.filter(pk=person.pk).update(**values)
    record(Subject("people.person", person.pk))


def family(cast: Cast, place: int) -> Person:
    """A pupil with document and number, and both parents with theirs."""
    born = date(2015, 1 + place % 12, 1 + place % 27)
    pupil: Person = PersonFactory(
        name=NAMES[place % 10][0] + chr(0x5100 + 37 * place) + chr(0x6100 + 41 * place),
        born_on=born,
        address=f"建设路 {place} 号",
        phone=f"1380000{place:04d}",
    )
    EnrolmentFactory(person=pupil, school=cast.first_primary if place % 2 else cast.second_primary, cohort_year=2021)
    number = id_number(born, sequence=100 + 7 * place)
    IdentifierFactory(person=pupil, value=number)
    IdentifierFactory(person=pupil, value=f"G{number}", kind="student_no")
    for order, (name, year) in enumerate((("父", 1985), ("母", 1987)), start=1):
        phone = f"139{order}000{place:04d}"
        parent = PersonFactory(
            name=f"{pupil.name[:1]}{name}{chr(0x7100 + 43 * place)}", phone=phone, born_on=date(year, 5, 1 + place % 27)
        )
        IdentifierFactory(person=parent, value=id_number(parent.born_on, sequence=300 + 2 * place + order))
        GuardianLinkFactory(pupil=pupil, guardian=parent, order=order)
    return pupil


def found() -> dict[tuple[int, int], list[str]]:
    with whole_county("test"):
        pairs = compare(material()).pairs
    return {(a, b): facts for a, b, facts in pairs.select("a_id", "b_id", "facts").iter_rows()}


def test_every_weight_follows_from_its_m_and_u_and_says_why() -> None:
    table = weights()
    for item in table.facts.values():
        assert item.weight == round(log2(item.m / item.u)), item.code
        assert item.label
        assert item.reason.endswith("。")


def test_planted_pairs_are_found_and_look_alikes_let_be(cast: Cast) -> None:
    for place in range(40):
        family(cast, place)
    assert found() == {}
    planted = Planter([cast.first_primary, cast.second_primary]).plant(2)
    offered = found()
    missed = [pair.kind for pair in planted if pair.is_one and tuple(sorted((pair.first, pair.second))) not in offered]
    wrong = [pair.kind for pair in planted if not pair.is_one and tuple(sorted((pair.first, pair.second))) in offered]
    assert (missed, wrong) == ([], [])


def test_twins_of_one_sex_with_numbers_in_a_row_are_no_pair(cast: Cast) -> None:
    first = family(cast, 1)
    second = PersonFactory(name=first.name[:2] + "杰", born_on=first.born_on, sex=first.sex, address=first.address)
    EnrolmentFactory(person=second, school=cast.first_primary, cohort_year=2021)
    for link in GuardianLink.unguarded.filter(pupil=first):
        GuardianLinkFactory(pupil=second, guardian=link.guardian, order=link.order)
    assert found() == {}


def test_namesakes_born_on_one_day_in_two_villages_are_put_before_people(cast: Cast) -> None:
    first, other = family(cast, 1), family(cast, 3)
    Person.unguarded.filter(pk=other.pk).update(name=first.name, name_pinyin=first.name_pinyin, born_on=first.born_on)
    facts = found()[first.pk, other.pk]
    assert {"rare_name", "same_birth", "different_number", "other_guardians"} <= set(facts)
    with whole_county("test"):
        duplicates.find_duplicates(by=SYSTEM)
    assert DuplicatePair.unguarded.get().state == "open"


def test_a_teacher_who_is_a_parent_is_one_person(cast: Cast) -> None:
    pupil = family(cast, 1)
    parent = GuardianLink.unguarded.get(pupil=pupil, order=1).guardian
    teacher = StaffPostFactory(school=cast.first_primary, person__name=parent.name, person__phone=parent.phone).person
    assert found()[tuple(sorted((parent.pk, teacher.pk)))]


def test_a_second_search_looks_only_at_what_changed_and_finds_the_same(cast: Cast) -> None:
    pupils = [family(cast, place) for place in range(6)]
    duplicates.find_duplicates(by=SYSTEM)
    touch(pupils[0], name=pupils[2].name, name_pinyin=pupils[2].name_pinyin, born_on=pupils[2].born_on, by=SYSTEM)
    scan = duplicates.find_duplicates(by=SYSTEM)
    assert (scan.is_full, scan.opened) == (False, 1)
    assert {(pair.first_id, pair.second_id) for pair in DuplicatePair.unguarded.all()} == set(found())
    touch(pupils[0], name="另一人", name_pinyin="lingyiren", by=SYSTEM)
    assert duplicates.find_duplicates(by=SYSTEM).closed == 1
    assert DuplicatePair.unguarded.get().state == "gone"


def test_a_pair_judged_different_comes_back_only_when_its_data_change(cast: Cast) -> None:
    first, other = family(cast, 1), family(cast, 3)
    touch(other, name=first.name, name_pinyin=first.name_pinyin, born_on=first.born_on, by=SYSTEM)
    duplicates.find_duplicates(by=SYSTEM)
    pair = DuplicatePair.unguarded.get()
    with in_reach(cast.reach("county_officer")):
        who = Actor(cast.users["county_officer"].pk, "学籍")
        duplicates.judge_different(pair.pk, reason="两个孩子都见过", by=who)
    assert duplicates.find_duplicates(full=True, by=SYSTEM).opened == 0
    touch(other, address="别处", by=SYSTEM)
    assert duplicates.find_duplicates(by=SYSTEM).opened == 0
    touch(other, phone_digest=first.phone_digest, by=SYSTEM)
    assert duplicates.find_duplicates(by=SYSTEM).opened == 1
    assert DuplicatePair.unguarded.get().state == "open"


def test_the_periodic_search_writes_nothing_where_nothing_changed(cast: Cast) -> None:
    assert duplicates.search_again()
    assert duplicates.search_again() == ""
    assert DuplicateScan.objects.count() == 1


def test_a_school_learns_of_its_own_pupil_alone(cast: Cast) -> None:
    mine = EnrolmentFactory(school=cast.first_primary, person__name="张小明").person
    theirs = EnrolmentFactory(school=cast.second_primary, person__name="张晓明").person
    pair = DuplicatePairFactory(first=mine, second=theirs, spans_schools=True)
    for part, name, other in (("registrar", "张小明", "张晓明"), ("other_registrar", "张晓明", "张小明")):
        with in_reach(cast.reach(part)):
            assert [item.name for item in paired_elsewhere()] == [name]
            assert not DuplicatePair.objects.exists()
        client = cast.client(part)
        page = client.get("/people/duplicates/elsewhere/").content.decode()
        assert name in page
        assert other not in page
        assert "与另一学校的一名学生疑似重复，已转县局。" in page
        assert client.get(f"/registers/duplicates/{pair.pk}/").status_code == 404
        assert client.get(f"/people/duplicates/{pair.pk}/same/").status_code == 404
    officer = cast.client("county_officer").get(f"/registers/duplicates/{pair.pk}/").content.decode()
    assert "张小明" in officer
    assert "张晓明" in officer
    listed = cast.client("county_officer").get("/registers/duplicates/").content.decode()
    assert "待核对" in listed
    assert "functools" not in listed
