"""The findings brought in line with what was found: opened once, marked when gone, taken up again when back."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.checks import acting
from xianxue.kernel.checks.choices import Certainty, Severity
from xianxue.kernel.checks.comparing import Changes, Known, Looked, Pair, compare, known_findings
from xianxue.kernel.checks.declaration import Suite
from xianxue.kernel.checks.models import AbstractFinding
from xianxue.kernel.checks.running import Failed
from xianxue.kernel.commands import nothing_changed
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.notices import notice
from xianxue.kernel.procedures.opening import open_many

NOTICES_AT_ONCE = 5
"""More grave findings of one unit than this are told in one notice."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How many findings a run opened, marked as gone, took up again, made graver, brought up to date."""

    opened: int = 0
    gone: int = 0
    back: int = 0
    regraded: int = 0
    restated: int = 0

    def as_facts(self) -> dict[str, int]:
        """For the event."""
        return asdict(self)


def follow(suite: Suite, unit: int, looked: Sequence[Looked], *, by: Actor) -> Followed:
    """Bring the findings of a unit in line with what was found, over the whole county; the system's own act.

    A check that was skipped says nothing, so its findings stay as they are.
    """
    followed: Followed = command_of(suite)(suite, unit, looked, by=by)
    return followed


def command_of(suite: Suite) -> acting.Body:
    """The command under which a suite follows its findings."""
    return acting.under(acting.follow_code(suite), _("跟踪发现的问题"), _follow)


def _follow(suite: Suite, unit: int, looked: Sequence[Looked], *, by: Actor) -> Followed:
    known = known_findings(suite, unit, looked)
    changes = compare(suite, known, looked)
    # First, for a thing has one finding that stands.
    _mark_gone(changes.replaced)
    opened = _open(suite, unit, known, changes, by=by)
    _mark_gone(changes.gone)
    _close_unsaid(suite, changes.gone, by=by)
    _take_up(changes.stands)
    grave = [*_grave(opened), *_grave_again(changes)]
    _say_again([*changes.back, *changes.regraded, *changes.restated])
    _tell(suite, unit, grave)
    followed = Followed(
        len(opened), len(changes.gone) + len(changes.replaced), len(changes.back) + len(changes.stands),
        len(changes.regraded), len(changes.restated),
    )  # fmt: skip
    if followed == Followed():
        nothing_changed()
    return followed


def _open(suite: Suite, unit: int, known: Known, changes: Changes, *, by: Actor) -> list[AbstractFinding]:
    above = suite.above(unit) if changes.new else unit
    findings = []
    for looked, failure in changes.new:
        earlier = known.judged.get((failure.check, failure.key))
        findings.append(_new(suite, suite.finding.placed(unit, above), looked, failure, earlier))
    open_many(suite.procedure.open_finding, findings, by=by)
    again = [finding for finding in findings if finding.earlier_id]
    if again:
        record_many(Draft(_subject(one), {"earlier": [None, str(one.earlier_id)]}, unit) for one in again)
    return findings


def _new(
    suite: Suite, places: Mapping[str, int], looked: Looked, failure: Failed, earlier: AbstractFinding | None
) -> AbstractFinding:
    model: Any = suite.finding
    names = dict(zip(model.subject_fields, model.naming(looked.subject_type, looked.subject), strict=True))
    finding: AbstractFinding = model(
        **model.of_suite(suite.code),
        **places,
        **names,
        **{model.version_field: looked.version},
        check_code=failure.check,
        key=failure.key,
        severity=failure.severity,
        certainty=failure.certainty,
        reason=failure.reason,
        parameters=dict(failure.parameters),
        inputs=dict(failure.inputs),
        found_on=clock.today(),
        earlier=earlier,
    )
    return finding


def _mark_gone(findings: Collection[AbstractFinding]) -> None:
    """What was seen is no more: the check passed, or sees other facts."""
    if not findings:
        return
    today = clock.today()
    model = type(next(iter(findings)))
    model.objects.filter(pk__among=[finding.pk for finding in findings]).update(gone_on=today)
    _record(findings, {"gone_on": [None, today.isoformat()]})
    for finding in findings:
        finding.gone_on = today


def _close_unsaid(suite: Suite, gone: Iterable[AbstractFinding], *, by: Actor) -> None:
    """Closed where nobody has said anything and it was merely suspected; otherwise judged on."""
    for finding in gone:
        if finding.certainty == Certainty.SUSPECTED and finding.matter.state == "opened" and not finding.explanation:
            suite.procedure.vanish.run(finding, by=by)


def _take_up(findings: Iterable[AbstractFinding]) -> None:
    """The same facts again as were judged to be none: they stand as judged."""
    for finding in findings:
        day = finding.gone_on.isoformat() if finding.gone_on else None
        finding.gone_on = None
        finding.save(update_fields=["gone_on"])
        _record([finding], {"gone_on": [day, None]})


def _say_again(pairs: Iterable[Pair]) -> None:
    """What failed again, or otherwise: the finding says what holds today; its history says what held before."""
    for finding, failure in pairs:
        changes: dict[str, tuple[str | None, str | None]] = {
            "severity": (str(finding.severity), str(int(failure.severity))),
            "certainty": (finding.certainty, str(failure.certainty)),
            "gone_on": (finding.gone_on.isoformat() if finding.gone_on else None, None),
            "reason": (finding.reason, failure.reason),
            "inputs": (_text(finding.inputs), _text(failure.inputs)),
        }
        finding.severity, finding.certainty = failure.severity, failure.certainty
        finding.reason, finding.inputs, finding.gone_on = failure.reason, dict(failure.inputs), None
        finding.save(update_fields=["severity", "certainty", "reason", "inputs", "gone_on"])
        _record([finding], {name: pair for name, pair in changes.items() if pair[0] != pair[1]})


def _text(inputs: Mapping[str, Any]) -> str:
    return json.dumps(inputs, ensure_ascii=False, sort_keys=True)


def _grave(findings: Iterable[AbstractFinding]) -> Iterator[AbstractFinding]:
    yield from (finding for finding in findings if finding.severity == Severity.GRAVE)


def _grave_again(changes: Changes) -> Iterator[AbstractFinding]:
    """Found again, or grave only now."""
    yield from (finding for finding, failure in changes.back if failure.severity == Severity.GRAVE)
    for finding, failure in changes.regraded:
        if finding.severity < failure.severity == Severity.GRAVE:
            yield finding


def _tell(suite: Suite, unit: int, grave: Sequence[AbstractFinding]) -> None:
    """Tell at once of what is grave: new, grave only now, or found again."""
    to: Any = {"to": suite.tells, "unit_id": unit, "tone": "late"}
    if len(grave) > NOTICES_AT_ONCE:
        text = _t("新发现 %(count)s 个严重问题，请查看。") % {"count": len(grave)}
        address = f"{reverse(f'{suite.findings}-list')}?unit={unit}&severity={Severity.GRAVE}" if suite.findings else ""
        notice(text, href=address, **to).save()
        return
    for finding in grave:
        text = _t("严重问题 %(title)s") % {"title": finding.matter_title()}
        message = notice(text, href=reverse("matter", args=(finding.matter_id,)), **to)
        message.matter_id = finding.matter_id
        message.save()


def _record(findings: Iterable[AbstractFinding], changes: Mapping[str, Sequence[str | None]]) -> None:
    record_many(Draft(_subject(finding), changes, finding.unit_id) for finding in findings)


def _subject(finding: AbstractFinding) -> Subject:
    return Subject(finding._meta.label_lower, finding.pk, finding.matter_title())
