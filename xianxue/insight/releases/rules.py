"""When a report may not be prepared, released or withdrawn, and why; plain facts in, a reason or None out."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from xianxue.insight.access import PREPARES, RELEASES
from xianxue.insight.models import Draft, Release
from xianxue.kernel.access import Actor, hands_now, hands_then

NAMED = 5


def imports_in_the_way(writing: int) -> str | None:
    """Half an import is no state of the records that anybody wants on paper."""
    if not writing:
        return None
    return _("未能办理：有 %(count)s 个导入正在写入或撤销，此时的数字只是一半。请等它办完再来。") % {"count": writing}


def reason_missing(former: Release | None, reason: str) -> str | None:
    """Whoever replaces what was published says why."""
    if former is None or reason.strip():
        return None
    return _("未能办理：%(year)s 年已有发布 %(number)s。要发布新的一份，请写明更换原因。") % {
        "year": former.year,
        "number": former.number,
    }


def same_person(draft: Draft, by: Actor) -> str | None:
    """Two persons: 编制与发布分离."""
    if not hands_then(draft.prepared_by_id, draft.prepared_at, PREPARES) & hands_now(by, RELEASES):
        return None
    return _("未能发布：编制人和发布人不能是同一人。请由另一位有发布权限的人办理。")


def draft_gone(draft: Draft | None) -> str | None:
    """Two pressed the button."""
    return None if draft else _("未能发布：这份发布稿已被发布、退回或重新编制。请回到报告列表查看。")


def out_of_date(prepared: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """What is released must be what the records say at that moment."""
    if prepared == now:
        return None
    before = {one["code"]: one for one in prepared["figures"]}
    after = {one["code"]: one for one in now["figures"]}
    changed = [one["label"] for code, one in {**before, **after}.items() if before.get(code) != after.get(code)]
    if not changed:
        return _("未能发布：编制之后文句或代码表有改动。请重新编制，核对后再发布。")
    names = "、".join(changed[:NAMED]) + (_("等") if len(changed) > NAMED else "")
    return _("未能发布：编制之后有 %(count)s 个数字或其明细变了（%(names)s）。请重新编制，核对后再发布。") % {
        "count": len(changed),
        "names": names,
    }


def cannot_withdraw(release: Release, reason: str) -> str | None:
    """Once, and with a reason."""
    if hasattr(release, "withdrawal"):
        return _("未能撤回：%(number)s 已经撤回。") % {"number": release.number}
    if not reason.strip():
        return _("未能撤回：没有写明原因。请填写原因，它会显示在公开的核对页上。")
    return None
