"""The register of pupils."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import EVERY_UNIT, Grant, current_reach, remembered, whole_county
from xianxue.kernel.columns import Code, Column, Date, Name, Phone, Text, YesNo
from xianxue.kernel.resources import Action, Dossier, Fields, Filter, Grid, History, Register, Related, choice, register
from xianxue.organisations.models import class_name, grade_name
from xianxue.people.access import KEEPS, REGISTRAR, SEES_PUPILS
from xianxue.people.choices import EnrolmentStatus
from xianxue.people.models import ClassMembership, Enrolment, GuardianLink, Person, kept_in
from xianxue.people.resources import matters, parts
from xianxue.people.resources.domains import IDENTITY
from xianxue.people.rules import PHONE_SPACE
from xianxue.people.selectors import classes_on, holds_on, moved_away_on, people_found
from xianxue.people.sheets import PUPILS

PERSON = parts.behind(
    PUPILS, "person__", "name", "sex", "born_on", "nationality", "ethnic_group", "political_status", "health",
    "blood_type", "former_name", "birthplace", "native_place", "household_place", "household_kind", "address",
    "postal_code", "phone",
)  # fmt: skip
NUMBERS = parts.own(PUPILS, "student_no", "id_kind", "id_number")
PLACE = (
    Column("school", _("学校"), Text(60), path="school__unit__name"),
    Column("stage", _("学段"), Code("stage")),
    Column("grade", _("年级"), Text(20), path="grade_shown"),
    Column("class_name", _("班级"), Text(30), path="class_shown"),
    Column("status", _("状态"), Code("enrolment_status")),
    Column("entered_on", _("入学日期"), Date()),
    Column("ended_on", _("离校日期"), Date()),
    Column("exit_reason", _("离校原因"), Code("exit_reason")),
)
SCHOOLING = parts.own(
    PUPILS, "class_no", "province_no", "entry_mode", "boarding", "source", "is_only_child", "had_preschool",
    "is_left_behind", "is_migrant_child", "is_orphan", "is_martyr_child", "learns_in_regular_class", "disability",
    "needs_aid", "has_boarding_aid",
)  # fmt: skip
STATES = (*EnrolmentStatus.choices, ("every", _("全部")))


def in_state(value: str) -> Q:
    """Rows in a state; every one, for the whole past and present."""
    return ~Q(pk__in=[]) if value == "every" else Q(status=value)


def guardians_of(row: Enrolment) -> "QuerySet[GuardianLink]":
    """Guardians of the pupil, first the first."""
    return GuardianLink.objects.filter(pupil_id=row.person_id).select_related("guardian").order_by("order")


def _whole_file(row: Enrolment) -> AbstractContextManager[object]:
    """The reach for what is told of a pupil: everything where the pupil is now, one's own episodes elsewhere.

    The file goes with the child: who has the child now reads what earlier schools wrote. A row in reach that has not
    ended is itself the answer.
    """
    now = Enrolment.objects.filter(person_id=row.person_id, ended_on__isnull=True)
    is_here = row.ended_on is None or remembered(("at school here", row.person_id, current_reach().units), now.exists)
    return whole_county("档案随学生走") if is_here else nullcontext()


def _merged_into(person_id: int) -> list[int]:
    """The records that were merged into the person's, whoever asks."""
    with whole_county("并入本人的记录，其变更一并列出"):
        return list(Person.objects.filter(merged_into=person_id).values_list("pk", flat=True))


def episodes_of(row: Enrolment) -> Sequence[Enrolment]:
    """The enrolments of the pupil, latest first."""
    with _whole_file(row):
        rows = Enrolment.objects.filter(person_id=row.person_id).select_related("school__unit")
        return list(rows.order_by("-entered_on", "-pk"))


def seats_of(row: Enrolment) -> Sequence[ClassMembership]:
    """Classes in which the pupil sat, latest first, named as on the first day."""
    with _whole_file(row):
        seats = ClassMembership.objects.filter(enrolment__person_id=row.person_id).select_related("classroom")
        found = list(seats.order_by("-started_on", "-pk"))
    for seat in found:
        seat.named = seat.classroom.name_on(seat.started_on)
    return found


@register
class PupilRegister(Register):
    """Pupils: enrolments, with the person behind each."""

    code, model, label, counter = "pupils", Enrolment, _("学生"), _("人")
    system, menu_order = "pupils", 40
    columns = (*PERSON[:2], *NUMBERS, *PLACE, *PERSON[2:], *SCHOOLING)
    list_columns = ("name", "sex", "student_no", "school", "grade", "class_name", "boarding", "status")
    annotations = ("student_no", "id_kind", "id_number", "grade_shown", "class_shown")
    search = ("person__name", "person__name_pinyin", "person__initials")
    search_label = _("姓名、拼音或首字母；完整的学籍号、证件号、电话")
    filters = (
        choice("school", _("学校"), "school_id", parts.school_options),
        Filter("grade", _("年级"), parts.in_grade, parts.grade_options),
        choice("classroom", _("班级"), "classroom_id", parts.class_options),
        Filter(
            "status",
            _("状态"),
            in_state,
            lambda: [(value, str(label)) for value, label in STATES],
            none_label=_("在校"),
        ),
        "stage",
        "boarding",
        "sex",
        matters.national_filter(),
        "is_left_behind",
        "is_migrant_child",
        "is_orphan",
        "needs_aid",
        "disability",
    )
    order = ("school_id", "stage", "-cohort_year", "classroom_id", "person__name_pinyin")
    sort_paths = {
        "name": ("person__name_pinyin",),
        "grade": ("stage", "-cohort_year"),
        "class_name": ("school_id", "stage", "-cohort_year", "classroom__number"),
    }
    view, change, reveal = SEES_PUPILS, KEEPS, KEEPS
    reveal_domain = IDENTITY.code
    sheet = PUPILS.code
    subject_type = "people.person"
    dated = True
    new_label = _("登记学生")
    grid = Grid(
        label=_("整班填写"),
        unit_label=_("班级"),
        units=parts.classes_of,
        named=parts.class_now,
        grouped=lambda room: room.school.unit.shown_name,
        path="classroom_id",
        fixed=("name", "student_no"),
        columns=("class_no", "boarding", "is_left_behind", "phone", "address"),
        filter="classroom",
    )
    actions = (
        Action(_("留级"), "promotion-hold-back", REGISTRAR, on_row=True),
        Action(_("跳级"), "promotion-skip", REGISTRAR, on_row=True),
    )
    panels = (
        Fields("name", "sex", "born_on", "student_no", "id_kind", "id_number", "phone"),
        Fields("school", "grade", "class_name", "status", "entered_on", "boarding", "class_no", "province_no",
               "entry_mode", "source", "ended_on", "exit_reason", title=_("学籍")),
        Related(
            title=_("监护人"),
            rows=guardians_of,
            columns=(
                Column("name", _("姓名"), Name(), path="guardian__name"),
                Column("relation", _("关系"), Code("relation")),
                Column("phone", _("联系电话"), Phone(), path="guardian__phone", sealed=True, digest_kind=PHONE_SPACE),
                Column("is_guardian", _("是否监护人"), YesNo()),
            ),
            link=lambda link: parts.address("guardians", link.pk),
        ),
        Fields("is_left_behind", "is_migrant_child", "is_only_child", "had_preschool", "needs_aid", "has_boarding_aid",
               title=_("成长背景")),
        Fields("is_orphan", "is_martyr_child", "learns_in_regular_class", "disability", "health", "blood_type",
               title=_("特殊情况")),
        Dossier(person=lambda row: row.person_id),
        *matters.MATTERS,
        Fields("ethnic_group", "political_status", "nationality", "former_name", "birthplace", "native_place",
               "household_place", "household_kind", "address", "postal_code",
               title=_("户籍与住址"), aside=True),
        Related(
            title=_("就读经历"),
            rows=episodes_of,
            columns=(PLACE[0], PLACE[1], PLACE[5], PLACE[6], PLACE[7]),
            aside=True,
        ),
        Related(
            title=_("编班经历"),
            rows=seats_of,
            columns=(
                Column("named", _("班级"), Text(30)),
                Column("started_on", _("开始日期"), Date()),
                Column("ended_on", _("结束日期"), Date()),
            ),
            aside=True,
        ),
        History(),
    )  # fmt: skip

    def rows(self, on: date | None = None) -> "QuerySet[Any]":
        rows = Enrolment.objects.all()
        return rows.filter(holds_on(on, "entered_on")) if on else rows

    def within(self, rows: "QuerySet[Any]", grant: Grant) -> "QuerySet[Any]":
        scope = self.scope(grant)
        # What a person reaches in another capacity does not open here what the school has handed on.
        return rows if scope in (EVERY_UNIT, current_reach().units) else rows.filter(kept_in(scope))

    def list_notes(self, on: date | None = None) -> Sequence[str]:
        gone = moved_away_on(on, self.scope(self.view)) if on else 0
        if not gone:
            return ()
        return (
            _t("另有 %(gone)s 名当日在读、后来转出的学生，记录已随学籍转走，不列在内；县局的统计仍计入。")
            % {"gone": gone},
        )

    def by_default(self, chosen: Collection[str], on: date | None) -> Q:
        if on or "status" in chosen:
            return Q()
        return holds_on(parts.day_or_reference(on), "entered_on")

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("person", "school__unit", "classroom")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        day = parts.day_or_reference(on)
        parts.set_numbers(rows)
        seats = classes_on([row.pk for row in rows], day) if on else {}
        for row in rows:
            # After the end a pupil is shown in the grade of the last day.
            then = min(day, row.ended_on) if row.ended_on else day
            room = seats.get(row.pk) if on else row.classroom
            # Whoever stayed down or skipped since sat, on a past day, in the grade of the class of that day.
            cohort = room.cohort_year if on and room else row.cohort_year
            row.grade_shown = grade_name(row.stage, cohort, then)
            row.class_shown = class_name(room.stage, room.cohort_year, room.number, then) if room else ""

    def match(self, rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
        return rows.filter(people_found(rows, text))

    def title(self, row: Any) -> str:
        return str(row.person.name)

    def hint(self, row: Any) -> str:
        place = f"{row.school.unit.shown_name} {row.class_shown}".strip()
        return place if row.ended_on is None else f"{place}（{row.get_status_display()}）"

    def note(self, row: Any) -> str:
        return self.hint(row)

    def subjects(self, row: Any) -> Sequence[tuple[str, int]]:
        merged = remembered(("merged into", row.person_id), lambda: _merged_into(row.person_id))
        shells = (("people.person", pk) for pk in merged)
        return (("people.person", row.person_id), ("people.enrolment", row.pk), *shells)

    def record_of(self, row: Any) -> int:
        return int(row.person_id)

    def row_of(self, record: int) -> int:
        return int(Enrolment.objects.filter(person_id=record, ended_on__isnull=True).values_list("pk", flat=True)[0])

    def allows(self, grant: Grant, row: Any) -> bool:
        # What is over is corrected by reopening it, not on the form of those who are here.
        return not (grant is self.change and row.ended_on) and super().allows(grant, row)
