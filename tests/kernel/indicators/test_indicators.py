"""Indicators: parts, reach, missing, ratios, comparison, definitions, lineage; and a contract over all of them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import Cast
from tests.kernel.indicators.sample import make_county
from xianxue.kernel import indicators, resources
from xianxue.kernel.access import OutOfReach, in_reach, system_actor, whole_county
from xianxue.kernel.history.models import Event
from xianxue.kernel.indicators import (
    Count,
    Distinct,
    Indicator,
    Period,
    Rows,
    Sum,
    Units,
    registry,
    selectors,
    services,
)
from xianxue.kernel.indicators.checks import check_indicators, faults
from xianxue.kernel.indicators.lineage import lineage
from xianxue.kernel.indicators.models import Computation, DefinitionVersion, Part

pytestmark = pytest.mark.postgres

YEAR = indicators.year_period(2024)
BY = system_actor("test")
EVERY = indicators.all()


def autumn(year: int = 2024) -> Period:
    return indicators.periods_of("term", year)[-1]


def period_of(item: Indicator) -> Period:
    return YEAR if item.period == "year" else autumn()


@pytest.fixture
def county(db: None) -> Cast:
    return make_county()


@pytest.fixture
def computed(county: Cast) -> Cast:
    services.compute(2024, by=BY)
    return county


def test_every_figure_equals_the_rows_behind_it(computed: Cast) -> None:
    """All in one county, computed once: a county and a computation for each would be half a minute."""
    with whole_county("test"):
        for item in EVERY:
            period = period_of(item)
            value = selectors.value(item.code, period)
            assert value.numerator == measured(item, period, per=False), item.code
            if value.denominator is not None:
                assert value.denominator == measured(item, period, per=True), item.code
                assert value.number == item.number(value.numerator, value.denominator), item.code
            assert value.rows == selectors.rows(item.code, period).count(), item.code
            for unit, part in selectors.by_unit(item.code, period).items():
                assert part.rows == selectors.rows(item.code, period, unit=unit).count(), (item.code, unit)


def measured(item: Indicator, period: Period, *, per: bool) -> int:
    """The figure by reading every row, in Python."""
    declared = item.build(period)
    rows = declared.per if per else declared
    assert rows is not None
    every = list(rows.queryset)
    match rows.measure:
        case Count():
            return len(every)
        case Sum(field):
            return sum(getattr(row, field) for row in every)
        case Distinct(field):
            return len({getattr(row, field) for row in every})
        case Units():
            return len(set(rows.queryset.values_list(rows.unit, flat=True)))


def test_every_indicator_names_the_tables_behind_it(county: Cast) -> None:
    with whole_county("test"):
        for item in EVERY:
            rows = item.build(period_of(item))
            sources = lineage(rows)
            assert sources[0].table == rows.queryset.model._meta.db_table, item.code
            assert any(source.fields for source in sources), item.code
            assert "ID" not in [name for source in sources for name in source.fields], item.code


def test_nothing_on_record_is_neither_zero_nor_a_number(db: None) -> None:
    services.compute(2019, by=BY)
    with whole_county("test"):
        for item in EVERY:
            for period in indicators.periods_of(item.period, 2019):
                value = selectors.value(item.code, period)
                assert (value.status, value.number) == ("no_records", None), item.code


def test_the_declarations_are_sound() -> None:
    assert check_indicators(None) == []


def test_figures_of_the_county(computed: Cast) -> None:
    expected = {
        "aid.grants": 3,
        "aid.amount": Decimal("1562.5"),
        "aid.persons": 2,
        "projects.capital": 3,
        "projects.livelihood": 1,
        "projects.places": 1620,
        "projects.places_delivered": 1080,
        "projects.paid_share": Decimal("50.0"),
        "people.pupils": 60,
        "people.boarders": 4,
        "people.large_classes": 1,
        "people.large_class_share": Decimal("33.33"),
        "organisations.schools": 2,
        "organisations.kindergartens": 0,
        "procedures.open": 2,
        "procedures.late": 1,
        "procedures.finished": 3,
        "procedures.finished_in_time": Decimal("66.7"),
    }
    with whole_county("test"):
        found = {code: selectors.value(code, period_of(indicators.get(code))).number for code in expected}
    assert found == expected


def test_a_ratio_over_the_county_is_made_of_the_sums_and_not_of_the_schools_ratios(computed: Cast) -> None:
    with whole_county("test"):
        value = selectors.value("people.large_class_share", autumn())
        schools = selectors.by_unit("people.large_class_share", autumn())
    assert (value.numerator, value.denominator) == (1, 3)
    assert sorted(str(part.number) for part in schools.values()) == ["0.00", "50.00"]


def test_a_school_without_anything_to_divide_by_has_nothing_on_record(computed: Cast) -> None:
    with whole_county("test"):
        found = selectors.by_unit("people.pupils_per_teacher", autumn())
    assert found[computed.first_primary.pk].status == "computed"
    assert found[computed.second_primary.pk].status == "no_records"


def test_a_person_at_two_schools_counts_once_in_the_county(computed: Cast) -> None:
    with whole_county("test"):
        schools = selectors.by_unit("aid.persons", YEAR)
        whole = selectors.value("aid.persons", YEAR)
    assert (sum(part.numerator or 0 for part in schools.values()), whole.number) == (3, 2)


def test_a_school_user_gets_the_own_schools_value(computed: Cast) -> None:
    with in_reach(computed.reach("head")):
        value = selectors.value("aid.grants", YEAR)
        rows = selectors.rows("aid.grants", YEAR)
        assert (value.number, rows.count()) == (1, 1)
        other = selectors.value("aid.grants", YEAR, unit=computed.second_primary.pk)
        assert other.status == "no_records"
        assert set(selectors.by_unit("aid.grants", YEAR)) == {computed.first_primary.pk}


def test_values_are_closed_outside_a_reach(computed: Cast) -> None:
    with pytest.raises(OutOfReach):
        selectors.value("aid.grants", YEAR)


def test_comparison_with_the_year_before(computed: Cast) -> None:
    services.compute(2023, by=BY)
    with whole_county("test"):
        before = selectors.before("aid.grants", YEAR)
        points = selectors.trend("aid.grants")
    assert before is not None
    assert before.number == 1
    assert [(point.period, point.value.number) for point in points] == [("2023", 1), ("2024", 3)]


def test_slices_add_up_to_the_whole(computed: Cast) -> None:
    with whole_county("test"):
        parts = selectors.slices("people.pupils", autumn())
    assert [(label, value.number) for label, value in parts] == [("小学", 60)]


def test_completeness_counts_who_has_sent_anything(computed: Cast) -> None:
    with whole_county("test"):
        value = selectors.value("people.staff", autumn())
    assert (value.reporting, value.expected) == (1, 2)


def test_computing_again_replaces_and_leaves_one_event(computed: Cast) -> None:
    with whole_county("test"):
        before = _parts()
    events = Event.objects.count()
    services.compute(2024, by=BY)
    with whole_county("test"):
        assert _parts() == before
    assert Event.objects.count() == events + 1


def _parts() -> set[tuple[Any, ...]]:
    return set(Part.objects.values_list("code", "period", "unit_id", "member", "numerator", "denominator", "rows"))


def test_computing_takes_a_fixed_number_of_queries(county: Cast, django_assert_max_num_queries: Any) -> None:
    services.compute(2024, by=BY)
    with django_assert_max_num_queries(16 * len(EVERY)):
        services.compute(2024, by=BY)


def test_a_new_version_keeps_the_values_of_the_old(computed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    item = indicators.get("aid.grants")
    newer = replace(item, version=2, definition="口径改了。")
    monkeypatch.setitem(registry._registry, "aid.grants", newer)
    services.compute(2024, by=BY, codes=["aid.grants"])
    assert [row.version for row in selectors.definitions("aid.grants")] == [2, 1]
    assert Computation.objects.filter(code="aid.grants", period="2024").count() == 2
    assert selectors.changed_without_version() == []


def test_a_changed_definition_without_a_new_version_is_found(computed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(indicators.get("aid.grants"), definition="口径改了。")
    monkeypatch.setitem(registry._registry, "aid.grants", changed)
    assert selectors.changed_without_version() == ["aid.grants"]


def test_the_fingerprint_follows_the_code_and_not_its_comments() -> None:
    item = indicators.get("aid.grants")
    assert replace(item, build=_one).fingerprint == replace(item, build=_same).fingerprint
    assert replace(item, build=_one).fingerprint != replace(item, build=_other).fingerprint


def _one(period: Period) -> Any:
    return period.start


def _same(period: Period) -> Any:
    """The same."""
    return period.start  # with a comment


def _other(period: Period) -> Any:
    return period.end


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"definition": "没有句号"}, "E003"),
        ({"unit": ""}, "E002"),
        ({"system": "student_ade"}, "E004"),
        ({"period": "yaer"}, "E005"),
        ({"threshold": Decimal(1)}, "E006"),
        ({"beside": "aid.person"}, "E007"),
        ({"code": "Aid grants"}, "E001"),
        ({"scale": 0}, "E008"),
    ],
)
def test_a_wrong_declaration_says_how_to_mend_it(facts: dict[str, Any], fault: str) -> None:
    found = list(faults(replace(indicators.get("aid.grants"), **facts)))
    assert [f"indicators.{fault}"] == [error.id for error in found]
    assert found[0].hint


def test_two_declarations_of_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match=r"aid\.grants"):
        indicators.indicator("aid.grants", label="", definition="", unit="", period="year", grain="", source="")(_same)


def test_definitions_are_remembered_when_first_used(computed: Cast) -> None:
    assert DefinitionVersion.objects.count() == len(EVERY)


def test_an_indicator_that_says_it_adds_up_and_does_not_is_refused(county: Cast) -> None:
    item = replace(indicators.get("aid.persons"), additive=True)
    with whole_county("test"), pytest.raises(ValueError, match="additive"):
        services.gather(item, YEAR)


def test_rows_that_were_grouped_before_are_counted_right(county: Cast) -> None:
    item = indicators.get("aid.grants")

    def doubled(period: Period) -> Rows:
        rows = item.build(period)
        return replace(rows, queryset=rows.queryset.filter(school__enrolments__isnull=False).distinct(), slices="")

    with whole_county("test"):
        found = services.gather(replace(item, build=doubled), YEAR)
    assert sum(tally.numerator for tally in found.tallies.values()) == 3


@pytest.mark.parametrize("item", EVERY, ids=str)
def test_the_rows_of_every_indicator_stand_in_a_register(item: Indicator, county: Cast) -> None:
    with whole_county("test"):
        rows = item.build(period_of(item))
    shown = {register.model for register in resources.all_registers()}
    assert {one.queryset.model for one in (rows, rows.per) if one} <= shown
