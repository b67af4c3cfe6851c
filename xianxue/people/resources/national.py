"""The register of states in the national system."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import EVERY_UNIT, Grant
from xianxue.kernel.columns import Code, Column, Name, Text
from xianxue.kernel.resources import Fields, History, Register, choice, register
from xianxue.people.access import KEEPS, SEES_RECORDS
from xianxue.people.models import NationalRecord, kept_in
from xianxue.people.resources import parts
from xianxue.people.selectors import people_found
from xianxue.people.sheets import NATIONAL


@register
class NationalRegister(Register):
    """Where each pupil's record stands in the national system, as last checked there."""

    code, model, label, counter = "national-records", NationalRecord, _("国家系统学籍状态"), _("人")
    system, menu_order = "pupils", 45
    columns = (
        Column("name", _("姓名"), Name(), path="enrolment__person__name"),
        *parts.own(NATIONAL, "student_no"),
        Column("school", _("学校"), Text(60), path="enrolment__school__unit__name"),
        Column("state", _("国家系统办理状态"), Code("national_state")),
        *parts.own(NATIONAL, "business_no", "checked_on", "source", "remark"),
    )
    list_columns = ("name", "student_no", "school", "state", "business_no", "checked_on")
    annotations = ("student_no",)
    search = ("enrolment__person__name", "enrolment__person__name_pinyin", "enrolment__person__initials")
    search_label = _("姓名、拼音或首字母；完整的学籍号")
    filters = (choice("school", _("学校"), "enrolment__school_id", parts.school_options), "state", "checked_on")
    order = ("enrolment__school_id", "state", "pk")
    sort_paths = {"name": ("enrolment__person__name_pinyin",)}
    unit_paths = ("enrolment__school_id",)
    view, change, reveal = SEES_RECORDS, KEEPS, KEEPS
    sheet = NATIONAL.code
    panels = (Fields(), History())

    def within(self, rows: "QuerySet[Any]", grant: Grant) -> "QuerySet[Any]":
        scope = self.scope(grant)
        if scope == EVERY_UNIT:
            return rows
        own = kept_in(scope, "enrolment__", school="enrolment__school_id", classroom="enrolment__classroom_id")
        return rows.filter(own)

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("enrolment__person", "enrolment__school__unit")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        pupils = [row.enrolment for row in rows]
        parts.set_numbers(pupils)
        for row in rows:
            row.student_no = row.enrolment.student_no

    def match(self, rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
        return rows.filter(people_found(rows, text, "enrolment__person__"))

    def title(self, row: Any) -> str:
        return str(row.enrolment.person.name)

    def hint(self, row: Any) -> str:
        return str(row.enrolment.school.unit.shown_name)
