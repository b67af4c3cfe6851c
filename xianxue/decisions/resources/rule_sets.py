"""The register of versions of the county's rules: every rule of a version, and what it changed."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import READS
from xianxue.decisions.models import RuleChange, RuleSet
from xianxue.decisions.rules.revisions import differences, told
from xianxue.decisions.selectors.rule_sets import names
from xianxue.kernel.columns import Column, Date, Text
from xianxue.kernel.resources import Custom, Fields, History, Register, register
from xianxue.kernel.ui import details, formats
from xianxue.kernel.ui.parts import Link
from xianxue.kernel.ui.tables import Cell, HeadCell, Row


def _before(row: RuleSet) -> RuleSet | None:
    earlier = RuleSet.objects.filter(valid_from__lt=row.valid_from)
    found: RuleSet | None = earlier.order_by("-valid_from", "-pk").first()
    return found


def _changes(row: RuleSet) -> details.Panel | None:
    """What differs from the version before; nothing for the first."""
    before = _before(row)
    if before is None:
        return None
    heads = [HeadCell("rule", _t("规则")), HeadCell("old", _t("原来")), HeadCell("new", _t("现在"))]
    return details.TablePanel(
        _t("与版本 %(version)s 不同之处") % {"version": before.version},
        columns=heads,
        rows=[Row([Cell(text) for text in one]) for one in differences(before.rules, row.rules, names())],
        empty=_t("没有不同。"),
    )


def _rules(row: RuleSet) -> details.Panel:
    """Every rule of the version."""
    heads = [HeadCell("rule", _t("规则")), HeadCell("text", _t("内容"))]
    return details.TablePanel(
        _t("规则内容"), columns=heads, rows=[Row([Cell(rule), Cell(text)]) for rule, text in told(row.rules, names())]
    )


def _made(row: RuleSet) -> details.Panel | None:
    """The matter in which the version was made."""
    change = RuleChange.objects.filter(made=row).select_related("matter").first()
    if change is None:
        return None
    facts = [details.Fact(_t("确认日期"), formats.china_date(change.matter.finished_on, year="always"))]
    return details.FactsPanel(
        _t("办理"), link=Link(_t("打开办理页面"), reverse("matter", args=(change.matter_id,))), facts=facts
    )


@register
class RuleSetRegister(Register):
    """Versions of the rules, the newest first; made by the procedure alone, and read by everybody whom they bind."""

    code, model, label, counter = "rule-sets", RuleSet, _("规则版本"), _("版")
    system, menu_order, in_settings, in_search = "decisions", 22, True, False
    columns = (
        Column("version", _("版本"), Text(20)),
        Column("valid_from", _("生效日期"), Date()),
        Column("valid_to", _("失效日期"), Date()),
        Column("source", _("依据"), Text(200)),
        Column("note", _("修改说明"), Text(200)),
        Column("made_by", _("制定人"), Text(60)),
    )
    list_columns = ("version", "valid_from", "valid_to", "note", "made_by")
    order = ("-valid_from", "-pk")
    view, unit_paths, creates = READS, (), False
    panels = (Fields(), Custom(build=_changes), Custom(build=_rules), History(), Custom(build=_made, aside=True))

    def title(self, row: RuleSet) -> str:
        return _t("规则版本 %(version)s") % {"version": row.version}

    def note(self, row: Any) -> str:
        return str(row.source)
