"""Ways around the masks: what pages hide must not leave by another door."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from tests.factories.people import IdentifierFactory, MembershipFactory, PersonFactory, id_number
from tests.people.transferring import NAME, NUMBER, Scene, make_scene, noon, papers
from tests.people.workbooks import ROW, sent
from tests.people.workbooks import checked as imported
from xianxue.kernel import restricted, sheets
from xianxue.kernel.access import whole_county
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.procedures import notices
from xianxue.kernel.procedures.models import SUBJECT_TYPE
from xianxue.kernel.restricted.models import Opening, ReadRecord
from xianxue.kernel.restricted.services import open_domain
from xianxue.kernel.sheets import files, imports
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.single import marks_of, present
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import ClassMembership, Enrolment
from xianxue.people.procedures import KeyFacts, TransferCorrection

pytestmark = pytest.mark.django_db
OTHER = id_number(noon(2015, 9, 1).date(), sequence=9)


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    settings.VAR_DIR = tmp_path / "var"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
    (tmp_path / "files").mkdir()
    with time_machine.travel(noon(2024, 10, 14), tick=False):
        yield make_scene()


def open_for(scene: Scene, part: str, domain: str = "identity") -> None:
    scene.act(part, open_domain, restricted.get(domain), purpose="business")


def changed_number(scene: Scene) -> Any:
    """A matter whose events hold the child's old and new identity number."""
    change = scene.act(
        "registrar", KeyFacts.open_change.run, enrolment=scene.old, cause="mistake", cells={"id_number": OTHER},
        papers=papers("evidence"),
    )  # fmt: skip
    scene.act("head", KeyFacts.agree.run, change)
    scene.act("county_officer", KeyFacts.approve.run, change)
    return change.matter


def payloads(answer: Any) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        return pack.read("payloads.jsonl").decode()


@pytest.mark.parametrize("part", ["head", "auditor", "director"])
def test_a_pack_gives_no_number_to_who_may_not_read_it(scene: Scene, part: str) -> None:
    matter = changed_number(scene)
    answer = scene.cast.client(part).post(f"/matters/{matter.pk}/evidence.zip")
    assert answer.status_code == 422
    assert "您没有查阅权限" in answer.content.decode()
    assert OTHER not in answer.content.decode()


def test_a_pack_with_numbers_needs_a_purpose_and_is_noted(scene: Scene) -> None:
    matter = changed_number(scene)
    client = scene.cast.client("registrar")
    asked = client.post(f"/matters/{matter.pk}/evidence.zip")
    assert asked.headers["Location"].startswith("/registers/restricted/identity/open/")
    open_for(scene, "registrar")
    assert OTHER in payloads(client.post(f"/matters/{matter.pk}/evidence.zip"))
    noted = ReadRecord.unguarded.get()
    assert (noted.subject_type, noted.subject_id, noted.user_id) == (
        "people.person", scene.child.pk, scene.cast.users["registrar"].pk,
    )  # fmt: skip


def test_a_pack_without_hidden_values_needs_no_purpose(scene: Scene) -> None:
    transfer = scene.walk(scene.open())
    answer = scene.cast.client("other_head").post(f"/matters/{transfer.matter_id}/evidence.zip")
    assert [json.loads(line)["seq"] for line in payloads(answer).splitlines()]
    assert not ReadRecord.unguarded.exists()


def classmate(scene: Scene) -> Enrolment:
    """Another child of the old school, of whom one happens to know the hidden facts."""
    person = PersonFactory(name="李知名")
    number = id_number(noon(2015, 9, 2).date(), sequence=11)
    IdentifierFactory(person=person, kind=IdentifierKind.STUDENT_NO, value=f"G{number}")
    seat = MembershipFactory(
        classroom=scene.cast.first_class, enrolment__person=person,
        enrolment__cohort_year=scene.cast.first_class.cohort_year, enrolment__is_orphan=True,
    )  # fmt: skip
    made: Enrolment = seat.enrolment
    return made


def orphan(scene: Scene) -> None:
    Enrolment.unguarded.filter(pk=scene.old.pk).update(is_orphan=True)


def test_marks_of_the_form_do_not_tell_that_two_children_have_the_same_hidden_fact(scene: Scene) -> None:
    orphan(scene)
    other, sheet = classmate(scene), sheets.get("pupils")
    with whole_county("test"):
        mine, theirs = (marks_of(sheet, present(sheet, pk)) for pk in (scene.child.pk, other.person_id))
    assert not set(mine.values()) & set(theirs.values())


def test_the_form_does_not_write_unseen_what_is_restricted(scene: Scene) -> None:
    orphan(scene)
    client, href = scene.cast.client("registrar"), reverse("pupils-edit", args=(scene.old.pk,))

    def save() -> None:
        form = client.get(href).context["page"].form
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        answer = client.post(href, {**data, "is_orphan": "0", "confirmed": "1", "seen": json.dumps(data["seen"])})
        assert answer.status_code == 302, answer.context["page"].form.errors

    save()
    assert Enrolment.unguarded.get(pk=scene.old.pk).is_orphan
    open_for(scene, "registrar", "special")
    save()
    assert Enrolment.unguarded.get(pk=scene.old.pk).is_orphan is False


def checked(scene: Scene, folder: Path, **cells: str) -> ImportJob:
    """A workbook of the old school with the child and these columns, checked and not written."""
    row = {"学籍号": NUMBER, "姓名": NAME, "学校标识码": scene.cast.first_primary.unit.code, **cells}
    file = folder / "名单.csv"
    file.write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf-8-sig")
    (report,) = scene.act("registrar", imports.run, [file], dry_run=True)["jobs"]
    assert (report["refused"], report["wrong"]) == ("", 0)
    return ImportJob.objects.get(pk=report["job"])


@pytest.mark.parametrize(("guess", "outcome"), [("是", "same"), ("否", "changed")])
def test_an_import_does_not_tell_by_its_differences_what_is_restricted(
    scene: Scene, tmp_path: Path, guess: str, outcome: str
) -> None:
    orphan(scene)
    job = checked(scene, tmp_path / "files", 是否孤儿=guess)
    assert job.count(outcome) == 1
    client, page = scene.cast.client("registrar"), reverse("import-job", args=(job.pk,))
    assert not client.get(page).context["page"].changes
    for href in (f"{page}rows/?outcome={outcome}", f"{page}changes/", reverse("import-returned", args=(job.pk,))):
        assert client.get(href).headers["Location"].startswith("/registers/restricted/special/open/"), href
    assert not ReadRecord.unguarded.exists()
    open_for(scene, "registrar", "special")
    assert NAME in client.get(f"{page}rows/?outcome={outcome}").content.decode()
    assert ReadRecord.unguarded.get().people == 1


def test_pages_of_an_old_import_do_not_show_a_child_whose_file_has_gone(scene: Scene, tmp_path: Path) -> None:
    job = sent(scene, tmp_path / "files", {
        "student_no": NUMBER, "name": NAME, "sex": "男", "born_on": "2015-09-01", "id_number": NUMBER[1:],
        "grade": "一年级", "class_number": "1", "entered_on": "2024-09", "address": "旧县城东街 1 号",
    })  # fmt: skip
    assert (job.count("changed"), files.exists(job.pk, files.ROWS)) == (1, True)
    client, page = scene.cast.client("registrar"), reverse("import-job", args=(job.pk,))
    hrefs = (page, f"{page}rows/?outcome=changed", f"{page}changes/")
    assert all("旧县城东街" in client.get(href).content.decode() for href in hrefs)
    scene.walk(scene.open())
    for href in hrefs:
        text = client.get(href).content.decode()
        assert "记录已不在您的名册中" in text
        assert NAME not in text
        assert "旧县城东街" not in text


def test_a_row_that_made_the_child_is_not_shown_either_once_the_file_has_gone(scene: Scene, tmp_path: Path) -> None:
    number = f"G{id_number(date(2015, 9, 1), sequence=47)}"
    row = {"student_no": number, "name": "孙小来", "id_number": number[1:], "address": "新县城西街 2 号"}
    kept = f"G{id_number(date(2015, 9, 1), sequence=49)}"
    stays = {"student_no": kept, "name": "吴小留", "id_number": kept[1:]}
    job, report = imported(scene, tmp_path / "files", ROW | row, ROW | stays)
    assert (report["wrong"], job.count("new")) == (0, 2)
    client, page = scene.cast.client("registrar"), reverse("import-job", args=(job.pk,))
    rows = f"{page}rows/?outcome=new"
    before, sheet = client.get(rows).content.decode(), returned(client, job)
    assert ("孙小来" in before, "新县城西街" in before, "孙小来" in sheet, number in sheet) == (True, True, True, True)
    scene.walk(scene.open(number=number, name="孙小来"))
    text, sheet = client.get(rows).content.decode(), returned(client, job)
    assert ("记录已不在您的名册中" in text, "吴小留" in text, "吴小留" in sheet, kept in sheet) == (
        True,
        True,
        True,
        True,
    )
    for told in ("孙小来", "新县城西街", number[-6:]):
        assert told not in text
        assert told not in sheet


def test_rows_that_made_no_record_are_what_the_sender_wrote(scene: Scene, tmp_path: Path) -> None:
    numbers = [f"G{id_number(date(2015, 9, 1), sequence=at)}" for at in (51, 53, 55)]
    names = ("孙小一", "孙小二", "孙小三")
    rows = [{"student_no": one, "name": name, "id_number": one[1:]} for one, name in zip(numbers, names, strict=True)]
    job, _report = imported(scene, tmp_path / "files", *(ROW | row for row in rows))
    client = scene.cast.client("registrar")
    last = max(files.read_frame(job.pk, files.ROWS)["row"])
    with whole_county("test"):
        ClassMembership.objects.filter(enrolment__person__name__in=names[1:]).delete()
        Enrolment.objects.filter(person__name__in=names[1:]).delete()
    for stopped in (
        {"applied_through": last - 2},
        {"late": [{"row": row, "code": "P511"} for row in (last - 1, last)]},
    ):
        ImportJob.objects.filter(pk=job.pk).update(**stopped)
        text = client.get(reverse("import-job", args=(job.pk,)) + "rows/?outcome=new").content.decode()
        assert ([name in text for name in names], "记录已不在您的名册中" in text) == ([True] * 3, False), stopped
        ImportJob.objects.filter(pk=job.pk).update(applied_through=last, late=[])
    ImportJob.objects.filter(pk=job.pk).update(state="undone")
    text = client.get(reverse("import-job", args=(job.pk,)) + "rows/?outcome=new").content.decode()
    assert [name in text for name in names] == [True] * 3


def returned(client: Client, job: ImportJob) -> str:
    """Every text of the workbook that comes back."""
    answer = client.get(reverse("import-returned", args=(job.pk,)))
    content = answer.getvalue() if answer.streaming else answer.content
    book = load_workbook(io.BytesIO(content))
    return " ".join(str(cell) for page in book for line in page.iter_rows(values_only=True) for cell in line if cell)


def broken(scene: Scene, part: str = "head") -> Any:
    href = reverse("restricted-emergency", args=("special", "pupils", scene.old.pk))
    return scene.cast.client(part).post(href, {"reason": "孩子在校晕倒送医，医生问病史", "hours": "1"})


def test_overseers_find_an_emergency_among_what_waits_for_them(scene: Scene) -> None:
    assert broken(scene).status_code == 302
    opening = Opening.unguarded.get()
    found = {part: list(notices.unseen(scene.cast.reach(part))) for part in scene.cast.users}
    assert {part for part, rows in found.items() if rows} == {"head", "auditor", "audit_admin"}
    (told,) = found["auditor"]
    assert told.href == reverse("emergencies-detail", args=(opening.pk,))
    assert NAME not in told.text
    client = scene.cast.client("auditor")
    assert told.text in client.get(reverse("todo")).content.decode()
    assert client.get(told.href).status_code == 200


def test_who_broke_the_glass_does_not_clear_the_word_to_the_other_overseers(scene: Scene) -> None:
    broken(scene)
    scene.cast.client("head").post(reverse("notices-clear"))
    assert not notices.unseen(scene.cast.reach("head")).exists()
    assert notices.unseen(scene.cast.reach("auditor")).exists()


@pytest.mark.parametrize(("part", "is_told"), [("registrar", False), ("class_teacher", False), ("head", True)])
def test_why_the_glass_was_broken_is_for_the_overseers(scene: Scene, part: str, is_told: bool) -> None:
    broken(scene)
    text = scene.cast.client(part).get(reverse("pupils-detail", args=(scene.old.pk,))).content.decode()
    assert "紧急查阅" in text
    assert ("晕倒送医" in text) is is_told


def test_finished_matters_of_the_old_school_go_with_the_file_and_come_back_with_the_child(scene: Scene) -> None:
    matter = changed_number(scene)
    number = f"/matters/{matter.pk}/"
    paper = Attachment.objects.filter(subject_type=SUBJECT_TYPE, subject_id=matter.pk).latest("pk")
    hrefs = (number, f"{number}record.docx", f"/files/{paper.pk}/")
    for part in ("registrar", "head"):
        assert [scene.cast.client(part).get(href).status_code for href in hrefs] == [200, 200, 200]
    moved = scene.walk(scene.open())
    for part in ("registrar", "head"):
        assert [scene.cast.client(part).get(href).status_code for href in hrefs] == [404, 404, 404]
        assert scene.cast.client(part).post(f"{number}evidence.zip").status_code == 404
    assert scene.cast.client("county_officer").get(number).status_code == 200
    correction = scene.act(
        "county_officer", TransferCorrection.steps["open_correction"].run, corrects=moved, note="选错学生",
    )  # fmt: skip
    scene.act("other_head", TransferCorrection.steps["undo"].run, correction)
    assert scene.cast.client("registrar").get(number).status_code == 200
