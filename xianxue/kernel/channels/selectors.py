"""Reading one's own channels."""

from django.db.models import Q, QuerySet

from xianxue.kernel.channels.models import Channel


def channels_of(user_id: int | None) -> QuerySet[Channel]:
    """The person's channels in use, and those that were given up."""
    return Channel.objects.filter(Q(ended_at=None) | Q(is_given_up=True), user_id=user_id or 0).order_by("kind", "pk")
