"""What was judged is not found again while the facts are the same; with other facts it comes up anew, naming the judgement."""

import json

import pytest

from tests.kernel.checks.desk import TODAY, Desk
from xianxue.kernel.checks.choices import Certainty
from xianxue.kernel.checks.models import SubjectFinding
from xianxue.kernel.history.models import Event, Payload
from xianxue.kernel.procedures.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PAID = 1_200_00


def test_a_dismissed_finding_stays_away_while_the_facts_are_the_same(desk: Desk) -> None:
    desk.check()
    desk.judged(desk.suite.procedure.dismiss.run)
    # Another rule of the same subject moved, so that the whole is compared again.
    assert desk.check(received_fen=5) == 0
    desk.suite.run.unguarded.update(digest="")
    assert desk.check() == 1
    assert desk.states() == [("dismissed", True)]
    assert not Notice.objects.exists()


def test_a_changed_amount_brings_a_dismissed_finding_back_and_names_the_judgement(desk: Desk) -> None:
    desk.check()
    desk.judged(desk.suite.procedure.dismiss.run)
    assert desk.check(paid_fen=9_900_00) == 1
    assert desk.states() == [("dismissed", False), ("opened", True)]
    old, new = desk.findings
    assert (new.earlier_id, new.inputs["paid_fen"], old.inputs["paid_fen"]) == (old.pk, 9_900_00, PAID)
    assert dict(new.facts())["以前的认定"] == (
        "county 支付 1200 元，计划 1000 元。（2024 年 10 月 14 日 发现，已排除）认定理由：经核查，补充协议在先。"
    ).replace(
        "2024 年 10 月 14 日",
        "2024\N{NO-BREAK SPACE}年\N{NO-BREAK SPACE}10\N{NO-BREAK SPACE}月\N{NO-BREAK SPACE}14\N{NO-BREAK SPACE}日",
    )
    events = Event.objects.filter(subject_type="checks.subjectfinding").order_by("seq")
    changes = [json.loads(Payload.objects.get(event_id=event.pk).body)["changes"] for event in events]
    assert changes == [{"gone_on": [None, TODAY.isoformat()]}, {"earlier": [None, str(old.pk)]}]
    assert Notice.objects.get().matter_id == new.matter_id, "grave again, and told again"


def test_the_amount_as_it_was_judged_is_dismissed_again(desk: Desk) -> None:
    desk.check()
    desk.judged(desk.suite.procedure.dismiss.run)
    desk.check(paid_fen=9_900_00)
    desk.check(paid_fen=PAID)
    assert desk.states() == [("dismissed", True), ("gone", False)]


def test_a_dismissed_finding_that_was_gone_comes_back_as_dismissed(desk: Desk) -> None:
    desk.check()
    desk.judged(desk.suite.procedure.dismiss.run)
    desk.check(paid_fen=0)
    assert desk.states() == [("dismissed", False)]
    desk.check(paid_fen=PAID)
    assert desk.states() == [("dismissed", True)]


def test_an_exception_holds_for_its_facts_alone(desk: Desk) -> None:
    desk.check()
    desk.judged(desk.suite.procedure.except_.run, "director")
    desk.suite.run.unguarded.update(digest="")
    desk.check()
    assert desk.states() == [("excepted", True)]
    desk.check(paid_fen=PAID + 1)
    assert desk.states() == [("excepted", False), ("opened", True)]
    assert desk.findings[1].earlier_id == desk.findings[0].pk


def test_a_confirmed_finding_with_other_facts_is_found_beside_it(desk: Desk) -> None:
    desk.check()
    desk.judged(desk.suite.procedure.confirm.run)
    desk.check(paid_fen=PAID + 1)
    assert desk.states() == [("confirmed", False), ("opened", True)]
    assert desk.findings[1].earlier_id == desk.findings[0].pk


def test_what_was_put_right_and_comes_back_is_found_anew(desk: Desk) -> None:
    desk.check()
    desk.judged(desk.suite.procedure.confirm.run)
    desk.do("county_officer", desk.suite.procedure.send.run, note="一个月内追回。")
    desk.check(paid_fen=0)
    desk.do("county_officer", desk.suite.procedure.accept.run, note="已经追回。")
    desk.check(paid_fen=PAID)
    assert desk.states() == [("rectified", False), ("opened", True)]
    assert desk.findings[1].earlier_id == desk.findings[0].pk


def test_a_judgement_on_what_was_corrected_says_nothing_when_it_comes_back(desk: Desk) -> None:
    desk.check()
    SubjectFinding.unguarded.update(certainty=Certainty.CERTAIN)
    desk.check(paid_fen=0)
    desk.judged(desk.suite.procedure.dismiss.run)
    assert desk.findings[0].judged_digest == ""
    desk.check(paid_fen=PAID)
    assert desk.states() == [("dismissed", False), ("opened", True)]


def test_before_anybody_judges_the_finding_says_what_holds_today(desk: Desk) -> None:
    desk.check()
    desk.do("head", desk.suite.procedure.explain.run, explanation="材料涨价。")
    desk.check(paid_fen=9_900_00)
    (finding,) = desk.findings
    assert (finding.matter.state, finding.inputs["paid_fen"]) == ("explained", 9_900_00)
    assert finding.reason == "county 支付 9900 元，计划 1000 元。"
    event = Event.objects.get(subject_type="checks.subjectfinding")
    changes = json.loads(Payload.objects.get(event_id=event.pk).body)["changes"]
    assert changes["reason"] == ["county 支付 1200 元，计划 1000 元。", "county 支付 9900 元，计划 1000 元。"]
    assert [json.loads(text)["paid_fen"] for text in changes["inputs"]] == [PAID, 9_900_00]
    desk.do("county_officer", desk.suite.procedure.dismiss.run, reason="合同变更。")
    desk.suite.run.unguarded.update(digest="")
    desk.check()
    assert desk.states() == [("dismissed", True)], "judged on the facts of today"
