"""The checks on every change and every night: what is written, what is not, what becomes of findings."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.decisions.after import rows
from tests.factories.ledgers import PaymentFactory
from tests.kernel.procedures.waiting import todos_for
from xianxue.decisions.checks import DECISIONS
from xianxue.decisions.choices import Phase
from xianxue.decisions.models import CheckRun, Finding, NightlyCheck, Proposal
from xianxue.decisions.procedures import DecisionProposal
from xianxue.decisions.rules.outcomes import CASE, CHECKS, SCHOOL, Check
from xianxue.decisions.selectors.cases import case_of, cases, schools
from xianxue.decisions.selectors.overview import PHASE_OF
from xianxue.decisions.services import checking
from xianxue.kernel.access import Actor, in_reach, whole_county
from xianxue.kernel.checks import night
from xianxue.kernel.checks.choices import Certainty, Severity, Verdict
from xianxue.kernel.checks.declaration import Suite
from xianxue.kernel.checks.outcomes import PASSED, Failure, Outcome, failed, skipped
from xianxue.kernel.commands import command
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.models import Notice, StepRecord, Todo

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
TODAY = date(2024, 10, 15)
ME = Actor(1, "记录人")


@pytest.fixture
def cast(standing_cast: Cast) -> Cast:
    return standing_cast


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.acting_on(TODAY):
        yield


@command("tests.touch_proposal", label="改动")
def touch(proposal: Proposal, *, by: Actor) -> None:
    """What every command of the others ends with."""
    record(Subject("decisions.proposal", proposal.pk), unit_id=proposal.unit_id)
    checking.changed(proposal, by)


class Scripted:
    """The registry of checks with two of our own: what they say is set by the test."""

    def __init__(self) -> None:
        self.case: Outcome | Exception = PASSED
        self.school: Outcome | Exception = PASSED

    def on_case(self, *_given: Any) -> Outcome:
        return self._said(self.case)

    def on_school(self, *_given: Any) -> Outcome:
        return self._said(self.school)

    def _said(self, what: Outcome | Exception) -> Outcome:
        if isinstance(what, Exception):
            raise what
        return what


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    script = Scripted()
    facts: dict[str, Any] = {"phase": Phase.DURING, "severity": Severity.GRAVE, "basis": ""}
    checks = [
        Check("C12", "法定人数不足", certainty=Certainty.CERTAIN, looks={CASE: script.on_case}, **facts),
        Check("C01", "应上会未上会", certainty=Certainty.SUSPECTED, looks={SCHOOL: script.on_school}, **facts),
    ]
    released = list(CHECKS)
    CHECKS.replace(checks)
    yield script
    CHECKS.replace(released)


def too_few(**facts: Any) -> Outcome:
    return failed(Failure("应到 7 人，实到 3 人，不足法定人数。", key="1", inputs={"present": 3}, **facts))


def check(proposal: Proposal) -> CheckRun | None:
    with whole_county("test"):
        return checking.check_proposal(proposal, by=ME)


def ledgers(cast: Cast) -> int:
    with whole_county("test"):
        count: int = checking.check_schools([cast.first_primary.pk], by=ME)
        return count


def runs(proposal: Proposal) -> list[tuple[bool, Any]]:
    found = CheckRun.unguarded.filter(proposal=proposal).order_by("pk")
    return [(run.is_last, run.outcomes["C12"]) for run in found]


def findings() -> list[Finding]:
    return list(Finding.unguarded.select_related("matter").order_by("pk"))


def test_the_same_result_again_writes_nothing_at_all(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    scripted.case = too_few()
    assert check(proposal) is not None
    before = (CheckRun.unguarded.count(), Finding.unguarded.count(), Event.objects.count(), Notice.objects.count())
    assert check(proposal) is None
    scripted.case = failed(Failure("应到 7 人，只到了 3 人。", key="1", inputs={"present": 3}))
    assert check(proposal) is None, "other words for the same facts are no news"
    after = (CheckRun.unguarded.count(), Finding.unguarded.count(), Event.objects.count(), Notice.objects.count())
    assert after == before


def test_an_earlier_result_is_kept_beside_the_new_one(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    check(proposal)
    scripted.case = too_few()
    check(proposal)
    failure = {"key": "1", "reason": "应到 7 人，实到 3 人，不足法定人数。", "inputs": {"present": 3}}
    kept = {"verdict": "failed", "reason": "应到 7 人，实到 3 人，不足法定人数。", "failures": [failure]}
    assert runs(proposal) == [(False, "passed"), (True, kept)]


def test_a_failure_opens_one_finding_with_its_rule_and_what_it_saw(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    scripted.case = too_few()
    run = check(proposal)
    (finding,) = findings()
    assert (finding.unit_id, finding.county_id, finding.proposal_id) == (
        cast.first_primary.pk,
        cast.county.pk,
        proposal.pk,
    )
    assert (finding.check_code, finding.key) == ("C12", f"{proposal.number}/1")
    assert (finding.severity, finding.certainty) == (Severity.GRAVE, Certainty.CERTAIN)
    assert (finding.inputs, finding.parameters, finding.found_on) == ({"present": 3}, {}, TODAY)
    assert run is not None
    assert finding.rule_set_id == run.rule_set_id == proposal.rule_set_id
    assert (finding.matter.state, finding.matter.title) == ("opened", "C12：应到 7 人，实到 3 人，不足法定人数。")
    (todo,) = Todo.objects.filter(matter=finding.matter)
    assert (todo.place, todo.unit_id, todo.due_on) == ("school", cast.first_primary.pk, date(2024, 10, 18))
    (record,) = StepRecord.objects.filter(matter=finding.matter)
    assert (record.step, record.actor, record.user_id, record.to_state) == ("open_finding", "系统", None, "opened")
    event = Event.objects.get(seq=record.event_seq)
    assert (event.action, event.subject_id) == ("decisions.finding.open_finding", finding.matter_id)
    for part, waits in (("head", True), ("secretary", True), ("inspector", False), ("other_recorder", False)):
        assert todos_for(cast.reach(part)).filter(matter=finding.matter).exists() is waits, part


def test_a_grave_finding_is_told_at_once_to_bureau_and_inspector(cast: Cast, scripted: Scripted) -> None:
    scripted.case = too_few()
    check(rows.proposal(cast))
    (told,) = Notice.objects.all()
    assert set(told.roles.strip("|").split("|")) == {"decisions_officer", "inspector"}
    assert (told.unit_id, told.tone) == (cast.first_primary.pk, "late")
    scripted.case = too_few(severity=Severity.SERIOUS)
    check(rows.proposal(cast))
    assert Notice.objects.count() == 1, "what is not grave waits on the list"


def test_many_grave_findings_are_one_notice(cast: Cast, scripted: Scripted) -> None:
    scripted.school = failed(*(Failure(f"第 {at} 笔", key=str(at)) for at in range(6)))
    ledgers(cast)
    assert [told.text for told in Notice.objects.all()] == ["新发现 6 个严重问题，请查看。"]
    assert len(findings()) == 6


def test_a_suspected_finding_that_is_gone_before_anybody_spoke_is_closed(cast: Cast, scripted: Scripted) -> None:
    scripted.school = failed(Failure("一笔支出没有议题", key="2024-10-001"))
    assert ledgers(cast) == 1
    scripted.school = PASSED
    assert ledgers(cast) == 1
    (finding,) = findings()
    assert (finding.gone_on, finding.matter.state, finding.matter.finished_on) == (TODAY, "gone", TODAY)
    scripted.school = failed(Failure("一笔支出没有议题", key="2024-10-001"))
    ledgers(cast)
    states = [(one.gone_on, one.matter.state) for one in findings()]
    assert states == [(TODAY, "gone"), (None, "opened")], "it came back: found anew, the old one stays"


def test_a_certain_finding_that_is_gone_stays_open_and_says_since_when(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    scripted.case = too_few()
    check(proposal)
    scripted.case = PASSED
    check(proposal)
    (finding,) = findings()
    assert (finding.gone_on, finding.matter.state) == (TODAY, "opened")
    scripted.case = too_few()
    check(proposal)
    (finding,) = findings()
    assert (finding.gone_on, finding.matter.state) == (None, "opened"), (
        "it came back while it was open: the same finding"
    )


def test_what_was_not_checked_leaves_its_finding_alone(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    scripted.case = too_few()
    check(proposal)
    scripted.case = skipped("没有到会登记。")
    check(proposal)
    assert [(one.gone_on, one.matter.state) for one in findings()] == [(None, "opened")] or findings()[
        0
    ].gone_on is None


def test_a_finding_that_grew_worse_says_so(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    scripted.case = too_few(severity=Severity.NOTE)
    check(proposal)
    scripted.case = too_few(severity=Severity.GRAVE)
    check(proposal)
    (finding,) = findings()
    assert finding.severity == Severity.GRAVE
    assert Event.objects.filter(subject_type="decisions.finding", subject_id=finding.pk).count() == 1
    assert Notice.objects.count() == 1, "grave only now, and told now"
    check(proposal)
    assert Notice.objects.count() == 1


def test_a_check_that_raises_is_skipped_and_the_log_names_nobody(
    cast: Cast, scripted: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    proposal = rows.proposal(cast)
    scripted.case = ValueError("周一鸣")
    check(proposal)
    assert runs(proposal) == [(True, {"verdict": "skipped", "reason": "检查出错，已记入系统日志，请联系系统管理员。"})]
    (line,) = [line for line in caplog.records if line.name.endswith("checks.running")]
    assert (line.getMessage(), line.check, line.kind) == ("a check raised", "C12", "ValueError")  # type: ignore[attr-defined]  # extra
    assert "周一鸣" not in caplog.text


def test_a_check_that_the_county_switched_off_says_so(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    rule_set = proposal.rule_set
    rule_set.rules["checks"]["C12"]["is_on"] = False
    rule_set.save()
    scripted.case = too_few()
    check(proposal)
    assert runs(proposal) == [(True, {"verdict": "skipped", "reason": "县局在规则版本 2024-1 中停用了这一项。"})]


def test_a_withdrawn_proposal_is_not_checked_and_its_findings_are_gone(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    scripted.case = too_few()
    check(proposal)
    proposal.matter.state = "withdrawn"
    proposal.matter.save()
    check(proposal)
    assert runs(proposal)[-1] == (True, {"verdict": "skipped", "reason": "议题已经撤回。"})
    assert [one.gone_on for one in findings()] == [TODAY]


def test_the_night_checks_every_school_once_and_goes_on_where_it_was_cut_off(cast: Cast, scripted: Scripted) -> None:
    rows.proposal(cast)
    scripted.case, scripted.school = too_few(), failed(Failure("一笔支出没有议题", key="2024-10-001"))
    PaymentFactory(unit=cast.first_primary.unit)
    assert night.check_everything(DECISIONS) == "2 schools, 1 proposals, 0 faults"
    assert sorted(one.check_code for one in findings()) == ["C01", "C01", "C12"]
    assert set(NightlyCheck.unguarded.values_list("unit_id", flat=True)) == {
        cast.first_primary.pk,
        cast.second_primary.pk,
    }
    assert night.check_everything(DECISIONS) == "0 schools, 0 proposals, 0 faults"
    events = Event.objects.count()
    assert night.check_everything(DECISIONS, again=True) == "2 schools, 1 proposals, 0 faults"
    assert (Event.objects.count(), CheckRun.unguarded.count()) == (events, 3)


def test_one_school_s_fault_does_not_lose_the_others(
    cast: Cast, scripted: Scripted, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rows.proposal(cast)
    look = night.look

    def failing(suite: Suite, unit: int, begun: Any) -> Any:
        if unit == cast.first_primary.pk:
            raise RuntimeError("周一鸣")
        return look(suite, unit, begun)

    monkeypatch.setattr(night, "look", failing)
    assert night.check_everything(DECISIONS) == "2 schools, 0 proposals, 1 faults"
    assert [one.unit_id for one in NightlyCheck.unguarded.all()] == [cast.second_primary.pk]
    assert "周一鸣" not in caplog.text
    monkeypatch.setattr(night, "look", look)
    assert night.check_everything(DECISIONS) == "1 schools, 1 proposals, 0 faults"


def test_the_night_looks_again_where_somebody_wrote_in_between(cast: Cast, scripted: Scripted) -> None:
    proposal = rows.proposal(cast)
    with whole_county("test"):
        begun = night.begin(DECISIONS)
        seen = night.look(DECISIONS, cast.first_primary.pk, begun)
        scripted.case = too_few()
        touch(proposal, by=ME)
        night.check_unit(DECISIONS, seen, begun, by=ME)
    assert [is_last for is_last, _said in runs(proposal)] == [True], "the older look does not overwrite the newer one"
    assert [one.gone_on for one in findings()] == [None]


def test_queries_do_not_grow_with_the_number_of_proposals(cast: Cast) -> None:
    def count() -> int:
        with whole_county("test"), CaptureQueriesContext(connection) as queries:
            list(cases(None, TODAY))
        return len(queries)

    def full() -> None:
        proposal = rows.proposal(cast)
        held = rows.meeting(cast)
        item = rows.item(held, proposal)
        rows.opinions(item)
        rows.vote(item)
        rows.sign(held, 6)

    with whole_county("test"):
        full()
    one = count()
    with whole_county("test"):
        for _ in range(4):
            full()
    assert count() == one


def test_the_case_is_what_the_records_say(cast: Cast) -> None:
    with whole_county("test"):
        proposal = rows.proposal(cast)
        held = rows.meeting(cast)
        item = rows.item(held, proposal)
        rows.opinions(item)
        rows.vote(item, yes=6)
        rows.sign(held, 6)
    with in_reach(cast.reach("recorder")):
        case = case_of(proposal, TODAY)
    (sitting,) = case.sittings
    assert (case.number, case.amount_fen, case.unit, case.decided_on) == (
        proposal.number,
        12_600_00,
        cast.first_primary.pk,
        rows.DAY,
    )
    assert (sitting.roster, sitting.present, len(sitting.attendees), sitting.item_count) == (7, 6, 9, 1)
    assert [(one.order, one.is_chief) for one in sitting.opinions][-2:] == [(6, True), (7, False)]
    assert sitting.vote is not None
    assert (sitting.vote.yes, sitting.vote.rule, len(sitting.signed)) == (6, case.sittings[0].vote.rule, 6)  # type: ignore[union-attr]  # asserted above
    assert str(sitting.vote.rule) == "Fraction(num=1, den=2, strict=True, base=<Base.ROSTER: 'roster'>)"
    assert case.deciding is sitting


def test_a_school_is_what_its_ledgers_say(cast: Cast) -> None:
    proposal = rows.proposal(cast)
    paid = PaymentFactory(unit=cast.first_primary.unit, proposal=proposal, amount_fen=5, contract_number="HT-1")
    PaymentFactory(unit=cast.first_primary.unit, paid_on=date(2021, 12, 31))
    school, other = schools(None, TODAY)
    (row,) = school.payments
    assert (row.id, row.amount_fen, row.proposal, row.decided_on, row.contract) == (
        paid.pk,
        5,
        proposal.pk,
        rows.DAY,
        "HT-1",
    )
    assert (list(school.proposed_on), school.edition, school.terms) == ([date(2024, 9, 20)], None, ())
    assert (other.unit, list(other.payments)) == (cast.second_primary.pk, [])
    assert school.calendar.after(date(2024, 9, 30), 1) == date(2024, 10, 8)


def test_all_checks_run_over_what_is_there(cast: Cast) -> None:
    proposal = rows.proposal(cast)
    run = check(proposal)
    assert run is not None
    words = {code: said for code, said in run.outcomes.items() if isinstance(said, dict) and "出错" in said["reason"]}
    assert (len(run.outcomes) > 15, words) == (True, {})
    assert set(Verdict.values) == {"passed", "failed", "skipped"}


def test_every_state_of_a_proposal_has_its_phase_on_the_county_s_page() -> None:
    assert set(PHASE_OF) == {state.code for state in DecisionProposal.states}
    assert (PHASE_OF["reviewed"], PHASE_OF["declined"]) == ("archived", "ended")
