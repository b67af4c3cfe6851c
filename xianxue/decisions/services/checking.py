"""The 25 checks on every change: what they said is kept when it differs, and findings follow.

Services call `changed(proposal, by)` at the end of every command that changed a proposal or what surrounds it, and
`ledgers_changed(units, by, proposals)` once after ledgers were written. The night run is in `checking_nightly`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from xianxue.decisions.choices import Verdict
from xianxue.decisions.models import CheckRun, Proposal, RuleSet
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case, School
from xianxue.decisions.selectors.cases import cases, schools
from xianxue.decisions.selectors.rule_sets import all_books, checking_day, rule_set_on
from xianxue.decisions.services.checking_findings import Followed, Looked, follow
from xianxue.decisions.services.checking_outcomes import (
    Outcomes,
    by_version,
    digest_of,
    found,
    kept,
    run_checks,
    run_school_checks,
)
from xianxue.kernel import bulk
from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.commands import command, nothing_changed
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.kernel.schedule import Lane
from xianxue.organisations.models import Unit
from xianxue.organisations.selectors import county_of

__all__ = [
    "Judged", "changed", "check_proposal", "check_proposals", "check_schools", "judge_case", "judge_school", "ledgers_changed", "run_checks",
    "run_school_checks", "write",
]  # fmt: skip
PURPOSE = "规则检查"
AT_ONCE = 5
"""Schools that are checked within the command that changed their ledgers; more wait for the queue."""
RUN = ("unit_id", "proposal_id", "rule_set_id", "ran_at", "digest", "outcomes", "is_last")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks said of one subject, ready to be written."""

    proposal: int | None
    rule_set: int
    digest: str
    outcomes: Mapping[str, Any]
    looked: Looked


def judge_case(case: Case, rule_set: int, book: RuleBook, last: str | None) -> Judged | None:
    """Run the checks of a proposal by the rules under which it was made; one that was withdrawn has no findings left.

    None where they say what they said `last` time, by its digest: nearly always, and then nothing is to be kept.
    """
    outcomes = run_checks(case, book)
    if (digest := digest_of(outcomes, book)) == last:
        return None
    done = frozenset(outcomes) if case.is_withdrawn else _done(outcomes)
    looked = Looked(case.id, rule_set, tuple(found(outcomes, book, case.number)), done)
    return Judged(case.id, rule_set, digest, kept(outcomes), looked)


def judge_school(
    school: School, rule_set: int, books: Mapping[date, RuleBook], book: RuleBook, last: str | None
) -> Judged | None:
    """Run the checks of a school's ledgers and lists; `rule_set`, `book` are today's. None as in `judge_case`."""
    outcomes = by_version(school, books)
    if (digest := digest_of(outcomes, book)) == last:
        return None
    looked = Looked(None, rule_set, tuple(found(outcomes, book)), _done(outcomes))
    return Judged(None, rule_set, digest, kept(outcomes), looked)


def _done(outcomes: Outcomes) -> frozenset[str]:
    return frozenset(code for code, outcome in outcomes.items() if outcome.verdict != Verdict.SKIPPED)


def changed(proposal: Proposal, by: Actor) -> None:
    """Check a proposal again: called at the end of every command that changed it or what surrounds it."""
    check_proposal(proposal, by=by)


def ledgers_changed(units: Iterable[int], by: Actor, proposals: Iterable[int] = ()) -> None:
    """Check the ledgers of these schools again, and the proposals that the rows name or named.

    Called once at the end of whatever wrote payments, contracts, appointments. Many schools at once, as a county's file
    brings them, are checked by the queue: nobody else writes while a command runs.
    """
    wanted, named = sorted(set(units)), sorted(set(proposals))
    if len(wanted) > AT_ONCE or len(named) > AT_ONCE * 10:
        check_later.enqueue(wanted, named)
        return
    if wanted:
        check_schools(wanted, by=by)
    if named:
        check_proposals(named, by=by)


@task(queue_name=Lane.LONG)
def check_later(units: list[int], proposals: list[int]) -> None:
    """Check these schools and proposals one by one, so that others write in between."""
    by = system_actor("task")
    with whole_county(PURPOSE):
        for unit in units:
            check_schools([unit], by=by)
        for start in range(0, len(proposals), AT_ONCE):
            check_proposals(proposals[start : start + AT_ONCE], by=by)


def check_proposal(proposal: Proposal, *, by: Actor) -> CheckRun | None:
    """Check one proposal; returns the new run, None where nothing changed."""
    if not check_proposals([proposal.pk], by=by):
        return None
    with whole_county(PURPOSE):
        return CheckRun.objects.filter(proposal_id=proposal.pk, is_last=True).first()


@command("decisions.check", label=_("规则检查"))
def check_proposals(proposals: Sequence[int], *, by: Actor) -> int:
    """Run the checks over these proposals; writes a run and follows its findings where the result differs from the last one.

    Returns of how many the result changed.
    """
    today, count = checking_day(), 0
    with whole_county(PURPOSE):
        books, versions = (
            all_books(),
            dict(Proposal.objects.filter(pk__among=proposals).values_list("pk", "rule_set_id")),
        )
        last = dict(
            CheckRun.objects.filter(proposal_id__among=proposals, is_last=True).values_list("proposal_id", "digest")
        )
        # All cases before the first write: the facts are read in one moment.
        for case in list(cases(proposals, today)):
            judged = judge_case(case, versions[case.id], books[versions[case.id]], last.get(case.id))
            if judged is None:
                continue
            followed = write(case.unit, [judged])
            facts = {"digest": judged.digest, **followed.as_facts()}
            record(Subject("decisions.proposal", case.id, case.number), unit_id=case.unit, facts=facts)
            count += 1
    if not count:
        nothing_changed()
    return count


@command("decisions.check_ledgers", label=_("台账规则检查"))
def check_schools(units: Sequence[int], *, by: Actor) -> int:
    """Run the checks over the ledgers and lists of these schools; returns of how many the result changed."""
    today = checking_day()
    count = 0
    with whole_county(PURPOSE):
        rule_set, books = rules_today(today)
        last = dict(
            CheckRun.objects.filter(unit_id__among=units, proposal=None, is_last=True).values_list("unit_id", "digest")
        )
        # The whole list before the first write: the facts are read in one moment.
        for school in list(schools(units, today)):
            judged = judge_school(school, rule_set, books, books_by_key()[rule_set], last.get(school.unit))
            if judged is None:
                continue
            followed = write(school.unit, [judged])
            facts = {"digest": judged.digest, **followed.as_facts()}
            record(Subject("organisations.unit", school.unit), unit_id=school.unit, facts=facts)
            count += 1
    if not count:
        nothing_changed()
    return count


def rules_today(today: date) -> tuple[int, dict[date, RuleBook]]:
    """The key of today's version, and every version by the day from which it holds."""
    books = books_by_key()
    starts = dict(RuleSet.objects.order_by("pk").values_list("valid_from", "pk"))
    return rule_set_on(today).pk, {day: books[pk] for day, pk in starts.items()}


def books_by_key() -> dict[int, RuleBook]:
    """Every version by its key."""
    return all_books()


def write(unit: int, judged: Sequence[Judged]) -> Followed:
    """Keep what was said, in place of the last, and follow the findings; inside a command, over the whole county.

    The findings are the system's, whoever made the change that brought them to light.
    """
    proposals = [one.proposal for one in judged if one.proposal is not None]
    CheckRun.objects.filter(proposal_id__among=proposals, is_last=True).update(is_last=False)
    if len(proposals) < len(judged):
        CheckRun.objects.filter(unit_id=unit, proposal=None, is_last=True).update(is_last=False)
    now = clock.now()
    rows = ((unit, one.proposal, one.rule_set, now, one.digest, one.outcomes, True) for one in judged)
    bulk.insert(CheckRun, RUN, rows)
    county = county_of(Unit.objects.get(pk=unit))
    return follow(unit, county.pk if county else unit, [one.looked for one in judged], by=system_actor("task"))
