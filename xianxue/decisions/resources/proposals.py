"""The register of proposals: which school brought up what, how far it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import READS
from xianxue.decisions.choices import Category
from xianxue.decisions.models import Proposal
from xianxue.decisions.procedures import DecisionProposal
from xianxue.decisions.resources import after
from xianxue.decisions.resources.findings import SCHOOL, UNIT
from xianxue.decisions.selectors.filings import filing_waits
from xianxue.kernel.columns import Column, Date, Money, Text, YesNo
from xianxue.kernel.procedures.presenting import state_pill
from xianxue.kernel.resources import Action, Custom, Fields, Filter, History, Register, choice, register, yes_no
from xianxue.kernel.ui import details
from xianxue.kernel.ui.parts import Link


def _states() -> list[tuple[str, str]]:
    return [("open", str(_("未了结"))), *((state.code, str(state.label)) for state in DecisionProposal.states)]


def _in_state(value: str) -> Q:
    return Q(matter__finished_on__isnull=True) if value == "open" else Q(matter__state=value)


def _standing(row: Proposal) -> details.Panel:
    """Where it stands, and the ways to what is to be done."""
    href = reverse("decisions-preflight", args=(row.pk,))
    return details.FactsPanel(
        _t("办理"),
        link=Link(_t("打开办理页面"), reverse("matter", args=(row.matter_id,))),
        facts=[
            details.Fact(_t("状态"), pill=state_pill(row.matter.current)),
            details.Fact(_t("会前检查"), _t("要求、依据、规则检查"), href),
        ],
    )


@register
class ProposalRegister(Register):
    """Proposals of every school in reach; the page of one holds the whole of its life."""

    code, model, label, counter = "proposals", Proposal, _("三重一大议题"), _("项")
    system, menu_order = "decisions", 12
    columns = (
        Column("number", _("议题编号"), Text(20)),
        Column("title", _("议题"), Text(80)),
        UNIT,
        Column("category_name", _("类别"), Text(12)),
        Column("entry", _("清单事项"), Text(80), path="entry__name"),
        Column("amount_fen", _("拟用金额（元）"), Money()),
        Column("supplier", _("拟定供应商"), Text(80)),
        Column("state_name", _("状态"), Text(20)),
        Column("proposed_on", _("提出日期"), Date()),
        Column("proposer_name", _("提出人"), Text(60)),
        Column("is_urgent", _("紧急事项"), YesNo()),
        Column("decided_on", _("决定日期"), Date()),
        Column("resolution_number", _("决定编号"), Text(20)),
        Column("approved_fen", _("批准金额（元）"), Money()),
        Column("archived_on", _("归档日期"), Date()),
    )
    list_columns = ("number", "title", "unit", "category_name", "amount_fen", "state_name", "proposed_on", "decided_on")
    search, search_label = ("number", "title", "supplier"), _("议题编号、议题、供应商")
    filters: ClassVar[Any] = (
        choice(
            "category", _("类别"), "category", lambda: [(str(value), str(label)) for value, label in Category.choices]
        ),
        Filter("state", _("状态"), _in_state, _states),
        SCHOOL,
        "proposed_on",
        Filter("filing", _("会前报备"), lambda _value: filing_waits(), lambda: [("waiting", str(_("待县局答复")))]),
        yes_no("unlisted", _("不在清单"), "entry__isnull"),
        "is_urgent",
    )
    annotations = ("category_name", "state_name")
    sort_paths: ClassVar[Any] = {"category_name": ("category",), "state_name": ("matter__state",)}
    order = ("-proposed_on", "-pk")
    view, unit_paths, creates = READS, ("unit_id",), False
    actions = (Action(_("会前检查"), "decisions-preflight", READS, on_row=True),)
    panels = (Fields(), *after.PANELS, History(), Custom(build=_standing, aside=True))

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("matter", "unit", "entry", "rule_set")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        """Words for category and state."""
        for row in rows:
            row.category_name = row.get_category_display()
            row.state_name = str(row.matter.current.label)

    def title(self, row: Proposal) -> str:
        return row.title

    def note(self, row: Proposal) -> str:
        return f"{row.number} · {row.unit.name}"

    def hint(self, row: Proposal) -> str:
        return row.unit.shown_name

    def subjects(self, row: Proposal) -> Sequence[tuple[str, int]]:
        return (("decisions.proposal", row.pk), ("procedures.matter", row.matter_id))
