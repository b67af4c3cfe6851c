"""Commands on passwords. Administrators never choose one: they give a temporary one, which the system makes up."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts import rules
from xianxue.accounts.choices import RequestKind, SignOutReason
from xianxue.accounts.models import AccountRequest, PasswordRecord, User
from xianxue.accounts.rules.passwords import reasons_of
from xianxue.accounts.selectors import roles_from
from xianxue.accounts.services.parts import end_sessions, end_tokens, subject_of, tell
from xianxue.accounts.services.requests import decide, open_request
from xianxue.accounts.services.sign_in import Locked, forgive, name_of, prove
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import record

# Without l, o, i, 0 and 1, which are taken for one another when read out or copied by hand.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def temporary_password() -> str:
    """A password for one sign-in: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(4)) for _group in range(4))


def refuse_weak(password: str, user: User, *, field: str = "password") -> None:
    """Refuse a password that the validators find weak."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        message = _("未能设置密码：%(reasons)s") % {"reasons": reasons_of(error)}
        raise Refused(message, field=field) from error


def _refuse_used(password: str, user: User) -> None:
    past = PasswordRecord.objects.filter(user=user).order_by("-pk")[: settings.PASSWORD_HISTORY]
    if any(check_password(password, one.password) for one in past):
        raise Refused(
            _("未能修改密码：最近 %(count)s 个密码不能再用。请换一个。") % {"count": settings.PASSWORD_HISTORY},
            field="new",
        )


def change_password(user: User, *, old: str, new: str, by: Actor, but: str = "", address: str = "") -> None:
    """The user's own new password; ends all sessions, or all but the one with the key `but`.

    Refuses a wrong old one, the same again, one of the last few, or a weak one.
    """
    if user.pk != by.user_id and by.user_id is not None:
        raise Refused(_("未能修改密码：只能修改自己的密码。"))
    # Outside the command: a wrong password must stay counted when the command is rolled back.
    refuse_wrong(user, old, address, Refused(_("未能修改密码：原密码不正确。请重新填写。"), field="old"))
    _change(user, old=old, new=new, but=but, by=by)


def refuse_wrong(user: User, password: str, address: str, refusal: Refused) -> None:
    """Refuse a wrong password of somebody signed in. Counted as at the door: an open session is no place to guess."""
    found = prove(user, password, address)
    if isinstance(found, Locked):
        until = localtime(found.until).strftime("%H:%M")
        message = _("未作改动：密码错误次数过多，%(time)s 后可再试。忘记密码请找安全管理员重置。")
        raise Refused(message % {"time": until}, field=refusal.field)
    if not found:
        raise refusal


@command("accounts.change_password", label=gettext_lazy("修改密码"))
def _change(user: User, *, old: str, new: str, by: Actor, but: str) -> None:
    if old == new:
        raise Refused(_("未能修改密码：新密码与原密码相同。请换一个。"), field="new")
    refuse_weak(new, user, field="new")
    _refuse_used(new, user)
    _remember(user)
    user.must_change_password, user.temporary_until, user.temporary_used_at = False, None, None
    _keep(user, new, but=but)
    record(subject_of(user), facts={"by_administrator": False})


def _remember(user: User) -> None:
    if user.temporary_until is None:
        PasswordRecord.objects.create(user=user, password=user.password)
    old = PasswordRecord.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)
    PasswordRecord.objects.filter(pk__in=list(old[settings.PASSWORD_HISTORY :])).delete()


def make_temporary(user: User) -> str:
    """Put a temporary password on the user, unsaved, and return it."""
    password = temporary_password()
    user.password = make_password(password)
    user.must_change_password, user.temporary_used_at = True, None
    user.temporary_until = timezone.now() + timedelta(hours=settings.TEMPORARY_PASSWORD_HOURS)
    return password


def _keep(user: User, password: str, *, but: str = "") -> None:
    user.password, user.password_changed_at = make_password(password), timezone.now()
    _save(user, but=but)


def _save(user: User, *, but: str = "") -> None:
    user.save(
        update_fields=[
            "password", "must_change_password", "temporary_until", "temporary_used_at", "password_changed_at",
        ]
    )  # fmt: skip
    forgive(name_of(user.username))
    end_sessions(user, SignOutReason.PASSWORD, but=but)


@command("accounts.reset_password", label=gettext_lazy("重置密码"))
def reset_password(user: User, *, by: Actor, reason: str = "") -> str:
    """A temporary password, returned once: good for one sign-in within hours, and then to be changed.

    Ends the user's sessions; the user is told who did it. Takes two people for administrators and the director.
    """
    if user.pk == by.user_id:
        raise Refused(_("未能重置密码：自己的密码请在“我的账号”里修改。"))
    if by.user_id is not None and rules.needs_second_person(roles_from(user, timezone.localdate())):
        raise Refused(_("未能重置密码：管理员和局长的密码须由两人重置。请提出申请，由另一人确认。"))
    return _reset(user, by, reason)


def _reset(user: User, by: Actor, reason: str) -> str:
    _remember(user)
    password = make_temporary(user)
    _save(user)
    end_tokens(user, by)
    tell(user, _("%(by)s重置了您的密码。您自己的接口令牌也已撤销。如果不是您要求的，请马上告诉审计管理员。"), by)
    record(subject_of(user), note=reason, facts={"by_administrator": True})
    return password


@command("accounts.ask_for_reset", label=gettext_lazy("申请重置管理员密码"))
def ask_for_reset(user: User, *, reason: str, by: Actor) -> AccountRequest:
    """Ask for a new password of an administrator or the director; nothing changes until a second person confirms."""
    if user.pk == by.user_id:
        raise Refused(_("未能提出申请：自己的密码请在“我的账号”里修改。"))
    return open_request(user, RequestKind.PASSWORD, reason=reason, by=by)


@command("accounts.confirm_reset", label=gettext_lazy("确认重置管理员密码"))
def confirm_reset(request: AccountRequest, *, by: Actor) -> str:
    """The second person agrees: returns the temporary password, to be handed to the user in person."""
    decide(request, granted=True, by=by)
    return _reset(request.user, by, request.reason)
