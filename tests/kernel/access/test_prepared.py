"""Prepared queries answer as the ORM does, for each call's values, and never hold anybody's reach."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateField, DateTimeField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, make_cast
from tests.factories.accounts import PostingFactory, UserFactory
from xianxue.accounts.models import Posting, SignIn, User
from xianxue.kernel.access import whole_county
from xianxue.kernel.access.prepared import Prepared, Slot
from xianxue.organisations.models import Unit

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_each_call_has_its_own_values_and_the_orm_is_asked_once(cast: Cast) -> None:
    asked = []

    def build() -> object:
        asked.append(1)
        return Posting.objects.filter(
            user=Slot("user", BigIntegerField()), started_on__lte=Slot("day", DateField())
        ).values_list("role", "started_on", "ended_on", "unit__path")

    held = Prepared(build)  # type: ignore[arg-type]  # a queryset, kept from the type of its rows
    for part in ("head", "registrar", "stranger"):
        user = cast.users[part]
        expected = Posting.objects.filter(user=user).values_list("role", "started_on", "ended_on", "unit__path")
        assert held.rows(user=user.pk, day=date(2024, 1, 1)) == list(expected)
    assert held.rows(user=cast.users["head"].pk, day=date(2019, 1, 1)) == []
    assert (held.count(user=cast.users["head"].pk, day=date(2024, 1, 1)), len(asked)) == (1, 1)


def test_moments_dates_and_yes_or_no_come_back_as_python_s(cast: Cast) -> None:
    at = datetime(2024, 10, 15, 12, tzinfo=CHINA)
    SignIn.objects.create(user=cast.users["head"], session_key="key", last_seen_at=at)
    seen = Prepared(
        lambda: SignIn.objects.filter(
            session_key=Slot("key", CharField()), last_seen_at__lte=Slot("now", DateTimeField())
        ).values_list("last_seen_at", "ended_at", "user__is_active")
    )
    assert seen.first(key="key", now=timezone.now()) == (at, None, True)
    assert seen.first(key="other", now=timezone.now()) is None
    assert seen.first(key="key", now=datetime(2024, 10, 15, 11, tzinfo=CHINA)) is None


@pytest.mark.parametrize("text", ["/1/", "%", "_", "\\", "'; --", "/1%"])
def test_a_value_is_never_a_pattern_and_never_sql(cast: Cast, text: str) -> None:
    below = Prepared(lambda: Unit.unguarded.filter(path__startswith=Slot("path", CharField())).values_list("pk"))
    with whole_county("test"):
        expected = set(Unit.objects.filter(path__startswith=text).values_list("pk", flat=True))
    assert {pk for (pk,) in below.rows(path=text)} == expected


def test_a_slot_without_a_value_is_a_mistake() -> None:
    named = Prepared(lambda: User.objects.filter(username=Slot("name", CharField())).values_list("pk"))
    with pytest.raises(KeyError, match="name"):
        named.rows()


def test_what_no_row_can_be_is_not_asked() -> None:
    nothing = Prepared(lambda: User.objects.filter(pk__in=[]).values_list("pk"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert (nothing.rows(), nothing.first(), nothing.count()) == ([], None, 0)
    assert list(queries) == []


def test_rows_that_are_read_in_a_reach_are_refused(cast: Cast) -> None:
    with whole_county("test"):
        units = Prepared(lambda: Unit.objects.values_list("pk"))
        with pytest.raises(TypeError, match="cannot be prepared"):
            units.rows()


def test_a_new_row_is_seen_at_once(cast: Cast) -> None:
    held = Prepared(lambda: Posting.objects.filter(user=Slot("user", BigIntegerField())).values_list("role"))
    user = UserFactory()
    assert held.rows(user=user.pk) == []
    PostingFactory(user=user, unit=cast.county)
    assert held.rows(user=user.pk) == [("county_officer",)]
