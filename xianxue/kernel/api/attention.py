"""What waits for the owner of a token: notices given up, use from a new place, an end that comes near."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import current_reach, everyone_signed_in
from xianxue.kernel.api.models import Delivery, DeliveryState, Token, TokenAddress
from xianxue.kernel.indicators.attention import Matter, watch

SOON = timedelta(days=14)
NEW = timedelta(days=7)


@watch("api.tokens", label=gettext_lazy("接口令牌"), system="interfaces", view=everyone_signed_in)
def tokens_to_look_at(_today: date) -> list[Matter]:
    """Matters about the reader's own tokens. Three queries; one for those who have none."""
    user_id = current_reach().user_id
    now = timezone.now()
    own = {
        token.pk: token for token in Token.objects.filter(owner_id=user_id, revoked_at=None, expires_at__gt=now)
    } if user_id is not None else {}  # fmt: skip
    return [*_dead(own), *_new_places(own), *_ending(own)] if own else []


def _matter(token: Token, missing: str, *, due_on: date | None = None, is_late: bool = False) -> Matter:
    return Matter(
        title=_("接口令牌“%(name)s”") % {"name": token.name},
        missing=missing,
        owner=_("令牌所有人"),
        href=reverse("api-token", args=(token.pk,)),
        due_on=due_on,
        is_late=is_late,
    )


def _dead(own: dict[int, Token]) -> Iterator[Matter]:
    dead = Delivery.objects.filter(subscription__token__in=own, subscription__ended_at=None, state=DeliveryState.DEAD)
    for pk in dead.values_list("subscription__token", flat=True).distinct():
        yield _matter(own[pk], _("有变更通知多次发送不成，已放弃。请检查接收系统，再重发。"), is_late=True)


def _new_places(own: dict[int, Token]) -> Iterator[Matter]:
    since = timezone.now() - NEW
    seen = TokenAddress.objects.filter(token__in=own)
    places: dict[int, list[TokenAddress]] = {}
    for place in seen.order_by("pk"):
        places.setdefault(place.token_id, []).append(place)
    # The first place of all is where it was meant to be used.
    for place in (place for found in places.values() for place in found[1:]):
        if place.first_seen_at > since:
            address, pk = place.address, place.token_id
            yield _matter(
                own[pk], _("从新的地址 %(address)s 使用过。不是您的系统，请立即撤销。") % {"address": address}
            )


def _ending(own: dict[int, Token]) -> Iterator[Matter]:
    for token in own.values():
        if token.expires_at < timezone.now() + SOON:
            yield _matter(token, _("快到期了。请换发新令牌。"), due_on=timezone.localtime(token.expires_at).date())
