import pytest
from django.db import connection

from tests.factories.organisations import SchoolFactory, UnitFactory
from xianxue.kernel.access import whole_county
from xianxue.organisations.models import School, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_rows_with_one_of_the_values_are_found_by_key_text_and_relation() -> None:
    first, second, third = (SchoolFactory(code=f"213600000{number}") for number in range(3))
    with whole_county("test"):
        assert set(School.objects.filter(pk__among={first.pk, third.pk})) == {first, third}
        assert set(School.objects.filter(unit_id__among=[second.pk])) == {second}
        assert set(Unit.objects.filter(code__among=["2136000001", "9"])) == {second.unit}
        assert set(School.objects.exclude(pk__among=[first.pk, second.pk])) == {third}


def test_an_empty_list_finds_nothing() -> None:
    UnitFactory()
    with whole_county("test"):
        assert not Unit.objects.filter(pk__among=[]).exists()
        assert not Unit.objects.filter(code__among=()).exists()


def test_far_more_values_than_parameters_are_allowed() -> None:
    unit = UnitFactory()
    with whole_county("test"):
        assert list(Unit.objects.filter(pk__among=range(unit.pk + 300_000))) == [unit]


def test_it_goes_through_the_index() -> None:
    with whole_county("test"):
        plan = Unit.objects.filter(pk__among=range(1000)).explain()
    expected = "SEARCH" if connection.vendor == "sqlite" else "Index|Seq Scan"
    assert any(word in plan for word in expected.split("|"))
