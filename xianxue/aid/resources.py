"""The registers of aid: the ledger of grants, and the rate card."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.aid import selectors, sheets
from xianxue.aid.access import KEEPS_AID, SEES_AID
from xianxue.aid.models import AidGrant, RateCard
from xianxue.kernel.access import everyone_signed_in
from xianxue.kernel.columns import Code, Column, Date, Money, Name, Text
from xianxue.kernel.resources import Register, choice, register


@register
class GrantRegister(Register):
    """Who was paid what, for which term."""

    code, model, label, counter = "aid-grants", AidGrant, _("资助发放"), _("人次")
    system, menu_order = "student_aid", 30
    columns = (
        Column("name", _("姓名"), Name(), path="person__name"),
        Column("school", _("学校"), Text(60), path="school__unit__name"),
        Column("programme", _("项目"), Text(40), path="programme__name"),
        Column("term", _("学期"), Text(20)),
        Column("tier", _("档次"), Text(10)),
        Column("hardship", _("困难类型"), Code("aid_category"), path="category"),
        Column("amount", _("金额（元）"), Money(), path="amount_fen"),
        Column("paid_on", _("发放日期"), Date()),
    )
    search, search_label = ("person__name", "person__initials"), _("姓名、拼音首字母")
    filters = (
        choice("term", _("学期"), "term_id", selectors.terms_with_names),
        choice("programme", _("项目"), "programme_id", selectors.programmes),
        choice("school", _("学校"), "school_id", selectors.schools),
        "hardship",
        "paid_on",
    )
    order = ("-paid_on", "school_id")
    sort_paths = {"term": ("term__starts_on",)}
    view = SEES_AID
    change = reveal = KEEPS_AID
    sheet = sheets.GRANTS.code

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("term__year", "programme", "person")

    def title(self, row: AidGrant) -> str:
        return f"{row.person.name} · {row.programme.name}"

    def hint(self, row: AidGrant) -> str:
        return str(row.term)


@register
class RateRegister(Register):
    """What one pupil gets in one term, with dates and source."""

    code, model, label = "aid-rates", RateCard, _("资助标准")
    system, menu_order, in_settings = "student_aid", 35, True
    columns = (
        Column("programme", _("项目"), Text(40), path="programme__name"),
        Column("stage", _("学段"), Code("stage")),
        Column("tier", _("档次"), Text(10)),
        Column("amount", _("每学期金额（元）"), Money(), path="amount_fen"),
        Column("valid_from", _("启用日期"), Date()),
        Column("valid_to", _("停用日期"), Date()),
        Column("source", _("来源"), Text(200), path="programme__source"),
    )
    list_columns = ("programme", "stage", "tier", "amount", "valid_from", "valid_to")
    filters = (choice("programme", _("项目"), "programme_id", selectors.programmes),)
    order = ("programme__order", "stage", "tier", "-valid_from")
    unit_paths = ()
    view = everyone_signed_in
    in_search = False

    def title(self, row: RateCard) -> str:
        return f"{row.programme.name} {row.tier}".strip()
