"""Commands on accounts: users, passwords, sessions."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.choices import SignOutReason
from xianxue.accounts.models import SignIn, SignInFailure, User
from xianxue.accounts.services.parts import end_sessions, subject_of
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.crypto import digest
from xianxue.kernel.history.records import record


def _refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        message = _("未能设置密码：%(reasons)s") % {"reasons": "".join(error.messages)}
        raise Refused(message, field="password") from error


@command("accounts.create_user", label=_("新建用户"))
def create_user(
    *, username: str, name: str, password: str, by: Actor, is_demo: bool = False, must_change: bool = True
) -> User:
    """A new user, without postings: can sign in, reaches nothing. Refuses a taken name or a weak password."""
    username = username.strip()
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(_("未能新建用户：用户名“%(name)s”已有人使用。请换一个。") % {"name": username}, field="username")
    user = User(username=username, name=name.strip(), is_demo=is_demo, must_change_password=must_change)
    if not is_demo:
        # The demonstration's password is printed on its sign-in page: no rule can make it strong.
        _refuse_weak(password, user)
    user.password = make_password(password)
    user.save()
    record(subject_of(user), {"username": [None, user.username], "name": [None, user.name]})
    return user


@command("accounts.set_password", label=_("重置密码"))
def set_password(user: User, *, password: str, by: Actor) -> None:
    """A new password given by an administrator: ends the user's sessions, must be changed at the next sign-in."""
    _refuse_weak(password, user)
    _keep_password(user, password, must_change=True)
    record(subject_of(user), facts={"by_administrator": True})


@command("accounts.change_password", label=_("修改密码"))
def change_password(user: User, *, old: str, new: str, by: Actor) -> None:
    """The user's own new password; ends all sessions. Refuses a wrong old one, the same again, or a weak one."""
    if not user.check_password(old):
        raise Refused(_("未能修改密码：原密码不正确。请重新填写。"), field="old")
    if old == new:
        raise Refused(_("未能修改密码：新密码与原密码相同。请换一个。"), field="new")
    try:
        _refuse_weak(new, user)
    except Refused as refused:
        raise Refused(refused.message, field="new") from refused
    _keep_password(user, new, must_change=False)
    record(subject_of(user), facts={"by_administrator": False})


def _keep_password(user: User, password: str, *, must_change: bool) -> None:
    user.password = make_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    SignInFailure.objects.filter(name_digest=digest("sign-in-name", user.username.casefold())).delete()
    end_sessions(user, SignOutReason.PASSWORD)


@command("accounts.switch_user", label=_("启用或停用用户"))
def switch_user(user: User, *, active: bool, by: Actor) -> None:
    """Let a user sign in, or no longer; switching off ends the sessions. Nobody switches off oneself."""
    if not active and user.pk == by.user_id:
        raise Refused(_("未能停用：不能停用自己的账号。请由另一位安全管理员操作。"))
    if user.is_active == active:
        raise Refused(_("未作改动：该用户已是这个状态。"))
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        end_sessions(user, SignOutReason.SWITCHED_OFF)
    record(subject_of(user), {"is_active": ["0", "1"] if active else ["1", "0"]})


@command("accounts.rename_user", label=_("更改用户姓名"))
def rename_user(user: User, *, name: str, by: Actor) -> None:
    """Correct the name shown for a user."""
    if user.name == name.strip():
        raise Refused(_("未作改动：姓名没有变化。"), field="name")
    old, user.name = user.name, name.strip()
    user.save(update_fields=["name"])
    record(subject_of(user), {"name": [old, user.name]})


@command("accounts.end_session", label=_("结束一处登录"))
def end_session(sign_in: SignIn, *, by: Actor) -> None:
    """Sign out one of one's own sessions, such as the one left open on another computer."""
    Session.objects.filter(session_key=sign_in.session_key).delete()
    sign_in.ended_at = timezone.now()
    sign_in.save(update_fields=["ended_at"])
    record(subject_of(sign_in.user), facts={"sign_in": sign_in.pk})
