"""Bulk rows equal the rows that model instances would have written."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from xianxue.kernel import bulk
from xianxue.organisations.models import DayOverride, Unit
from xianxue.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_inserted_rows_read_as_written() -> None:
    rows = [(date(2024, 10, day), day % 2 == 0, f"调休 {day}，\t“引号”\\反斜杠\n换行") for day in range(1, 8)]
    assert bulk.insert(DayOverride, ("day", "is_working_day", "reason"), rows) == 7
    found = DayOverride.objects.order_by("day").values_list("day", "is_working_day", "reason")
    assert list(found) == rows


def test_null_and_empty_stay_apart() -> None:
    (pk,) = bulk.next_ids(Unit, 1)
    names = ("id", "kind", "name", "short_name", "code", "parent_id", "path", "opened_on", "closed_on")
    bulk.insert(Unit, names, [(pk, "school", "甲校", "", "", None, "/", None, None)])
    unit = Unit.unguarded.get()
    assert (unit.pk, unit.short_name, unit.parent_id, unit.opened_on) == (pk, "", None, None)


def test_sealed_columns_are_sealed_in_bulk_too() -> None:
    person = Person.unguarded.create(name="张三", name_pinyin="zhang san", initials="zs")
    bulk.update(Person, ("phone", "name"), [(person.pk, "10000000000", "张山")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_person")
        assert cursor.fetchone()[0].startswith("a1.")
    person.refresh_from_db()
    assert (person.phone, person.name) == ("10000000000", "张山")


def test_reserved_keys_are_never_given_again() -> None:
    first = list(bulk.next_ids(Unit, 3))
    names = ("id", "kind", "name", "short_name", "code", "path")
    bulk.insert(Unit, names, [(pk, "school", "甲校", "", "", "/") for pk in first])
    Unit.unguarded.filter(pk=first[-1]).delete()
    later = Unit.unguarded.create(kind="school", name="乙校", path="/")
    assert first == sorted(set(first))
    assert later.pk > first[-1]
    assert min(bulk.next_ids(Unit, 2)) > later.pk


def test_constraints_still_hold() -> None:
    rows = [(date(2024, 10, 1), True, "甲"), (date(2024, 10, 1), True, "乙")]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(DayOverride, ("day", "is_working_day", "reason"), rows)
    assert not DayOverride.objects.exists()


def test_deleting_by_a_column_removes_those_rows_only() -> None:
    rows = [(date(2024, 10, day), True, "甲" if day < 4 else "乙") for day in range(1, 6)]
    bulk.insert(DayOverride, ("day", "is_working_day", "reason"), rows)
    bulk.delete(DayOverride, "reason", ["甲"])
    assert DayOverride.objects.count() == 2
