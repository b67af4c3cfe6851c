"""Commands: naming a purpose, breaking the glass, judging it, and the daily seal over the records of reading."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor, current_reach, whole_county
from xianxue.kernel.commands import Refused, command, nothing_changed, refuse_if
from xianxue.kernel.history.canonical import canonical, hash_hex
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.restricted import rules, selectors
from xianxue.kernel.restricted.declaration import Domain
from xianxue.kernel.restricted.models import Opening, ReadRecord

DAY = "restricted.day"


@command("restricted.open", label=gettext_lazy("说明查阅目的"))
def open_domain(domain: Domain, *, purpose: str, by: Actor) -> Opening:
    """Open a domain for the minutes that it declares. Refuses an unknown purpose and whoever has no grant."""
    refuse_if(rules.opening_blocked(domain, purpose, current_reach()))
    now = timezone.now()
    opening: Opening = Opening.unguarded.create(
        domain=domain.code,
        user_id=by.user_id,
        reader=by.label,
        purpose=purpose,
        started_at=now,
        until=now + timedelta(minutes=domain.minutes),
    )
    record(_user(by), facts={"domain": domain.code, "purpose": purpose, "opening": opening.pk})
    return opening


@command("restricted.break_glass", label=gettext_lazy("紧急查阅"))
def break_glass(
    domain: Domain, *, subject: Subject, units: Sequence[int | None], reason: str, hours: int, by: Actor
) -> Opening:
    """Open a domain for one subject, without the grant, for some hours. The overseers of the first of its units find it
    among what to judge.
    """
    unit_id = next((unit for unit in units if unit is not None), None)
    refuse_if(rules.emergency_blocked(domain, reason, hours, may=selectors.may_break_glass(domain, units)))
    now = timezone.now()
    opening: Opening = Opening.unguarded.create(
        domain=domain.code,
        user_id=by.user_id,
        reader=by.label,
        started_at=now,
        until=now + timedelta(hours=hours),
        subject_type=subject.type,
        subject_id=subject.pk,
        subject_label=subject.label,
        unit_id=unit_id,
        reason=reason.strip(),
    )
    record(subject, unit_id=unit_id, note=reason.strip(), facts={"domain": domain.code, "hours": hours})
    return opening


@command("restricted.judge", label=gettext_lazy("复核紧急查阅"))
def judge(opening: Opening, *, verdict: str, note: str, by: Actor) -> None:
    """An overseer's finding on an emergency. Refuses the reader himself, a second judgement, and one without a word."""
    opening = Opening.unguarded.select_for_update().get(pk=opening.pk)
    refuse_if(rules.judging_blocked(opening, note, by))
    opening.verdict, opening.judged_by, opening.judged_at = verdict, by.label, timezone.now()
    opening.judged_note = note.strip()
    opening.save(update_fields=["verdict", "judged_by", "judged_at", "judged_note"])
    record(
        Subject(opening.subject_type, opening.subject_id or 0, opening.subject_label),
        unit_id=opening.unit_id,
        note=note.strip(),
        facts={"verdict": verdict, "opening": opening.pk},
    )


@command("restricted.end", label=gettext_lazy("提前结束查阅"))
def end_opening(opening: Opening, *, by: Actor) -> None:
    """Close one's own opening before its time."""
    if opening.user_id != by.user_id:
        raise Refused(_("未能结束：只能结束自己的查阅。"))
    opening.until = timezone.now()
    opening.save(update_fields=["until"])
    record(_user(by), facts={"domain": opening.domain, "opening": opening.pk, "ended": True})


def note_read(
    opening: Opening, subject: Subject | None, *, what: str, unit_id: int | None, people: int = 1
) -> ReadRecord:
    """Keep that restricted facts were read: written before they are shown, so that no answer goes out unnoted.

    Without a subject it is a list of `people` persons. Not a command of its own: the day's records are sealed into the
    log together (`seal_reads`).
    """
    made: ReadRecord = ReadRecord.unguarded.create(
        opening=opening,
        at=timezone.now(),
        domain=opening.domain,
        user_id=opening.user_id,
        reader=opening.reader,
        purpose=opening.purpose,
        subject_type=subject.type if subject else "",
        subject_id=subject.pk if subject else None,
        subject_label=subject.label[:60] if subject else "",
        people=people,
        what=what[:120],
        unit_id=unit_id if unit_id is not None else opening.unit_id,
        is_emergency=opening.is_emergency,
    )
    return made


@command("restricted.seal_reads", label=gettext_lazy("封存查阅记录"))
def seal_reads(day: date, *, by: Actor) -> None:
    """Bind the records of a day in the log by their number and hash; `reads_digest` recomputes it."""
    with whole_county("the daily seal over the records of reading"):
        count, digest = reads_digest(day)
    if not count:
        nothing_changed()
        return
    record(Subject(DAY, day.toordinal(), day.isoformat()), facts={"records": count, "digest": digest})


def reads_digest(day: date) -> tuple[int, str]:
    """How many records a day has, and the hash over them in order."""
    lines = [canonical(item.canonical()) for item in selectors.records_of_day(day).iterator()]
    return len(lines), hash_hex(b"\n".join(lines), "sha256")


def _user(by: Actor) -> Subject:
    return Subject("accounts.user", by.user_id or 0, by.label)
