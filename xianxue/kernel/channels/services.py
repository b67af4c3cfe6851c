"""Adding a channel of one's own, and taking it away."""

from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.channels.models import Channel, ChannelKind
from xianxue.kernel.channels.robots import check_address
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures.models import Notice


def add_channel(*, kind: str, address: str, secret: str, quiet_from: time, quiet_to: time, by: Actor) -> Channel:
    """A channel of the person acting; it tells of what comes from now on. Neither address nor secret is in the history."""
    # Before the command: looking a name up may take seconds, and nobody else writes while a command runs.
    if kind == ChannelKind.MAIL:
        _check_mail(address)
    else:
        check_address(kind, address)
    channel: Channel = _add(
        kind=kind, address=address, secret=secret if kind == ChannelKind.DINGTALK else "", quiet_from=quiet_from,
        quiet_to=quiet_to, by=by,
    )  # fmt: skip
    return channel


@command("channels.add", label=gettext_lazy("添加提醒渠道"))
def _add(*, by: Actor, **facts: Any) -> Channel:
    if by.user_id is None:
        raise Refused(_("未能添加：提醒渠道只能由本人登录后添加。"))
    newest = Notice.objects.aggregate(newest=Max("pk"))["newest"] or 0
    channel = Channel.objects.create(user_id=by.user_id, told_through=newest, **facts)
    record(_subject(channel), {"is_on": ["0", "1"]})
    return channel


@command("channels.end", label=gettext_lazy("停用提醒渠道"))
def end_channel(channel: Channel, *, by: Actor) -> None:
    """Take a channel away, with its address."""
    del by
    channel.ended_at, channel.is_given_up = channel.ended_at or timezone.now(), False
    channel.address = channel.secret = ""
    channel.save()
    record(_subject(channel), {"is_on": ["1", "0"]})


def _check_mail(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(_("未能添加：这不是一个邮件地址。请核对后再填。"), field="address") from None


def _subject(channel: Channel) -> Subject:
    return Subject("channels.channel", channel.pk, str(ChannelKind(channel.kind).label))
