"""Two checks of one proposal at the same moment, and a night beside a change: one run, one finding."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.cast import Cast, make_cast
from tests.decisions.after import rows
from tests.factories.ledgers import PaymentFactory
from xianxue.decisions.checks import DECISIONS
from xianxue.decisions.models import CheckRun, Finding, Proposal
from xianxue.decisions.selectors.rule_sets import rule_set_on
from xianxue.decisions.services import checking
from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.checks import night

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ME = Actor(1, "记录人")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    def run(call: Callable[[], Any]) -> Any:
        try:
            with whole_county("test"):
                return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(run, call) for call in calls]]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_two_checks_at_once_keep_one_run_and_open_each_finding_once(cast: Cast) -> None:
    proposal: Proposal = rows.proposal(cast)
    done = at_once(*[lambda: checking.check_proposal(proposal, by=ME) for _ in range(4)])
    assert sorted(run is None for run in done) == [False, True, True, True]
    assert CheckRun.unguarded.filter(proposal=proposal, is_last=True).count() == CheckRun.unguarded.count() == 1
    keys = list(Finding.unguarded.values_list("check_code", "key"))
    assert keys
    assert len(keys) == len(set(keys))


def test_two_nights_at_once_find_everything_once(cast: Cast) -> None:
    rows.proposal(cast)
    PaymentFactory(
        unit=cast.first_primary.unit, amount_fen=rule_set_on(date(2024, 10, 15)).rules["thresholds"]["default"]
    )
    said = at_once(*[lambda: night.check_everything(DECISIONS, again=True) for _ in range(2)])
    assert said == ["2 schools, 1 proposals, 0 faults"] * 2
    assert CheckRun.unguarded.filter(is_last=True).count() == CheckRun.unguarded.count() == 3
    keys = list(Finding.unguarded.values_list("unit_id", "check_code", "key"))
    assert [code for _unit, code, _key in keys].count("C01") == 1
    assert len(keys) == len(set(keys))
