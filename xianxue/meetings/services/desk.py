"""The desk: entries that arrive one by one or many at once, perhaps twice, perhaps late; each is done once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused, command, nothing_changed
from xianxue.kernel.procedures import clock
from xianxue.meetings.access import RECORDS
from xianxue.meetings.models import AgendaItem, Attendance, DeskEntry, Meeting, Recusal
from xianxue.meetings.selectors.rosters import is_entered_later
from xianxue.meetings.services import agenda, closing, presence, speaking, voting
from xianxue.meetings.services.frame import PURPOSE, refuse_stranger
from xianxue.meetings.services.voting import Totals
from xianxue.people.models import Person

MOST = 200
REFUSAL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: a key of its own, what is done, when it was noted, and the cells."""

    key: UUID
    act: str
    noted_at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an entry; `refusal` says why it was not written, empty when it was."""

    key: UUID
    refusal: str
    is_repeated: bool


class Cells:
    """The cells of an entry, read as what they should be. Raises Refused for what cannot be read."""

    def __init__(self, meeting: Meeting, data: Mapping[str, Any], noted_at: datetime) -> None:
        self.meeting, self.data = meeting, data
        self.noted_at = min(noted_at, clock.now())

    def text(self, name: str) -> str:
        """What stands in a cell; nothing where it is missing."""
        return str(self.data.get(name) or "").strip()

    def yes(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.text(name) in {"on", "true", "True", "1"}

    def number(self, name: str) -> int:
        """A whole number; nothing is zero."""
        text = self.text(name) or "0"
        if not (text.isascii() and text.isdecimal() and len(text) < 7):
            raise Refused(_("未能记入：人数、票数应为整数。请核对后重新填写。"), field=name)
        return int(text)

    def day(self, name: str) -> date | None:
        """A day, or nothing."""
        text = self.text(name)
        try:
            return parse_date(text) if text else None
        except ValueError:
            raise Refused(_("未能记入：日期不存在。请核对后重新填写。"), field=name) from None

    @property
    def at(self) -> datetime:
        """When it happened: as written, and written it must be for a meeting entered later; else when it was noted."""
        text = self.text("at")
        try:
            found = parse_datetime(text) if text else None
        except ValueError:
            raise Refused(_("未能记入：时间不存在。请核对后重新填写。"), field="at") from None
        if found is None and is_entered_later(self.meeting):
            raise Refused(_("未能记入：这是补录以前的会议，没有填写当时的时间。请填写后再记。"), field="at")
        if found is None:
            return self.noted_at
        return timezone.make_aware(found) if timezone.is_naive(found) else found

    @property
    def item(self) -> AgendaItem:
        """The item, of this meeting."""
        found: AgendaItem = self._row(AgendaItem.objects.filter(meeting=self.meeting), "item")
        return found

    @property
    def attendance(self) -> Attendance:
        """Somebody called to this meeting."""
        found: Attendance = self._row(
            Attendance.objects.filter(meeting=self.meeting).select_related("meeting"), "attendance"
        )
        return found

    @property
    def recusal(self) -> Recusal:
        """A recusal at this meeting."""
        found: Recusal = self._row(Recusal.objects.filter(item__meeting=self.meeting).select_related("item"), "recusal")
        return found

    @property
    def person(self) -> Person:
        """The person behind an attendance; also one who has left the school since."""
        pk = self.attendance.person_id
        if pk is None:
            raise Refused(
                _("未能记入：校外人员和监督人员的意见不在这里记。校外人员的意见，请写在讨论摘要里。"),
                field="attendance",
            )
        with whole_county(PURPOSE):
            found: Person = Person.objects.get(pk=pk)
        return found

    def _row(self, rows: Any, name: str) -> Any:
        pk = self.number(name)
        found = rows.filter(pk=pk).first()
        if found is None:
            raise Refused(_("未能记入：这一行已经不在会议记录里。请刷新页面后核对。"), field=name)
        return found

    @property
    def totals(self) -> Totals | None:
        """Slips as tellers counted them; None where no number was given."""
        names = ("yes", "no", "abstain", "invalid")
        return Totals(*(self.number(name) for name in names)) if any(self.text(name) for name in names) else None


Doing = Callable[[Cells, Actor], Any]
ACTS: dict[str, Doing] = {
    "arrive": lambda cells, by: presence.arrive(cells.attendance, by=by, at=cells.at),
    "leave": lambda cells, by: presence.leave(cells.attendance, by=by, at=cells.at),
    "absent": lambda cells, by: presence.be_absent(
        cells.attendance, by=by, reason=cells.text("reason"), written_opinion=cells.text("written_opinion")
    ),
    "count": lambda cells, by: presence.count_people(
        cells.meeting, by=by, roster_total=cells.number("roster_total"), present_total=cells.number("present_total")
    ),
    "add": lambda cells, by: agenda.add_item(
        cells.meeting, by=by, kind=cells.text("kind"), title=cells.text("title"), at=cells.at,
        late_reason=cells.text("late_reason"), late_approved_by=cells.text("late_approved_by"),
    ),
    "open": lambda cells, by: speaking.open_item(cells.item, by=by, at=cells.at),
    "recuse": lambda cells, by: speaking.recuse(
        cells.item, by=by, person=cells.person, ground=cells.text("ground"), source=cells.text("source"), at=cells.at
    ),
    "return": lambda cells, by: speaking.come_back(cells.recusal, by=by, at=cells.at),
    "speak": lambda cells, by: speaking.speak(
        cells.item, by=by, person=cells.person, stance=cells.text("stance"), text=cells.text("text"),
        confirmed=cells.yes("confirmed"), at=cells.at,
    ),
    "sum_up": lambda cells, by: speaking.sum_up(
        cells.item, by=by, summary=cells.text("summary"), resolution=cells.text("resolution")
    ),
    "vote": lambda cells, by: voting.open_vote(
        cells.item, by=by, method=cells.text("method"), confirmed=cells.yes("confirmed"), at=cells.at
    ),
    "cast": lambda cells, by: voting.cast(
        cells.item, by=by, person=cells.person, choice=cells.text("choice"), at=cells.at
    ),
    "void": lambda cells, by: voting.void_vote(cells.item, by=by, reason=cells.text("reason")),
    "close": lambda cells, by: voting.close_vote(
        cells.item, by=by, totals=cells.totals, tellers=cells.text("tellers"), confirmed=cells.yes("confirmed"),
        at=cells.at,
    ),
    "end": lambda cells, by: closing.end_item(
        cells.item, by=by, summary=cells.text("summary"), resolution=cells.text("resolution"),
        stated=cells.text("stated"), at=cells.at,
    ),
    "postpone": lambda cells, by: closing.postpone(
        cells.item, by=by, reason=cells.text("reason"), until=cells.day("until"), at=cells.at
    ),
}  # fmt: skip


def take(meeting: Meeting, entries: Sequence[Entry], *, by: Actor) -> list[Answer]:
    """Do each entry in its order, or say why not; one that came before gets the answer that it got then."""
    return [_take_one(meeting, entry, by) for entry in entries[:MOST]]


def _take_one(meeting: Meeting, entry: Entry, by: Actor) -> Answer:
    try:
        return _enter(meeting, entry, by=by)
    except Refused as refused:
        return _refuse(meeting, entry, refused.message, by=by)


@command("meetings.desk_entry", label=gettext_lazy("会议录入"))
def _enter(meeting: Meeting, entry: Entry, *, by: Actor) -> Answer:
    """The act's own command writes the history; here only the key is kept."""
    refuse_stranger(meeting, by, RECORDS)
    nothing_changed()
    if (before := _before(meeting, entry)) is not None:
        return before
    doing = ACTS.get(entry.act)
    if doing is None:
        raise Refused(_("未能记入：没有这种录入。请刷新页面后再试。"))
    doing(Cells(meeting, entry.data, entry.noted_at), by)
    _keep(meeting, entry, by, "")
    return Answer(entry.key, "", is_repeated=False)


@command("meetings.desk_refused", label=gettext_lazy("会议录入未成"))
def _refuse(meeting: Meeting, entry: Entry, reason: str, *, by: Actor) -> Answer:
    refuse_stranger(meeting, by, RECORDS)
    nothing_changed()
    if (before := _before(meeting, entry)) is not None:
        return before
    _keep(meeting, entry, by, reason[:REFUSAL_LENGTH])
    return Answer(entry.key, reason, is_repeated=False)


def _before(meeting: Meeting, entry: Entry) -> Answer | None:
    found = DeskEntry.objects.filter(meeting=meeting, key=entry.key).first()
    return Answer(entry.key, found.refusal, is_repeated=True) if found else None


def _keep(meeting: Meeting, entry: Entry, by: Actor, refusal: str) -> None:
    DeskEntry.objects.create(
        meeting=meeting, key=entry.key, act=entry.act[:20], noted_at=entry.noted_at, received_at=clock.now(),
        user_id=by.user_id, refusal=refusal,
    )  # fmt: skip
