"""The register of staff."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Grant
from xianxue.kernel.columns import Code, Column, Date, Text
from xianxue.kernel.resources import Dossier, Fields, Filter, History, Register, Related, choice, register
from xianxue.kernel.resources.search import any_beginning
from xianxue.organisations.models import Classroom
from xianxue.organisations.selectors import reference_day
from xianxue.people.access import KEEPS, SEES_RECORDS
from xianxue.people.models import Qualification, StaffPost
from xianxue.people.resources import parts
from xianxue.people.resources.domains import IDENTITY
from xianxue.people.selectors import holds_on, people_found
from xianxue.people.sheets import STAFF

PERSON = parts.behind(
    STAFF, "person__", "name", "sex", "born_on", "ethnic_group", "political_status", "phone"
)  # fmt: skip
POST = parts.own(
    STAFF, "staff_no", "post", "subject", "stage", "is_full_time_teacher", "began_work_on", "started_on", "degree",
    "title",
)  # fmt: skip
PLACE = (
    Column("school", _("学校"), Text(60), path="school__unit__name"),
    Column("ended_on", _("离校日期"), Date()),
)
PRESENT = (("here", _("在职")), ("gone", _("已离校")), ("every", _("不限")))


def present(value: str) -> Q | None:
    """Posts that hold, that have ended, or all."""
    conditions = {"here": Q(ended_on__isnull=True), "gone": Q(ended_on__isnull=False), "every": ~Q(pk__in=[])}
    return conditions.get(value)


def papers_of(row: StaffPost) -> "QuerySet[Qualification]":
    """Licences of the person."""
    return Qualification.objects.filter(person_id=row.person_id).order_by("kind", "pk")


def posts_of(row: StaffPost) -> "QuerySet[StaffPost]":
    """All posts of the person in reach, latest first."""
    return StaffPost.objects.filter(person_id=row.person_id).select_related("school__unit").order_by("-started_on")


def classes_of(row: StaffPost) -> Sequence[Any]:
    """Classes of which the person is head teacher."""
    rooms = Classroom.objects.filter(school_id=row.school_id, head_teacher_no=row.staff_no)
    found: list[Any] = list(rooms.order_by("-cohort_year", "number"))
    for room in found:
        room.name_now = room.name_on(reference_day())
    return found


@register
class StaffRegister(Register):
    """Posts of staff, with the person behind each."""

    code, model, label, counter = "staff", StaffPost, _("教职工"), _("人")
    system, menu_order = "staff", 30
    columns = (*PERSON[:2], PLACE[0], *POST, *parts.own(STAFF, "id_number"), *PERSON[2:], PLACE[1])
    list_columns = ("name", "sex", "school", "staff_no", "post", "subject", "stage", "title", "phone")
    annotations = ("id_number",)
    search = ("person__name", "person__name_pinyin", "person__initials", "staff_no")
    search_label = _("姓名、拼音或首字母；工号；完整的证件号、电话")
    filters = (
        choice("school", _("学校"), "school_id", parts.school_options),
        "post",
        "stage",
        "subject",
        "title",
        "degree",
        "is_full_time_teacher",
        Filter("present", _("在职"), present, lambda: [(value, str(label)) for value, label in PRESENT]),
    )
    order = ("school_id", "person__name_pinyin")
    sort_paths = {"name": ("person__name_pinyin",)}
    view, change, reveal = SEES_RECORDS, KEEPS, KEEPS
    reveal_domain = IDENTITY.code
    sheet = STAFF.code
    dated = True
    new_label = _("登记教职工")
    panels = (
        Fields("name", "sex", "born_on", "id_number", "phone", "ethnic_group", "political_status"),
        Fields("school", "staff_no", "post", "subject", "stage", "is_full_time_teacher", "title", "degree",
               "began_work_on", "started_on", "ended_on", title=_("任职")),
        Related(
            title=_("教师资格"),
            rows=papers_of,
            columns=(
                Column("kind", _("资格种类"), Code("licence")),
                Column("subject", _("资格学科"), Code("subject")),
                Column("number", _("资格证号"), Text(40)),
            ),
        ),
        Related(title=_("任班主任的班级"), rows=classes_of, columns=(Column("name_now", _("班级"), Text(30)),),
                link=lambda room: parts.address("classes", room.pk), aside=True),
        Related(
            title=_("任职经历"),
            rows=posts_of,
            columns=(PLACE[0], *parts.own(STAFF, "post", "started_on"), PLACE[1]),
            aside=True,
        ),
        Dossier(person=lambda row: row.person_id),
        History(),
    )  # fmt: skip

    def rows(self, on: date | None = None) -> "QuerySet[Any]":
        rows = StaffPost.objects.all()
        return rows.filter(holds_on(on, "started_on")) if on else rows

    def by_default(self, chosen: Collection[str], on: date | None) -> Q:
        if on or "present" in chosen:
            return Q()
        return holds_on(reference_day(), "started_on")

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("person", "school__unit")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        parts.set_numbers(rows)

    def match(self, rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
        return rows.filter(people_found(rows, text) | any_beginning(("staff_no",), text))

    def title(self, row: Any) -> str:
        return str(row.person.name)

    def hint(self, row: Any) -> str:
        return f"{row.school.unit.shown_name} {row.get_post_display()}"

    def note(self, row: Any) -> str:
        return self.hint(row)

    def subjects(self, row: Any) -> Sequence[tuple[str, int]]:
        return (("people.staffpost", row.pk), ("people.person", row.person_id))

    def allows(self, grant: Grant, row: Any) -> bool:
        return not (grant is self.change and row.ended_on) and super().allows(grant, row)
