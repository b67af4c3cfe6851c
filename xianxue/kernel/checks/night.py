"""Every night: all checks of an app over all its subjects, unit by unit; only what changed is written."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.checks import acting, checking, following
from xianxue.kernel.checks.checking import Judged, judge, write
from xianxue.kernel.checks.comparing import Looked
from xianxue.kernel.checks.declaration import About, Suite, all_suites
from xianxue.kernel.commands import nothing_changed
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.history.selectors import last_number
from xianxue.kernel.procedures import clock

logger = logging.getLogger(__name__)
PURPOSE = "夜间规则检查"
FRESH = timedelta(hours=12)
"""A unit checked within so many hours is not checked again by the same night's run, begun anew after it was cut off."""
REMOVED = ""
"""Instead of the digest of what was said: the row is not there any more."""
Named = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Night:
    """What one run judges by."""

    today: date
    rules: Any


@dataclass(frozen=True, slots=True)
class Seen:
    """What a unit's checks said that differs from last time, and the last event of the log before it was looked at.

    `subjects`: how many were asked for.
    """

    unit: int
    judged: tuple[Judged, ...]
    subjects: int
    event: int


def check_everything(suite: Suite, *, again: bool = False, part: tuple[int, int] = (0, 1)) -> str:
    """Check every unit that is due; returns how many units, subjects and faults, for the run's record.

    One unit's fault loses no other: it is counted and logged, and the unit is due again. `again`: also those checked
    a moment ago. `part`: every so-manieth unit, for several processes: (0, 2) and (1, 2).
    """
    by = system_actor("task")
    with whole_county(PURPOSE):
        units = _due(suite, again=again)[part[0] :: part[1]]
        night = begin(suite)
    subjects, faults = 0, 0
    for unit in units:
        try:
            with whole_county(PURPOSE), _uncollected():
                subjects += check_unit(suite, look(suite, unit, night), night, by=by)
        except Exception as error:  # noqa: BLE001 - the next unit is checked all the same
            faults += 1
            # The kind alone: a message may quote the row.
            logger.error("a unit was not checked", extra={"unit": unit, "kind": type(error).__name__})  # noqa: TRY400 - see above
    return suite.summary(len(units), subjects, faults)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for circles among the facts of one unit: half a million values that hold one another in none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _due(suite: Suite, *, again: bool) -> list[int]:
    units = set(suite.units())
    if suite.run.may_be_removed:
        # Whose last row was removed is looked at once more.
        runs = suite.run.objects.filter(**suite.run.of_suite(suite.code), is_last=True).exclude(digest=REMOVED)
        units |= set(runs.order_by().values_list("unit_id", flat=True).distinct())
    if not again:
        rows = suite.visit.objects.filter(**suite.visit.of_suite(suite.code), checked_at__gt=clock.now() - FRESH)
        units -= set(rows.values_list("unit_id", flat=True))
    return sorted(units)


def begin(suite: Suite) -> Night:
    """Read what the whole run judges by."""
    today = suite.today()
    return Night(today, suite.rules(today))


def look(suite: Suite, unit: int, night: Night) -> Seen:
    """Run all checks of one unit. Writes nothing, so that nobody waits for it."""
    event = last_number()
    digests = _digests(suite, unit)
    naming = suite.run.naming
    judged, count = [], 0
    removed = {names for names, digest in digests.items() if digest != REMOVED}
    for subjects in suite.subjects:
        versions = subjects.of_unit(unit)
        removed.difference_update(naming(subjects.subject_type, key) for key in versions)
        count += len(versions) if subjects.is_counted else 0
        for facts in subjects.facts(list(versions), night.today):
            key = subjects.about(facts).key
            last = digests.get(naming(subjects.subject_type, key))
            if one := judge(suite, subjects, facts, (versions[key], night.rules, last)):
                judged.append(one)
    if suite.run.may_be_removed:
        judged += [_nothing_left(suite, unit, *names) for names in sorted(removed)]
    return Seen(unit, tuple(judged), count, event)


def _nothing_left(suite: Suite, unit: int, subject_type: str, key: int) -> Judged:
    """Of a subject whose row was removed: nothing is said of it any more, and what was found of it is gone."""
    done = frozenset(check.code for check in suite.checks)
    return Judged(About(key, unit), REMOVED, {}, Looked(subject_type, key, "", (), done))


def check_unit(suite: Suite, seen: Seen, night: Night, *, by: Actor) -> int:
    """Write what differs; looks again first where somebody wrote anything since. Returns how many subjects there are."""
    count: int = command_of(suite)(suite, seen, night, by=by)
    return count


def command_of(suite: Suite) -> acting.Body:
    """The command under which a suite writes what the night found of a unit."""
    return acting.under(acting.night_code(suite), suite.night_label, _check_unit)


def make_commands(suite: Suite) -> None:
    """Make the commands of a suite before they are first used: the log shows events of theirs from the start."""
    for subjects in suite.subjects:
        checking.command_of(suite, subjects)
    following.command_of(suite)
    command_of(suite)


def _check_unit(suite: Suite, seen: Seen, night: Night, *, by: Actor) -> int:
    if _moved_on(seen.event):
        seen = look(suite, seen.unit, night)
    visit = suite.visit
    visit.objects.update_or_create(
        **visit.of_suite(suite.code),
        unit_id=seen.unit,
        defaults={"checked_at": clock.now(), visit.count_field: seen.subjects},
    )
    # Another run of the same night may have written the same meanwhile.
    digests = _digests(suite, seen.unit)
    naming = suite.run.naming
    judged = [
        one for one in seen.judged if digests.get(naming(one.looked.subject_type, one.looked.subject)) != one.digest
    ]
    if not judged:
        nothing_changed()
        return seen.subjects
    followed = write(suite, seen.unit, judged)
    noted = {"runs": len(judged), **followed.as_facts()}
    record(Subject(suite.unit_type, seen.unit), unit_id=seen.unit, facts=noted)
    return seen.subjects


def _digests(suite: Suite, unit: int) -> dict[Named, str]:
    """What was last said of each subject of the unit, by how a run names it."""
    model = suite.run
    rows = model.objects.filter(**model.of_suite(suite.code), unit_id=unit, is_last=True)
    return {tuple(named): digest for *named, digest in rows.values_list(*model.subject_fields, "digest")}


def _moved_on(event: int) -> bool:
    """Whether anything was written since that could change what a check says."""
    own = tuple(code for suite in all_suites() for code in acting.own_events(suite))
    since = Event.objects.filter(seq__gt=event).values_list("action", flat=True)
    return any(not action.startswith(own) for action in since)
