"""Notices inside the application: to a person, or to those who hold a role over a unit."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor, Grant, Reach
from xianxue.kernel.commands import command, nothing_changed
from xianxue.kernel.procedures.models import Matter, Notice
from xianxue.kernel.procedures.names import roles_of
from xianxue.kernel.procedures.selectors import readable

TEXT_LENGTH = 200


def notice(  # a message has this many sides; all but one are named at the call
    text: Any,
    *,
    user_id: int | None = None,
    to: Grant | None = None,
    unit_id: int | None = None,
    href: str = "",
    tone: str = "now",
    matter: Matter | None = None,
) -> Notice:
    """A message, unsaved: to one person, or to those who hold a role of the grant over the unit.

    Save it inside a command. One about a matter is read by those who see the matter, and goes when it moves on.
    """
    roles = "".join(f"|{role}" for role in roles_of(to)) + "|" if to is not None else ""
    return Notice(
        matter=matter, user_id=user_id, roles=roles, unit_id=unit_id, tone=tone, text=str(text)[:TEXT_LENGTH],
        href=href, at=timezone.now(),
    )  # fmt: skip


def unseen(reach: Reach) -> QuerySet[Notice]:
    """What the person has not seen, newest first."""
    mine = Q(pk__in=[])
    if reach.user_id is not None:
        mine |= Q(user_id=reach.user_id)
    for role, scope in reach.roles.items():
        if scope:
            mine |= Q(roles__contains=f"|{role}|") & scope.q("unit_id")
    about = Q(matter=None) | readable(reach, "matter")
    return Notice.objects.filter(mine & about, seen_at=None).order_by("-pk")


@command("procedures.see_notices", label=gettext_lazy("查看通知"))
def mark_seen(notices: Collection[int], *, by: Actor) -> int:
    """Mark notices as seen, for all to whom they are addressed; returns how many. The caller found them by `unseen`."""
    nothing_changed()
    found = Notice.objects.filter(pk__in=notices, seen_at=None)
    return found.update(seen_at=timezone.now(), seen_by=by.label)
