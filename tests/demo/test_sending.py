"""The small county goes in through the import door: every row arrives, and of the planted errors all are found."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from tests.demo.conftest import SMALL
from xianxue.accounts.models import Posting, User
from xianxue.aid.models import AidGrant
from xianxue.demo.cast import appoint
from xianxue.demo.dirt import ERROR
from xianxue.demo.manifest import Manifest
from xianxue.demo.people import matters, transfers
from xianxue.demo.plan import load
from xianxue.demo.sending import Sent, send
from xianxue.kernel.access import all_roles, system_actor, whole_county
from xianxue.kernel.indicators import year_period
from xianxue.kernel.indicators.registry import by_figure
from xianxue.kernel.indicators.services import gather, value_of
from xianxue.kernel.procedures.models import Matter
from xianxue.kernel.sheets import files, imports
from xianxue.organisations.models import Classroom, School, Unit
from xianxue.people.models import Enrolment, GuardianLink, StaffPost
from xianxue.projects.models import CapitalProject
from xianxue.supervision.board import late_todos

# What a test writes is taken back after it, inside the county that stays for the module.
pytestmark = pytest.mark.django_db
BY = system_actor("demo")
FIVE = ("aid_grants", "aid_amount_yuan", "capital_projects", "livelihood_projects", "new_school_places")
# Kind of planted error: the problem that the door reports, and where.
FOUND_AS = {
    "id_became_float": {("id_number", "P104")},
    "wrong_check_digit": {("id_number", "P105")},
    "birth_date_contradicts": {("born_on", "P311")},
    "unknown_ethnic_group": {("ethnic_group", "P201")},
    "unknown_class": {("class_number", "P515")},
    "unknown_grade": {("grade", "P201")},
    "name_missing": {("name", "P100")},
    "same_pupil_twice": {("student_no", "P402"), ("id_number", "P402")},
}


@dataclass(frozen=True)
class Arrived:
    """What was sent, and what became of it; the reach of the whole county is set while it is looked at."""

    manifest: Manifest
    sent: Sent


@pytest.fixture(scope="module")
def arrived(sent: Manifest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Arrived]:
    """The small county in the database, taken back after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic(), whole_county("tests"):
        plan = load("wanzai", scale=SMALL)
        result = send(sent, plan, by=BY, say=lambda _line: None)
        appoint(plan, by=BY)
        yield Arrived(sent, result)
        transaction.set_rollback(True)


def test_no_file_but_the_spoiled_ones_has_errors(arrived: Arrived) -> None:
    assert arrived.sent.failed == []
    assert set(arrived.sent.spoiled_jobs) == {file.path for file in arrived.manifest.files if file.dirty}


def test_every_row_arrives(arrived: Arrived) -> None:
    expected = arrived.manifest.expected
    assert School.objects.count() == expected["schools"]
    assert Classroom.objects.count() == expected["classes"]
    assert StaffPost.objects.count() == expected["staff"]
    assert Enrolment.objects.count() == expected["pupils"]
    assert CapitalProject.objects.count() == expected["projects"]
    assert AidGrant.objects.filter(paid_on__year=2024).count() == expected["aid_grants"]
    assert sum(AidGrant.objects.filter(paid_on__year=2024).values_list("amount_fen", flat=True)) == expected["aid_fen"]


def test_every_pupil_sits_in_a_class_and_siblings_have_one_guardian(arrived: Arrived) -> None:
    assert not Enrolment.objects.filter(classroom=None).exists()
    guardians = set(GuardianLink.objects.values_list("guardian_id", flat=True))
    assert len(guardians) == arrived.manifest.expected["guardians"]


def test_all_planted_errors_are_found_and_none_invented(arrived: Arrived) -> None:
    for path, job in arrived.sent.spoiled_jobs.items():
        problems = files.read_frame(job, files.PROBLEMS).filter(pl.col("code").str.starts_with("P"))
        planted = [entry for entry in arrived.manifest.planted if entry.file == path and entry.expect == ERROR]
        expected = {
            (row, *cell)
            for entry in planted
            for row in filter(None, (entry.row, entry.twin_row))
            for cell in FOUND_AS[entry.kind]
        }
        assert set(problems.select("row", "column", "code").iter_rows()) == expected


@pytest.mark.parametrize("sheet", ["schools", "classes", "staff", "pupils", "aid_grants", "projects"])
def test_the_same_files_again_change_nothing(arrived: Arrived, sheet: str) -> None:
    folder, again = arrived.manifest.folder, [file for file in arrived.manifest.files if file.sheet == sheet]
    for file in [file for file in again if not file.dirty][:3]:
        report = imports.run([folder / file.path], by=BY, dry_run=True)["jobs"][0]
        assert (report["new"], report["changed"], report["same"]) == (0, 0, file.rows)


def test_every_role_has_somebody_to_sign_in_as(arrived: Arrived) -> None:
    assert set(Posting.objects.values_list("role", flat=True)) == set(all_roles())
    assert set(User.objects.filter(is_demo=True).values_list("must_change_password", flat=True)) == {False}


def test_appointing_twice_appoints_once(arrived: Arrived) -> None:
    before = User.objects.count()
    appoint(load("wanzai", scale=SMALL), by=BY)
    assert User.objects.count() == before


def test_the_county_stands_below_its_city_and_province(arrived: Arrived) -> None:
    county = Unit.objects.get(code=load("wanzai").code)
    assert county.parent.parent.parent is None
    assert Unit.objects.filter(path__startswith=county.path, kind="class").count() == Classroom.objects.count()


def _published() -> dict[str, object]:
    """The five published figures of the county."""
    year = year_period(2024)
    found = {item.figure: value_of(gather(item, year)).number for item in by_figure().values()}
    return {name: found[name] for name in FIVE}


def test_matters_are_made_once_in_several_states_some_late_and_change_no_published_figure(arrived: Arrived) -> None:
    before = _published()
    transfers.walk_all(lambda _line: None)
    assert matters.run_all(lambda _line: None) == len(matters.RUNS) == 16
    assert matters.run_all(lambda _line: None) == 16
    rows = Matter.objects.filter(procedure__in=matters.CODES)
    states = {code: set(rows.filter(procedure=code).values_list("state", flat=True)) for code in matters.CODES}
    assert states == {
        "people.drop_out": {"raised", "visited", "escalated", "closed"},
        "people.graduation": {"listed", "submitted"},
        "people.key_facts": {"opened", "agreed", "done", "lacking", "refused"},
        "people.suspension": {"opened", "agreed", "suspended", "returned"},
    }
    late = late_todos(timezone.localdate()).values_list("matter__procedure", flat=True)
    assert set(late) >= set(matters.CODES)
    assert _published() == before
