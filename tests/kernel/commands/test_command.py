"""A command is one transaction with its history, or nothing at all."""

import pytest

from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.commands import Refused, command, nothing_changed, refuse_if, running
from xianxue.kernel.commands.command import Unrecorded
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject, record
from xianxue.organisations.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BY = Actor(user_id=7, label="刘经办", via="page", unit_id=3)


@command("tests.name_unit", label="改名")
def name_unit(name: str, *, by: Actor, leave_trace: bool = True) -> Unit:
    unit: Unit = Unit.unguarded.create(kind="school", name=name, path="/")
    refuse_if("未能改名：名称太短。请写全称。" if len(name) < 2 else None)
    if leave_trace:
        record(Subject("organisations.unit", unit.pk, name), {"name": [None, name]})
    return unit


@command("tests.name_two", label="改两个名")
def name_two(*, by: Actor) -> None:
    name_unit("甲校", by=by)
    name_unit("乙", by=by)


@command("tests.idle", label="无事")
def idle(*, by: Actor) -> None:
    nothing_changed()


def test_a_command_writes_its_change_and_its_event_together() -> None:
    unit = name_unit("第一小学", by=BY)
    event = Event.objects.get()
    assert (event.actor_id, event.via, event.unit_id, event.action) == (7, "page", 3, "tests.name_unit")
    assert (event.subject_type, event.subject_id) == ("organisations.unit", unit.pk)


def test_a_refusal_leaves_neither_change_nor_event() -> None:
    with pytest.raises(Refused, match=r"^未能改名：名称太短。请写全称。$"):
        name_unit("乙", by=BY)
    assert not Event.objects.exists()
    with whole_county("test"):
        assert not Unit.objects.exists()


def test_a_command_that_leaves_no_trace_is_undone() -> None:
    with pytest.raises(Unrecorded):
        name_unit("第一小学", leave_trace=False, by=BY)
    with whole_county("test"):
        assert not Unit.objects.exists()


def test_a_refusal_inside_a_command_undoes_the_whole() -> None:
    with pytest.raises(Refused):
        name_two(by=BY)
    assert not Event.objects.exists()


def test_a_command_may_say_that_nothing_had_to_change() -> None:
    idle(by=system_actor("cli"))
    assert not Event.objects.exists()


def test_history_is_refused_outside_a_command() -> None:
    with pytest.raises(RuntimeError, match="inside a command only"):
        running()


def test_two_commands_cannot_share_a_code() -> None:
    with pytest.raises(ValueError, match=r"tests\.idle"):
        command("tests.idle", label="重名")
