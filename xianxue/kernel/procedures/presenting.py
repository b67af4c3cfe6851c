"""A matter's page as data: what is next and whose move it is, its facts and papers, what was done, who takes part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.files.presenting import files_panel
from xianxue.kernel.files.selectors import attachments_of
from xianxue.kernel.history.selectors import Entry, events_of
from xianxue.kernel.procedures import drawing, evidence, extending
from xianxue.kernel.procedures.calendar import LateDays, is_known
from xianxue.kernel.procedures.declaration import State
from xianxue.kernel.procedures.drawing import Drawing
from xianxue.kernel.procedures.limits import limit_words
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Extension, Matter, StepRecord, Todo
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.procedures.selectors import Offer, offers
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.addresses import address_or_nothing
from xianxue.kernel.ui.details import DetailPage, Fact, FactsPanel, Moment, Panel, TablePanel, TimelinePanel
from xianxue.kernel.ui.parts import Action, Link, Notice, Pill, Tone
from xianxue.kernel.ui.tables import Cell, HeadCell, Row

TONES: Mapping[str, Tone] = {"done": "done", "due": "due", "late": "late", "quiet": "quiet", "now": "now"}


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that leads on: its button, or why not."""

    label: str
    who: str
    limit: str
    help: str
    action: Action | None
    why_not: str = ""
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class NextPanel(Panel):
    """Whose move it is."""

    template: ClassVar[str] = "procedures/next.html"
    lines: tuple[NextStep, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawingPanel(Panel):
    """The procedure, and where the matter stands."""

    template: ClassVar[str] = "procedures/drawing_panel.html"
    drawing: Drawing | None = None


def state_pill(state: State) -> Pill:
    """The state in one word."""
    return Pill(str(state.label), TONES.get(state.tone) or ("quiet" if state.is_final else "now"))


class MatterPage:
    """Everything that the page of one matter says; the caller has checked that it may be seen."""

    def __init__(self, matter: Matter, subject: Any, by: Actor) -> None:
        self.matter, self.subject, self.by = matter, subject, by
        self.declaration = matter.declaration
        self.parties = list(matter.parties.order_by("pk"))
        self.records = list(StepRecord.objects.filter(matter=matter).order_by("number"))
        self.extensions = list(Extension.objects.filter(matter=matter).order_by("number"))
        self.todos = {todo.place: todo for todo in Todo.objects.filter(matter=matter)}
        self.offers = offers(matter, subject, by)
        self.names = unit_names([party.unit_id for party in self.parties] + [row.unit_id for row in self.records])
        today = timezone.localdate()
        limits = [todo.due_on for todo in self.todos.values()] + [matter.accept_due_on, matter.finish_due_on]
        self.late = LateDays(today, min((day for day in limits if day), default=None))

    def page(self, notice: Notice | None = None) -> DetailPage:
        """What `ui/detail.html` draws."""
        return DetailPage(
            title=self.matter.title,
            sub=str(self.declaration.label),
            pill=state_pill(self.matter.current),
            trail=(Link(_("我的待办"), address_or_nothing("todo")), Link(self.matter.title)),
            actions=list(self._actions()),
            notice=notice,
            panels=list(self._panels()),
            aside=list(self._aside()),
        )

    def _actions(self) -> Iterator[Action]:
        pk = self.matter.pk
        yield from self._own_pages()
        if extending.may_extend(self.matter, current_reach()):
            yield Action(_("延期"), reverse("matter-extend", args=(pk,)), icon="clock")
        yield Action(_("办理过程单"), reverse("matter-record", args=(pk,)), icon="print")
        if evidence.has_packs():
            yield Action(_("证据包"), reverse("matter-pack", args=(pk,)), icon="download", method="post")

    def _own_pages(self) -> Iterator[Action]:
        """The app's pages about the subject, for whoever may open them."""
        for own in self.declaration.pages:
            is_offered = not own.states or self.matter.state in own.states
            if is_offered and self.matter.unit_id in own.grant.scope(current_reach()):
                yield Action(str(own.label), reverse(own.url_name, args=(self.subject.pk,)))

    def _panels(self) -> Iterator[Panel]:
        if self.matter.is_open:
            yield self._next()
        facts = [Fact(str(label), text) for label, text in self.subject.facts()]
        yield FactsPanel(_("事项"), facts=facts)
        yield DrawingPanel(_("流程"), drawing=drawing.of_matter(self.matter, self.records, self.names, self.todos))
        yield self._papers()
        yield self._done()

    def _aside(self) -> Iterator[Panel]:
        yield FactsPanel(_("时限"), facts=list(self._clocks()))
        yield FactsPanel(_("参与单位"), facts=list(self._parties()))
        yield self._history()

    def _next(self) -> NextPanel:
        # What one may do first; then what is waited for; then what may also happen.
        ordered = sorted(self.offers, key=lambda offer: (bool(offer.why_not), offer.step.optional))
        has_primary = False
        lines = []
        for offer in ordered:
            is_primary = not offer.why_not and not has_primary and not offer.step.optional
            has_primary = has_primary or is_primary
            lines.append(self._next_step(offer, is_primary=is_primary))
        waits = self._waits_for()
        return NextPanel(_("下一步"), note=waits, lines=tuple(lines))

    def _next_step(self, offer: Offer, *, is_primary: bool) -> NextStep:
        step = offer.step
        todo = self.todos.get(step.at) if step.makes_todo else None
        limit, tone = limit_words(todo.due_on, self.late) if todo else ("", "quiet")
        action = None
        if not offer.why_not:
            kind = "danger" if step.tone == "danger" else "primary" if is_primary else "plain"
            action = Action(str(step.label), reverse("matter-step", args=(self.matter.pk, step.code)), kind=kind)  # type: ignore[arg-type]  # three of its words
        helps = [str(step.help)] if step.help else []
        if offer.for_actor and not offer.why_not:
            helps.append(_("受%(giver)s委托代办") % {"giver": offer.for_actor})
        return NextStep(
            str(step.label), self._who(step.at, offer.unit_id), limit, " · ".join(helps), action, offer.why_not, tone
        )

    def _who(self, place: str, unit_id: int | None) -> str:
        return place_words(self.declaration.places.get(place, place), self.names.get(unit_id or 0, ""))

    def _waits_for(self) -> str:
        waiting = [self._who(todo.place, todo.unit_id) for todo in self.todos.values()]
        return _("等%(who)s办理") % {"who": "、".join(waiting)} if waiting else ""

    def _papers(self) -> TablePanel:
        return files_panel(attachments_of(SUBJECT_TYPE, self.matter.pk), self.declaration.papers)

    def _done(self) -> TablePanel:
        heads = (
            ("step", _("步骤")),
            ("who", _("办理人")),
            ("at", _("时间")),
            ("limit", _("时限")),
            ("note", _("意见")),
        )
        return TablePanel(
            _("办理记录"),
            columns=[HeadCell(name, label) for name, label in heads],
            rows=[self._record(row) for row in self.records],
        )

    def _record(self, row: StepRecord) -> Row:
        step = self.declaration.steps.get(row.step)
        unit = self.names.get(row.unit_id or 0, "")
        limit, tone = record_limit(row)
        cells = [
            Cell(str(step.label if step else row.step)),
            Cell(who_words(row), title=place_words(self.declaration.places.get(row.place, row.place), unit)),
            Cell(formats.china_moment(row.done_at)),
            Cell(limit, "pill", tone=tone),
            Cell(row.note),
        ]
        return Row(cells, pk=str(row.pk))

    def _clocks(self) -> Iterator[Fact]:
        matter = self.matter
        yield Fact(_("收件"), formats.china_date(matter.opened_on))
        if matter.accept_due_on:
            yield self._clock(_("受理"), matter.accept_due_on, matter.accepted_on)
        if matter.finish_due_on:
            yield self._clock(_("办结"), matter.finish_due_on, matter.finished_on)
        elif matter.finished_on:
            yield Fact(_("办结"), formats.china_date(matter.finished_on))
        for item in self.extensions:
            words = {"old": formats.china_date(item.old_due_on), "new": formats.china_date(item.new_due_on)}
            yield Fact(
                str(_("延期 %(number)s") % {"number": item.number}),
                _("%(old)s → %(new)s") % words,
                source=f"{item.get_clock_display()} · {item.actor} · {item.reason}",
            )

    def _clock(self, label: str, due_on: date, done_on: date | None) -> Fact:
        if done_on:
            words = {"done": formats.china_date(done_on), "due": formats.china_date(due_on)}
            pill = Pill(_("逾期"), "late") if done_on > due_on else Pill(_("按期"), "done")
            return Fact(label, _("%(done)s（期限 %(due)s）") % words, pill=pill)
        if self.matter.finished_on:
            return Fact(label, _("未经此环节即办结"))
        if self.matter.paused_on:
            words = {"day": formats.china_date(self.matter.paused_on)}
            return Fact(label, _("自 %(day)s 起暂停计时") % words, pill=Pill(_("暂停"), "due"))
        text, tone = limit_words(due_on, self.late)
        is_counted = due_on.year == self.late.today.year or is_known(due_on)
        source = "" if is_counted else _("%(year)s 年放假安排尚未公布，暂按周一至周五推算") % {"year": due_on.year}
        shown = None if tone == "quiet" else Pill(_("逾期") if tone == "late" else _("今天"), tone)
        return Fact(label, text, source=source, pill=shown)

    def _parties(self) -> Iterator[Fact]:
        for party in self.parties:
            label = str(self.declaration.places.get(party.place, party.place))
            name = self.names.get(party.unit_id, "")
            if party.released_on:
                source = _("%(day)s 起不再参与") % {"day": formats.china_date(party.released_on)}
                yield Fact(label, name, source=source)
            else:
                yield Fact(label, name)

    def _history(self) -> TimelinePanel:
        moments = [
            Moment(
                at=entry.at,
                title=_event_title(entry),
                who=entry.actor,
                changes=(),
                seal=f"#{entry.seq}",
            )
            for entry in events_of(SUBJECT_TYPE, self.matter.pk)
        ]
        return TimelinePanel(_("留痕"), moments=moments)


def _event_title(entry: Entry) -> str:
    """What an event of a matter was: the step, or the paper that came with it."""
    if "attachment" in entry.facts:
        return _("上传“%(name)s”") % {"name": entry.facts.get("name", "")}
    return entry.action_label


def place_words(place: Any, unit: str) -> str:
    """A party with its unit: 转入学校 · 第一小学."""
    return f"{place} · {unit}" if unit else str(place)


def who_words(row: StepRecord) -> str:
    """Who did a step, and in whose stead."""
    if row.for_actor:
        return _("%(actor)s（代%(giver)s）") % {"actor": row.actor, "giver": row.for_actor}
    return row.actor


def record_limit(row: StepRecord) -> tuple[str, Tone]:
    """Whether a step was done in time, in words and as a tone."""
    if row.due_on is None:
        return _("不限时"), "quiet"
    return (_("逾期"), "late") if row.was_late else (_("按期"), "done")
