"""Papers of a register's rows: who attaches them, who reads them, what is refused."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.factories.projects import CapitalProjectFactory
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.history.models import Event
from xianxue.projects.models import CapitalProject

PDF = b"%PDF-1.7\n" + b"content " * 200


@pytest.fixture
def cast(standing_cast: Cast, settings: Settings, tmp_path: object) -> Cast:
    settings.VAR_DIR = tmp_path
    return standing_cast


@pytest.fixture
def project(cast: Cast) -> CapitalProject:
    made: CapitalProject = CapitalProjectFactory(unit=cast.first_primary.unit)
    return made


def attach(
    cast: Cast, part: str, project: CapitalProject, kind: str = "approval", content: bytes = PDF
) -> tuple[int, str]:
    upload = SimpleUploadedFile("批复.pdf", content)
    answer = cast.client(part).post(f"/registers/projects/{project.pk}/attach/", {"kind": kind, "uploads": upload})
    return answer.status_code, answer.content.decode()


def test_who_sees_the_row_reads_its_papers_and_nobody_else(cast: Cast, project: CapitalProject) -> None:
    assert attach(cast, "project_officer", project)[0] == 302
    one = Attachment.objects.get()
    assert (one.subject_type, one.subject_id, one.kind, one.name) == (
        "projects.capitalproject",
        project.pk,
        "approval",
        "批复.pdf",
    )
    page = cast.client("head").get(f"/registers/projects/{project.pk}/").content.decode()
    assert re.search(rf'href="/files/{one.pk}/"[^>]*>批复.pdf', page)
    assert "立项批复" in page
    assert "/attach/" not in page
    statuses = {
        part: cast.client(part).get(f"/files/{one.pk}/").status_code
        for part in ("head", "director", "other_head", "registrar")
    }
    assert statuses == {"head": 200, "director": 200, "other_head": 404, "registrar": 404}
    assert Event.objects.get(pk=one.event_seq).action == "resources.attach"


@pytest.mark.parametrize(
    ("part", "status"), [("head", 403), ("director", 403), ("other_head", 404), ("registrar", 404)]
)
def test_only_those_who_may_change_the_row_attach_to_it(
    cast: Cast, project: CapitalProject, part: str, status: int
) -> None:
    assert attach(cast, part, project)[0] == status
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("other", PDF, "选择一个有效的选项"),
        ("approval", b"MZ" + b"\0" * 99, "不是允许的文件类型"),
        ("approval", b"", "空"),
    ],
)
def test_what_is_refused_leaves_nothing(
    cast: Cast, project: CapitalProject, kind: str, content: bytes, words: str
) -> None:
    status, page = attach(cast, "project_officer", project, kind, content)
    assert (status, words in page) == (422, True)
    assert not Attachment.objects.exists()


def test_a_register_without_papers_has_no_such_page(cast: Cast) -> None:
    assert cast.client("county_officer").get(f"/registers/schools/{cast.first_primary.pk}/attach/").status_code == 404
