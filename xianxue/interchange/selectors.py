"""The county's roster as OneRoster rows: what the reach now in force sees, under ids that tell nothing."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from xianxue.interchange.fields import HEAD, oneroster
from xianxue.kernel.crypto import digest
from xianxue.organisations.choices import SCHOOL_KINDS, Stage, UnitKind
from xianxue.organisations.models import Classroom, Term, Unit, grade_of_cohort
from xianxue.organisations.selectors import reference_day
from xianxue.people.choices import Post
from xianxue.people.models import Enrolment, StaffPost

ORG_KINDS = {
    UnitKind.COUNTY: "district",
    UnitKind.CITY: "local",
    UnitKind.PROVINCE: "state",
    UnitKind.OFFICE: "department",
} | dict.fromkeys(SCHOOL_KINDS, "school")
# Grades as CEDS numbers them, from which OneRoster takes its codes; our stages count from 1 each.
FIRST_GRADE = {Stage.PRIMARY: 1, Stage.JUNIOR: 7, Stage.SENIOR: 10, Stage.VOCATIONAL: 10}
SEXES = {"1": "male", "2": "female"}
COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "司徒",
    "长孙",
    "宇文",
    "端木",
)
Row = dict[str, Any]


def guid(kind: str, pk: object) -> str:
    """A stable id: the same at every export of this house, guessable by nobody who lacks its digest key."""
    text = digest("oneroster", f"{kind}:{pk}")
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def grade_code(stage: str, cohort_year: int, day: date) -> str:
    """`01` to `12`, `PK` before school, `UG` where grades are not counted or the class has left."""
    if stage == Stage.KINDERGARTEN:
        return "PK"
    first = FIRST_GRADE.get(Stage(stage))
    grade = grade_of_cohort(cohort_year, day)
    return f"{first + grade - 1:02d}" if first and 1 <= grade <= 6 else "UG"


def split_name(name: str) -> tuple[str, str]:
    """(family name, given name); a name that does not divide stands in both, for both are required."""
    size = 2 if name.startswith(COMPOUND) and len(name) > 2 else 1
    return (name, name) if len(name) < 2 or "·" in name else (name[:size], name[size:])


def bundle(*, with_demographics: bool = False, on: date | None = None) -> bytes:
    """The whole roster as a zip in bulk mode. Birth dates and sex only where asked for: most receivers need neither."""
    day = on or reference_day()
    terms = list(Term.objects.filter(starts_on__lte=day, year__ends_on__gte=day).select_related("year"))
    rooms = list(Classroom.objects.select_related("unit").filter(unit__closed_on__isnull=True).order_by("pk"))
    pupils = list(_pupils(day, {room.pk for room in rooms}))
    staff = list(_staff(day))
    people = _people(pupils, staff)
    tables: dict[str, list[Row]] = {
        "academicSessions": list(_sessions(terms)),
        "orgs": list(_orgs()),
        "courses": list(_courses(rooms)),
        "classes": list(_classes(rooms, terms, day)),
        "users": list(_users(people)),
        "roles": list(_roles(pupils, staff)),
        "enrollments": list(_enrollments(pupils)),
        "demographics": list(_demographics(people)) if with_demographics else [],
    }
    return _zipped(tables)


def _pupils(day: date, rooms: set[int]) -> Iterator[Enrolment]:
    here = Enrolment.objects.filter(entered_on__lte=day).exclude(ended_on__lt=day).select_related("person")
    return (item for item in here.order_by("pk") if item.classroom_id is None or item.classroom_id in rooms)


def _staff(day: date) -> Iterable[StaffPost]:
    here = StaffPost.objects.filter(started_on__lte=day).exclude(ended_on__lt=day)
    return here.select_related("person").order_by("pk")


def _people(pupils: list[Enrolment], staff: list[StaffPost]) -> dict[int, tuple[Any, int]]:
    """Person and first school by primary key: somebody with two posts is one user."""
    found: dict[int, tuple[Any, int]] = {}
    episodes: list[Any] = [*pupils, *staff]
    for item in episodes:
        found.setdefault(item.person_id, (item.person, item.school_id))
    return found


def _sessions(terms: list[Term]) -> Iterator[Row]:
    for year in {term.year_id: term.year for term in terms}.values():
        yield _session("year", year, "schoolYear", "", year.start_year + 1)
    for term in terms:
        yield _session("term", term, "semester", guid("year", term.year_id), term.year.start_year + 1)


def _session(kind: str, item: Any, type_: str, parent: str, year: int) -> Row:
    return {
        "sourcedId": guid(kind, item.pk),
        "title": str(item),
        "type": type_,
        "startDate": item.starts_on,
        "endDate": item.ends_on,
        "parentSourcedId": parent,
        # OneRoster names a school year after the calendar year in which it ends.
        "schoolYear": year,
    }


def _orgs() -> Iterator[Row]:
    units = list(Unit.objects.filter(kind__in=ORG_KINDS, closed_on__isnull=True).order_by("path"))
    known = {unit.pk for unit in units}
    for unit in units:
        yield {
            "sourcedId": guid("org", unit.pk),
            "name": unit.name,
            "type": ORG_KINDS[UnitKind(unit.kind)],
            "identifier": unit.code,
            "parentSourcedId": guid("org", unit.parent_id) if unit.parent_id in known else "",
        }


def _courses(rooms: list[Classroom]) -> Iterator[Row]:
    """One course a school, the form class itself: which subjects are taught to whom is not on record."""
    for school in sorted({room.school_id for room in rooms}):
        yield {"sourcedId": guid("course", school), "title": "行政班", "orgSourcedId": guid("org", school)}


def _classes(rooms: list[Classroom], terms: list[Term], day: date) -> Iterator[Row]:
    sessions = ",".join(guid("term", term.pk) for term in terms)
    for room in rooms:
        yield {
            "sourcedId": guid("class", room.pk),
            "title": room.name_on(day),
            "grades": grade_code(room.stage, room.cohort_year, day),
            "courseSourcedId": guid("course", room.school_id),
            "classCode": str(room.number),
            "classType": "homeroom",
            "location": room.room,
            "schoolSourcedId": guid("org", room.school_id),
            "termSourcedIds": sessions,
        }


def _users(people: dict[int, tuple[Any, int]]) -> Iterator[Row]:
    for pk, (person, school) in people.items():
        family, given = split_name(person.name)
        yield {
            "sourcedId": guid("person", pk),
            "enabledUser": "true",
            # Required, and ours have none to give away: opaque as well.
            "username": guid("person", pk),
            "givenName": given,
            "familyName": family,
            "primaryOrgSourcedId": guid("org", school),
        }


def _roles(pupils: list[Enrolment], staff: list[StaffPost]) -> Iterator[Row]:
    ranked: set[int] = set()
    episodes: list[tuple[str, Any]] = [*(("pupil", one) for one in pupils), *(("post", one) for one in staff)]
    for kind, item in episodes:
        yield {
            "sourcedId": guid(f"role-{kind}", item.pk),
            "userSourcedId": guid("person", item.person_id),
            "roleType": "secondary" if item.person_id in ranked else "primary",
            "role": "student" if kind == "pupil" else _role_of(item),
            "orgSourcedId": guid("org", item.school_id),
        }
        ranked.add(item.person_id)


def _role_of(item: Any) -> str:
    if item.post == Post.HEAD:
        return "principal"
    return "teacher" if item.is_full_time_teacher else "aide"


def _enrollments(pupils: list[Enrolment]) -> Iterator[Row]:
    for item in pupils:
        if item.classroom_id is not None:
            yield {
                "sourcedId": guid("enrolment", item.pk),
                "classSourcedId": guid("class", item.classroom_id),
                "schoolSourcedId": guid("org", item.school_id),
                "userSourcedId": guid("person", item.person_id),
                "role": "student",
                "primary": "false",
                "beginDate": item.entered_on,
            }


def _demographics(people: dict[int, tuple[Any, int]]) -> Iterator[Row]:
    for pk, (person, _school) in people.items():
        sex = SEXES.get(person.sex, "unspecified")
        yield {"sourcedId": guid("person", pk), "birthDate": person.born_on or "", "sex": sex}


def _zipped(tables: dict[str, list[Row]]) -> bytes:
    spec, target = oneroster(), io.BytesIO()
    present = {name: rows for name, rows in tables.items() if rows}
    stated = {**spec.versions}
    stated |= {f"file.{name}": "bulk" if name in present else "absent" for name in (*spec.files, *spec.others)}
    stated |= {"source.systemName": "县学", "source.systemCode": "xianxue"}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", _written([("propertyName", "value"), *stated.items()]))
        for name, rows in present.items():
            header = [*HEAD, *(item.name for item in spec.files[name])]
            lines = [header, *([str(row.get(column, "")) for column in header] for row in rows)]
            archive.writestr(f"{name}.csv", _written(lines))
    return target.getvalue()


def _written(lines: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue()
