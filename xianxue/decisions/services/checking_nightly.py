"""Every night: all checks over all proposals and ledgers, school by school; only what changed is written."""

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from xianxue.decisions.models import CheckRun, NightlyCheck, Proposal
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.selectors.cases import cases, schools
from xianxue.decisions.selectors.rule_sets import checking_day
from xianxue.decisions.services.checking import Judged, books_by_key, judge_case, judge_school, rules_today, write
from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.commands import command, nothing_changed
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.history.selectors import last_number
from xianxue.kernel.procedures import clock
from xianxue.organisations.choices import Ownership
from xianxue.organisations.models import School

logger = logging.getLogger(__name__)
PURPOSE = "夜间规则检查"
FRESH = timedelta(hours=12)
"""A school checked within so many hours is not checked again by the same night's run, begun anew after it was cut off."""
OWN = ("decisions.check", "decisions.finding.", "decisions.follow_findings")
"""Events that change nothing that a check looks at."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one run judges by: every version, and today's."""

    today: date
    books: Mapping[int, RuleBook]
    by_day: Mapping[date, RuleBook]
    current: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a school's checks said that differs from last time, and the last event of the log before it was looked at."""

    unit: int
    judged: tuple[Judged, ...]
    proposals: int
    event: int


def check_everything(*, again: bool = False, part: tuple[int, int] = (0, 1)) -> str:
    """Check every school that is due; returns how many schools, proposals and faults, for the run's record.

    One school's fault loses no other: it is counted and logged, and the school is due again. `again`: also those checked
    a moment ago. `part`: every so-manieth school, for several processes: (0, 2) and (1, 2).
    """
    by = system_actor("task")
    with whole_county(PURPOSE):
        units = _due(clock.now(), again=again)[part[0] :: part[1]]
        rules = _rules()
    proposals, faults = 0, 0
    for unit in units:
        try:
            with whole_county(PURPOSE), _uncollected():
                proposals += check_school(look(unit, rules), rules, by=by)
        except Exception as error:  # noqa: BLE001 - the next school is checked all the same
            faults += 1
            # The kind alone: a message may quote the row.
            logger.error("a school was not checked", extra={"unit": unit, "kind": type(error).__name__})  # noqa: TRY400 - see above
    return f"{len(units)} schools, {proposals} proposals, {faults} faults"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for circles among the facts of one school: half a million values that hold one another in none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _due(now: datetime, *, again: bool) -> list[int]:
    """Schools that decide: the open public ones, and all others that ever proposed anything."""
    public = School.objects.filter(ownership=Ownership.PUBLIC, unit__closed_on__isnull=True)
    units = set(public.values_list("pk", flat=True)) | set(
        Proposal.objects.order_by().values_list("unit_id", flat=True).distinct()
    )
    if not again:
        units -= set(NightlyCheck.objects.filter(checked_at__gt=now - FRESH).values_list("unit_id", flat=True))
    return sorted(units)


def _rules() -> Rules:
    today = checking_day()
    current, by_day = rules_today(today)
    return Rules(today, books_by_key(), by_day, current)


def look(unit: int, rules: Rules) -> Seen:
    """Run all checks of one school. Writes nothing, so that nobody waits for it."""
    event = last_number()
    digests = _digests(unit)
    versions = dict(Proposal.objects.filter(unit_id=unit).values_list("pk", "rule_set_id"))
    judged = []
    for case in cases(versions, rules.today):
        version = versions[case.id]
        if one := judge_case(case, version, rules.books[version], digests.get(case.id)):
            judged.append(one)
    for school in schools([unit], rules.today):
        book = rules.books[rules.current]
        if one := judge_school(school, rules.current, rules.by_day, book, digests.get(None)):
            judged.append(one)
    return Seen(unit, tuple(judged), len(versions), event)


@command("decisions.check_school", label=_("夜间规则检查"))
def check_school(seen: Seen, rules: Rules, *, by: Actor) -> int:
    """Write what differs; looks again first where somebody wrote anything since. Returns how many proposals there are."""
    if _moved_on(seen.event):
        seen = look(seen.unit, rules)
    NightlyCheck.objects.update_or_create(
        unit_id=seen.unit, defaults={"checked_at": clock.now(), "proposals": seen.proposals}
    )
    # Another run of the same night may have written the same meanwhile.
    digests = _digests(seen.unit)
    judged = [one for one in seen.judged if digests.get(one.proposal) != one.digest]
    if not judged:
        nothing_changed()
        return seen.proposals
    followed = write(seen.unit, judged)
    facts = {"runs": len(judged), **followed.as_facts()}
    record(Subject("organisations.unit", seen.unit), unit_id=seen.unit, facts=facts)
    return seen.proposals


def _digests(unit: int) -> dict[int | None, str]:
    """What was last said of each proposal of the school, and of the school itself (None)."""
    return dict(CheckRun.objects.filter(unit_id=unit, is_last=True).values_list("proposal_id", "digest"))


def _moved_on(event: int) -> bool:
    """Whether anything was written since that could change what a check says."""
    since = Event.objects.filter(seq__gt=event).values_list("action", flat=True)
    return any(not action.startswith(OWN) for action in since)
