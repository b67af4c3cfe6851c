"""The register of guardians: whom a school may call for which pupil."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import EVERY_UNIT, Grant
from xianxue.kernel.columns import Code, Column, Name, Text, YesNo
from xianxue.kernel.columns.types.identity import DocumentNumber, Phone
from xianxue.kernel.resources import Fields, History, Register, Related, register
from xianxue.organisations.models import class_name
from xianxue.people.access import KEEPS, SEES_PUPILS
from xianxue.people.models import Enrolment, GuardianLink
from xianxue.people.resources import parts
from xianxue.people.resources.domains import IDENTITY
from xianxue.people.rules import DOCUMENT_SPACE, PHONE_SPACE
from xianxue.people.selectors import last_enrolments, numbers_shown, people_found

PUPIL = (
    Column("pupil", _("学生"), Name(), path="pupil__name"),
    Column("relation", _("关系"), Code("relation")),
    Column("school", _("学校"), Text(60), path="school_shown"),
    Column("class_name", _("班级"), Text(30), path="class_shown"),
)


def wards_of(row: GuardianLink) -> Sequence[GuardianLink]:
    """The pupils in reach of whom the person is guardian."""
    links = GuardianLink.objects.filter(guardian_id=row.guardian_id).select_related("pupil").order_by("pupil_id")
    found = list(links)
    set_places(found)
    return found


def set_places(links: Sequence[Any]) -> None:
    """Set `school_shown` and `class_shown` from the last enrolment of each pupil. One query."""
    places = last_enrolments([link.pupil_id for link in links])
    day = parts.day_or_reference(None)
    for link in links:
        place = places.get(link.pupil_id)
        room = place.classroom if place else None
        link.enrolment_id = place.pk if place else None
        link.school_shown = place.school.unit.shown_name if place else ""
        link.class_shown = class_name(room.stage, room.cohort_year, room.number, day) if room else ""


@register
class GuardianRegister(Register):
    """Links between guardians and pupils: a guardian of two children stands here twice."""

    code, model, label, counter = "guardians", GuardianLink, _("监护人"), _("人次")
    system, menu_order = "pupils", 50
    columns = (
        Column("name", _("监护人姓名"), Name(), path="guardian__name"),
        Column("phone", _("联系电话"), Phone(), path="guardian__phone", sealed=True, digest_kind=PHONE_SPACE),
        *PUPIL,
        Column("is_guardian", _("是否监护人"), YesNo()),
        Column("id_number", _("证件号"), DocumentNumber(), sealed=True, digest_kind=DOCUMENT_SPACE),
    )
    list_columns = ("name", "relation", "phone", "pupil", "school", "class_name", "is_guardian")
    annotations = ("id_number", "school_shown", "class_shown")
    search = ("guardian__name", "guardian__name_pinyin", "guardian__initials")
    search_label = _("姓名、拼音或首字母；完整的证件号、电话")
    filters = ("relation", "is_guardian")
    order = ("pupil_id", "order")
    sort_paths = {"name": ("guardian__name_pinyin",), "pupil": ("pupil__name_pinyin",)}
    unit_paths = ()
    view, reveal = SEES_PUPILS, KEEPS
    reveal_domain = IDENTITY.code
    subject_type = "people.guardianlink"
    panels = (
        Fields("name", "phone", "id_number"),
        Related(title=_("所监护的学生"), rows=wards_of, columns=PUPIL,
                link=lambda link: parts.address("pupils", link.enrolment_id)),
        History(),
    )  # fmt: skip

    def within(self, rows: "QuerySet[Any]", grant: Grant) -> "QuerySet[Any]":
        scope = self.scope(grant)
        if scope == EVERY_UNIT:
            return rows
        pupils = Enrolment.objects.filter(scope.q(*Enrolment.reach_fields))
        return rows.filter(pupil_id__in=pupils.order_by().values("person_id"))

    def by_default(self, chosen: Collection[str], on: date | None) -> Q:
        return Q()

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("guardian", "pupil")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        set_places(rows)
        documents, _students = numbers_shown([row.guardian_id for row in rows])
        for row in rows:
            row.id_number = documents.get(row.guardian_id, ("", ""))[1]

    def match(self, rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
        return rows.filter(people_found(rows, text, "guardian__"))

    def title(self, row: Any) -> str:
        return str(row.guardian.name)

    def hint(self, row: Any) -> str:
        return f"{row.pupil.name} · {row.school_shown} {row.class_shown}".strip()

    def note(self, row: Any) -> str:
        return self.hint(row)

    def subjects(self, row: Any) -> Sequence[tuple[str, int]]:
        return (("people.guardianlink", row.pk), ("people.person", row.pupil_id))

    def unit_of(self, row: Any) -> int | None:
        place = last_enrolments([row.pupil_id]).get(row.pupil_id)
        return place.school_id if place else None
