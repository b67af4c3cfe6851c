"""The history on a page tells that a number changed, never the number: whatever sheet wrote it, on whoever's page."""

from collections.abc import Mapping

import pytest

from tests.contracts.declared import samples
from tests.contracts.stage import Stage
from xianxue.kernel import resources, sheets
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.commands import command
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.resources import History, Register

WITH_HISTORY = [
    item
    for item in resources.all_registers()
    if item.code in samples() and any(isinstance(panel, History) for panel in item.panels)
]
NOBODY_KNOWS = "an_older_column"


@command("tests.change_numbers", label="写入测试号码")
def change_numbers(subject: Subject, changes: Mapping[str, list[str | None]], *, by: Actor) -> None:
    record(subject, changes)


@pytest.mark.parametrize("register", WITH_HISTORY, ids=str)
def test_no_sealed_value_is_told_by_the_history(stage: Stage, register: Register) -> None:
    row, reader = stage.row(register), stage.reader(register)
    secrets: list[str] = []
    with in_reach(stage.cast.reach(reader)):
        for place, (subject_type, pk) in enumerate(register.subjects(row)):
            names = [NOBODY_KNOWS] + [
                column.name
                for sheet in sheets.all()
                if sheet.writer.subject_type == subject_type
                for column in sheet.columns
                if column.sealed
            ]
            values: dict[str, list[str | None]] = {
                name: [f"70{place}{at:03d}5318", f"71{place}{at:03d}5318"] for at, name in enumerate(names)
            }
            change_numbers(Subject(subject_type, pk, "某"), values, by=Actor(None, "测试员"))
            secrets += [text for pair in values.values() for text in pair if text]
    page = stage.cast.client(reader).get(register.url("detail", row.pk))
    assert page.status_code == 200
    assert "写入测试号码" in page.content.decode()
    assert [secret for secret in secrets if secret in page.content.decode()] == []
