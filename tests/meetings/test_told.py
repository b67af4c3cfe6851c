"""What changes in a record after its items have ended is told to whoever put them on the agenda, at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.meetings.scene import Scene
from xianxue.meetings.models import AgendaItem, Meeting
from xianxue.meetings.rules import provided
from xianxue.meetings.services import closing, guests, presence, signing, speaking, voting


@pytest.fixture
def told(seven: Scene, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The titles of the items that were told of, one list for each time."""
    found: list[list[str]] = []
    monkeypatch.setattr(provided, "_when_changed", [lambda items, _by: found.append([one.title for one in items])])
    return found


def held(scene: Scene) -> tuple[Meeting, AgendaItem]:
    """A meeting whose one item was passed, a member recused; not ended."""
    meeting, item = scene.begun()
    scene.records(speaking.recuse, item, person=scene.seats[6].person, ground="kin", source="declared")
    scene.records(voting.open_vote, item, method="hands")
    for seat in scene.seats[:6]:
        scene.records(voting.cast, item, person=seat.person, choice="yes")
    scene.records(voting.close_vote, item)
    scene.records(closing.end_item, item, summary="讨论了价格。", resolution="同意购置。")
    return meeting, item


def sign_all(scene: Scene, meeting: Meeting, *, but: int = 0) -> None:
    for seat in scene.seats[but:]:
        scene.does(seat.user, signing.sign, meeting)


Act = Callable[[Scene, Meeting, AgendaItem], Any]
DURING: dict[str, Act] = {
    "somebody leaves": lambda scene, meeting, _item: scene.records(presence.leave, scene.called(meeting)[0]),
    "somebody was not there": lambda scene, meeting, _item: scene.records(
        presence.be_absent, scene.called(meeting)[6], reason="开会"
    ),
    "a guest": lambda scene, meeting, _item: scene.records(guests.invite, meeting, role="attending", name="李律师"),
    "the recused come back": lambda scene, _meeting, item: scene.records(speaking.come_back, item.recusals.get()),
    "an inspector's opinion": lambda scene, _meeting, item: scene.does(
        scene.cast.users["inspector"], speaking.inspect, item, text="程序合规。"
    ),
    "other words": lambda scene, _meeting, item: scene.records(speaking.sum_up, item, summary="讨论了质量。"),
    "the end": lambda scene, meeting, _item: scene.records(closing.end_meeting, meeting),
}


def _scan(scene: Scene, meeting: Meeting, _item: AgendaItem) -> None:
    papers = [("scan", SimpleUploadedFile("scan.pdf", b"%PDF-1.4 scan"))]
    scene.records(signing.sign_on_paper, meeting, person=scene.seats[0].person, papers=papers)


def _taken_back(scene: Scene, meeting: Meeting, _item: AgendaItem) -> None:
    scene.records(signing.take_back, meeting, note="金额写错")


AFTER: dict[str, tuple[int, Act]] = {
    "a signature": (7, lambda scene, meeting, _item: scene.does(scene.seats[0].user, signing.sign, meeting)),
    "one on paper": (7, _scan),
    "taken back": (1, _taken_back),
    "the lock": (0, lambda scene, meeting, _item: scene.records(signing.lock, meeting)),
}


@pytest.mark.parametrize("act", DURING)
def test_what_happens_after_an_item_has_ended_is_told(seven: Scene, told: list[list[str]], act: str) -> None:
    meeting, item = held(seven)
    assert told == [], "while an item is dealt with nothing has changed that was said before"
    DURING[act](seven, meeting, item)
    assert told == [["购置书架"]]


def test_who_comes_back_is_told(seven: Scene, told: list[list[str]]) -> None:
    meeting, _item = held(seven)
    seven.records(presence.leave, seven.called(meeting)[0])
    told.clear()
    seven.records(presence.arrive, seven.called(meeting)[0])
    assert told == [["购置书架"]]


@pytest.mark.parametrize("act", AFTER)
def test_signatures_and_the_lock_are_told(seven: Scene, told: list[list[str]], act: str) -> None:
    unsigned, doing = AFTER[act]
    meeting, item = held(seven)
    seven.records(closing.end_meeting, meeting)
    sign_all(seven, meeting, but=unsigned)
    told.clear()
    doing(seven, meeting, item)
    assert told == [["购置书架"]]


def test_a_correction_is_told(seven: Scene, told: list[list[str]]) -> None:
    meeting, _item = held(seven)
    seven.records(closing.end_meeting, meeting)
    sign_all(seven, meeting)
    seven.records(signing.lock, meeting)
    told.clear()
    seven.records(signing.amend, meeting, text="应为 42 组", reason="笔误")
    assert told == [["购置书架"]]


def test_of_one_item_it_alone_is_told_and_of_what_waits_nothing(seven: Scene, told: list[list[str]]) -> None:
    meeting, item = held(seven)
    second = seven.add(meeting, "修屋顶", late_reason="漏雨", late_approved_by="周一鸣")
    seven.records(closing.postpone, second, reason="材料不全", until=timezone.localdate() + timedelta(days=7))
    third = seven.add(meeting, "换灯", late_reason="坏了", late_approved_by="周一鸣")
    seven.records(speaking.open_item, third)
    seven.records(speaking.sum_up, third, summary="讨论。")
    assert told == []
    seven.records(speaking.sum_up, item, summary="讨论了质量。")
    seven.records(presence.leave, seven.called(meeting)[0])
    assert told == [["购置书架"], ["购置书架", "修屋顶"]]
