"""The major decisions of the demonstration: all that was planted is found, and nothing else is invented."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.factories.organisations import CountyFactory, SchoolFactory, TermFactory
from xianxue.decisions.models import CheckRun, Finding, Proposal
from xianxue.decisions.rules.outcomes import all_checks
from xianxue.demo.decisions.lawful import PHASES
from xianxue.demo.decisions.making import make_decisions
from xianxue.demo.decisions.plants import PLANTS
from xianxue.kernel.access import system_actor, whole_county
from xianxue.people.choices import Post
from xianxue.people.models import Person, StaffPost

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
YEAR, SCHOOLS, PROPOSALS = 2024, 48, 132
# Enough for a party body of five, and some who sit nowhere.
POSTS = (Post.HEAD, Post.SECRETARY, Post.DEPUTY, *[Post.TEACHER] * 57)
TYPES = ("211", "311", "342")
# Findings that are a school's and no proposal's.
OF_SCHOOLS = ("C01", "C02")


def _county() -> None:
    county = CountyFactory()
    TermFactory()
    for number in range(SCHOOLS):
        school = SchoolFactory(name=f"第{number + 1}学校", parent=county, school_type=TYPES[number % len(TYPES)])
        people = Person.objects.bulk_create(Person(name=f"教师{number}-{place}") for place in range(len(POSTS)))
        StaffPost.objects.bulk_create(
            StaffPost(person=person, school=school, post=post, staff_no=f"{place}", started_on=date(2010, 9, 1))
            for place, (person, post) in enumerate(zip(people, POSTS, strict=True))
        )


def test_the_year_stands_in_every_phase_and_its_plants_are_found_and_nothing_else(tmp_path: Path) -> None:
    with whole_county("test"):
        _county()
        assert make_decisions(YEAR, "wanzai", tmp_path, by=system_actor("demo"), say=lambda _line: None) == PROPOSALS
        phases = Counter(Proposal.objects.values_list("matter__state", flat=True))
        schools = Proposal.objects.filter(proposed_on__year=YEAR).values("unit").distinct().count()
        checked = CheckRun.objects.filter(is_last=True, proposal__isnull=False).count()
        rows = Finding.objects.values_list("unit__name", "proposal__number", "check_code")
        found = {(school, number or "", code) for school, number, code in rows}
    planted = json.loads((tmp_path / "decisions.json").read_text(encoding="utf-8"))
    assert (phases.total(), schools, checked) == (PROPOSALS, SCHOOLS, PROPOSALS)
    assert set(phases) == set(PHASES)
    assert found == {
        (row["school"], "" if code in OF_SCHOOLS else row["number"], code) for row in planted for code in row["checks"]
    }
    assert {code for _school, _number, code in found} == {check.code for check in all_checks()}
    assert len(planted) == len(PLANTS) == 25
