"""What the page of a proposal says before it is tabled: what is there, what is missing, by which numbers it is decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.decisions.models import Proposal, Waiver
from xianxue.decisions.procedures import DecisionProposal as Steps
from xianxue.decisions.resources import preflight_facts
from xianxue.decisions.rules.outcomes import Check, all_checks
from xianxue.decisions.rules.requirements import Met, Requirement, requirements
from xianxue.decisions.selectors.cases import case_of
from xianxue.decisions.selectors.checks import last_outcomes
from xianxue.decisions.selectors.meetings import meeting_for, next_body
from xianxue.decisions.selectors.rule_sets import book_of
from xianxue.decisions.services.filings import may_answer
from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.presenting import state_pill
from xianxue.kernel.procedures.selectors import offers
from xianxue.kernel.ui import details, formats
from xianxue.kernel.ui.parts import Action, Link
from xianxue.kernel.ui.parts import Step as Stage
from xianxue.meetings.choices import BodyKind
from xianxue.meetings.models import Meeting

PREPARING = "preparing"
BEFORE = frozenset({"proposed", PREPARING})
MARKS: Mapping[str, tuple[str, str]] = {
    Met.MET: ("✓", "done"), Met.MISSING: ("✗", "late"), Met.WAIVED: ("！", "due"), Met.NOT_APPLICABLE: ("–", "quiet"),
    "passed": ("✓", "done"), "failed": ("✗", "late"), "skipped": ("–", "quiet"), "waived": ("！", "due"),
}  # fmt: skip
MANY = 3
"""From so many checks on, one line says of all what is the same."""
RANKS = ("failed", "waived", "skipped", "passed")


@dataclass(frozen=True, slots=True)
class Need:
    """A line: its mark and what the mark means, what it is, what is said of it, whose move until when."""

    mark: str
    meaning: str
    tone: str
    label: str
    text: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class NeedsPanel(details.Panel):
    """Lines with a mark each."""

    template: ClassVar[str] = "decisions/needs.html"
    lines: tuple[Need, ...] = ()
    empty: str = ""


class PreflightPage:
    """Everything that the page says of one proposal; the caller has checked that it may be seen."""

    def __init__(self, proposal: Proposal, by: Actor) -> None:
        self.proposal, self.by = proposal, by
        self.book = book_of(proposal.rule_set)
        self.case = case_of(proposal, clock.today())
        self.body = next_body(proposal)
        is_open = proposal.matter.state in BEFORE
        self.meeting: Meeting | None = meeting_for(proposal.unit_id, self.body) if is_open else None
        self.needs = requirements(self.case, self.book, self._at())
        self.missing = [one for one in self.needs if one.holds]

    def _at(self) -> Any:
        """The meeting that is waited for, or the one that dealt with it: what came later is not counted."""
        if self.meeting is not None:
            return self.meeting.starts_at
        sitting = self.case.next_sitting or self.case.deciding
        return sitting.starts_at if sitting else None

    def page(self) -> details.DetailPage:
        """What the template draws."""
        proposal = self.proposal
        told = {
            "school": proposal.unit.shown_name,
            "category": proposal.get_category_display(),
            "number": proposal.number,
        }
        return details.DetailPage(
            title=proposal.title,
            sub=_("%(school)s · %(category)s · 议题 %(number)s") % told,
            pill=state_pill(proposal.matter.current),
            trail=(Link(_("三重一大议题"), reverse("proposals-list")), Link(proposal.title)),
            actions=list(self._actions()),
            panels=list(self._panels()),
            aside=list(self._aside()),
        )

    def _actions(self) -> Iterator[Action]:
        pk = self.proposal.matter_id
        yield Action(_("办理页面"), reverse("matter", args=(pk,)))
        if may_answer(self.proposal, self.case):
            yield Action(_("答复报备"), reverse("decisions-filing", args=(self.proposal.pk,)), kind="primary")
        if self.proposal.matter.state in BEFORE:
            yield self._table(pk)

    def _table(self, matter: int) -> Action:
        label = _("列入会议")
        if self.meeting is not None:
            day = formats.china_date(timezone.localdate(self.meeting.starts_at))
            label = _("列入 %(day)s 会议") % {"day": day}
        query = urlencode({"meeting": self.meeting.pk}) if self.meeting else ""
        href = f"{reverse('matter-step', args=(matter, Steps.table.code))}?{query}"
        return Action(label, href, kind="primary", why_not=self.why_not())

    def why_not(self) -> str:
        """Why it cannot be tabled now by whoever looks; empty where it can."""
        if self.proposal.matter.state != PREPARING:
            return _("书记、校长还没有确定为议题。")
        if self.missing:
            return _("缺 %(count)s 项，补齐后才能上会。") % {"count": len(self.missing)}
        if self.meeting is None:
            return _("还没有可以列入的%(body)s。请先召集会议。") % {"body": _body(self.body)}
        offer = next(one for one in offers(self.proposal.matter, self.proposal, self.by) if one.step is Steps.table)
        return offer.why_not

    def _panels(self) -> Iterator[details.Panel]:
        count = len(self.missing)
        is_before = self.proposal.matter.state in BEFORE
        note = _("缺 %(count)s 项，补齐后才能上会") % {"count": count} if count and is_before else ""
        note = note or ("" if count else _("没有缺项"))
        yield NeedsPanel(_("会前检查"), note, lines=tuple(map(_need, self.needs)))
        yield details.FactsPanel(_("事项"), facts=list(preflight_facts.facts(self.proposal, self.case, self.book)))
        yield checks_panel(self.proposal)

    def _aside(self) -> Iterator[details.Panel]:
        yield details.StepsPanel(_("会议"), steps=list(self._stages()))
        if told := list(preflight_facts.filings(self.proposal)):
            yield details.FactsPanel(_("会前报备"), facts=told)
        if found := list(Waiver.objects.filter(proposal=self.proposal).order_by("granted_at", "pk")):
            yield _waivers(found, self.needs)

    def _stages(self) -> Iterator[Stage]:
        """The meetings of the chain in their order, with what came of each."""
        held = {kind: sitting for sitting in self.case.sittings for kind in (sitting.body_kind, *sitting.stands_in_for)}
        for kind in (self.case.entry.chain if self.case.entry else ()) or (BodyKind.PARTY,):
            sitting = held.get(kind)
            day = formats.china_date(timezone.localdate(sitting.starts_at)) if sitting else ""
            if sitting is None:
                is_next = kind == self.body and self.proposal.matter.state in BEFORE
                yield Stage(_body(kind), _("待上会") if is_next else "", "current" if is_next else "todo")
            elif sitting.outcome == "passed":
                yield Stage(_body(kind), _("%(day)s 通过") % {"day": day}, "done")
            elif sitting.outcome == "rejected":
                yield Stage(_body(kind), _("%(day)s 未通过") % {"day": day}, "failed")
            else:
                word = _("%(day)s 缓议") if sitting.outcome else _("%(day)s 待议")
                yield Stage(_body(kind), word % {"day": day}, "current")


def _body(kind: str) -> str:
    return str(BodyKind(kind).label) if kind else _("会议")


def _need(one: Requirement) -> Need:
    meanings = {
        Met.MET: _("已具备"),
        Met.MISSING: _("缺"),
        Met.WAIVED: _("例外"),
        Met.NOT_APPLICABLE: _("不适用"),
    }
    mark, tone = MARKS[one.state]
    limit = _("%(day)s 前") % {"day": formats.china_date(one.until)} if one.until else ""
    parts = [formats.china_date(one.done_on) if one.done_on else limit, one.who]
    return Need(mark, meanings[one.state], tone, one.label, one.text, " · ".join(part for part in parts if part))


def checks_panel(proposal: Proposal) -> NeedsPanel:
    """What the checks said when that last changed: failed first, none left out."""
    outcomes = last_outcomes(proposal)
    lines = [(_said(outcomes[check.code]), check) for check in all_checks() if check.code in outcomes]
    counts = {rank: sum(said[0] == rank for said, _check in lines) for rank in RANKS}
    note = _("未通过 %(failed)s 项，未检查 %(skipped)s 项，通过 %(passed)s 项") % {
        "failed": counts["failed"],
        "skipped": counts["skipped"] + counts["waived"],
        "passed": counts["passed"],
    }
    made = tuple(_lines(lines, proposal))
    return NeedsPanel(_("规则检查"), note if made else "", lines=made, empty=_("还没有检查过。"))


def _lines(lines: Sequence[tuple[tuple[str, str], Check]], proposal: Proposal) -> Iterator[Need]:
    """A line for each check; many that were skipped, or passed, for the same reason share one, and all are named."""
    for said, group in groupby(sorted(lines, key=_by_verdict), key=lambda line: line[0]):
        found = [check for _said, check in group]
        verdict, reason = said
        if len(found) < MANY or verdict not in {"passed", "skipped"}:
            yield from (_checked(said, check, proposal) for check in found)
            continue
        mark, tone = MARKS[verdict]
        meaning = _("通过") if verdict == "passed" else _("未检查")
        told = {"meaning": meaning, "count": len(found)}
        names = "、".join(f"{check.code} {check.label}" for check in found)
        yield Need(mark, meaning, tone, reason or _("%(meaning)s %(count)s 项") % told, names, _("%(count)s 项") % told)


def _by_verdict(line: tuple[tuple[str, str], Check]) -> tuple[int, str, str]:
    (verdict, reason), check = line
    return RANKS.index(verdict), reason if verdict == "skipped" else "", check.code


def _said(outcome: Any) -> tuple[str, str]:
    """Verdict and reason of an outcome as a check run keeps it."""
    if isinstance(outcome, str):
        return outcome, ""
    return ("waived" if outcome.get("waived") else outcome["verdict"]), outcome.get("reason", "")


def _checked(said: tuple[str, str], check: Check, proposal: Proposal) -> Need:
    verdict, reason = said
    meanings = {"passed": _("通过"), "failed": _("未通过"), "skipped": _("未检查"), "waived": _("例外")}
    mark, tone = MARKS[verdict]
    query = urlencode({"check": check.code, "unit": proposal.unit_id})
    href = f"{reverse('findings-list')}?{query}" if verdict == "failed" else ""
    return Need(mark, meanings[verdict], tone, f"{check.code} {check.label}", reason, str(check.phase.label), href)


def _waivers(found: list[Waiver], needs: tuple[Requirement, ...]) -> details.Panel:
    labels = {one.code: one.label for one in needs}
    facts = [
        details.Fact(
            labels.get(one.requirement, one.requirement), one.reason, is_wide=True,
            source=f"{one.granted_by} · {formats.china_moment(one.granted_at)}",
        )
        for one in found
    ]  # fmt: skip
    return details.FactsPanel(_("例外"), facts=facts)
