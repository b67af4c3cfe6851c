"""A payment that was judged to need no decision: it stays away as it is, and comes back when its amount is another."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from tests.cast import Cast
from tests.factories.findings import make_finding
from tests.ledgers.test_ledgers import PAYMENT, sends
from xianxue.decisions.checks import DECISIONS
from xianxue.decisions.models import CheckRun, Finding
from xianxue.decisions.services import findings
from xianxue.kernel.access import Actor, in_reach, whole_county
from xianxue.kernel.checks import night
from xianxue.kernel.checks.choices import Certainty
from xianxue.kernel.procedures import clock

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LINE = {**PAYMENT, "金额（元）": "88000"}


@pytest.fixture
def cast(standing_cast: Cast) -> Iterator[Cast]:
    with clock.acting_on(date(2024, 10, 15)):
        yield standing_cast


def does(cast: Cast, part: str, step: Any, **given: Any) -> None:
    user = cast.users[part]
    with in_reach(cast.reach(part)):
        step(untabled()[-1], by=Actor(user.pk, user.name), **given)


def untabled() -> list[Finding]:
    """What was found to have been paid without a decision."""
    return list(Finding.unguarded.select_related("matter").filter(check_code="C01").order_by("pk"))


@pytest.fixture
def dismissed(cast: Cast) -> Finding:
    sends(cast, "payments", LINE)
    does(cast, "head", findings.explain, explanation="县里统一采购，学校只付款。")
    does(cast, "inspector", findings.dismiss, reason="属实，不用上会。")
    (finding,) = untabled()
    return finding


def test_the_same_payment_stays_dismissed(cast: Cast, dismissed: Finding) -> None:
    sends(cast, "payments", {**LINE, "用途": "图书室的书架"})
    with whole_county("test"):
        CheckRun.objects.filter(is_last=True).update(digest="")
    night.check_everything(DECISIONS, again=True)
    assert [(one.pk, one.matter.state, one.gone_on) for one in untabled()] == [(dismissed.pk, "dismissed", None)]


def test_another_amount_brings_it_back_and_the_pages_name_the_judgement(cast: Cast, dismissed: Finding) -> None:
    sends(cast, "payments", {**LINE, "金额（元）": "880000"})
    old, new = untabled()
    assert (old.pk, old.matter.state, old.gone_on) == (dismissed.pk, "dismissed", date(2024, 10, 15))
    assert (new.matter.state, new.earlier_id, new.inputs["amount_fen"]) == ("opened", old.pk, 880_000_00)
    client = cast.client("inspector")
    for address in (reverse("findings-detail", args=(new.pk,)), reverse("matter", args=(new.matter_id,))):
        page = client.get(address).content.decode()
        assert "以前的认定" in page
        assert "认定理由：属实，不用上会。" in page


def test_judgements_of_earlier_releases_are_bound_to_what_their_findings_kept(cast: Cast, dismissed: Finding) -> None:
    bound = dismissed.judged_digest
    assert bound == dismissed.facts_digest
    corrected = make_finding(cast.first_primary.unit, 7, certainty=Certainty.CERTAIN, gone_on=date(2024, 10, 15))
    open_one = make_finding(cast.first_primary.unit, 8)
    Finding.unguarded.filter(pk=corrected.pk).update(is_confirmed=False)
    Finding.unguarded.update(judged_digest="")
    import_module("xianxue.decisions.migrations.0005_judgements_bind_their_facts").bind(apps, None)
    digests = dict(Finding.unguarded.values_list("pk", "judged_digest"))
    assert (digests[dismissed.pk], digests[corrected.pk], digests[open_one.pk]) == (bound, "", "")
