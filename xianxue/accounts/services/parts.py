"""What several commands on accounts share."""

from django.contrib.sessions.models import Session
from django.utils import timezone

from xianxue.accounts.choices import SignOutReason
from xianxue.accounts.models import AccountNotice, SignIn, User
from xianxue.kernel.access import Actor
from xianxue.kernel.history.records import Subject


def subject_of(user: User) -> Subject:
    """What events about the user are about."""
    return Subject("accounts.user", user.pk, user.name)


def tell(user: User, text: str, by: Actor, **values: str) -> None:
    """Leave word for the user of what somebody did to the account; `text` has `%(by)s` and the values in it."""
    AccountNotice.objects.create(user=user, text=text % {"by": by.label, **values})


def end_sessions(user: User, reason: SignOutReason, *, but: str = "") -> int:
    """End the user's sessions, all or all but the one with that key; returns how many were open."""
    found = SignIn.objects.filter(user=user, ended_at=None).exclude(session_key=but)
    Session.objects.filter(session_key__in=list(found.values_list("session_key", flat=True))).delete()
    return found.update(ended_at=timezone.now(), end_reason=reason)
