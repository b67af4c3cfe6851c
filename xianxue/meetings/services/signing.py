"""Signing the record, locking it, and correcting it afterwards by entries that stand beside it."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.commands import Refused, command, nothing_changed
from xianxue.kernel.history.services import checkpoint_now
from xianxue.kernel.procedures import clock
from xianxue.meetings.choices import SignatureWay
from xianxue.meetings.models import AgendaItem, Amendment, Attendance, Meeting, Signature
from xianxue.meetings.procedures import MeetingRecord
from xianxue.meetings.procedures.meeting import everybody_signed, members_present
from xianxue.meetings.rules.provided import tell_changed
from xianxue.meetings.selectors.record import digest_of
from xianxue.meetings.services.frame import meeting_for, refusal, trace
from xianxue.people.models import Person

WORKS = "签名齐全"


@MeetingRecord.sign.command
def _sign(meeting: Meeting, *, by: Actor) -> None:
    # `may_sign` asked for the same line.
    mine = members_present(meeting).filter(user_id=by.user_id).order_by("pk")[0]
    _write(meeting, mine, SignatureWay.ACCOUNT, user_id=by.user_id)
    tell_changed(meeting, by)


@MeetingRecord.sign_on_paper.command
def _sign_on_paper(meeting: Meeting, *, by: Actor, person: Person) -> None:
    one = members_present(meeting).filter(person=person).first()
    if one is None:
        raise refusal(_("这个人不在到会成员名单里。请从名单中选择。"), field="person")
    if Signature.objects.filter(meeting=meeting, person=person).exists():
        raise refusal(_("%(name)s已经签过名。") % {"name": one.name}, field="person")
    _write(meeting, one, SignatureWay.PAPER, user_id=None)
    tell_changed(meeting, by)


def _write(meeting: Meeting, one: Attendance, way: str, *, user_id: int | None) -> None:
    made = Signature.objects.create(
        meeting=meeting,
        person_id=one.person_id,
        name=one.name,
        way=way,
        digest=digest_of(meeting),
        signed_at=clock.now(),
        user_id=user_id,
    )
    trace(meeting, {"signed": (None, made.name)}, facts={"way": way, "digest": made.digest})


def sign(meeting: Meeting, *, by: Actor, **given: Any) -> Any:
    """A member signs by the own account; the last of them completes the signing."""
    return _then_complete(_sign, meeting, by=by, **given)


def sign_on_paper(meeting: Meeting, *, by: Actor, **given: Any) -> Any:
    """The recorder notes a signature on paper, with its scan; the last of them completes the signing."""
    return _then_complete(_sign_on_paper, meeting, by=by, **given)


def _then_complete(run: Any, meeting: Meeting, **given: Any) -> Any:
    with transaction.atomic():
        signed = run(meeting, **given)
        if everybody_signed(signed, given["by"]) is None:
            with whole_county(WORKS):
                found: Any = Meeting.objects.select_related("matter").get(pk=meeting.pk)
                signed = MeetingRecord.complete.run(found, by=system_actor("task"))
    return signed


# The pages call a step's `run`: there too the last signature completes.
MeetingRecord.sign.run = sign
MeetingRecord.sign_on_paper.run = sign_on_paper


@MeetingRecord.take_back.command
def take_back(meeting: Meeting, *, by: Actor) -> None:
    """Undo the signatures, so that the record can be put right; the history keeps who had signed."""
    names = "、".join(meeting.signatures.order_by("pk").values_list("name", flat=True))
    if not names:
        raise refusal(_("还没有人签名，记录可以直接修改。"))
    Signature.objects.filter(meeting=meeting).delete()
    trace(meeting, {"signed": (names, None)})
    tell_changed(meeting, by)


@MeetingRecord.lock.command
def lock(meeting: Meeting, *, by: Actor) -> None:
    """Lock the record under its digest. Refused when it is not the one that was signed."""
    digest = digest_of(meeting)
    others = meeting.signatures.exclude(digest=digest).values_list("name", flat=True)
    if names := "、".join(others):
        raise refusal(_("记录与签名时不一致（%(names)s签的不是现在的记录）。请联系县局核查。") % {"names": names})
    meeting.locked_at, meeting.record_digest = clock.now(), digest
    trace(meeting, {"locked_at": (None, meeting.locked_at)}, facts={"digest": digest})
    meeting.save(update_fields=["locked_at", "record_digest"])
    tell_changed(meeting, by)


def lock_and_bind(meeting: Meeting, *, by: Actor, **given: Any) -> Any:
    """Lock, and sign a checkpoint over it at once: the minutes carry its short root from the first print on.

    Without a key the record is locked all the same; the hourly checkpoint tells of the key.
    """
    locked = lock(meeting, by=by, **given)
    with suppress(Refused):
        checkpoint_now(_("锁定会议记录"), by=by)
    return locked


# As above: the pages call this.
MeetingRecord.lock.run = lock_and_bind


@command("meetings.amended", label=gettext_lazy("追加更正"))
def amend(meeting: Meeting, *, by: Actor, text: str, reason: str, item: AgendaItem | None = None) -> Amendment:
    """Write a correction beside the locked record, which stays as it was signed. The same again at once is one."""
    held = meeting_for(meeting, by, ("locked",))
    if not text.strip() or not reason.strip():
        raise refusal(_("没有写更正内容或理由。请填写完整。"), field="text")
    if item is not None and item.meeting_id != held.pk:
        raise refusal(_("所选议程不属于这次会议。请重新选择。"), field="item")
    before: Amendment | None = Amendment.objects.filter(meeting=held).order_by("-number").first()
    if before is not None and (before.text, before.reason, before.item_id) == _amendment(text, reason, item):
        nothing_changed()
        return before
    last = before.number if before else 0
    made: Amendment = Amendment.objects.create(
        meeting=held,
        item=item,
        number=last + 1,
        text=text.strip(),
        reason=reason.strip(),
        user_id=by.user_id,
        actor=by.label,
        made_at=clock.now(),
    )
    facts = {"number": made.number, **({"item": item.number} if item else {})}
    trace(held, {}, note=made.reason, facts=facts)
    tell_changed(held, by)
    return made


def _amendment(text: str, reason: str, item: AgendaItem | None) -> tuple[str, str, int | None]:
    return text.strip(), reason.strip(), item.pk if item else None


__all__ = ["amend", "lock", "sign", "sign_on_paper", "take_back"]
