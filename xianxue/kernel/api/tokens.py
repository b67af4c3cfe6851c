"""Commands on tokens: issued once, revoked at once; and accounts of other systems."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor, Reach, Trait, holds_any, reach_at, roles_among
from xianxue.kernel.api import scopes as words
from xianxue.kernel.api.models import ServiceAccount, Subscription, Token
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import Subject, record

MARK = "xxt"
LONGEST_DAYS = 365
KEEPS_ACCOUNTS = holds_any(Trait.KEEPS_ACCOUNTS)


def secret_hash(secret: str) -> str:
    """What is kept of a secret: its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def subject_of(token: Token) -> Subject:
    """The token as the subject of events."""
    return Subject("api.token", token.pk, token.name)


def is_service(user_id: int) -> bool:
    """Whether the user is another system."""
    return ServiceAccount.objects.filter(pk=user_id).exists()


def reach_of_owner(owner_id: int) -> Reach:
    """What the owner of a token reaches now. A machine never holds a role that takes two people to give.

    Otherwise whoever keeps service accounts could turn a director who has not signed in yet into a token of their own.
    """
    reach = reach_at(owner_id)
    personal = {role for role in roles_among(reach.roles) if role.has(Trait.TWO_PERSONS)}
    if not personal or not is_service(owner_id):
        return reach
    return replace(
        reach,
        roles={role: scope for role, scope in reach.roles.items() if role not in personal},
        own_roles={role: scope for role, scope in reach.own_roles.items() if role not in personal},
        acting_for=tuple(item for item in reach.acting_for if item.role not in personal),
    )


@command("api.issue_token", label=_("签发接口令牌"))
def issue_token(
    owner: Any,
    *,
    name: str,
    scopes: Collection[str],
    days: int,
    by: Actor,
    units: Sequence[int] = (),
    networks: Sequence[str] = (),
) -> tuple[Token, str]:
    """A token and its text, which is never shown again.

    For oneself, or for a service account (the caller has checked who may). Refuses scopes and units beyond the reach
    of the owner, and more than a year.
    """
    if owner.pk != by.user_id and not is_service(owner.pk):
        raise Refused(_("未能签发：令牌只能签发给自己或服务账号。"))
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(_("未能签发：有效期须在 1 至 365 天之间。请修改。"), field="days")
    _refuse_beyond(reach_of_owner(owner.pk), scopes, units)
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = Token.objects.create(
        owner=owner,
        name=name.strip(),
        prefix=prefix,
        secret_hash=secret_hash(secret),
        scopes=sorted(scopes),
        units=sorted(units),
        networks=list(networks),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(
        subject_of(token),
        {"name": [None, token.name], "expires_at": [None, token.expires_at.date().isoformat()]},
        facts={"owner": owner.pk, "scopes": " ".join(token.scopes), "prefix": prefix},
    )
    return token, f"{MARK}_{prefix}_{secret}"


def _refuse_beyond(reach: Reach, scopes: Collection[str], units: Collection[int]) -> None:
    beyond = set(scopes) - words.opened_to(reach)
    if not scopes or beyond:
        raise Refused(
            _("未能签发：令牌的范围为空，或超出所有人的权限：%(words)s。请重新选择。")
            % {"words": "、".join(sorted(beyond)) or "–"},
            field="scopes",
        )
    if not reach.units.covers(units):
        raise Refused(_("未能签发：限定的单位不在所有人的范围内。请重新填写。"), field="units")


@command("api.revoke_token", label=_("撤销接口令牌"))
def revoke_token(token: Token, *, by: Actor) -> None:
    """End a token at once, and the notices sent in its name. Refuses one that is revoked already."""
    if token.revoked_at is not None:
        raise Refused(_("未作改动：这个令牌已经撤销。"))
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    Subscription.objects.filter(token=token, ended_at=None).update(ended_at=token.revoked_at)
    record(subject_of(token), {"is_revoked": ["0", "1"]})


@command("api.make_service_account", label=_("设为服务账号"))
def make_service_account(user: Any, *, purpose: str, contact: str, by: Actor) -> ServiceAccount:
    """Turn a user who never signed in into another system's account: its password ends, tokens begin.

    Refuses whoever has signed in or holds a role: nobody becomes a machine, and no machine inherits a person's traces.
    """
    if user.pk == by.user_id or user.last_login is not None:
        raise Refused(_("未能设为服务账号：该用户登录过。请新建一个专用的用户。"), field="username")
    if reach_at(user.pk).roles and not is_service(user.pk):
        message = _(
            "未能设为服务账号：该用户已有角色，是某个人的账号。请新建一个专用的用户，设为服务账号后再授予角色。"
        )
        raise Refused(message, field="username")
    if is_service(user.pk):
        raise Refused(_("未作改动：该用户已是服务账号。"), field="username")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    account = ServiceAccount.objects.create(user=user, purpose=purpose.strip(), contact=contact.strip())
    record(Subject("accounts.user", user.pk, str(user)), facts={"service_account": True}, note=account.purpose)
    return account


def user_named(username: str) -> Any:
    """The user of that sign-in name, or None."""
    users = get_user_model()
    return users._default_manager.filter(**{f"{users.USERNAME_FIELD}__iexact": username.strip()}).first()
