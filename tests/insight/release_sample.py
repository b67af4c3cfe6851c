"""A released report of the small county, and the two persons who made it."""

from datetime import date

from tests.cast import Cast
from tests.factories.aid import AidGrantFactory
from xianxue.aid.models import AidGrant
from xianxue.insight.models import Release
from xianxue.insight.releases import services
from xianxue.kernel.access import Actor, whole_county


def actor(cast: Cast, part: str) -> Actor:
    """A person of the cast, acting."""
    user = cast.users[part]
    return Actor(user.pk, user.name)


def released(cast: Cast, year: int = 2024, *, reason: str = "") -> Release:
    """Prepared by the county's officer, released by the director."""
    with whole_county("test"):
        draft = services.prepare(year, reason=reason, by=actor(cast, "county_officer"))
        return services.release(draft, by=actor(cast, "director"))


def grant(cast: Cast) -> AidGrant:
    """One more grant at the First Primary, paid in 2024."""
    like = AidGrant.unguarded.order_by("pk").last()
    assert like is not None
    return AidGrantFactory(
        school=cast.first_primary, programme=like.programme, term=like.term, paid_on=date(2024, 6, 1)
    )
