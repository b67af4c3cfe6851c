"""Ways around the masks: what pages hide must not leave by another door."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pytest_django.fixtures import Settings

from tests.factories.people import id_number
from tests.people.transferring import Scene, make_scene, noon, papers
from xianxue.kernel import restricted
from xianxue.kernel.access import Actor
from xianxue.kernel.restricted.models import ReadRecord
from xianxue.kernel.restricted.services import open_domain
from xianxue.people.procedures import KeyFacts

pytestmark = pytest.mark.django_db
OTHER = id_number(noon(2015, 9, 1).date(), sequence=9)


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    settings.VAR_DIR = tmp_path
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
