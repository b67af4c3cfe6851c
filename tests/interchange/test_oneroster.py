"""OneRoster: what we export keeps the rules, what breaks them is named, what comes in goes through the pupils' sheet."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from tests.cast import Cast, make_cast
from tests.factories.organisations import ClassroomFactory
from tests.factories.people import IdentifierFactory, MembershipFactory, StaffPostFactory, id_number
from xianxue.interchange import rules, selectors, services
from xianxue.interchange.fields import oneroster
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.people.models import Enrolment, Person

pytestmark = pytest.mark.postgres

Files = dict[str, bytes]
BLANK = {"manifest.version": "1.0", "oneroster.version": "1.2"}


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(date(2024, 10, 15), tick=True):
        yield make_cast()


def _county(cast: Cast) -> None:
    for number, room in enumerate((cast.first_class, cast.second_class)):
        pupil = MembershipFactory(classroom=room, enrolment__person__name=f"张小明{number}").enrolment
        IdentifierFactory(person=pupil.person, value=id_number(sequence=101 + 2 * number))
        StaffPostFactory(school=room.school, person__name=f"李老师{number}")


def _exported(cast: Cast, part: str, *, with_demographics: bool = False) -> Files:
    with in_reach(cast.reach(part)):
        return rules.unpacked(selectors.bundle(with_demographics=with_demographics, on=date(2024, 10, 15)))


def _said(files: Files) -> list[tuple[str, int, str]]:
    return [(item.file, item.line, item.field) for item in rules.read(files).findings]


def test_an_export_keeps_the_rules(cast: Cast) -> None:
    _county(cast)
    files = _exported(cast, "county_officer", with_demographics=True)
    found = rules.read(files)
    assert found.findings == []
    assert {name: len(rows) for name, rows in found.rows.items()} == {
        "academicSessions": 2,
        "orgs": 3,
        "courses": 2,
        "classes": 2,
        "users": 4,
        "roles": 4,
        "enrollments": 2,
        "demographics": 4,
    }


def test_an_export_tells_no_numbers_and_no_keys_and_is_the_same_again(cast: Cast) -> None:
    _county(cast)
    files = _exported(cast, "county_officer")
    text = b"".join(files.values()).decode()
    assert id_number(sequence=101) not in text
    assert "demographics" not in files
    ids = [row["sourcedId"] for row in rules.read(files).rows["users"]]
    assert ids == [row["sourcedId"] for row in rules.read(_exported(cast, "county_officer")).rows["users"]]
    assert all(len(one) == 36 for one in ids)


def test_a_school_exports_its_own_people(cast: Cast) -> None:
    _county(cast)
    found = rules.read(_exported(cast, "registrar"))
    assert found.findings == []
    assert sorted(row["familyName"] + row["givenName"] for row in found.rows["users"]) == ["张小明0", "李老师0"]
    assert [row["name"] for row in found.rows["orgs"]] == ["第一小学"]


def test_names_divide_as_people_divide_them() -> None:
    assert selectors.split_name("张小明") == ("张", "小明")
    assert selectors.split_name("欧阳小明") == ("欧阳", "小明")
    assert selectors.split_name("买买提·艾力") == ("买买提·艾力", "买买提·艾力")


def _csv(*lines: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def _files(tables: dict[str, list[dict[str, str]]], mode: str = "bulk") -> Files:
    spec = oneroster()
    stated = BLANK | {f"file.{name}": mode if name in tables else "absent" for name in (*spec.files, *spec.others)}
    files = {"manifest": _csv(["propertyName", "value"], *([name, value] for name, value in stated.items()))}
    for name, rows in tables.items():
        header = spec.header(name)
        files[name] = _csv(header, *([row.get(column, "") for column in header] for row in rows))
    return files


def _good(cast: Cast) -> dict[str, list[dict[str, str]]]:
    number = id_number(date(2018, 5, 1))
    return {
        "academicSessions": [
            {"sourcedId": "y", "title": "2024", "type": "schoolYear", "startDate": "2024-09-01",
             "endDate": "2025-08-31", "schoolYear": "2025"},
        ],
        "orgs": [
            {"sourcedId": "o", "name": "第一小学", "type": "school", "identifier": cast.first_primary.unit.code},
        ],
        "courses": [{"sourcedId": "k", "title": "行政班", "orgSourcedId": "o"}],
        "classes": [
            {"sourcedId": "c", "title": "一（31）班", "grades": "01", "courseSourcedId": "k", "classType": "homeroom",
             "classCode": "31", "schoolSourcedId": "o", "termSourcedIds": "y"},
        ],
        "users": [
            {"sourcedId": "u", "enabledUser": "true", "username": "u", "familyName": "周", "givenName": "小明",
             "userIds": f"{{学籍号:G{number}}},{{身份证号:{number}}}"},
            {"sourcedId": "t", "enabledUser": "true", "username": "t", "familyName": "李", "givenName": "老师"},
        ],
        "roles": [
            {"sourcedId": "r1", "userSourcedId": "u", "roleType": "primary", "role": "student", "orgSourcedId": "o"},
            {"sourcedId": "r2", "userSourcedId": "t", "roleType": "primary", "role": "teacher", "orgSourcedId": "o"},
        ],
        "enrollments": [
            {"sourcedId": "e", "classSourcedId": "c", "schoolSourcedId": "o", "userSourcedId": "u", "role": "student",
             "beginDate": "2024-09-01"},
        ],
        "demographics": [{"sourcedId": "u", "birthDate": "2018-05-01", "sex": "male"}],
    }  # fmt: skip


def test_a_good_set_is_checked_and_then_written_once(cast: Cast) -> None:
    ClassroomFactory(school=cast.first_primary, number=31)
    user = cast.users["registrar"]
    by = Actor(user.pk, user.name)
    files = _files(_good(cast))
    with in_reach(cast.reach("registrar")):
        dry = services.take_in(files, by=by)
        assert dry.findings == []
        assert (dry.mapped, dict(dry.unmapped)) == (1, {"不是学生（teacher）：只导入学生。": 1})
        assert (dry.jobs[0]["new"], dry.jobs[0]["wrong"]) == (1, 0), dry.jobs
        assert not Person.unguarded.filter(name="周小明").exists()
        written = services.take_in(files, by=by, dry_run=False)
        assert written.jobs[0]["written"] == 1
        again = services.take_in(files, by=by, dry_run=False)
    assert (again.jobs[0]["new"], again.jobs[0]["changed"]) == (0, 0)
    assert Enrolment.unguarded.get(person__name="周小明").school_id == cast.first_primary.pk
    assert Event.objects.latest("seq").via.startswith("import:")


def test_a_pupil_who_is_missing_or_marked_stays(cast: Cast) -> None:
    _county(cast)
    tables = _good(cast)
    for rows in tables.values():
        for row in rows:
            row |= {"status": "tobedeleted", "dateLastModified": "2024-10-01T00:00:00Z"}
    user = cast.users["registrar"]
    with in_reach(cast.reach("registrar")):
        report = services.take_in(_files(tables, "delta"), by=Actor(user.pk, user.name), dry_run=False)
    assert report.findings == []
    assert (report.mapped, report.jobs) == (0, [])
    assert Enrolment.unguarded.filter(ended_on=None).count() == 2


def test_faults_of_every_kind_are_named_at_once(cast: Cast) -> None:
    tables = _good(cast)
    tables["orgs"][0]["type"] = "schule"
    tables["classes"][0]["courseSourcedId"] = "nowhere"
    tables["users"][1]["sourcedId"] = "u"
    tables["roles"][1]["userSourcedId"] = "ghost"
    tables["enrollments"].append(
        {"sourcedId": "e 2", "classSourcedId": "c", "schoolSourcedId": "o", "userSourcedId": "ghost", "role": "student",
         "beginDate": "2024-9-1", "status": "active"},
    )  # fmt: skip
    assert sorted(_said(_files(tables))) == [
        ("classes", 2, "courseSourcedId"),
        ("enrollments", 3, "beginDate"),
        ("enrollments", 3, "sourcedId"),
        ("enrollments", 3, "status"),
        ("enrollments", 3, "userSourcedId"),
        ("orgs", 2, "type"),
        ("roles", 3, "userSourcedId"),
        ("users", 3, "sourcedId"),
    ]
    user = cast.users["registrar"]
    with in_reach(cast.reach("registrar")):
        report = services.take_in(_files(tables), by=Actor(user.pk, user.name), dry_run=False)
    assert (len(report.findings), report.jobs) == (8, [])


def test_a_byte_order_mark_is_borne_and_a_header_out_of_order_is_not(cast: Cast) -> None:
    files = _files(_good(cast))
    files["orgs"] = b"\xef\xbb\xbf" + files["orgs"]
    assert _said(files) == []
    head, _line, rest = files["users"].partition(b"\r\n")
    files["users"] = b"status,sourcedId" + head.removeprefix(b"sourcedId,status") + b"\r\n" + rest
    assert ("users", 1, "") in _said(files)


def test_the_manifest_must_fit_the_files(cast: Cast) -> None:
    tables = _good(cast)
    files = _files(tables)
    del files["demographics"]
    assert _said(files) == [("manifest", 0, "file.demographics")]
    mixed = _files(tables)
    mixed["manifest"] = mixed["manifest"].replace(b"file.demographics,bulk", b"file.demographics,delta")
    assert ("manifest", 0, "") in _said(mixed)
    assert _said({}) == [("manifest", 0, "")]
    empty = _files(tables | {"demographics": []})
    assert _said(empty) == [("demographics", 0, "")]


def test_a_file_that_is_no_zip_is_refused() -> None:
    with pytest.raises(Refused):
        rules.unpacked(b"no zip")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("manifest.csv", "x")
    assert rules.unpacked(packed.getvalue()) == {"manifest": b"x"}
