"""A matter with events, a file and an erasure; what the verifier said; packs taken apart and put together again."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.kernel.files.services import attach
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.history.services import erase_payload

BY = Actor(user_id=7, label="刘经办")
MATTER = ("tests.matter", 5)
OTHER = ("tests.matter", 6)
PDF = b"%PDF-1.7 " + bytes(range(256)) * 8


@command("tests.step", label="办理")
def step(subject: tuple[str, int], note: str, *, by: Actor) -> int:
    return record(Subject(*subject, "张三"), {"state": [None, note]}, note=note)


@command("tests.paper", label="上传材料")
def paper(subject: tuple[str, int], content: bytes, *, by: Actor) -> None:
    upload = SimpleUploadedFile("张三的证明.pdf", content)
    attach(upload, subject=Subject(*subject, "张三"), kind="proof", unit_id=3, by=by)


def work() -> None:
    """Seven events on two matters, one of them erased: with the erasure there are eight."""
    step(MATTER, "申请", by=BY)
    step(OTHER, "申请", by=BY)
    paper(MATTER, PDF, by=BY)
    step(OTHER, "批准", by=BY)
    erased = step(MATTER, "误填", by=BY)
    step(MATTER, "批准", by=BY)
    step(MATTER, "é 办结", by=BY)
    erase_payload([erased], reason="当事人申请", basis="依据", by=BY)


@dataclass(frozen=True)
class Told:
    """What the verifier said: exit code and lines."""

    code: int
    lines: list[str]

    @property
    def faults(self) -> list[str]:
        return [line.removeprefix("× ") for line in self.lines if line.startswith("× ")]


def unpacked(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repacked(members: dict[str, bytes], target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def lines_of(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def as_lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
