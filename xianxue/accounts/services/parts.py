"""What several commands on accounts share."""

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.accounts import rules
from xianxue.accounts.choices import SignOutReason
from xianxue.accounts.models import AccountNotice, SignIn, User
from xianxue.accounts.selectors import roles_from
from xianxue.kernel.access import Actor
from xianxue.kernel.api.models import Token
from xianxue.kernel.api.tokens import revoke_token
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Subject


def subject_of(user: User) -> Subject:
    """What events about the user are about."""
    return Subject("accounts.user", user.pk, user.name)


def tell(user: User, text: str, by: Actor, **values: str) -> None:
    """Leave word for the user of what somebody did to the account; `text` has `%(by)s` and the values in it."""
    AccountNotice.objects.create(user=user, text=text % {"by": by.label, **values})


def refuse_alone(user: User, by: Actor) -> None:
    """Refuse one person alone what decides who comes from the identity provider as an administrator or the director."""
    if by.user_id is not None and rules.needs_second_person(roles_from(user, timezone.localdate())):
        raise Refused(
            _("未作改动：局长和管理员由谁从统一身份认证登录，不能由一人更改。请先结束其授权，更改后再由两人重新授予。")
        )


def end_tokens(user: User, by: Actor) -> int:
    """Revoke the user's own tokens, which would outlive password and sessions; returns how many there were."""
    found = list(Token.objects.filter(owner=user, revoked_at=None))
    for token in found:
        revoke_token(token, by=by)
    return len(found)


def end_sessions(user: User, reason: SignOutReason, *, but: str = "") -> int:
    """End the user's sessions, all or all but the one with that key; returns how many were open."""
    found = SignIn.objects.filter(user=user, ended_at=None).exclude(session_key=but)
    Session.objects.filter(session_key__in=list(found.values_list("session_key", flat=True))).delete()
    return found.update(ended_at=timezone.now(), end_reason=reason)
