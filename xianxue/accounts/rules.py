"""What may not be done to accounts and postings, and why."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from xianxue.accounts.choices import Role
from xianxue.organisations.choices import SCHOOL_KINDS, UnitKind

BUREAU_KINDS = (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY)
# A posting opens the unit and everything below it, so a bureau's role held at an office would open the office alone.
KINDS_OF_ROLE = {
    Role.DIRECTOR: BUREAU_KINDS,
    Role.COUNTY_OFFICER: BUREAU_KINDS,
    Role.AID_OFFICER: BUREAU_KINDS,
    Role.PROJECT_OFFICER: BUREAU_KINDS,
    Role.AUDITOR: (*BUREAU_KINDS, *SCHOOL_KINDS),
    Role.SYSTEM_ADMIN: BUREAU_KINDS,
    Role.HEAD: SCHOOL_KINDS,
    Role.REGISTRAR: SCHOOL_KINDS,
    Role.CLASS_TEACHER: (UnitKind.CLASSROOM,),
}


def posting_blocked(role: str, unit_kind: str, *, started_on: date, closed_on: date | None) -> str | None:
    """Why a role cannot be given at a unit of that kind."""
    if role not in Role.values:
        return _("未能授权：没有“%(role)s”这个角色。请从列表中选择。") % {"role": role}
    kinds = KINDS_OF_ROLE[Role(role)]
    if unit_kind not in kinds:
        return _("未能授权：“%(role)s”只能授予%(kinds)s。请改选单位或角色。") % {
            "role": Role(role).label,
            "kinds": "、".join(str(UnitKind(kind).label) for kind in kinds),
        }
    if closed_on and started_on > closed_on:
        return _("未能授权：该单位已于 %(day)s 撤销。请改选单位。") % {"day": closed_on.isoformat()}
    return None


def end_blocked(started_on: date, ended_on: date | None, *, on: date) -> str | None:
    """Why a posting cannot end on that day."""
    if ended_on is not None:
        return _("未能结束授权：它已于 %(day)s 结束。") % {"day": ended_on.isoformat()}
    if on < started_on:
        return _("未能结束授权：结束日期早于开始日期 %(day)s。请改填日期。") % {"day": started_on.isoformat()}
    return None


def locked_until(failures: list[datetime], *, limit: int, minutes: int) -> datetime | None:
    """Until when nobody may try again, given the latest failures in rising order; None when they may."""
    if len(failures) < limit:
        return None
    return failures[limit - 1] + timedelta(minutes=minutes)
