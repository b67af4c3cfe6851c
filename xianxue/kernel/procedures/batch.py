"""One step over many matters: each is a command of its own and has its own result; none keeps another from being done."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, Reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.calendar import LateDays
from xianxue.kernel.procedures.declaration import Procedure, Step, get
from xianxue.kernel.procedures.limits import limit_pill
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Matter, Todo
from xianxue.kernel.procedures.selectors import subject_of, visible_matter
from xianxue.kernel.procedures.work import Steps
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Action, Link
from xianxue.kernel.ui.tables import BulkAction, Cell, HeadCell, Row, TableView

MOST = 50
"""So many matters at once: each is locked, checked and written by itself, and the page must answer in two seconds."""


@dataclass(frozen=True)
class Done:
    """What became of one matter; `why_not` is empty where the step was done."""

    matter: Matter
    why_not: str


def batch_step(procedure: str, code: str) -> Step | None:
    """The step, where it is declared to be done in batches; None otherwise and for what does not exist."""
    try:
        step = get(procedure).steps.get(code)
    except KeyError:
        return None
    return step if step is not None and step.in_batches else None


def batches_of(item: type[Procedure], reach: Reach) -> list[Step]:
    """The steps of a procedure that the reach may do in batches, somewhere."""
    return [step for step in item.steps.values() if step.in_batches and step.by.scope(reach)]


def waiting_for(step: Step, reach: Reach) -> list[Matter]:
    """The matters that wait for the person at the place of this step, the most urgent first, at most `MOST`."""
    own = Q(matter__procedure=step.procedure.code, matter__state__in=step.states, place=step.at)
    steps = Steps()
    todos = steps.waiting(clock.today()).filter(own, steps.of_actor(reach))
    return [_with_limit(todo) for todo in todos.select_related("matter").order_by("until", "pk")[:MOST]]


def _with_limit(todo: Todo) -> Matter:
    matter: Matter = todo.matter
    matter.until = todo.until  # type: ignore[attr-defined]  # annotated, for the page
    return matter


def run(step: Step, chosen: Iterable[tuple[int, int]], by: Actor) -> list[Done]:
    """Do the step for these matters, given as (key, steps done when the page was drawn); what is out of reach is left out."""
    return [done for key, seen in list(chosen)[:MOST] if (done := _one(step, key, seen, by)) is not None]


def _one(step: Step, key: int, seen: int, by: Actor) -> Done | None:
    matter = visible_matter(key)
    if matter is None or matter.procedure != step.procedure.code:
        return None
    try:
        step.run(subject_of(matter), by=by, seen=seen)
    except Refused as refused:
        return Done(matter, refused.message)
    return Done(matter, "")


def page(step: Step, matters: Sequence[Matter]) -> TablePage:
    """What waits, with what one must know to decide: facts and papers; each line leads to the whole matter."""
    papers, subjects = _papers(matters), _subjects(step, matters)
    late = LateDays(clock.today(), min((m.until for m in matters if m.until), default=None))  # type: ignore[attr-defined]  # set above
    rows = [_row(matter, subjects[matter.pk], papers.get(matter.pk, 0), late) for matter in matters]
    href = reverse("matter-batch", args=(step.procedure.code, step.code))
    heads = (("title", _("事项")), ("facts", _("内容")), ("papers", _("材料")), ("until", _("期限")))
    table = TableView(
        columns=[HeadCell(name, label) for name, label in heads],
        rows=rows,
        total=len(rows),
        href=href,
        label=str(step.label),
        is_selectable=True,
        bulk_actions=[BulkAction(str(step.label), href)],
        empty_title=_("没有等您办这一步的事项"),
    )
    sub = _("勾选后一次办理；每件单独核对、单独留痕，办不成的写明原因，不影响其他。最多 %(most)s 件。") % {"most": MOST}
    return TablePage(_("批量%(step)s") % {"step": step.label}, table, sub=sub, trail=_trail(step))


def results_page(step: Step, results: Sequence[Done]) -> TablePage:
    """What became of each."""
    count = sum(not one.why_not for one in results)
    rows = [
        Row(
            [
                Cell(one.matter.title),
                Cell(_("未办") if one.why_not else _("已办"), "pill", tone="late" if one.why_not else "done"),
                Cell(one.why_not),
            ],
            href=reverse("matter", args=(one.matter.pk,)),
            pk=str(one.matter.pk),
        )
        for one in results
    ]
    table = TableView(
        columns=[HeadCell("title", _("事项")), HeadCell("result", _("结果")), HeadCell("why", _("原因"))],
        rows=rows,
        total=len(rows),
        label=_("办理结果"),
        empty_title=_("没有选中事项"),
        empty_text=_("请返回勾选要办的事项。"),
    )
    sub = _("办成 %(done)s 件，未办 %(left)s 件") % {"done": count, "left": len(results) - count}
    back = Action(_("办其余的"), reverse("matter-batch", args=(step.procedure.code, step.code)), kind="primary")
    title = _("批量%(step)s：结果") % {"step": step.label}
    return TablePage(title, table, sub=sub, trail=_trail(step), actions=(back,))


def _trail(step: Step) -> Sequence[Link]:
    href = reverse("matter-batch", args=(step.procedure.code, step.code))
    return (
        Link(str(step.procedure.label), reverse("procedure", args=(step.procedure.code,))),
        Link(str(step.label), href),
    )


def _subjects(step: Step, matters: Sequence[Matter]) -> dict[int, Any]:
    """What the matters are about, by the matter's key; the reader sees the matters. One query."""
    by_key = {matter.pk: matter for matter in matters}
    subjects = {}
    for subject in step.procedure.subject.unguarded.filter(matter_id__in=by_key):
        subject.matter = by_key[subject.matter_id]
        subjects[subject.matter_id] = subject
    return subjects


def _row(matter: Matter, subject: Any, papers: int, late: LateDays) -> Row:
    facts = "；".join(_words(subject.facts()))
    pill = limit_pill(matter.until, late)  # type: ignore[attr-defined]  # set when it was read
    cells = [
        Cell(matter.title),
        Cell(facts),
        Cell(_("%(count)s 份") % {"count": papers} if papers else _("没有材料")),
        Cell(pill.text, "pill", tone=pill.tone),
    ]
    return Row(cells, href=reverse("matter", args=(matter.pk,)), pk=f"{matter.pk}-{matter.steps_done}")


def _words(facts: Iterable[tuple[object, str]]) -> Iterator[str]:
    for label, text in facts:
        yield _("%(label)s：%(text)s") % {"label": label, "text": text}


def _papers(matters: Sequence[Matter]) -> dict[int, int]:
    counts: dict[int, int] = {}
    keys = [matter.pk for matter in matters]
    for key in Attachment.objects.filter(subject_type=SUBJECT_TYPE, subject_id__in=keys).values_list(
        "subject_id", flat=True
    ):
        counts[key] = counts.get(key, 0) + 1
    return counts
