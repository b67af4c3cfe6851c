"""Reads of accounts: the reach of a user, postings valid on a day, the cast of the demonstration."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, CharField, DateField, F, Q, QuerySet
from django.utils import timezone

from xianxue.accounts.models import Posting, SignIn, User
from xianxue.accounts.selectors.delegations import delegations_held, delegations_valid
from xianxue.kernel.access import EVERY_UNIT, Delegated, Reach, UnitScope
from xianxue.kernel.access.prepared import Prepared, Slot
from xianxue.kernel.history.models import Event
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit


def postings_valid(on: date | Slot) -> QuerySet[Posting]:
    """Postings that hold on the day; the last day counts."""
    return Posting.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on), started_on__lte=on)


_DAY, _USER = Slot("day", DateField()), Slot("user", BigIntegerField())
_POSTINGS = Prepared(lambda: postings_valid(_DAY).filter(user=_USER).values_list("role", "unit__path"))
_DELEGATIONS = Prepared(
    lambda: (
        delegations_valid(_DAY)
        .filter(taker=_USER)
        .order_by("pk")
        .values_list("posting__role", "posting__unit__path", "giver_id", "giver__name")
    )
)


def reach_of(user: User, *, on: date | None = None) -> Reach:
    """What the user reaches today (or on the day given): for each role the units below its postings. 3–5 queries.

    Roles that others have handed over for the day are in `roles` as well, and named one by one in `acting_for`.
    """
    return _reach_on(user.pk, user.name, on or timezone.localdate())


def _reach_on(user_id: int, name: str, day: date) -> Reach:
    return _reach(user_id, name, _POSTINGS.rows(day=day, user=user_id), _DELEGATIONS.rows(day=day, user=user_id))


def _reach(user_id: int, name: str, own: Iterable[tuple[Any, ...]], taken: Iterable[tuple[Any, ...]]) -> Reach:
    """Of the user's postings (role, path of the unit) and of those lent (the same, who lent it, that person's name)."""
    own, taken = list(own), list(taken)
    scopes = _scopes({path for _role, path in own} | {path for _role, path, *_giver in taken})
    own_roles = _by_role((role, scopes[path]) for role, path in own)
    acting_for = tuple(Delegated(role, scopes[path], giver_id, label) for role, path, giver_id, label in taken)
    lent = _by_role((one.role, one.scope) for one in acting_for)
    roles = {
        role: own_roles.get(role, UnitScope()) | lent.get(role, UnitScope())
        for role in dict.fromkeys((*own_roles, *lent))
    }
    return Reach(roles=roles, user_id=user_id, label=name, own_roles=own_roles, acting_for=acting_for)


def _by_role(held: Iterable[tuple[str, UnitScope]]) -> dict[str, UnitScope]:
    roles: dict[str, UnitScope] = {}
    for role, scope in held:
        roles[role] = roles.get(role, UnitScope()) | scope
    return roles


_ACTIVE = Prepared(lambda: User.objects.filter(pk=_USER, is_active=True).values_list("name"))


def reach_of_id(user_id: int, at: datetime | None = None) -> Reach:
    """What the user with that key reaches now, nothing when switched off; or reached at a moment, whatever came since.

    A posting counts for the whole day, what was lent up to the moment at which it was taken back.
    """
    if at is None:
        active = _ACTIVE.first(user=user_id)
        return _reach_on(user_id, active[0], timezone.localdate()) if active else Reach(user_id=user_id)
    day, name = timezone.localdate(at), User.objects.values_list("name", flat=True).get(pk=user_id)
    lent = delegations_held(day, at).filter(taker=user_id).order_by("pk")
    own = postings_valid(day).filter(user=user_id).values_list("role", "unit__path")
    taken = lent.values_list("posting__role", "posting__unit__path", "giver_id", "giver__name")
    return _reach(user_id, name, own, taken)


def _scopes(paths: Iterable[str]) -> dict[str, UnitScope]:
    """The units at and below each path. Units are read past the reach, for this is what makes it."""
    return {path: EVERY_UNIT if _covers_all(path) else _below(path) for path in paths}


_PATH = Slot("path", CharField())
_BELOW = Prepared(lambda: Unit.unguarded.filter(path__startswith=_PATH).values_list("pk"))
# No tree is as deep: so many units beyond a path are not all above it.
_DEEPEST = 32
_BEYOND = Prepared(lambda: Unit.unguarded.exclude(path__startswith=_PATH).values_list("pk")[:_DEEPEST])


def _below(path: str) -> UnitScope:
    return UnitScope(frozenset(pk for (pk,) in _BELOW.rows(path=path)))


def _covers_all(path: str) -> bool:
    # Asked so that a county's officer is not given a list of two thousand classes with every query.
    beyond, above = _BEYOND.rows(path=path), {int(part) for part in path.split("/") if part}
    return len(beyond) < _DEEPEST and all(pk in above for (pk,) in beyond)


def postings_of(user: User) -> QuerySet[Posting]:
    """All postings of a user, those that hold first."""
    return (
        Posting.objects.filter(user=user)
        .select_related("unit")
        .order_by(F("ended_on").desc(nulls_first=True), "-started_on")
    )


_NAMED = Prepared(
    lambda: (
        Unit.unguarded.filter(kind__in=(UnitKind.OFFICE, UnitKind.COUNTY)).order_by("pk").values_list("kind", "name")
    )
)


def bureau_name() -> str:
    """Name at the head of every page, read by people not signed in too: the one set, else the bureau, else the county."""
    if settings.BUREAU_NAME:
        return str(settings.BUREAU_NAME)
    names = dict(reversed(_NAMED.rows()))
    return str(names.get(UnitKind.OFFICE) or names.get(UnitKind.COUNTY) or "")


def users_with(roles: Iterable[str], *, on: date) -> QuerySet[User]:
    """Users who hold one of the roles on the day."""
    held = postings_valid(on).filter(role__in=list(roles))
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True)


def roles_on(user: User, day: date) -> set[str]:
    """Roles that the user holds on the day, delegated ones left out."""
    return set(postings_valid(day).filter(user=user).values_list("role", flat=True))


def roles_from(user: User, day: date) -> set[str]:
    """Roles that the user holds on the day or will hold later."""
    held = Posting.objects.filter(Q(ended_on=None) | Q(ended_on__gte=day), user=user)
    return set(held.values_list("role", flat=True))


# Commands that show somebody a temporary password of the account.
_SHOW_PASSWORD = ("accounts.open_account", "accounts.reset_password", "accounts.confirm_reset")


def made_password(user: User, by_id: int | None) -> bool:
    """Whether that person has ever seen a password of the account: opened it, or reset its password."""
    if by_id is None:
        return False
    events = Event.objects.filter(subject_type="accounts.user", subject_id=user.pk, action__in=_SHOW_PASSWORD)
    return events.filter(actor_id=by_id).exists()


def holders_of(role: str, *, after: date) -> QuerySet[User]:
    """Active users who hold the role beyond the day."""
    held = Posting.objects.filter(Q(ended_on=None) | Q(ended_on__gt=after), role=role)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True)


def demo_cast() -> list[dict[str, str]]:
    """The people of the demonstration, each with role and unit in words; only for its sign-in page."""
    users = User.objects.filter(is_demo=True, is_active=True).order_by("pk")
    names = dict(Unit.unguarded.filter(postings__user__in=users).values_list("pk", "name"))
    held: dict[int, list[Posting]] = {}
    for posting in postings_valid(timezone.localdate()).filter(user__in=users).order_by("pk"):
        held.setdefault(posting.user_id, []).append(posting)
    return [
        {
            "username": user.username,
            "name": user.name,
            "role": "、".join(posting.get_role_display() for posting in held.get(user.pk, [])),
            "unit": "、".join(dict.fromkeys(names[posting.unit_id] for posting in held.get(user.pk, []))),
        }
        for user in users
    ]


def demo_user(username: str) -> User | None:
    """A person of the demonstration by user name."""
    return User.objects.filter(is_demo=True, is_active=True, username=username).first()


def open_sessions(user: User) -> list[SignIn]:
    """The sessions in which the user is still signed in, newest first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(SignIn.objects.filter(user=user, ended_at=None, session_key__in=alive).order_by("-started_at"))
