"""A finding from the school's word to the end: who may say what, and what nobody may do."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.factories.findings import make_finding
from tests.factories.proposals import make_proposal
from xianxue.decisions.models import Finding
from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.decisions.services import findings
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.checks import handing
from xianxue.kernel.checks.choices import Certainty
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import clock

pytestmark = pytest.mark.django_db
MONDAY = date(2024, 10, 14)


@pytest.fixture
def cast(standing_cast: Cast) -> Cast:
    return standing_cast


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.acting_on(MONDAY):
        yield


class Walk:
    """One finding of the first school."""

    def __init__(self, cast: Cast, **facts: Any) -> None:
        self.cast = cast
        self.pk = make_finding(cast.first_primary.unit, **facts).pk

    @property
    def finding(self) -> Finding:
        found: Finding = Finding.unguarded.select_related("matter").get(pk=self.pk)
        return found

    @property
    def state(self) -> str:
        return str(self.finding.matter.state)

    def do(self, part: str, step: Callable[..., Any], **given: Any) -> None:
        user = self.cast.users[part]
        with in_reach(self.cast.reach(part)):
            step(self.finding, by=Actor(user.pk, user.name), **given)

    def refused(self, part: str, step: Callable[..., Any], **given: Any) -> str:
        with pytest.raises(Refused) as refused:
            self.do(part, step, **given)
        return refused.value.message


def test_a_finding_is_explained_confirmed_sent_on_and_accepted_by_others_than_the_school(cast: Cast) -> None:
    walk = Walk(cast)
    walk.do("head", findings.explain, explanation="票据跨年，补登了会议。")
    walk.do("inspector", findings.confirm, reason="会议在付款以后。")
    assert (walk.finding.is_confirmed, walk.finding.explanation) == (True, "票据跨年，补登了会议。")
    walk.do("discipline", findings.send, note="一个月内整改。")
    assert walk.state == "for_rectification"
    assert "没有这项权限" in walk.refused("head", FollowFinding.accept.run, note="改好了。")
    walk.do("inspector", FollowFinding.accept.run, note="看了新的会议记录。")
    assert (walk.state, walk.finding.matter.finished_on) == ("rectified", MONDAY)


def test_a_certain_finding_is_not_dismissed_while_it_fails_but_the_bureau_may_make_an_exception(cast: Cast) -> None:
    walk = Walk(cast, certainty=Certainty.CERTAIN)
    walk.do("secretary", findings.explain, explanation="当时有人生病。")
    assert walk.refused("inspector", findings.dismiss, reason="可以理解。") == (
        "未能排除：这是由数据确定的问题，现在仍然存在。记录有误的，请学校先更正；确有理由的，由县局按例外处理。"
    )
    assert "没有这项权限" in walk.refused("inspector", findings.make_exception, reason="可以理解。")
    walk.do("decisions_officer", findings.make_exception, reason="防汛期间，县局批准。")
    assert (walk.state, walk.finding.verdict_reason, walk.finding.is_confirmed) == (
        "excepted",
        "防汛期间，县局批准。",
        None,
    )


def test_a_certain_finding_that_was_corrected_may_be_dismissed(cast: Cast) -> None:
    walk = Walk(cast, certainty=Certainty.CERTAIN)
    walk.do("secretary", findings.explain, explanation="录错了，已经更正。")
    Finding.unguarded.filter(pk=walk.pk).update(gone_on=MONDAY)
    walk.do("inspector", findings.dismiss, reason="更正属实。")
    assert (walk.state, walk.finding.is_confirmed) == ("dismissed", False)


def test_nobody_is_judged_unheard_before_the_limit(cast: Cast) -> None:
    walk = Walk(cast)
    assert walk.refused("inspector", findings.confirm_unexplained, reason="属实。") == (
        "未能直接认定：学校的说明期限到 2024-10-17，还没有过。请等学校说明，或者期限过后再认定。"
    )
    with clock.acting_on(date(2024, 10, 18)):
        walk.do("inspector", findings.confirm_unexplained, reason="属实。")
    assert (walk.state, walk.finding.is_confirmed) == ("confirmed", True)


@pytest.mark.parametrize(("step", "given"), [("explain", "explanation"), ("confirm", "reason"), ("dismiss", "reason")])
def test_words_are_not_left_out(cast: Cast, step: str, given: str) -> None:
    walk = Walk(cast)
    if step != "explain":
        walk.do("head", findings.explain, explanation="有会议。")
    part = "head" if step == "explain" else "inspector"
    assert walk.refused(part, getattr(findings, step), **{given: "  "}).startswith("未能")


def test_what_is_sent_on_is_told_to_whoever_keeps_rectification(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(handing, "_hooks", [])
    handing.provide_rectification(lambda finding, _by: told.append(finding.pk))
    walk = Walk(cast)
    walk.do("head", findings.explain, explanation="有会议。")
    walk.do("inspector", findings.confirm, reason="会议在后。")
    walk.do("inspector", findings.send, note="整改。")
    assert told == [walk.pk]


def test_another_school_knows_nothing_of_it(cast: Cast) -> None:
    walk = Walk(cast)
    with in_reach(cast.reach("other_head")):
        assert not Finding.objects.filter(pk=walk.pk).exists()
    assert "没有这项权限" in walk.refused("other_head", findings.explain, explanation="不是我们。")


def test_the_page_says_by_which_numbers_in_words_and_leads_to_the_proposal(cast: Cast) -> None:
    proposal = make_proposal(cast)
    made = make_finding(
        cast.first_primary.unit, proposal=proposal, check_code="C04", parameters={"least_alternatives": 2}
    )
    page = cast.client("recorder").get(reverse("findings-detail", args=(made.pk,))).content.decode()
    assert "比选方案至少几个 = 2" in page
    assert f'href="{reverse("proposals-detail", args=(proposal.pk,))}">{proposal.title}</a>' in page
    matter = cast.client("recorder").get(reverse("matter", args=(made.matter_id,))).content.decode()
    assert f'href="{reverse("findings-detail", args=(made.pk,))}"' in matter
