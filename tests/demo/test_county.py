"""What the invented county must be: the plan's totals, every kind of thing, the same people for the same seed."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demo.conftest import SMALL
from xianxue.demo.inventing import County, invent
from xianxue.demo.plan import load, shared_out

pytestmark = pytest.mark.postgres

PUBLISHED = Path(__file__).parent.parent / "data" / "published_figures.toml"
DELIVERED: tuple[tuple[str, Callable[[County], float]], ...] = (
    ("aid_grants", lambda county: county.expected()["aid_grants"]),
    ("aid_amount_yuan", lambda county: county.expected()["aid_fen"] / 100),
    ("capital_projects", lambda county: county.expected()["projects"]),
    ("livelihood_projects", lambda county: county.expected()["livelihood_projects"]),
    ("new_school_places", lambda county: county.expected()["new_places"]),
    ("decision_schools", lambda county: county.expected()["public_schools"]),
    ("textbook_training_teachers", lambda county: county.expected()["teachers"]),
)


def _people(county: County) -> list[tuple[str, str | None, str | None]]:
    return [(pupil.name, pupil.student_no, pupil.id_number) for pupil in county.pupils]


@pytest.mark.parametrize(("figure", "of"), DELIVERED, ids=[figure for figure, _ in DELIVERED])
def test_the_county_holds_the_published_figures(whole: County, figure: str, of: Callable[[County], float]) -> None:
    figures = tomllib.loads(PUBLISHED.read_text(encoding="utf-8"))["figure"]
    row = next(row for row in figures if row["id"] == figure)
    value = of(whole)
    if row["relation"] == "=":
        assert value == row["value"]
    else:
        assert row["value"] <= value < row["value"] * 1.05


def test_the_county_holds_the_plans_totals(whole: County) -> None:
    expected, counts = whole.expected(), whole.plan.counts
    assert (expected["pupils"], expected["staff"], expected["teachers"]) == (
        counts.pupils,
        counts.staff,
        counts.teachers,
    )
    assert expected["schools"] == len(whole.plan.schools)
    for term in ("2023-spring", "2023-autumn", "2024-spring", "2024-autumn"):
        planned = sum(line.counts.get(term, 0) for line in whole.plan.aid.lines)
        assert sum(grant.term == term for grant in whole.invented["aid"]) == planned


def test_fewer_grants_were_paid_the_year_before(whole: County) -> None:
    expected = whole.expected()
    assert 0 < expected["aid_grants_before"] < expected["aid_grants"]
    assert 0 < expected["aid_fen_before"] < expected["aid_fen"]


def test_fewer_places_were_delivered_the_year_before(whole: County) -> None:
    expected = whole.expected()
    assert 0 < expected["new_places_before"] < expected["new_places"]


def test_the_other_county_has_other_figures(whole: County, second: County) -> None:
    here, there = whole.expected(), second.expected()
    assert here.keys() == there.keys()
    assert all(here[name] != there[name] for name in here)


def test_the_same_seed_gives_the_same_people(small: County) -> None:
    assert _people(small) == _people(invent(load("wanzai", scale=SMALL)))


def test_another_seed_gives_other_people_and_the_same_totals(small: County) -> None:
    other = invent(load("wanzai", scale=SMALL).but(seed="another"))
    assert _people(other) != _people(small)
    assert len(other.pupils) == len(small.pupils)
    assert len(other.invented["aid"]) == len(small.invented["aid"])


def test_a_small_county_keeps_every_kind_of_school(whole: County, small: County) -> None:
    assert {school.kind for school in small.plan.schools} == {school.kind for school in whole.plan.schools}
    assert {grant.line.programme for grant in small.invented["aid"]} == {
        grant.line.programme for grant in whole.invented["aid"]
    }
    assert len(small.pupils) == pytest.approx(len(whole.pupils) * SMALL, rel=0.02)


@pytest.mark.parametrize("scale", [0, -1, 1.5])
def test_a_scale_outside_its_range_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        load("wanzai", scale=scale)


def test_some_classes_are_too_large_and_none_far_too_large(whole: County) -> None:
    sizes = Counter(min(klass.size // 56, 1) for klass in whole.classes)
    assert 0.01 < sizes[1] / len(whole.classes) < 0.15
    assert max(klass.size for klass in whole.classes) < 66


def test_siblings_in_different_schools_share_their_guardians(whole: County) -> None:
    schools = defaultdict(set)
    for pupil in whole.pupils:
        schools[pupil.family.guardians[0].id_number].add(pupil.seat.school.code)
    assert sum(len(codes) > 1 for codes in schools.values()) > 1000


def test_twins_namesakes_and_misread_surnames_occur(whole: County) -> None:
    births = Counter((id(pupil.family), pupil.born) for pupil in whole.pupils)
    names = Counter((id(pupil.seat), pupil.name) for pupil in whole.pupils)
    assert max(births.values()) > 1
    assert sum(count > 1 for count in names.values()) > 30
    assert {pupil.name[0] for pupil in whole.pupils} >= set("单曾解仇区查盖任华")
    assert any("·" in pupil.name for pupil in whole.pupils)


def test_a_pupil_has_a_programme_once_a_term(whole: County) -> None:
    paid = Counter((id(grant.pupil), grant.line.programme, grant.term) for grant in whole.invented["aid"])
    assert max(paid.values()) == 1


def test_nobody_is_aided_before_they_came_to_the_school(whole: County) -> None:
    ends = {term.code: term.ends_on for term in whole.plan.terms}
    assert all(grant.pupil.seat.entered_on < ends[grant.term] for grant in whole.invented["aid"])


def test_boarders_aid_goes_to_boarders_only(whole: County) -> None:
    assert all(
        grant.line.boarding is None or grant.line.boarding is grant.pupil.boards for grant in whole.invented["aid"]
    )


def test_gates_of_a_project_are_reached_in_order_and_within_the_year(whole: County) -> None:
    for project in whole.invented["projects"]:
        reached = [gate["reached_on"] for gate in project.gates if gate["reached_on"]]
        planned = [gate["planned_on"] for gate in project.gates]
        assert reached == sorted(reached)
        assert planned == sorted(planned)
        assert len(reached) == project.plan.gate
        assert reached[-1].year <= whole.plan.year


def test_the_money_of_a_project_adds_up_and_nothing_is_paid_that_was_not_received(whole: County) -> None:
    for project in whole.invented["projects"]:
        assert sum(line["planned_fen"] for line in project.money) == project.row["approved_fen"]
        assert all(line["paid_fen"] <= line["received_fen"] <= line["planned_fen"] for line in project.money)


@pytest.mark.parametrize(
    ("total", "weights", "least", "parts"),
    [
        (10, [1, 1, 1], 0, [4, 3, 3]),
        (3, [5, 1], 0, [3, 0]),
        (10, [99, 1], 2, [8, 2]),
        (1, [1, 1], 2, [2, 2]),
        (0, [1], 0, [0]),
    ],
)
def test_shares_are_whole_and_add_up(total: int, weights: list[float], least: int, parts: list[int]) -> None:
    assert shared_out(total, weights, least=least) == parts
