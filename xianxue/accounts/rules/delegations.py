"""What may be handed over to somebody else for a time, and what may not."""

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.translation import gettext as _

from xianxue.kernel.access import Trait, role_label, role_of, roles_among
from xianxue.organisations.choices import UnitKind

LONGEST = timedelta(days=180)


def delegation_blocked(role: str, taker_roles: Collection[str]) -> str | None:
    """Why a role cannot be handed to somebody who holds these roles."""
    declared = role_of(role)
    if declared is None or declared.has(Trait.NOT_LENT):
        return _("未能委托：“%(role)s”不能请人代办。") % {"role": role_label(role)}
    if any(one.has(Trait.ADMINISTERS) for one in roles_among(taker_roles)):
        return _("未能委托：三种管理员不能代办业务。请另选一人。")
    return None


def period_blocked(started_on: date, ended_on: date, *, today: date, posting_ends: date | None) -> str | None:
    """Why a delegation cannot run from the one day to the other."""
    if ended_on < started_on:
        return _("未能委托：结束日期早于开始日期。请改填日期。")
    if ended_on < today:
        return _("未能委托：这段日期已经过去。请改填日期。")
    if ended_on - started_on > LONGEST:
        return _("未能委托：一次最长 %(days)s 天。请缩短日期，到期再办。") % {"days": LONGEST.days}
    if posting_ends is not None and ended_on > posting_ends:
        return _("未能委托：您的这条授权 %(day)s 结束，不能委托到它之后。请改填日期。") % {
            "day": posting_ends.isoformat()
        }
    return None


def is_colleague(home_path: str, home_kind: str, taker_paths: Collection[str]) -> bool:
    """Whether somebody posted at these units works in the same house: the same bureau, or the same school.

    `home_path` is the path of the posting's unit, or of the school above where that is a class.
    """
    if home_kind in {UnitKind.SCHOOL, UnitKind.KINDERGARTEN}:
        return any(path.startswith(home_path) for path in taker_paths)
    return home_path in taker_paths
