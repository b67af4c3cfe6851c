"""Several at once: every release its own number, and figures of one moment while others go on writing."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.cast import Cast
from tests.factories.people import PersonFactory
from tests.insight.release_sample import actor
from tests.kernel.indicators.sample import make_county
from xianxue.aid.models import AidGrant
from xianxue.insight.models import Draft, Release
from xianxue.insight.releases import services
from xianxue.insight.releases.freezing import freeze
from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject, record
from xianxue.organisations.selectors import forget_codes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
GRANT_FEN = 62_500


@pytest.fixture
def cast() -> Iterator[Cast]:
    forget_codes()
    yield make_county()
    forget_codes()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each with a connection of its own; returns results and exceptions, in order."""
    gate = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            gate.wait()
            with whole_county("test"):
                results[place] = work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_who_release_the_same_draft_make_one_release(cast: Cast) -> None:
    director, officer = actor(cast, "director"), actor(cast, "county_officer")
    for number in (1, 2):
        draft = services.prepare(2024, reason="再发布", by=officer)
        found = at_once(*[lambda draft=draft: services.release(Draft.objects.get(pk=draft.pk), by=director)] * 2)
        assert [one.number for one in found if isinstance(one, Release)] == [f"2024-{number}"]
        assert all(isinstance(one, Release | Refused | Draft.DoesNotExist) for one in found)
    assert list(Release.objects.order_by("serial").values_list("number", flat=True)) == ["2024-1", "2024-2"]


def test_releases_of_two_years_at_once_have_one_number_each(cast: Cast) -> None:
    director, officer = actor(cast, "director"), actor(cast, "county_officer")
    drafts = [services.prepare(year, by=officer) for year in (2023, 2024)]
    found = at_once(*[lambda draft=draft: services.release(draft, by=director) for draft in drafts])
    assert [one.number for one in found] == ["2023-1", "2024-1"]
    assert Release.objects.values("event_seq").count() == 2


def test_figures_are_of_one_moment_while_grants_are_written(cast: Cast) -> None:
    """Count, sum and log must fit together in every freeze, however many were written in between."""
    like = AidGrant.unguarded.get(amount_fen=31_250)
    before = {"grants": 3, "fen": 156_250}
    first = Event.objects.count()
    done = threading.Event()

    def write() -> int:
        number = 0
        while not done.is_set() and number < 400:
            number += 1
            paid(like, by=system_actor("import:1"))
        return number

    def read() -> list[Any]:
        try:
            return [freeze(2024, "5a" * 16) for _number in range(6)]
        finally:
            done.set()

    written, frozen = at_once(write, read)
    assert written > 0
    assert len(frozen) == 6
    for one in frozen:
        figures = {row["code"]: row for row in one.content["figures"]}
        more = figures["aid.grants"]["numerator"] - before["grants"]
        assert figures["aid.amount"]["numerator"] == before["fen"] + more * GRANT_FEN
        assert figures["aid.grants"]["rows"] == figures["aid.amount"]["rows"] == before["grants"] + more
        assert one.moment.event - first == more


@command("test.pay", label="发放")
def paid(like: AidGrant, *, by: Actor) -> None:
    facts = {name: getattr(like, name) for name in ("school_id", "programme_id", "term_id")}
    person = PersonFactory()
    grant = AidGrant.unguarded.create(**facts, person=person, amount_fen=GRANT_FEN, paid_on=date(2024, 6, 1))
    record(Subject("aid.aidgrant", grant.pk, "补助"))
