"""What the desk and the member's page show of a meeting, read anew with every change."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.meetings.choices import AttendanceRole, ItemState, Presence
from xianxue.meetings.models import AgendaItem, Attendance, Meeting, Vote
from xianxue.meetings.rules.majority import Base, Fraction
from xianxue.meetings.rules.provided import blocked, rules_of
from xianxue.meetings.selectors.interests import KnownInterest, known_interests
from xianxue.meetings.selectors.rosters import electors, is_entered_later, present_count, roster_count


@dataclass
class VoterLine:
    """A member who may vote, and what the open ballot says; `has_cast` alone is told of a secret one."""

    attendance: Attendance
    choice: str = ""
    has_cast: bool = False


@dataclass
class ItemLine:
    """An item with all that was written on it.

    `turn`, `mine`: how the reader stands to its open vote (`open`, `cast`), and what the own open ballot says.
    """

    item: AgendaItem
    vote: Vote | None = None
    block: str = ""
    interests: list[KnownInterest] = field(default_factory=list)
    voters: list[VoterLine] = field(default_factory=list)
    speakers: list[Attendance] = field(default_factory=list)
    has_rules: bool = False
    needed: int = 0
    turn: str = ""
    mine: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is being discussed."""
        return self.item.state == ItemState.OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether its turn is still to come."""
        return self.item.state == ItemState.WAITING

    @property
    def is_closed(self) -> bool:
        """Whether it was dealt with or postponed."""
        return self.item.state == ItemState.CLOSED

    @property
    def is_voting(self) -> bool:
        """Whether its vote is open."""
        return self.vote is not None and self.vote.closed_at is None

    @property
    def is_secret(self) -> bool:
        """Whether nobody is to see who votes how."""
        return self.vote is not None and self.vote.method == "secret"

    @property
    def cast_count(self) -> int:
        """How many have voted."""
        return sum(one.has_cast for one in self.voters)


@dataclass
class Desk:
    """The whole desk."""

    meeting: Meeting
    attendances: list[Attendance]
    items: list[ItemLine]
    roster: int
    present: int

    @property
    def is_live(self) -> bool:
        """Whether the meeting is under way."""
        return bool(self.meeting.matter.state == "under_way")

    @cached_property
    def may_correct(self) -> bool:
        """Whether what was written may still be put right: until the first signature, also after the end."""
        if self.is_live:
            return True
        return self.meeting.matter.state == "held" and not self.meeting.signatures.exists()

    @cached_property
    def hint(self) -> str:
        """Why nothing can be entered, or only corrected; empty while the meeting is under way."""
        state = self.meeting.matter.state
        if self.is_live:
            return ""
        if state in {"planned", "noticed"}:
            return _("会议没有在进行。在会议页面“开始会议”以后，才能记录。")
        if self.may_correct:
            return _(
                "会议已经结束，还没有人签名：可以改正缺席原因、回避后返回、摘要和决定。其他错误，锁定后用更正说明。"
            )
        if state == "held":
            return _("已有成员签名，记录不能再改。确需改正的，请在会议页面“退回核对”，改好后重新签名。")
        return _("会议记录不能再改。记录有误的，请在会议页面办理更正。")

    @property
    def is_late(self) -> bool:
        """Whether it is entered on a later day than that of the meeting."""
        return is_entered_later(self.meeting)

    @property
    def latest(self) -> datetime:
        """The last moment that the record tells of, to go on from when it is entered later."""
        told = [
            self.meeting.began_at,
            *(moment for one in self.attendances for moment in (one.arrived_at, one.left_at)),
        ]
        told += [moment for line in self.items for moment in (line.item.began_at, line.item.ended_at)]
        told += [moment for line in self.items if line.vote for moment in (line.vote.opened_at, line.vote.closed_at)]
        told += [said.spoken_at for line in self.items for said in line.item.opinions.all() if said.role != "inspector"]
        return max((moment for moment in told if moment), default=self.meeting.starts_at)


def desk_of(meeting: Meeting) -> Desk:
    """The meeting as it stands now. About ten queries, and a few more for the item under discussion."""
    now = timezone.now()
    people = list(Attendance.objects.filter(meeting=meeting).order_by("pk"))
    items = AgendaItem.objects.filter(meeting=meeting).order_by("number").select_related("vote")
    rows = list(items.prefetch_related("opinions", "recusals__person", "concerns__person"))
    for row in rows:
        row.meeting = meeting
    lines = [_line(row, people) for row in rows]
    return Desk(meeting, people, lines, roster_count(meeting), present_count(meeting, now))


def _line(item: AgendaItem, people: list[Attendance]) -> ItemLine:
    line = ItemLine(item, getattr(item, "vote", None))
    if line.is_waiting:
        line.block = blocked(item) or ""
    if not line.is_open:
        return line
    recused = {one.person_id for one in item.recusals.all()}
    # What guests from outside say stands in the summary.
    known = [one for one in people if one.person_id is not None]
    there = {one.person_id for one in known if one.presence == Presence.PRESENT and not one.left_at}
    line.interests = [one for one in known_interests(item) if one.person_id in there - recused]
    line.speakers = [one for one in known if one.person_id in there - recused and one.role != AttendanceRole.INSPECTOR]
    line.has_rules = rules_of(item) is not None
    if line.vote is not None:
        _fill_vote(line, line.vote)
    return line


def _fill_vote(line: ItemLine, vote: Vote) -> None:
    said: dict[int | None, str] = dict(vote.ballots.values_list("person_id", "choice"))
    turns = set(vote.turns.values_list("person_id", flat=True))
    line.voters = [
        VoterLine(one, said.get(one.person_id, ""), one.person_id in said or one.person_id in turns)
        for one in electors(line.item, timezone.now())
    ]
    rule = Fraction.of(vote.rule["majority"])
    of = {
        Base.ROSTER: roster_count(line.item.meeting),
        Base.PRESENT: present_count(line.item.meeting, timezone.now()),
        Base.VALID: line.cast_count,
    }[rule.base]
    line.needed = rule.needed(of)
