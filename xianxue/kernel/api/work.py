"""What waits for the owner of a token: notices given up, use from a new place, an end that comes near."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach
from xianxue.kernel.api.models import Delivery, DeliveryState, Token, TokenAddress
from xianxue.kernel.work import Line, WorkSource, source

SOON = timedelta(days=14)
NEW = timedelta(days=7)


def _in_use(today: date) -> QuerySet[Any]:
    return Token.objects.filter(revoked_at=None, expires_at__date__gte=today)


def _line(token: Token, asked: str) -> Line:
    title = _("接口令牌“%(name)s”") % {"name": token.name}
    return Line(title, asked, _("令牌所有人"), reverse("api-token", args=(token.pk,)))


@source
class EndingTokens(WorkSource):
    """Tokens that end within two weeks."""

    code = "api.ending"
    label = gettext_lazy("快到期的接口令牌")
    system = "interfaces"
    user = "owner_id"
    until = TruncDate("expires_at")

    def waiting(self, today: date) -> QuerySet[Any]:
        """In use, and ending soon."""
        return _in_use(today).filter(expires_at__date__lte=today + SOON)

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """The token."""
        del reach
        return {one.pk: _line(one, _("快到期了。请换发新令牌。")) for one in Token.objects.filter(pk__in=keys)}


@source
class DeadDeliveries(WorkSource):
    """Tokens of which notices were given up."""

    code = "api.dead"
    label = gettext_lazy("未送达的变更通知")
    system = "interfaces"
    user = "owner_id"
    until = "given_up_on"

    def waiting(self, today: date) -> QuerySet[Any]:
        """Late since the first of them was given up."""
        dead = Delivery.objects.filter(
            subscription__token=OuterRef("pk"), subscription__ended_at=None, state=DeliveryState.DEAD
        ).order_by()
        first = dead.values("subscription__token").annotate(day=Min(TruncDate("done_at"))).values("day")
        tokens: QuerySet[Any] = _in_use(today).filter(Exists(dead)).annotate(given_up_on=Subquery(first))
        return tokens

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """The token."""
        del reach
        asked = _("有变更通知多次发送不成，已放弃。请检查接收系统，再重发。")
        return {one.pk: _line(one, asked) for one in Token.objects.filter(pk__in=keys)}


@source
class NewPlaces(WorkSource):
    """Tokens that were used from a new address within a week; the first address of all is where they were meant to be."""

    code = "api.places"
    label = gettext_lazy("从新地址使用的接口令牌")
    system = "interfaces"
    user = "token__owner_id"

    def waiting(self, today: date) -> QuerySet[Any]:
        """Addresses that are not the token's first."""
        earlier = TokenAddress.objects.filter(token=OuterRef("token"), pk__lt=OuterRef("pk"))
        places: QuerySet[Any] = TokenAddress.objects.filter(
            Exists(earlier), token__revoked_at=None, token__expires_at__date__gte=today,
            first_seen_at__date__gt=today - NEW,
        )  # fmt: skip
        return places

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """The token and the address."""
        del reach
        text = _("从新的地址 %(address)s 使用过。不是您的系统，请立即撤销。")
        places = TokenAddress.objects.filter(pk__in=keys).select_related("token")
        return {place.pk: _line(place.token, text % {"address": place.address}) for place in places}
