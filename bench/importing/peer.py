"""django-import-export doing the same job, as its manual shows: a resource with hooks, a dry run, then the import.

It is given every help that its users give it: schools, classes and codes are looked up in memory, numbers by their
digest. It writes no history and knows no reach; the sealing of numbers is the models' own.
"""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource

from xianxue.demo.fields import headings
from xianxue.kernel import sheets
from xianxue.kernel.access import whole_county
from xianxue.kernel.columns import Code
from xianxue.kernel.crypto import digest
from xianxue.organisations.models import Classroom, School
from xianxue.organisations.rules import cohort_of_grade, grade_of_code
from xianxue.organisations.selectors import code_table, reference_day
from xianxue.people.choices import EnrolmentStatus, IdentifierKind
from xianxue.people.models import ClassMembership, Enrolment, GuardianLink, Identifier, Person
from xianxue.people.rules import (
    DOCUMENT_SPACE,
    PHONE_SPACE,
    STUDENT_SPACE,
    birth_date_conflict,
    id_number_fault,
    name_initials,
    name_pinyin,
    sex_conflict,
    student_number_fault,
)
from xianxue.people.services.pupils.fields import ENROLMENT, PERSON

OWN = tuple(stored.name for stored in PERSON)
KEPT = tuple(stored.name for stored in ENROLMENT)
FLAGS = {stored.name for stored in ENROLMENT if stored.kind == "flag"}
Row = dict[str, Any]


class PupilResource(ModelResource):
    """One row: a pupil with numbers, enrolment, class and two guardians."""

    school_id = Field(attribute="school_id", column_name="school_id")
    person_id = Field(attribute="person_id", column_name="person_id")
    classroom_id = Field(attribute="classroom_id", column_name="classroom_id")

    class Meta:
        model = Enrolment
        fields = ("person_id", "school_id", "classroom_id", "stage", "cohort_year", "status", *KEPT)
        import_id_fields: tuple[str, ...] = ()
        skip_unchanged = True
        report_skipped = True

    def before_import(self, dataset: Any, **_kwargs: Any) -> None:
        """Name the columns as the models do, and load what every row asks for."""
        names = {label: name for name, label in headings("pupils").items()}
        dataset.headers = [names[header] for header in dataset.headers]
        columns = sheets.get("pupils").columns
        self.codes = {c.name: code_table(c.type.list_code).spellings for c in columns if isinstance(c.type, Code)}
        self.schools = dict(School.unguarded.values_list("unit__code", "pk"))
        rooms = Classroom.unguarded.values_list("school_id", "stage", "cohort_year", "number", "pk")
        self.rooms = {room[:4]: room[4] for room in rooms}
        self.day = reference_day()

    def before_import_row(self, row: Row, **_kwargs: Any) -> None:
        """Understand and check the cells; find or make the person."""
        for name, value in list(row.items()):
            row[name] = self._understood(name, value)
        self._check(row)
        stage, grade = grade_of_code(row["grade"])
        row["stage"], row["cohort_year"] = stage, cohort_of_grade(grade, self.day)
        row["status"] = EnrolmentStatus.ACTIVE
        row["school_id"] = self.schools[row["school"]]
        row["classroom_id"] = self.rooms[row["school_id"], stage, row["cohort_year"], int(row["class_number"])]
        row["person_id"] = self._person(row).pk

    def _understood(self, name: str, value: Any) -> Any:
        if name in FLAGS or name.endswith("is_guardian"):
            return {"是": True, "否": False}.get(value)
        if isinstance(value, datetime):
            return value.date()
        if value is None:
            return None if name == "born_on" else ""
        # Its reader gives every number of a workbook as a float.
        text = str(int(value)) if isinstance(value, float) else str(value).strip()
        if name in self.codes and text:
            if text not in self.codes[name]:
                raise ValidationError({name: f"{text}?"})
            return self.codes[name][text]
        return text

    def _check(self, row: Row) -> None:
        number = row["id_number"]
        fault = student_number_fault(row["student_no"]) if row["student_no"] else None
        if number and row["id_kind"] == IdentifierKind.ID_CARD:
            fault = fault or id_number_fault(number)
            if birth_date_conflict(number, row["born_on"]) or sex_conflict(number, row["sex"]):
                fault = fault or "ID number against birth date or sex"
        if fault:
            raise ValidationError(fault)

    def _person(self, row: Row) -> Person:
        known = _owner(STUDENT_SPACE, row["student_no"]) or _owner(DOCUMENT_SPACE, row["id_number"])
        values = {name: row[name] for name in OWN} | _derived(row["name"], row["phone"])
        if known:
            _save_changed(known, values)
            return known
        person = Person.unguarded.create(**values)
        _add_number(person, IdentifierKind.STUDENT_NO, STUDENT_SPACE, row["student_no"])
        _add_number(person, row["id_kind"] or IdentifierKind.ID_CARD, DOCUMENT_SPACE, row["id_number"])
        return person

    def get_instance(self, _instance_loader: Any, row: Row) -> Enrolment | None:
        """The open enrolment of the person."""
        return Enrolment.unguarded.filter(person_id=row["person_id"], ended_on__isnull=True).first()

    def after_save_instance(self, instance: Enrolment, row: Row, **_kwargs: Any) -> None:
        """Class membership and guardians."""
        ClassMembership.unguarded.get_or_create(
            enrolment=instance,
            classroom_id=row["classroom_id"],
            ended_on=None,
            defaults={"started_on": instance.entered_on},
        )
        for order in (1, 2):
            if row[f"guardian{order}_name"]:
                _link(instance.person_id, order, row)


def _link(pupil_id: int, order: int, row: Row) -> None:
    head = f"guardian{order}_"
    number, name = row[head + "id_number"], row[head + "name"]
    values = {"name": name} | _derived(name, row[head + "phone"])
    guardian = _owner(DOCUMENT_SPACE, number)
    if guardian:
        _save_changed(guardian, values)
    else:
        guardian = Person.unguarded.create(**values)
        _add_number(guardian, IdentifierKind.ID_CARD, DOCUMENT_SPACE, number)
    facts = {"guardian": guardian, "relation": row[head + "relation"], "is_guardian": row[head + "is_guardian"]}
    GuardianLink.unguarded.update_or_create(pupil_id=pupil_id, order=order, defaults=facts)


def _derived(name: str, phone: str) -> Row:
    return {
        "name_pinyin": name_pinyin(name),
        "initials": name_initials(name),
        "phone": phone,
        "phone_digest": digest(PHONE_SPACE, phone) if phone else "",
    }


def _owner(space: str, number: str) -> Person | None:
    if not number:
        return None
    found = Identifier.unguarded.select_related("person").filter(digest=digest(space, number), valid_to__isnull=True)
    number_of = found.first()
    return number_of.person if number_of else None


def _add_number(person: Person, kind: str, space: str, number: str) -> None:
    if number:
        Identifier.unguarded.create(person=person, kind=kind, value=number, digest=digest(space, number))


def _save_changed(instance: Model, values: Row) -> None:
    changed = [name for name, value in values.items() if getattr(instance, name) != value]
    if changed:
        for name in changed:
            setattr(instance, name, values[name])
        instance.save(update_fields=changed)


def run(workbook: Path) -> Row:
    """Dry run, confirm: as the peer's admin does it, each reading the file. Returns seconds and rows."""
    start = time.perf_counter()
    spent = time.process_time()
    with whole_county("bench"):
        tried = PupilResource().import_data(XLSX().create_dataset(workbook.read_bytes()), dry_run=True)
        _stop_on_errors(tried)
        dry = time.perf_counter() - start
        dataset = XLSX().create_dataset(workbook.read_bytes())
        done = PupilResource().import_data(dataset, dry_run=False, retain_instance_in_row_result=True)
        _stop_on_errors(done)
    seconds = time.perf_counter() - start
    return {"peer": seconds, "peer.cpu": time.process_time() - spent, "peer.dry": dry, "rows": done.totals["new"]}


def _stop_on_errors(result: Any) -> None:
    for number, errors in result.row_errors()[:1]:
        raise SystemExit(f"The peer failed in row {number}: {errors[0].error!r}\n{errors[0].traceback}")
    for invalid in result.invalid_rows[:1]:
        raise SystemExit(f"The peer refused row {invalid.number}: {invalid.error}")
