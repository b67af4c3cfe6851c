"""When a restricted domain opens, and when not."""

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, Reach, hands_now, hands_then
from xianxue.kernel.restricted.declaration import Domain, get
from xianxue.kernel.restricted.models import Opening

SHORTEST_REASON = 10


def opening_blocked(domain: Domain, purpose: str, reach: Reach) -> str | None:
    """Why a domain cannot be opened with this purpose."""
    if not domain.scope(reach):
        return _("未能打开：您没有查阅“%(domain)s”的权限。确有需要请联系学籍管理员。") % {"domain": domain.label}
    if purpose not in domain.purposes:
        return _("未能打开：没有选择查阅目的。请选择后再试。")
    return None


def emergency_blocked(domain: Domain, reason: str, hours: int, *, may: bool) -> str | None:
    """Why the glass cannot be broken. Source of reason, hours and notice: the domain's own basis."""
    if not may:
        return _("未能打开：您不能紧急查阅“%(domain)s”。") % {"domain": domain.label}
    if len(reason.strip()) < SHORTEST_REASON:
        return _("未能打开：紧急理由不足 %(count)s 个字。请写明发生了什么、为什么现在必须查阅。") % {
            "count": SHORTEST_REASON
        }
    if not 1 <= hours <= domain.hours:
        return _("未能打开：时限须在 1 至 %(hours)s 小时之间。请重新填写。") % {"hours": domain.hours}
    return None


def judging_blocked(opening: Opening, note: str, by: Actor) -> str | None:
    """Why an emergency cannot be judged by this person now."""
    if opening.verdict:
        return _("未能复核：%(who)s已经复核过。请刷新页面。") % {"who": opening.judged_by}
    domain = get(opening.domain)
    units = [] if opening.unit_id is None else [opening.unit_id]
    readers = hands_then(opening.user_id, opening.started_at, domain.emergency, units)
    if readers & hands_now(by, domain.oversee, units):
        return _("未能复核：不能复核自己的、或者替人代办的紧急查阅。请由另一位有权限的人办理。")
    if not note.strip():
        return _("未能复核：没有写明复核说明。请填写后再提交。")
    return None
