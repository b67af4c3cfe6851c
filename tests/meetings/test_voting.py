"""Votes: who may cast them, how they are counted, and what a secret one leaves behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.cast import Cast
from tests.meetings.scene import HALF_COME, MORE_THAN_HALF, RULES, Scene, scene_of
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.meetings.choices import BodyKind
from xianxue.meetings.models import Ballot, Opinion, Seat, SecretBallot, SecretTurn, Vote
from xianxue.meetings.rules.majority import Base, Fraction
from xianxue.meetings.rules.provided import Rules
from xianxue.meetings.services import closing, presence, speaking, voting
from xianxue.meetings.services.voting import Totals

HALF_OR_MORE = Fraction(1, 2, strict=False, base=Base.ROSTER)


def _vote(scene: Scene, item: Any, yes: int, *, no: int = 0) -> Vote:
    scene.records(voting.open_vote, item, method="hands")
    for number, seat in enumerate(scene.seats[: yes + no]):
        choice = "yes" if number < yes else "no"
        scene.records(voting.cast, item, person=seat.person, choice=choice)
    made: Vote = scene.records(voting.close_vote, item, confirmed=True)
    return made


@pytest.mark.parametrize(
    ("size", "yes", "more_than_half", "half_or_more"),
    [
        (3, 1, False, False), (3, 2, True, True), (5, 2, False, False), (5, 3, True, True), (6, 3, False, True),
        (6, 4, True, True), (7, 3, False, False), (7, 4, True, True), (9, 4, False, False), (9, 5, True, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("strict", [True, False])
def test_more_than_half_is_not_half_or_more(  # one case, four numbers
    cast: Cast,
    ruled: Callable[[Any], None],
    size: int,
    yes: int,
    more_than_half: bool,
    half_or_more: bool,
    strict: bool,
) -> None:
    ruled(Rules(HALF_COME, MORE_THAN_HALF if strict else HALF_OR_MORE, "试验-1"))
    scene = scene_of(cast, size)
    _meeting, item = scene.begun()
    vote = _vote(scene, item, yes, no=size - yes)
    assert (vote.yes, vote.no, vote.roster_count, vote.present_count) == (yes, size - yes, size, size)
    assert vote.is_passed is (more_than_half if strict else half_or_more)
    assert vote.electorate == sorted(seat.person_id for seat in scene.seats)


@pytest.mark.parametrize(("come", "is_enough"), [(3, False), (4, True)])
def test_no_vote_without_a_quorum(seven: Scene, come: int, is_enough: bool) -> None:
    _meeting, item = seven.begun(come=come)
    if is_enough:
        assert seven.records(voting.open_vote, item, method="hands").closed_at is None
    else:
        with pytest.raises(Refused, match="应到 7 人，此刻实到 3 人，至少要 4 人"):
            seven.records(voting.open_vote, item, method="hands")


def test_nobody_leaves_during_a_vote(seven: Scene) -> None:
    meeting, item = seven.begun(come=4)
    seven.records(voting.open_vote, item, method="hands")
    with pytest.raises(Refused, match="正在表决"):
        seven.records(presence.leave, seven.called(meeting)[3])


def test_the_quorum_is_counted_when_the_vote_closes(seven: Scene) -> None:
    meeting, item = seven.begun(come=4)
    seven.records(voting.open_vote, item, method="hands")
    one = seven.called(meeting)[3]
    type(one).unguarded.filter(pk=one.pk).update(presence="absent")
    with pytest.raises(Refused, match="到会人数不足"):
        seven.records(voting.close_vote, item, confirmed=True)


def test_who_has_voted_is_not_made_absent_nor_sent_home_before_the_vote(seven: Scene) -> None:
    meeting, item = seven.begun()
    _vote(seven, item, 4, no=3)
    one = seven.called(meeting)[3]
    with pytest.raises(Refused, match="发过言或者参加过表决，不能登记缺席"):
        seven.records(presence.be_absent, one, reason="外出")
    with pytest.raises(Refused, match="早于本人参加的表决"):
        seven.records(presence.leave, one, at=one.arrived_at)
    seven.records(presence.leave, one)
    assert seven.called(meeting)[3].left_at is not None


def test_who_has_spoken_is_not_made_absent(seven: Scene) -> None:
    meeting, item = seven.begun()
    seven.records(speaking.speak, item, person=seven.seats[3].person, stance="disagree")
    with pytest.raises(Refused, match="不能登记缺席"):
        seven.records(presence.be_absent, seven.called(meeting)[3], reason="外出")
    seven.records(presence.be_absent, seven.called(meeting)[4], reason="外出")


def test_what_two_recorders_press_at_once_is_written_once(seven: Scene) -> None:
    meeting, item = seven.begun()
    one = seven.called(meeting)[1]
    seven.records(presence.arrive, one)
    assert seven.called(meeting)[1].arrived_at == one.arrived_at
    for _recorder in range(2):
        seven.records(speaking.speak, item, person=one.person, stance="agree", text="同意。 ")
        seven.does(seven.cast.users["inspector"], speaking.inspect, item, text="程序合规。")
    seven.records(speaking.speak, item, person=one.person, stance="disagree", text="同意。")
    told = Opinion.objects.order_by("order").values_list("order", "role", "stance")
    assert list(told) == [(1, "member", "agree"), (2, "inspector", ""), (3, "member", "disagree")]


def test_the_same_vote_twice_is_one_ballot(seven: Scene) -> None:
    _meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="hands")
    events = Event.objects.count()
    member = seven.seats[1]
    seven.does(member.user, voting.cast_own, item, choice="yes")
    seven.does(member.user, voting.cast_own, item, choice="yes")
    assert list(Ballot.objects.values_list("person_id", "choice")) == [(member.person_id, "yes")]
    assert Event.objects.count() == events + 1


def test_a_recused_member_does_not_vote(seven: Scene) -> None:
    _meeting, item = seven.begun()
    member = seven.seats[1]
    seven.records(voting.open_vote, item, method="hands")
    seven.records(voting.cast, item, person=member.person, choice="yes")
    seven.records(speaking.recuse, item, person=member.person, ground="kin", source="declared")
    assert not Ballot.objects.exists()
    with pytest.raises(Refused, match="回避，不能表决"):
        seven.does(member.user, voting.cast_own, item, choice="yes")
    for seat in seven.seats:
        if seat != member:
            seven.records(voting.cast, item, person=seat.person, choice="yes")
    vote = seven.records(voting.close_vote, item)
    assert (vote.yes, len(vote.electorate), vote.roster_count, vote.present_count) == (6, 6, 7, 7)
    assert member.person_id not in vote.electorate


def test_an_absent_member_writes_and_does_not_vote(seven: Scene) -> None:
    meeting, item = seven.begun(come=6)
    absent = seven.called(meeting)[6]
    seven.records(presence.be_absent, absent, reason="外出", written_opinion="同意。")
    seven.records(voting.open_vote, item, method="hands")
    with pytest.raises(Refused, match="书面意见不计入票数"):
        seven.records(voting.cast, item, person=absent.person, choice="yes")
    absent.refresh_from_db()
    assert absent.written_opinion == "同意。"


def test_a_secret_ballot_has_no_voter(seven: Scene) -> None:
    _meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="secret")
    said = ["yes", "no", "yes", "abstain", "yes", "yes", "no"]
    for seat, choice in zip(seven.seats, said, strict=True):
        seven.does(seat.user, voting.cast_own, item, choice=choice)
    with pytest.raises(Refused, match="您已经投过票"):
        seven.does(seven.seats[0].user, voting.cast_own, item, choice="no")
    before = set(SecretBallot.objects.values_list("pk", flat=True))
    vote = seven.records(voting.close_vote, item)
    assert (vote.yes, vote.no, vote.abstain, vote.is_passed) == (4, 2, 1, True)
    assert SecretTurn.objects.count() == 7
    assert not before & set(SecretBallot.objects.values_list("pk", flat=True))
    assert not Ballot.objects.exists()
    fields = {field.name for field in SecretBallot._meta.get_fields()}
    assert fields == {"id", "vote", "choice"}
    told = "".join(
        str(body) for body in Event.objects.filter(action="meetings.own_ballot").values_list("payload__body")
    )
    assert not any(word in told for word in ("yes", "no", "abstain"))


def test_secret_ballots_are_mixed_with_every_one_that_comes_and_when_they_are_counted(
    seven: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed: list[list[str]] = []

    class Watched:
        def shuffle(self, rows: list[str]) -> None:
            mixed.append(sorted(rows))

    monkeypatch.setattr(voting, "SystemRandom", Watched)
    _meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="secret")
    for seat, choice in zip(seven.seats, ["yes"] * 6 + ["no"], strict=True):
        seven.does(seat.user, voting.cast_own, item, choice=choice)
    assert mixed == [*(["yes"] * count for count in range(1, 7)), ["no", *["yes"] * 6]]
    seven.records(voting.close_vote, item)
    assert mixed[7:] == [["no", *["yes"] * 6]]


def _on_the_disk(table: str, columns: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        order = "ctid" if connection.vendor == "postgresql" else "rowid"
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
        return [tuple(str(cell) for cell in row) for row in cursor.fetchall()]


def test_the_database_tells_nobody_who_cast_which_secret_ballot(seven: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    class Turned:
        def shuffle(self, rows: list[str]) -> None:
            rows.reverse()

    monkeypatch.setattr(voting, "SystemRandom", Turned)
    _meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="secret")
    said = ["yes", "no", "abstain", "yes"]
    for seat, choice in zip(seven.seats[:4], said, strict=True):
        seven.does(seat.user, voting.cast_own, item, choice=choice)
    raw = [choice for (choice,) in _on_the_disk("meetings_secretballot", "choice")]
    # Sealed, all of one length, none twice the same: neither text nor length nor place leads to a voter.
    assert len({len(choice) for choice in raw}) == 1
    assert len(set(raw)) == 4
    assert not any(word in choice for choice in raw for word in ("yes", "no ", "abstain"))
    assert [choice.strip() for choice in SecretBallot.objects.values_list("choice", flat=True)] != said
    if connection.vendor == "postgresql":
        written = {xmin for (xmin,) in _on_the_disk("meetings_secretballot", "xmin")}
        assert len(written) == 1  # by the transaction of the last voter, all of them


def test_the_recorder_cannot_cast_a_secret_ballot_for_somebody(seven: Scene) -> None:
    _meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="secret")
    with pytest.raises(Refused, match="无记名投票"):
        seven.records(voting.cast, item, person=seven.seats[1].person, choice="yes")


def test_slips_on_paper_do_not_exceed_the_electorate(seven: Scene) -> None:
    _meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="secret")
    with pytest.raises(Refused, match="票数合计 8，多于有表决权的 7 人"):
        seven.records(voting.close_vote, item, totals=Totals(7, 0, 0, 1), tellers="周一鸣、吴二南")
    with pytest.raises(Refused, match="没有填写监票人、计票人"):
        seven.records(voting.close_vote, item, totals=Totals(6, 0, 0, 1))
    vote = seven.records(voting.close_vote, item, totals=Totals(5, 1, 0, 1), tellers="周一鸣、吴二南")
    assert (vote.yes, vote.invalid, vote.is_passed) == (5, 1, True)


def test_a_body_that_only_counts(cast: Cast, ruled: Callable[[Any], None]) -> None:
    ruled(RULES)
    scene = scene_of(cast, 0, kind=BodyKind.CONGRESS, counts_only=True)
    _meeting, item = scene.begun(roster_total=40, present_total=38)
    scene.records(voting.open_vote, item, method="hands")
    vote = scene.records(voting.close_vote, item, totals=Totals(21, 17, 0), tellers="周一鸣")
    assert (vote.roster_count, vote.present_count, vote.is_passed) == (40, 38, True)


def test_a_closed_vote_is_read_only(seven: Scene) -> None:
    _meeting, item = seven.begun()
    vote = _vote(seven, item, 7)
    with pytest.raises(Refused, match="表决已经结束"):
        seven.records(voting.cast, item, person=seven.seats[0].person, choice="no")
    with pytest.raises(DatabaseError, match="read only"), transaction.atomic():
        Vote.objects.filter(pk=vote.pk).update(yes=0)
    with pytest.raises(DatabaseError, match="read only"), transaction.atomic():
        Vote.unguarded.filter(pk=vote.pk)._raw_delete("default")


def test_an_open_vote_can_be_voided_and_held_again(seven: Scene) -> None:
    _meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="secret")
    seven.does(seven.seats[0].user, voting.cast_own, item, choice="yes")
    with pytest.raises(Refused, match="无法取回"):
        seven.records(speaking.recuse, item, person=seven.seats[0].person, ground="kin", source="declared")
    seven.records(voting.void_vote, item, reason="有人应当回避")
    assert not SecretBallot.objects.exists()
    seven.records(speaking.recuse, item, person=seven.seats[0].person, ground="kin", source="declared")
    assert seven.records(voting.open_vote, item, method="hands").method == "hands"


def test_whoever_has_not_voted_must_be_seen(seven: Scene) -> None:
    _meeting, item = seven.begun()
    seven.records(voting.open_vote, item, method="hands")
    seven.records(voting.cast, item, person=seven.seats[0].person, choice="yes")
    with pytest.raises(Refused, match="还有 6 人没有表决"):
        seven.records(voting.close_vote, item)
    assert seven.records(voting.close_vote, item, confirmed=True).is_passed is False


def test_an_item_without_a_vote_does_not_end(seven: Scene) -> None:
    _meeting, item = seven.begun()
    with pytest.raises(Refused, match="还没有表决"):
        seven.records(closing.end_item, item)
    _vote(seven, item, 4, no=3)
    assert seven.records(closing.end_item, item, resolution="同意").outcome == "passed"


def test_who_joined_after_the_notice_votes_and_who_left_neither_counts_nor_votes(seven: Scene) -> None:
    meeting, item = seven.notified()
    gone, today = seven.seats[6], timezone.localdate()
    Seat.unguarded.filter(pk=gone.pk).update(ended_on=today - timedelta(days=1))
    new = seven.sit("秦新来", since=today)
    seven.records(presence.begin, meeting)
    for one in seven.called(meeting):
        if one.role == "member":
            seven.records(presence.arrive, one)
    seven.records(speaking.open_item, item)
    seven.records(voting.open_vote, item, method="hands")
    with pytest.raises(Refused, match="不是此刻在会的应到成员"):
        seven.records(voting.cast, item, person=gone.person, choice="yes")
    seven.records(voting.cast, item, person=new.person, choice="yes")
    vote = seven.records(voting.close_vote, item, confirmed=True)
    assert (vote.roster_count, vote.present_count, vote.yes) == (7, 7, 1)
    assert new.person_id in vote.electorate
    assert gone.person_id not in vote.electorate
