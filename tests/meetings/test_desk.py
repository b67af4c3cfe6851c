"""The desk: each entry once, two recorders at once, what the pages show to whom."""

import json
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from tests.cast import make_cast
from tests.meetings.scene import RULES, Scene, scene_of
from tests.meetings.test_told import held
from xianxue.kernel.access import whole_county
from xianxue.meetings.models import Ballot, DeskEntry, Meeting, Opinion, SecretBallot
from xianxue.meetings.rules import provided
from xianxue.meetings.services import closing, presence, signing, speaking, voting

pytestmark = pytest.mark.postgres


def entry(act: str, **data: Any) -> dict[str, Any]:
    """An entry as the script sends it."""
    return {"key": str(uuid4()), "act": act, "noted_at": timezone.now().isoformat(), "data": data}


def send(scene: Scene, meeting: Meeting, *entries: dict[str, Any], part: str = "recorder") -> Any:
    """The answer of the address for entries."""
    client = scene.cast.client(part)
    address = f"/meetings/{meeting.pk}/desk/entries/"
    return client.post(address, json.dumps({"entries": entries}), content_type="application/json")


def test_an_entry_sent_twice_is_done_once(seven: Scene) -> None:
    meeting, item = seven.begun()
    one = seven.called(meeting)[1]
    spoken = entry("speak", item=str(item.pk), attendance=str(one.pk), stance="agree", text="同意。")
    first, second = (send(seven, meeting, spoken).json()["answers"] for _time in range(2))
    assert first == [{"key": spoken["key"], "done": True, "why": "", "repeated": False}]
    assert second == [{"key": spoken["key"], "done": True, "why": "", "repeated": True}]
    assert Opinion.objects.count() == DeskEntry.objects.count() == 1


def test_a_refused_entry_is_answered_with_the_reason_and_the_rest_is_done(seven: Scene) -> None:
    meeting, item = seven.begun()
    chief, other = seven.called(meeting)[:2]
    early = entry("speak", item=item.pk, attendance=chief.pk, stance="agree")
    later = entry("speak", item=item.pk, attendance=other.pk, stance="agree")
    answers = send(seven, meeting, early, later).json()["answers"]
    assert [one["done"] for one in answers] == [False, True]
    assert answers[0]["why"].startswith("未能记录发言：主要负责人应当最后表态")
    again = send(seven, meeting, early).json()["answers"]
    assert again[0]["why"] == answers[0]["why"]
    assert Opinion.objects.count() == 1


def test_an_entry_keeps_when_it_was_noted(seven: Scene) -> None:
    meeting, _item = seven.notified()
    seven.records(presence.begin, meeting)
    one = seven.called(meeting)[0]
    noted = entry("arrive", attendance=one.pk)
    send(seven, meeting, noted)
    one.refresh_from_db()
    assert one.arrived_at is not None
    assert one.arrived_at.isoformat() == noted["noted_at"]
    assert DeskEntry.objects.get().received_at >= one.arrived_at


@pytest.mark.parametrize("data", [{"attendance": "x"}, {"attendance": "999999999999"}, {"attendance": "0"}, {}])
def test_cells_that_cannot_be_read_are_refused(seven: Scene, data: dict[str, str]) -> None:
    meeting, _item = seven.begun()
    answers = send(seven, meeting, entry("arrive", **data)).json()["answers"]
    assert answers[0]["done"] is False


@pytest.mark.parametrize("body", ["5", "[]", '{"entries": 5}', '{"entries": [{"key": "x"}]}', '{"entries": [5]}'])
def test_what_is_no_list_of_entries_is_a_bad_request(seven: Scene, body: str) -> None:
    meeting, _item = seven.begun()
    address = f"/meetings/{meeting.pk}/desk/entries/"
    client = seven.cast.client("recorder")
    assert client.post(address, body, content_type="application/json").status_code == 400


def test_rows_of_another_meeting_are_not_touched(seven: Scene) -> None:
    meeting, _item = seven.begun()
    other, _other_item = seven.notified(title="第二次会议")
    foreign = seven.called(other)[0]
    answers = send(seven, meeting, entry("arrive", attendance=foreign.pk)).json()["answers"]
    assert answers[0]["why"].startswith("未能记入：这一行已经不在会议记录里")


@pytest.mark.parametrize(
    ("part", "status"), [("other_recorder", 404), ("inspector", 403), ("member", 403), ("stranger", 404)]
)
def test_the_desk_is_the_recorders(seven: Scene, part: str, status: int) -> None:
    meeting, _item = seven.begun()
    client = seven.cast.client(part)
    for page in ("", "revision/"):
        assert client.get(f"/meetings/{meeting.pk}/desk/{page}").status_code == status
    assert send(seven, meeting, entry("count"), part=part).status_code == status


def test_the_desk_works_without_a_script(seven: Scene) -> None:
    meeting, item = seven.begun()
    client = seven.cast.client("recorder")
    answer = client.post(
        f"/meetings/{meeting.pk}/desk/entries/", {"act": "vote", "item": item.pk, "method": "hands"}, follow=True
    )
    assert "已记入。" in answer.content.decode()
    assert "至少 4 票赞成才通过" in answer.content.decode()


def test_another_recorder_sees_that_something_is_new(seven: Scene) -> None:
    meeting, item = seven.begun()
    client = seven.cast.client("recorder")
    before = client.get(f"/meetings/{meeting.pk}/desk/revision/").json()["revision"]
    seven.records(speaking.sum_up, item, summary="讨论了价格。")
    assert client.get(f"/meetings/{meeting.pk}/desk/revision/").json() == {"revision": before + 1, "state": "under_way"}
    assert "讨论了价格。" in client.get(f"/meetings/{meeting.pk}/desk/?part=1").content.decode()


def test_a_member_reads_votes_and_sees_no_secret_ballot(seven: Scene) -> None:
    from django.test import Client  # noqa: PLC0415 - app ready

    meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="secret")
    client = Client()
    user = seven.seats[1].user
    assert user is not None
    client.force_login(user)
    assert "第一次会议" in client.get("/meetings/mine/").content.decode()
    address = f"/meetings/{meeting.pk}/member/"
    client.post(f"{address}act/", {"act": "read"})
    client.post(f"{address}act/", {"act": "vote", "item": item.pk, "choice": "no"})
    page = client.get(address).content.decode()
    assert "您已投票" in page
    assert [choice.strip() for choice in SecretBallot.objects.values_list("choice", flat=True)] == ["no"]
    assert seven.called(meeting)[1].read_at is not None


def test_the_inspector_writes_an_opinion_on_the_members_page(seven: Scene) -> None:
    meeting, item = seven.begun()
    client = seven.cast.client("inspector")
    client.post(f"/meetings/{meeting.pk}/member/act/", {"act": "inspect", "item": item.pk, "text": "程序合规。"})
    assert "程序合规。" in client.get(f"/meetings/{meeting.pk}/member/").content.decode()
    client.post(f"/meetings/{meeting.pk}/member/act/", {"act": "amend", "text": "别的", "reason": "别的"})
    assert not meeting.amendments.exists()


@pytest.mark.django_db(transaction=True)
def test_two_recorders_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provided, "_rules", [lambda _item: RULES])
    monkeypatch.setattr(provided, "_blocks", [])
    with whole_county("test"):
        scene = scene_of(make_cast(), 7)
        meeting, item = scene.begun()
        scene.records(voting.open_vote, item, method="hands")
        people = scene.called(meeting)
    shared = [entry("cast", item=item.pk, attendance=one.pk, choice="yes") for one in people]
    closing = [entry("close", item=item.pk, confirmed="on") for _recorder in range(2)]
    answers: list[Any] = []
    start = threading.Barrier(2)

    def record(number: int) -> None:
        try:
            start.wait()
            order = shared if number else shared[::-1]
            answers.extend(send(scene, meeting, *order).json()["answers"])
            start.wait()
            answers.extend(send(scene, meeting, closing[number]).json()["answers"])
        finally:
            connection.close()

    threads = [threading.Thread(target=record, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with whole_county("test"):
        assert Ballot.objects.count() == 7
        assert DeskEntry.objects.count() == 9
        vote = item.vote
    assert (vote.yes, vote.is_passed) == (7, True)
    refused = [one["why"] for one in answers if not one["done"]]
    assert refused == ["未能结束表决：表决已经结束，结果不能再改。"]
    assert sum(one["repeated"] for one in answers) == 7


def test_until_somebody_signs_the_desk_puts_right_what_may_be(seven: Scene) -> None:
    meeting, item = held(seven)
    seven.records(closing.end_meeting, meeting)
    address, client = f"/meetings/{meeting.pk}/desk/", seven.cast.client("recorder")
    page = client.get(address).content.decode()
    assert "还没有人签名：可以改正缺席原因、回避后返回、摘要和决定。" in page
    assert 'data-act="sum_up"' in page
    assert 'data-act="leave"' not in page
    answers = send(seven, meeting, entry("sum_up", item=item.pk, summary="讨论了质量。", resolution="同意购置。"))
    assert answers.json()["answers"][0]["done"] is True
    seven.does(seven.seats[0].user, signing.sign, meeting)
    page = client.get(address).content.decode()
    assert "已有成员签名，记录不能再改。" in page
    assert "<form" not in page.partition('id="desk"')[2]
