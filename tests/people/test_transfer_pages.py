"""What the pages of the old and the new school show after a transfer: list, search, page, export, roster of a day."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.factories.aid import AidGrantFactory
from tests.people.transferring import GUARDIAN, NAME, NUMBER, Scene, make_scene, noon
from xianxue.kernel.access import whole_county
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.indicators import Period, registry
from xianxue.organisations.models import Term
from xianxue.people.models import Enrolment, GuardianLink, Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(noon(2024, 10, 14), tick=True) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller) -> Scene:
    return make_scene()


@pytest.fixture
def moved(scene: Scene, clock: time_machine.Traveller) -> Transfer:
    with whole_county("test"):
        AidGrantFactory(person=scene.child, school=scene.cast.first_primary, term=Term.objects.get())
    walked: Transfer = scene.walk(scene.open())
    return walked


OLD = ("registrar", "head", "class_teacher")
R = "/registers"
LISTS = (
    f"{R}/pupils/", f"{R}/guardians/", f"{R}/aid-grants/", f"{R}/pupils/?q={NAME}", f"{R}/pupils/?q={NUMBER}",
    f"{R}/guardians/?q={GUARDIAN}", f"{R}/pupils/?status=every", f"{R}/pupils/?status=left",
    f"{R}/pupils/?on=2024-09-30", f"{R}/search/?q={NAME}", f"{R}/search/?q={NUMBER}", "/", "/todo/", "/imports/",
)  # fmt: skip


def named(scene: Scene, part: str) -> set[str]:
    """The lists on which the child, the guardian or the number stands, apart from what the reader typed."""
    client, found = scene.cast.client(part), set()
    for address in LISTS:
        text = client.get(address).content.decode()
        if any(f">{word}" in text for word in (NAME, GUARDIAN, NUMBER, NUMBER[1:])):
            found.add(address)
    return found


@pytest.mark.parametrize("part", OLD)
def test_no_list_or_search_of_the_old_school_names_the_child(scene: Scene, part: str) -> None:
    before = named(scene, part)
    assert {f"{R}/pupils/", f"{R}/pupils/?on=2024-09-30", f"{R}/search/?q={NUMBER}"} <= before
    scene.walk(scene.open())
    assert named(scene, part) == set()


@pytest.mark.parametrize("part", OLD)
def test_no_export_of_the_old_school_holds_the_child(scene: Scene, part: str) -> None:
    before = _exported(scene, part)
    scene.walk(scene.open())
    assert (NAME in before, NAME in _exported(scene, part)) == (True, False)


def _exported(scene: Scene, part: str) -> str:
    """All texts of the workbook."""
    answer: Any = scene.cast.client(part).get(f"{R}/pupils/export/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        return "".join(book.read(name).decode(errors="ignore") for name in book.namelist())


@pytest.mark.parametrize("part", OLD)
def test_no_address_of_the_child_answers_the_old_school(scene: Scene, moved: Transfer, part: str) -> None:
    client = scene.cast.client(part)
    link = GuardianLink.unguarded.get(pupil=scene.child)
    paper = Attachment.objects.filter(subject_id=moved.matter_id).first()
    assert paper
    addresses = [
        f"{R}/pupils/{scene.old.pk}/", f"{R}/pupils/{scene.old.pk}/edit/", f"{R}/pupils/{moved.new_enrolment_id}/",
        f"{R}/guardians/{link.pk}/", f"/matters/{moved.matter_id}/",
        f"/matters/{moved.matter_id}/record.docx",
        f"/matters/{moved.matter_id}/confirm/", f"/files/{paper.pk}/",
    ]  # fmt: skip
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
    assert client.post(f"{R}/pupils/{scene.old.pk}/reveal/student_no/").status_code == 404
    assert client.post(f"/matters/{moved.matter_id}/evidence.zip").status_code == 404


def test_the_new_school_reads_the_whole_file(scene: Scene, moved: Transfer) -> None:
    text = scene.cast.client("other_registrar").get(f"{R}/pupils/{moved.new_enrolment_id}/").content.decode()
    for word in (NAME, "第一小学", "第二小学", GUARDIAN, "学生资助", "转出"):
        assert word in text, word


def test_the_old_roster_says_how_many_files_have_moved_on_and_the_county_counts_them(
    scene: Scene, moved: Transfer
) -> None:
    old = scene.cast.client("registrar").get(f"{R}/pupils/?on=2024-09-30").content.decode()
    assert "另有 1 名当日在读、后来转出的学生，记录已随学籍转走" in old
    county = scene.cast.client("county_officer").get(f"{R}/pupils/?on=2024-09-30").content.decode()
    assert NAME in county
    assert "记录已随学籍转走" not in county


def test_the_figure_of_the_county_adds_up_before_and_after_the_move(scene: Scene, moved: Transfer) -> None:
    today = timezone.localdate()
    with whole_county("test"):
        term = Period(
            "term", "2024-autumn", "2024 年秋季学期", 2024, date(2024, 9, 1), date(2025, 1, 17), date(2024, 9, 30)
        )
        before = registry.get("people.pupils").build(term).queryset
        assert {row.school_id for row in before} == {scene.cast.first_primary.pk}
        now = Enrolment.objects.filter(entered_on__lte=today, ended_on=None)
        assert {row.school_id for row in now} == {scene.cast.second_primary.pk}


@pytest.mark.parametrize(
    "step", ["people.key_facts/open_change/?enrolment", "people.suspension/ask/?enrolment",
             "people.drop_out/raise_alert/?enrolment", "people.transfer_out/open_out/?pupil"],
)  # fmt: skip
def test_the_page_that_starts_a_matter_about_a_pupil_names_them(scene: Scene, step: str) -> None:
    answer: Any = scene.cast.client("registrar").get(f"/matters/start/{step}={scene.old.pk}")
    assert [fact.text for fact in answer.context["facts"]] == [NAME, scene.cast.first_primary.unit.name]
    other: Any = scene.cast.client("other_registrar").get(f"/matters/start/{step}={scene.old.pk}")
    assert (other.context["facts"], NAME in other.content.decode()) == ([], False)


def test_a_matter_about_a_pupil_is_not_begun_without_one(scene: Scene) -> None:
    client = scene.cast.client("registrar")
    answer: Any = client.get("/matters/start/people.suspension/ask/", follow=True)
    assert answer.redirect_chain == [(f"{R}/pupils/", 302)]
    assert "请在下表中打开当事人的页面，再点“休学与复学”。" in answer.content.decode()
