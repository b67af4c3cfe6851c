"""Channels that were given up wait for their owner."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach
from xianxue.kernel.channels.models import Channel, ChannelKind
from xianxue.kernel.work import Line, WorkSource, source


@source
class GivenUp(WorkSource):
    """Reminders did not arrive for two days, or the robot is gone."""

    code = "channels.given_up"
    label = gettext_lazy("停发的提醒渠道")
    system = "work"
    user = "user_id"
    until = TruncDate("ended_at")

    def waiting(self, today: date) -> QuerySet[Any]:
        """Given up, and not yet taken away by the owner."""
        del today
        return Channel.objects.filter(is_given_up=True)

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """The kind, and what the other side answered last."""
        del reach
        return {
            one.pk: Line(
                title=_("提醒渠道：%(kind)s") % {"kind": ChannelKind(one.kind).label},
                asked=_("一直发不出去，已停发。请核对地址后重新添加，或者停用。"),
                actor=_("本人"),
                href=reverse("account"),
                note=one.answered,
            )
            for one in Channel.objects.filter(pk__in=keys)
        }
