"""The pack of a decision holds the decision, its meetings, the ledger rows that name it, and proofs that verify offline."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.decisions.after import rows
from tests.decisions.after.desk import Desk
from xianxue.decisions.models import Proposal
from xianxue.decisions.services import publishing
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.commands import command
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures.models import Party
from xianxue.kernel.procedures.records import evidence_numbers
from xianxue.kernel.sheets.sheet import get
from xianxue.kernel.sheets.single import save_one
from xianxue.ledgers.models import Payment
from xianxue.meetings.models import Meeting

PDF = b"%PDF-1.7 " + bytes(range(256)) * 8


@command("tests.desk", label="记录")
def desk_entry(subject: tuple[str, int], *, by: Actor) -> int:
    """What the desk writes between two steps."""
    return record(Subject(*subject, "第5次会议"), {"presence": [None, "present"]})


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture
def decided(cast: Cast) -> tuple[Proposal, Meeting]:
    """A proposal that was decided at a meeting."""
    proposal, meeting = rows.proposal(cast), rows.meeting(cast)
    rows.vote(rows.item(meeting, proposal))
    return proposal, meeting


def pack(cast: Cast, proposal: Proposal, part: str = "recorder") -> bytes:
    answer = cast.client(part).post(reverse("matter-pack", args=(proposal.matter_id,)))
    assert answer.status_code == 200, answer.content.decode()[:300]
    return bytes(answer.content)


def verified(content: bytes, folder: Path, *, verifier_of: bytes = b"") -> tuple[int, str]:
    """What the verifier of the pack (or of another one) says, in an empty directory without the application."""
    folder.mkdir(exist_ok=True)
    (folder / "pack.zip").write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(verifier_of or content)) as opened:
        (folder / "verify.py").write_bytes(opened.read("verify.py"))
    told = [sys.executable, "-I", "-S", "verify.py", "pack.zip"]
    done = subprocess.run(told, cwd=folder, capture_output=True, text=True, check=False, env={})
    return done.returncode, done.stdout + done.stderr


def numbers_in(content: bytes) -> set[int]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {json.loads(line)["event"]["seq"] for line in opened.read("events.jsonl").decode().splitlines()}


def altered(content: bytes) -> bytes:
    """The same pack with one word of a meeting's entry exchanged."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as opened, zipfile.ZipFile(made, "w") as other:
        for name in opened.namelist():
            data = opened.read(name)
            other.writestr(name, data.replace(b"present", b"absent_", 1) if name == "payloads.jsonl" else data)
    return made.getvalue()


def each_with_one_byte_flipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every member's name with the pack in which one bit in the middle of that member is another."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    for spoiled in (name for name, data in members.items() if data):
        middle = len(members[spoiled]) // 2
        flipped = bytearray(members[spoiled])
        flipped[middle] ^= 1
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as other:
            for name, data in members.items():
                other.writestr(name, bytes(flipped) if name == spoiled else data)
        yield spoiled, made.getvalue()


def refuse_each_flipped(content: bytes, folder: Path) -> None:
    """No member may differ by a bit, and which one does is named."""
    for name, flipped in each_with_one_byte_flipped(content):
        code, said = verified(flipped, folder, verifier_of=content)
        assert code in {1, 2}, (name, said)
        assert "核验通过" not in said
        # Of what is signed itself the verifier may not be able to read on.
        assert name in said or name in {"pack.json", "pack.sig"}, said


def test_the_pack_holds_meeting_publication_ledger_and_papers_and_verifies_offline(
    cast: Cast, recorder: Desk, decided: tuple[Proposal, Meeting], tmp_path: Path
) -> None:
    proposal, meeting = decided
    item = meeting.items.get()
    of_desk = {
        recorder.does(desk_entry, ("meetings.meeting", meeting.pk)),
        recorder.does(desk_entry, ("meetings.agendaitem", item.pk)),
        recorder.does(desk_entry, ("meetings.vote", item.vote.pk)),
    }
    of_others = recorder.does(desk_entry, ("meetings.meeting", meeting.pk + 1))
    paper = ("publication", SimpleUploadedFile("公示照片.pdf", PDF))
    recorder.does(publishing.publish, proposal, place="公开栏", text="拟购书架", papers=[paper])
    with in_reach(cast.reach("recorder")):
        cells = {
            "unit": "第一小学", "number": "J-1", "paid_on": "2024-10-20", "kind": "设备采购", "purpose": "书架",
            "payee": "试验家具厂", "amount": "100", "proposal": proposal.number,
        }  # fmt: skip
        paid = save_one(get("payments"), cells, by=recorder.by)
    assert Payment.objects.get(pk=paid).proposal == proposal
    content = pack(cast, proposal)
    found = numbers_in(content)
    assert of_desk <= found
    assert of_others not in found
    told = Event.objects.filter(seq__in=found)
    assert {"decisions.publication", "decisions.payment", "procedures.matter"} <= set(
        told.values_list("subject_type", flat=True)
    )
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith(".pdf")]
        assert opened.read(name) == PDF
    code, said = verified(content, tmp_path / "offline")
    assert code == 0, said
    code, said = verified(altered(content), tmp_path / "altered")
    assert (code, said.splitlines()[-1][:6]) == (1, "核验未通过：")
    refuse_each_flipped(content, tmp_path / "flipped")


def test_a_meeting_that_the_reader_may_not_see_stays_out(
    cast: Cast, recorder: Desk, decided: tuple[Proposal, Meeting]
) -> None:
    proposal, meeting = decided
    of_meeting = recorder.does(desk_entry, ("meetings.meeting", meeting.pk))
    of_proposal = recorder.does(desk_entry, ("decisions.proposal", proposal.pk))
    assert {of_meeting, of_proposal} <= numbers_in(pack(cast, proposal))
    Party.objects.filter(matter=meeting.matter_id).update(unit_id=cast.second_primary.pk)
    found = numbers_in(pack(cast, proposal))
    assert of_proposal in found
    assert of_meeting not in found


def test_other_schools_get_no_pack(cast: Cast, decided: tuple[Proposal, Meeting]) -> None:
    address = reverse("matter-pack", args=(decided[0].matter_id,))
    assert cast.client("other_recorder").post(address).status_code == 404


def test_what_a_matter_does_not_name_stays_out(
    cast: Cast, recorder: Desk, decided: tuple[Proposal, Meeting], django_assert_max_num_queries: Any
) -> None:
    proposal, _meeting = decided
    other = rows.proposal(cast)
    recorder.does(desk_entry, ("decisions.proposal", other.pk))
    of_own = recorder.does(desk_entry, ("decisions.proposal", proposal.pk))
    with in_reach(cast.reach("recorder")), django_assert_max_num_queries(30):
        assert evidence_numbers(proposal.matter) == [of_own]
