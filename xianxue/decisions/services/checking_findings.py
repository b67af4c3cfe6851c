"""What the checks found as findings: opened once, marked when it is gone, taken up again when it comes back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.decisions.access import BUREAU, INSPECTS
from xianxue.decisions.choices import Certainty, Severity
from xianxue.decisions.models import Finding
from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.decisions.services.checking_outcomes import Found
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, nothing_changed
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.notices import notice
from xianxue.kernel.procedures.opening import open_many

SUBJECT = "decisions.finding"
NOTICES_AT_ONCE = 5
"""More grave findings of one school than this are told in one notice."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one run looked at: the failures of a proposal, or of the school (no proposal), and which checks were done."""

    proposal: int | None
    rule_set: int
    failures: Sequence[Found]
    done: frozenset[str]


@dataclass(frozen=True, slots=True)
class Followed:
    """How many findings a run opened, marked as gone, took up again, made graver."""

    opened: int = 0
    gone: int = 0
    back: int = 0
    regraded: int = 0

    def as_facts(self) -> dict[str, int]:
        """For the event."""
        return {"opened": self.opened, "gone": self.gone, "back": self.back, "regraded": self.regraded}


@command("decisions.follow_findings", label=gettext_lazy("跟踪发现的问题"))
def follow(unit: int, county: int, looked: Sequence[Looked], *, by: Actor) -> Followed:
    """Bring the findings of a school in line with what was found, over the whole county; the system's own act.

    A check that was skipped says nothing, so its findings stay as they are.
    """
    known = _known(unit, looked)
    opened, back, regraded = [], [], []
    seen: set[int | None] = {None}
    for one in looked:
        for failure in one.failures:
            finding = known.get((failure.check, failure.key))
            if finding is None:
                finding = _new(unit, county, one, failure)
                known[failure.check, failure.key] = finding
                opened.append(finding)
            elif finding.pk is not None:
                seen.add(finding.pk)
                if finding.gone_on is not None:
                    back.append((finding, failure))
                elif finding.severity < failure.severity or finding.certainty != failure.certainty:
                    regraded.append((finding, failure))
    done = {(one.proposal, code) for one in looked for code in one.done}
    gone = [
        finding
        for finding in known.values()
        if finding.pk not in seen and finding.gone_on is None and (finding.proposal_id, finding.check_code) in done
    ]
    open_many(FollowFinding.open_finding, opened, by=by)
    told = [finding for finding in opened if finding.severity == Severity.GRAVE]
    told += [finding for finding, failure in back if failure.severity == Severity.GRAVE]
    told += [finding for finding, failure in regraded if finding.severity < failure.severity == Severity.GRAVE]
    _mark_gone(gone, by=by)
    _say_again([*back, *regraded])
    _tell(unit, told)
    if not (opened or gone or back or regraded):
        nothing_changed()
    return Followed(len(opened), len(gone), len(back), len(regraded))


def _known(unit: int, looked: Sequence[Looked]) -> dict[tuple[str, str], Finding]:
    """The findings that may still be what is found: those that failed last time, and open ones that had vanished."""
    proposals = [one.proposal for one in looked if one.proposal is not None]
    subject = Q(proposal_id__among=proposals)
    if any(one.proposal is None for one in looked):
        subject |= Q(proposal_id__isnull=True)
    rows = Finding.objects.filter(subject, Q(gone_on__isnull=True) | Q(matter__finished_on__isnull=True), unit_id=unit)
    found: dict[tuple[str, str], Finding] = {}
    # Those that failed last time come last, and so win over an older one of the same key.
    for finding in rows.select_related("matter").order_by("pk"):
        key = (finding.check_code, finding.key)
        if key not in found or finding.gone_on is None:
            found[key] = finding
    return found


def _new(unit: int, county: int, looked: Looked, failure: Found) -> Finding:
    return Finding(
        unit_id=unit,
        county_id=county,
        proposal_id=looked.proposal,
        check_code=failure.check,
        key=failure.key,
        rule_set_id=looked.rule_set,
        severity=failure.severity,
        certainty=failure.certainty,
        reason=failure.reason,
        parameters=dict(failure.parameters),
        inputs=dict(failure.inputs),
        found_on=clock.today(),
    )


def _tell(unit: int, grave: Sequence[Finding]) -> None:
    """Tell the bureau and the school's inspector at once of what is grave: new, grave only now, or found again."""
    to: Any = {"to": BUREAU | INSPECTS, "unit_id": unit, "tone": "late"}
    if len(grave) > NOTICES_AT_ONCE:
        text = _("新发现 %(count)s 个严重问题，请查看。") % {"count": len(grave)}
        notice(text, href=f"{reverse('findings-list')}?unit={unit}&severity={Severity.GRAVE}", **to).save()
        return
    for finding in grave:
        text = _("严重问题 %(title)s") % {"title": finding.matter_title()}
        made = notice(text, href=reverse("matter", args=(finding.matter_id,)), **to)
        made.matter_id = finding.matter_id
        made.save()


def _mark_gone(gone: Collection[Finding], *, by: Actor) -> None:
    """The failure is no more. Closed where nobody has said anything and it was merely suspected; otherwise judged on."""
    today = clock.today()
    Finding.objects.filter(pk__among=[finding.pk for finding in gone]).update(gone_on=today)
    _record(gone, {"gone_on": [None, today.isoformat()]})
    for finding in gone:
        finding.gone_on = today
        if finding.certainty == Certainty.SUSPECTED and finding.matter.state == "opened" and not finding.explanation:
            FollowFinding.vanish.run(finding, by=by)


def _say_again(pairs: Iterable[tuple[Finding, Found]]) -> None:
    """What failed again, or is graver now: the finding says what holds today; its history says what held before."""
    for finding, failure in pairs:
        changes: dict[str, tuple[str | None, str | None]] = {
            "severity": (str(finding.severity), str(int(failure.severity))),
            "certainty": (finding.certainty, str(failure.certainty)),
            "gone_on": (finding.gone_on.isoformat() if finding.gone_on else None, None),
        }
        finding.severity, finding.certainty = failure.severity, failure.certainty
        finding.reason, finding.inputs, finding.gone_on = failure.reason, dict(failure.inputs), None
        finding.save(update_fields=["severity", "certainty", "reason", "inputs", "gone_on"])
        _record([finding], {name: pair for name, pair in changes.items() if pair[0] != pair[1]})


def _record(findings: Iterable[Finding], changes: Mapping[str, Sequence[str | None]]) -> None:
    record_many(
        Draft(Subject(SUBJECT, finding.pk, finding.matter_title()), changes, finding.unit_id) for finding in findings
    )
