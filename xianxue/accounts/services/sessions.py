"""Sessions: opened at sign-in, watched while they last, ended one by one or together."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db.models import CharField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts import rules
from xianxue.accounts.choices import SignInWay, SignOutReason
from xianxue.accounts.models import AccountNotice, SignIn, User
from xianxue.accounts.rules.passwords import is_too_old
from xianxue.accounts.services.parts import end_sessions, end_tokens, subject_of, tell
from xianxue.accounts.services.sign_in import address_of, network_of
from xianxue.kernel.access import Actor
from xianxue.kernel.access.prepared import Prepared, Slot
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import record

FACTOR, BY_PROVIDER = "second_factor", "signed_in_by_provider"
# Written at most once in this time, so that reading pages does not write to the database.
SEEN_EVERY = timedelta(seconds=60)


def open_session(request: HttpRequest, user: User, way: SignInWay, *, has_factor: bool = False) -> None:
    """Sign the user in: a fresh session, remembered so that the user can end it from elsewhere.

    Uses up a temporary password, and asks for a new one where the old one has grown too old.
    """
    before = request.session.session_key
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    if before:
        _close(before, SignOutReason.REPLACED)
    request.session[FACTOR] = has_factor
    request.session.save()
    address = address_of(request)
    SignIn.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        agent=agent_of(request),
        network=network_of(address),
        way=way,
        last_seen_at=timezone.now(),
    )
    _after_password(user, way)


def _after_password(user: User, way: SignInWay) -> None:
    if way in {SignInWay.PROVIDER, SignInWay.DEMO}:
        return
    now, changed = timezone.now(), []
    if user.temporary_until is not None:
        user.temporary_used_at = now
        changed.append("temporary_used_at")
    if is_too_old(user.password_changed_at, days=settings.PASSWORD_MAX_AGE_DAYS, now=now):
        user.must_change_password = True
        changed.append("must_change_password")
    if changed:
        user.save(update_fields=changed)


def close_session(request: HttpRequest, reason: SignOutReason = SignOutReason.SIGNED_OUT) -> None:
    """Note the end of the session now in use; the caller flushes it."""
    _close(request.session.session_key, reason)


def _close(key: str | None, reason: SignOutReason) -> None:
    SignIn.objects.filter(session_key=key, ended_at=None).update(ended_at=timezone.now(), end_reason=reason)


def rotate_session(request: HttpRequest, *, has_factor: bool | None = None) -> None:
    """Give the session a new key after a step-up: whoever has read the old one has nothing."""
    before = request.session.session_key
    if has_factor is not None:
        request.session[FACTOR] = has_factor
    request.session.cycle_key()
    SignIn.objects.filter(session_key=before).update(session_key=request.session.session_key)


def keep_session(request: HttpRequest, user: User) -> None:
    """Stay signed in after one's own change of password, under a new key."""
    before = request.session.session_key
    update_session_auth_hash(request, user)
    SignIn.objects.filter(session_key=before).update(session_key=request.session.session_key)


_WATCHED = Prepared(
    lambda: SignIn.objects.filter(session_key=Slot("key", CharField())).values_list(
        "pk", "started_at", "last_seen_at", "ended_at", "end_reason"
    )
)


def watch_session(request: HttpRequest) -> SignOutReason | None:
    """Why the session of the request is over; None while it may go on, which is noted. One query, rarely two."""
    row = _WATCHED.first(key=request.session.session_key)
    if row is None:
        return None
    pk, started_at, last_seen_at, ended_at, end_reason = row
    now, seen_at = timezone.now(), last_seen_at or started_at
    if ended_at is not None:
        return SignOutReason(end_reason or SignOutReason.SIGNED_OUT)
    over = rules.session_over(
        started_at=started_at,
        seen_at=seen_at,
        now=now,
        idle_minutes=settings.SESSION_IDLE_MINUTES,
        hours=settings.SESSION_HOURS,
    )
    if over is not None:
        return SignOutReason(over)
    if now - seen_at > SEEN_EVERY:
        SignIn.objects.filter(pk=pk).update(last_seen_at=now)
    return None


def notices_for(user: User) -> list[str]:
    """What the user was not told yet of the account; told by this."""
    unseen = AccountNotice.objects.filter(user=user, seen_at=None)
    found = list(unseen.order_by("pk").values_list("pk", "text"))
    unseen.filter(pk__in=[pk for pk, _text in found]).update(seen_at=timezone.now())
    return [text for _pk, text in found]


@command("accounts.end_session", label=gettext_lazy("结束一处登录"))
def end_session(sign_in: SignIn, *, by: Actor) -> None:
    """Sign out one session: one's own, such as the one left open elsewhere, or somebody's by the administrator."""
    own = sign_in.user_id == by.user_id
    reason = SignOutReason.ENDED_ELSEWHERE if own else SignOutReason.ADMINISTRATOR
    if sign_in.ended_at is not None:
        raise Refused(_("未作改动：这处登录已经结束。"))
    Session.objects.filter(session_key=sign_in.session_key).delete()
    _close(sign_in.session_key, reason)
    if not own:
        tell(sign_in.user, _("%(by)s结束了您的一处登录。"), by)
    record(subject_of(sign_in.user), facts={"sign_in": sign_in.pk})


@command("accounts.end_other_sessions", label=gettext_lazy("结束其他登录"))
def end_other_sessions(user: User, *, but: str, by: Actor) -> int:
    """Sign out all of one's own sessions but the one with that key; returns how many."""
    count = end_sessions(user, SignOutReason.ENDED_ELSEWHERE, but=but)
    record(subject_of(user), facts={"sessions": count})
    return count


@command("accounts.end_all_sessions", label=gettext_lazy("结束用户的全部登录"))
def end_all_sessions(user: User, *, by: Actor) -> int:
    """Sign somebody out everywhere, by the security administrator, tokens included; returns how many sessions were open."""
    if user.pk == by.user_id:
        raise Refused(_("未作改动：自己的登录请在“我的账号”里结束。"))
    count = end_sessions(user, SignOutReason.ADMINISTRATOR)
    end_tokens(user, by)
    tell(user, _("%(by)s结束了您的全部登录。"), by)
    record(subject_of(user), facts={"sessions": count})
    return count


def agent_of(request: HttpRequest) -> str:
    """The browser and system in a few words: enough to recognise one's own computer."""
    agent = request.headers.get("User-Agent", "")
    browsers = (("MicroMessenger", "微信"), ("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
                ("Safari/", "Safari"))  # fmt: skip
    systems = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("Mac OS", "Mac"), ("Linux", "Linux"))
    found = [next((name for mark, name in table if mark in agent), "") for table in (browsers, systems)]
    return " · ".join(part for part in found if part)
