"""What failed now beside what is known: which findings are new, gone, back, graver, or judged already.

A judgement holds for the facts that were judged. While a check sees the same, what was dismissed, excepted or confirmed
stays as it is. When it sees others, the thing is found anew, and the new finding names the earlier judgement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from xianxue.kernel.checks.declaration import Suite
from xianxue.kernel.checks.models import AbstractFinding
from xianxue.kernel.checks.outcomes import facts_digest
from xianxue.kernel.checks.running import Failed

Pair = tuple[AbstractFinding, Failed]
Thing = tuple[str, str]
"""Code of the check and key."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one run looked at: which subject, by which version, what failed, and which checks were done."""

    subject_type: str
    subject: int
    version: Any
    failures: Sequence[Failed]
    done: frozenset[str]


@dataclass(slots=True)
class Known:
    """The findings that may still be what is found.

    `current`: those that failed last time, and open ones that had vanished; `let_stand`: by the facts that were judged;
    `judged`: the last judgement of each thing.
    """

    current: dict[Thing, AbstractFinding] = field(default_factory=dict)
    let_stand: dict[tuple[str, str, str], AbstractFinding] = field(default_factory=dict)
    judged: dict[Thing, AbstractFinding] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """What is to be written. `replaced`: judged on other facts than those seen now; `stands`: let stand, and back again."""

    new: list[tuple[Looked, Failed]] = field(default_factory=list)
    gone: list[AbstractFinding] = field(default_factory=list)
    replaced: list[AbstractFinding] = field(default_factory=list)
    stands: list[AbstractFinding] = field(default_factory=list)
    back: list[Pair] = field(default_factory=list)
    regraded: list[Pair] = field(default_factory=list)
    restated: list[Pair] = field(default_factory=list)


def known_findings(suite: Suite, unit: int, looked: Sequence[Looked]) -> Known:
    """The findings of a unit about these subjects, as far as they matter. One query."""
    model: Any = suite.finding
    about = Q(pk__in=[])
    for subject_type in {one.subject_type for one in looked}:
        about |= model.about(subject_type, [one.subject for one in looked if one.subject_type == subject_type])
    matters = Q(gone_on__isnull=True) | Q(matter__finished_on__isnull=True)
    judged = Q(is_confirmed__isnull=False) | ~Q(judged_digest="")
    rows = model.objects.filter(about, matters | judged, unit_id=unit, **model.of_suite(suite.code))
    known = Known()
    # Those that failed last time come last, and so win over an older one of the same key.
    for finding in rows.select_related("matter").order_by("pk"):
        thing = (finding.check_code, finding.key)
        if finding.gone_on is None or (finding.matter.is_open and thing not in known.current):
            known.current[thing] = finding
        if finding.is_judged:
            known.judged[thing] = finding
        if finding.is_let_stand and finding.judged_digest:
            known.let_stand[*thing, finding.judged_digest] = finding
    return known


def compare(suite: Suite, known: Known, looked: Sequence[Looked]) -> Changes:
    """What follows from what failed now."""
    changes, seen = Changes(), set[Any]()
    met: set[Thing] = set()
    for one in looked:
        for failure in one.failures:
            # A thing that fails twice in one run is one finding.
            if (thing := (failure.check, failure.key)) in met:
                continue
            met.add(thing)
            if _is_new(known, changes, seen, failure):
                changes.new.append((one, failure))
    naming = suite.finding.naming
    done = {(*naming(one.subject_type, one.subject), code) for one in looked for code in one.done}
    changes.gone = list(_gone(known, done, seen))
    return changes


def _gone(known: Known, done: set[tuple[Any, ...]], seen: set[Any]) -> Iterator[AbstractFinding]:
    for finding in known.current.values():
        is_done = (*finding.subject_values, finding.check_code) in done
        if is_done and finding.gone_on is None and finding.pk not in seen:
            yield finding


def _is_new(known: Known, changes: Changes, seen: set[Any], failure: Failed) -> bool:
    thing, digest = (failure.check, failure.key), facts_digest(failure.inputs)
    finding, stands = known.current.get(thing), known.let_stand.get((*thing, digest))
    if finding is not None and (finding is stands or (stands is None and _holds(finding, digest))):
        seen.add(finding.pk)
        _note(changes, finding, failure, digest)
        return False
    # One that nobody judged is left unseen: where these facts were let stand before, it is gone.
    if finding is not None and finding.is_judged:
        seen.add(finding.pk)
        if finding.gone_on is None:
            changes.replaced.append(finding)
    if stands is not None:
        seen.add(stands.pk)
        changes.stands.append(stands)
    return stands is None


def _holds(finding: AbstractFinding, digest: str) -> bool:
    """Whether a finding is still the one that is found: nobody judged it, or what was judged is the same."""
    return not finding.is_judged or finding.judged_digest == digest


def _note(changes: Changes, finding: AbstractFinding, failure: Failed, digest: str) -> None:
    """The same finding: it is back, graver, or its facts are others before anybody judged them."""
    if finding.gone_on is not None:
        changes.back.append((finding, failure))
    elif finding.severity < failure.severity or finding.certainty != failure.certainty:
        changes.regraded.append((finding, failure))
    elif finding.facts_digest != digest:
        changes.restated.append((finding, failure))
