from datetime import UTC, date, datetime

import pytest
from django.db.models import Count, Exists

from tests.factories.meetings import BodyFactory, meeting_row
from tests.factories.organisations import SchoolFactory
from xianxue.kernel.access import OutOfReach, whole_county
from xianxue.kernel.bulk import read
from xianxue.meetings.models import Body, Meeting

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_rows_are_those_of_the_query_with_days_moments_and_lists() -> None:
    body = BodyFactory(stands_in_for=["party"])
    moments = (datetime(2026, 3, 2, 7, 30, 15, 42, tzinfo=UTC), datetime(2026, 3, 2, 7, 30, tzinfo=UTC))
    for number, at in enumerate((*moments, moments[0])):
        meeting = meeting_row(body.unit, number, body=body)
        Meeting.unguarded.filter(pk=meeting.pk).update(starts_at=at)
    columns = ("number", "starts_at", "ended_at", "body__stands_in_for", "body__started_on", "is_kept")
    with whole_county("test"):
        rows = Meeting.objects.annotate(is_kept=Exists(Body.objects.all())).order_by("pk").values_list(*columns)
        assert read(rows) == list(rows)
        assert [row[1:] for row in read(rows)[:2]] == [(at, None, ["party"], date(2024, 1, 1), True) for at in moments]


def test_no_rows_and_rows_without_anything_to_convert() -> None:
    school = SchoolFactory()
    with whole_county("test"):
        assert read(type(school).objects.filter(pk__in=[]).values_list("pk", "unit__opened_on")) == []
        assert read(type(school).objects.values_list("pk", Count("pk"))) == [(school.pk, 1)]


def test_nothing_is_read_outside_the_reach_in_which_it_was_asked() -> None:
    with whole_county("test"):
        rows = Meeting.objects.values_list("pk")
    with pytest.raises(OutOfReach):
        read(rows)
