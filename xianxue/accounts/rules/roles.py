"""What may not be done to postings, and why."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from xianxue.kernel.access import Trait, role_of, roles_among
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.roles import SECURITY_ADMIN


def posting_blocked(role: str, unit_kind: str, *, started_on: date, closed_on: date | None) -> str | None:
    """Why a role cannot be given at a unit of that kind."""
    declared = role_of(role)
    if declared is None:
        return _("未能授权：没有“%(role)s”这个角色。请从列表中选择。") % {"role": role}
    if unit_kind not in declared.unit_kinds:
        return _("未能授权：“%(role)s”只能授予%(kinds)s。请改选单位或角色。") % {
            "role": declared.label,
            "kinds": "、".join(str(UnitKind(kind).label) for kind in declared.unit_kinds),
        }
    if closed_on and started_on > closed_on:
        return _("未能授权：该单位已于 %(day)s 撤销。请改选单位。") % {"day": closed_on.isoformat()}
    return None


def separation_blocked(role: str, held: Collection[str]) -> str | None:
    """Why somebody who holds these roles, now or later, cannot get the role: the three administrators are three people.

    Basis: GB/T 22239-2019, 8.1.5, 系统管理、审计管理、安全管理.
    """
    asked, others = role_of(role), [one for one in roles_among(held) if one.has(Trait.ADMINISTERS)]
    if asked and asked.has(Trait.ADMINISTERS) and others:
        return _("未能授权：此人已是%(held)s。系统、安全、审计三种管理员须由三个人担任，请另选一人。") % {
            "held": "、".join(str(one.label) for one in others)
        }
    return None


def self_blocked(user_id: int, by_id: int | None) -> str | None:
    """Why a person cannot give a role: nobody gives one to oneself."""
    if user_id == by_id:
        return _("未能授权：不能给自己授予角色。请由另一位安全管理员办理。")
    return None


def needs_second_person(roles: Collection[str]) -> bool:
    """Whether what is done to somebody with these roles takes two people."""
    return any(role.has(Trait.TWO_PERSONS) for role in roles_among(roles))


def decision_blocked(*, asked_by: int, user_id: int, by_ids: Collection[int], is_open: bool) -> str | None:
    """Why a person, with these accounts, cannot confirm a request; without any it is the system."""
    if not is_open:
        return _("未能确认：这件申请已经办结。")
    if not by_ids:
        return _("未能确认：须由本人登录后确认。")
    if asked_by in by_ids:
        return _("未能确认：申请人自己不能确认。请由另一位安全管理员或局长确认。")
    if user_id in by_ids:
        return _("未能确认：不能确认与自己有关的申请。请由另一位安全管理员或局长确认。")
    return None


def end_blocked(started_on: date, ended_on: date | None, *, on: date) -> str | None:
    """Why a posting cannot end on that day."""
    if ended_on is not None:
        return _("未能结束授权：它已于 %(day)s 结束。") % {"day": ended_on.isoformat()}
    if on < started_on:
        return _("未能结束授权：结束日期早于开始日期 %(day)s。请改填日期。") % {"day": started_on.isoformat()}
    return None


def last_keeper_blocked(role: str, others: int) -> str | None:
    """Why the only security administrator cannot be let go: nobody could open an account any more."""
    if role == SECURITY_ADMIN and not others:
        return _("未作改动：这是唯一的安全管理员，没有人能再管理账号。请先授予另一位安全管理员。")
    return None
