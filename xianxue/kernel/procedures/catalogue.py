"""The catalogue of procedures, as pages and as a chapter of the manual: both printed from the declarations."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.kernel.access import current_reach
from xianxue.kernel.procedures import drawing
from xianxue.kernel.procedures.declaration import Basis, Days, Procedure, Step, all_procedures
from xianxue.kernel.procedures.drawing import is_anywhere
from xianxue.kernel.procedures.names import in_words
from xianxue.kernel.procedures.presenting import DrawingPanel
from xianxue.kernel.procedures.selectors import startable
from xianxue.kernel.ui.details import DetailPage, Fact, FactsPanel, Panel, TablePanel
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Action, Link, Pill
from xianxue.kernel.ui.tables import Cell, HeadCell, Row, TableView


def may_read(item: type[Procedure]) -> bool:
    """Whether the procedure concerns the person now acting: they see its matters, or may start one."""
    reach = current_reach()
    return bool(item.read.scope(reach)) or any(step.by.scope(reach) for step in item.steps.values())


def page() -> TablePage:
    """All procedures that concern the reader."""
    found = [item for item in all_procedures() if may_read(item)]
    mine = {step.procedure.code for step in startable(current_reach())}
    heads = (
        ("label", _("流程")),
        ("about", _("何时用")),
        ("who", _("由谁发起")),
        ("within", _("办结时限")),
        ("may", ""),
    )
    table = TableView(
        columns=[HeadCell(name, label) for name, label in heads],
        rows=[
            Row(
                [
                    Cell(str(item.label)),
                    Cell(str(item.about)),
                    Cell("；".join(in_words(step.by) for step in item.opening())),
                    Cell(days_words(item.finish_within)),
                    Cell(_("可发起") if item.code in mine else "", "pill", tone="now"),
                ],
                href=reverse("procedure", args=(item.code,)),
            )
            for item in found
        ],
        total=len(found),
        label=_("流程目录"),
        empty_title=_("没有与您有关的流程"),
    )
    return TablePage(_("流程目录"), table, sub=_("%(count)s 种 · 一事一流程") % {"count": len(found)})


def procedure_page(item: type[Procedure]) -> DetailPage:
    """One procedure: drawing, steps, papers, limits, basis."""
    reach = current_reach()
    starts = [step for step in item.opening() if step.by.scope(reach)]
    return DetailPage(
        title=str(item.label),
        sub=str(item.about),
        trail=(Link(_("流程目录"), reverse("procedures")), Link(str(item.label))),
        actions=[
            Action(
                str(step.label),
                reverse("matter-start", args=(item.code, step.code)),
                kind="plain" if place else "primary",
            )
            for place, step in enumerate(starts)
        ],
        panels=[
            DrawingPanel(_("流程图"), drawing=drawing.of_procedure(item)),
            _steps(item),
        ],
        aside=list(_aside(item)),
    )


def _aside(item: type[Procedure]) -> Iterator[Panel]:
    yield FactsPanel(_("时限"), facts=[Fact(label, text) for label, text in limits(item)])
    if item.basis:
        yield FactsPanel(_("依据"), facts=[_basis(basis) for basis in item.basis])
    if item.papers:
        needed = {
            kind: [str(step.label) for step in item.steps.values() if kind in step.papers] for kind in item.papers
        }
        yield FactsPanel(
            _("材料"),
            facts=[
                Fact(
                    str(name),
                    _("“%(steps)s”时必备") % {"steps": "、".join(needed[kind])} if needed[kind] else _("可选"),
                )
                for kind, name in item.papers.items()
            ],
        )


def _basis(basis: Basis) -> Fact:
    pill = None if basis.is_checked else Pill(_("待核"), "due", _("条文尚未与原文核对"))
    return Fact(str(basis.article) or _("全文"), str(basis.document), pill=pill)


def limits(item: type[Procedure]) -> Iterator[tuple[str, str]]:
    """The limits of a procedure in words."""
    yield _("受理"), days_words(item.accept_within)
    yield _("办结"), days_words(item.finish_within)
    extend = in_words(item.extend)
    if extend:
        words = {"who": extend, "times": item.extend_times}
        text = _("%(who)s可延期 %(times)s 次") % words
        if item.extend_by:
            text += _("，每次至多 %(days)s 个工作日") % {"days": item.extend_by.count}
        yield _("延期"), text
    else:
        yield _("延期"), _("不得延期")
    yield _("提醒"), _("到期前 %(days)s 个工作日、到期日、逾期后各一次") % {"days": item.remind_before}
    told = [in_words(item.escalate)] if in_words(item.escalate) else []
    told += [
        _("逾期 %(days)s 个工作日报%(who)s") % {"days": days, "who": in_words(grant)}
        for days, grant in item.escalate_further
    ]
    if told:
        yield _("逾期上报"), "；".join(told)


def days_words(days: Days | None) -> str:
    """A limit in words, with its document."""
    if days is None:
        return _("不限")
    text = _("%(days)s 个工作日") % {"days": days.count}
    return f"{text}（{days.basis}）" if days.basis else text


def _steps(item: type[Procedure]) -> TablePanel:
    heads = (("step", _("步骤")), ("way", _("从 → 到")), ("who", _("由谁")), ("within", _("时限")), ("more", _("要求")))
    return TablePanel(
        _("步骤"),
        columns=[HeadCell(name, label) for name, label in heads],
        rows=[
            Row([Cell(text) for text in (name, f"{sources} → {to}", *more)])
            for name, sources, to, *more in map(step_words, item.steps.values())
        ],
    )


def step_words(step: Step) -> tuple[str, str, str, str, str, str]:
    """A step in words: name, from, to, who, limit, what else it asks for."""
    item = step.procedure
    sources = "、".join(str(item.state(code).label) for code in step.states) or _("（发起）")
    if is_anywhere(step):
        sources = _("%(count)s 个在办阶段") % {"count": len(step.states)}
    who = f"{item.places.get(step.at, step.at)}：{in_words(step.by)}"
    return str(step.label), sources, str(item.state(step.to).label), who, _within(step), "；".join(demands(step))


def _within(step: Step) -> str:
    return _("%(days)s 个工作日") % {"days": step.within.count} if step.within else ""


def demands(step: Step) -> Iterator[str]:
    """What a step asks for besides its actor."""
    item = step.procedure
    if step.not_by:
        others = "、".join(str(item.steps[code].label) for code in step.not_by)
        yield _("不得与“%(steps)s”同一人") % {"steps": others}
    if step.not_concerned:
        yield _("与这件事有关的本人不得办理")
    if step.papers:
        yield _("材料：%(papers)s") % {"papers": "、".join(str(item.papers[kind]) for kind in step.papers)}
    if step.needs_note:
        yield _("须写明理由")
    if step.releases:
        places = "、".join(str(item.places[place]) for place in step.releases)
        yield _("此后%(places)s不再看到") % {"places": places}
    if step.optional:
        yield _("可办可不办")
    if step.by_system:
        yield _("系统也可办")
    if step.basis:
        yield str(step.basis) + ("" if getattr(step.basis, "is_checked", True) else _("（待核）"))
