"""Papers through the API: the same kinds, the same checks and the same traces as on the page."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from pytest_django.fixtures import Settings

from tests.kernel.api.program import Program, program_of
from tests.people.transferring import NAME, NUMBER, Scene, make_scene, noon
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.procedures.models import SUBJECT_TYPE
from xianxue.people.models import Transfer

pytestmark = pytest.mark.django_db
START = "/procedures/people.transfer/start/open_transfer"
PDF = b"%PDF-1.4 an application"


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(noon(2024, 10, 14), tick=True):
        yield make_scene()


@pytest.fixture
def program(scene: Scene) -> Program:
    return program_of(scene.cast, "other_registrar")


def paper(kind: str, content: bytes = PDF, name: str = "申请.pdf") -> dict[str, str]:
    return {"kind": kind, "name": name, "content": base64.b64encode(content).decode()}


def asked(scene: Scene, *papers: dict[str, str]) -> dict[str, Any]:
    fields = {"school": str(scene.cast.second_primary.pk), "number": NUMBER, "name": NAME, "reason": "residence"}
    return {"fields": fields, "papers": list(papers)}


def test_papers_are_kept_with_their_hash_and_once_however_often_they_are_sent(scene: Scene, program: Program) -> None:
    body = asked(scene, paper("application"), paper("residence", PDF + b" 2", "户口簿.pdf"))
    first, again = program.post(START, body, key="the-same-key"), program.post(START, body, key="the-same-key")
    assert (first.status_code, again.json()) == (201, first.json())
    kept = Attachment.objects.filter(subject_type=SUBJECT_TYPE, subject_id=first.json()["id"]).select_related("file")
    assert sorted((item.kind, item.name, item.file.sha256) for item in kept) == [
        ("application", "申请.pdf", hashlib.sha256(PDF).hexdigest()),
        ("residence", "户口簿.pdf", hashlib.sha256(PDF + b" 2").hexdigest()),
    ]
    assert Transfer.unguarded.count() == 1


def test_a_following_step_takes_papers_too(scene: Scene, program: Program) -> None:
    transfer = scene.open()
    head = program_of(scene.cast, "other_head")
    refused = head.post(f"/matters/{transfer.matter_id}/steps/agree", {"papers": [paper("other")]})
    assert (refused.status_code, refused.json()["problems"][0]["column"]) == (422, "papers.0")
    done = head.post(f"/matters/{transfer.matter_id}/steps/agree", {"papers": [paper("residence")]})
    assert done.status_code == 200, done.json()
    assert Attachment.objects.filter(subject_id=transfer.matter_id, kind="residence").count() == 2


@pytest.mark.parametrize(
    ("papers", "column", "said"),
    [
        ([], "paper_application", ""),
        ([{"kind": "application", "name": "申请.pdf", "content": "%%%"}], "papers.0", "不是 base64"),
        ([paper("secret")], "papers.0", "不收这种材料"),
        ([paper("application", b"MZ not a document", "申请.exe")], "", "不是允许的文件类型"),
        ([paper("application", b"")], "paper_application", "空"),
    ],
    ids=["missing", "no-base64", "strange", "program", "empty"],
)
def test_papers_that_the_page_would_refuse_are_refused_and_leave_nothing(
    scene: Scene, program: Program, papers: list[dict[str, str]], column: str, said: str
) -> None:
    answer = program.post(START, asked(scene, *papers))
    told = answer.json()
    assert answer.status_code == 422, told
    problems = [(item["column"], item["message"]) for item in told["problems"]] or [("", told["message"])]
    assert [said in words for name, words in problems if name == column] == [True], told
    assert not Transfer.unguarded.exists()
    assert not Attachment.objects.exists()


def test_a_body_that_is_too_large_and_a_name_that_leads_elsewhere_are_refused_in_json(
    scene: Scene, program: Program, settings: Settings
) -> None:
    named = program.post(START, asked(scene, paper("application", name="..")))
    assert (named.status_code, named.json()["message"]) == (422, "未能办理：材料的文件名不能用。请换一个文件名。")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    large = program.post(START, asked(scene, paper("application", PDF + b" " * 1_000)))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert not Attachment.objects.exists()


def test_the_list_of_procedures_says_which_papers_a_step_takes(program: Program) -> None:
    steps = {
        item["code"]: {step["code"]: (step["papers"], step["takes"]) for step in item["steps"]}
        for item in program.get("/procedures").json()
    }
    assert steps["people.transfer"]["open_transfer"] == (["application"], ["application", "residence", "other"])
