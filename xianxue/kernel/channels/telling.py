"""Telling people that something new waits for them inside: how much, never what."""

import smtplib
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import in_reach, reach_at
from xianxue.kernel.api.webhooks.sending import Outcome
from xianxue.kernel.channels import robots
from xianxue.kernel.channels.models import Channel, ChannelKind
from xianxue.kernel.procedures.models import Notice
from xianxue.kernel.procedures.notices import unseen

# What stands where the operator has named no server: it takes every mail and sends none.
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
# After the first failure, the second, …; given up after the last: two days in all.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440))


def tell_everybody() -> str:
    """Tell all whose channel is due of what is new; safe to run again, and to be killed: sent at least once."""
    newest = Notice.objects.aggregate(newest=Max("pk"))["newest"] or 0
    now = timezone.now()
    due = Channel.objects.filter(ended_at=None, due_at__lte=now, told_through__lt=newest).order_by("pk")
    told = [tell(channel, newest, now) for channel in due if not channel.is_quiet(timezone.localtime(now).time())]
    return f"{sum(told)} / {len(told)}"


def tell(channel: Channel, newest: int, now: datetime) -> bool:
    """Tell one person of the notices up to `newest`; whether something was sent and received.

    What was seen inside meanwhile, or reaches the person no longer, is not told.
    """
    with in_reach(reach_at(channel.user_id)) as reach:
        new = unseen(reach).filter(pk__gt=channel.told_through, pk__lte=newest).select_related("matter")
        # Who was switched off has no role any more.
        kinds = Counter(_kind(notice) for notice in new) if reach.roles else Counter()
    if not kinds:
        channel.told_through = newest
        channel.save(update_fields=["told_through"])
        return False
    outcome = send(channel, kinds, now)
    _note(channel, outcome, newest, now)
    return outcome.is_received


def send(channel: Channel, kinds: Counter[str], now: datetime) -> Outcome:
    """One message by the channel. A robot's group may have other readers: it is told the number alone."""
    count = sum(kinds.values())
    if channel.kind != ChannelKind.MAIL:
        text = _("县学：您有 %(count)s 条新提醒，请登录查看。") % {"count": count}
        return robots.send(channel, text, int(now.timestamp()))
    parts = "、".join(
        _("%(kind)s %(count)s 条") % {"kind": kind, "count": number} for kind, number in kinds.most_common()
    )
    text = _("您有 %(count)s 条新提醒：%(parts)s。请登录县学，在“我的待办”查看。") % {"count": count, "parts": parts}
    return _mailed(channel.address, _("县学：%(count)s 条新提醒") % {"count": count}, text)


def test(channel: Channel, now: datetime) -> Outcome:
    """Send a message that says that the channel works."""
    text = _("县学：这是一条测试提醒，收到即说明渠道可用。")
    if channel.kind == ChannelKind.MAIL:
        return _mailed(channel.address, _("县学：测试提醒"), text)
    return robots.send(channel, text, int(now.timestamp()))


def _kind(notice: Notice) -> str:
    return str(notice.matter.declaration.label) if notice.matter else _("系统提醒")


def _mailed(address: str, subject: str, text: str) -> Outcome:
    if settings.EMAIL_BACKEND == NO_MAIL:
        return Outcome(is_received=False, note=_("本系统没有设置发信服务器"))
    try:
        send_mail(subject, text, None, [address])
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(is_received=False, note=type(error).__name__)
    return Outcome(is_received=True)


def _note(channel: Channel, outcome: Outcome, newest: int, now: datetime) -> None:
    # Its owner may have taken it away while the message was on its way: then nothing is brought back.
    still = Channel.objects.filter(pk=channel.pk, ended_at=None)
    if outcome.is_received:
        still.update(answered=outcome.note, told_through=newest, failures=0, sent_at=now)
        return
    is_given_up = outcome.is_gone or channel.failures >= len(WAITS)
    still.update(
        answered=outcome.note, failures=channel.failures + 1, is_given_up=is_given_up,
        ended_at=now if is_given_up else None, due_at=now + WAITS[min(channel.failures, len(WAITS) - 1)],
    )  # fmt: skip
