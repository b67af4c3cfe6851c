"""Asking for an export, deciding on it, and using the approval up."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts.models import ExportRequest, User
from xianxue.accounts.procedures import ExportApproval
from xianxue.accounts.selectors import postings_valid
from xianxue.kernel import resources
from xianxue.kernel.access import Actor, Trait, current_reach, roles_with
from xianxue.kernel.commands import Refused, command, nothing_changed
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures.models import Matter
from xianxue.kernel.resources.asked import Asked, read
from xianxue.kernel.resources.exports import Permit
from xianxue.organisations.models import Unit

LONGEST_DAYS = 30
DOWNLOADS = 3


@ExportApproval.ask.command
def ask_for_export(*, register: str, query: str, rows: int, purpose: str, recipient: str, by: Actor) -> ExportRequest:
    """A request for one list. Refuses a register that the person may not export unmasked. `rows` is counted anew."""
    # What comes with the form is only what somebody wrote there.
    del rows
    found = resources.find(lambda item: item.code == register)
    if found is None or not found.may_export_sheet():
        raise Refused(_("未能申请：您不能导出这份名单的原值。"))
    user = User.objects.get(pk=by.user_id or 0)
    asked = read(found, QueryDict(query), grant=found.export_grant)
    labels = "、".join(str(column.label) for column in found.form_columns if column.is_hidden)
    return ExportRequest(
        register=register,
        register_label=str(found.label),
        query=query[:500],
        rows=asked.rows().count(),
        columns=labels[:300],
        purpose=purpose.strip(),
        recipient=recipient.strip(),
        asked_by=user,
        unit_id=_unit_of(user, asked),
    )


def _unit_of(user: User, asked: Asked) -> int:
    """The unit in whose name a keeper of records asks: one that has all rows of the list, the nearest such.

    Whoever keeps records at a school and at the bureau has the county's list approved by the director, not by a head.
    """
    keeping = roles_with(Trait.OPENS_SEALED)
    held = postings_valid(timezone.localdate()).filter(user=user, role__in=keeping).select_related("unit")
    nearest_first = sorted(held, key=lambda posting: (-len(posting.unit.path), posting.pk))
    if not nearest_first:
        raise Refused(_("未能申请：您没有导出原值的角色。"))
    found = next((posting.unit for posting in nearest_first if _is_inside(asked, posting.unit)), None)
    if found is None:
        raise Refused(_("未能申请：名单里有几个单位的人，没有一位负责人能批准全部。请按学校筛选，分别申请。"))
    return found.pk


def _is_inside(asked: Asked, unit: Unit) -> bool:
    """Whether all rows of the list belong to the unit or what is below it."""
    if not asked.register.units_of:
        return True
    below = Unit.objects.filter(path__startswith=unit.path).values("pk")
    here = Q(pk__in=[])
    for path in asked.register.units_of:
        here |= Q(**{f"{path}__in": below})
    return not asked.rows().exclude(pk__in=asked.rows().filter(here).values("pk")).exists()


@ExportApproval.approve.command
def approve_export(request: ExportRequest, *, valid_until: date, by: Actor) -> None:
    """Let the list out until a day, at most a month from now, so many times."""
    today = timezone.localdate()
    if not today <= valid_until <= today + timedelta(days=LONGEST_DAYS):
        raise Refused(
            _("未能批准：有效期须在今天起 %(days)s 天之内。请重新填写。") % {"days": LONGEST_DAYS}, field="valid_until"
        )
    request.valid_until = valid_until
    request.save(update_fields=["valid_until"])


@ExportApproval.withdraw.command
def withdraw_export(request: ExportRequest, *, by: Actor) -> None:
    """Take one's own request back."""
    if request.asked_by_id != by.user_id:
        raise Refused(_("未能撤回：只能撤回自己的申请。"))


@command("accounts.use_export", label=gettext_lazy("凭批准导出"))
def use_export(asked: Asked, rows: int, *, by: Actor) -> Permit | None:
    """Use one download of the approval that is in force for exactly this list and person; None where there is none.

    Refuses when the list has grown by more than a tenth since it was asked for.
    """
    reach, query = current_reach(), urlencode(asked.parameters)
    held: Any = ExportRequest.objects.select_for_update().filter(
        register=asked.register.code,
        query=query,
        asked_by_id=reach.user_id,
        matter__in=Matter.objects.filter(state="approved"),
        valid_until__gte=timezone.localdate(),
        downloads__lt=DOWNLOADS,
    )
    found = held.order_by("-pk").first()
    if found is None:
        nothing_changed()
        return None
    if not _is_inside(asked, found.unit):
        raise Refused(_("未能导出：名单里有批准单位以外的人。请重新申请。"))
    if rows > found.rows * 11 // 10:
        raise Refused(
            _("未能导出：名单已从 %(old)s 行增至 %(new)s 行。请重新申请。") % {"old": found.rows, "new": rows}
        )
    ExportRequest.objects.filter(pk=found.pk).update(downloads=F("downloads") + 1)
    number = f"DC{found.pk:06d}-{found.downloads + 1}"
    record(
        Subject("accounts.exportrequest", found.pk, found.matter_title()),
        unit_id=found.unit_id,
        facts={"number": number, "rows": rows},
    )
    mark = _("%(number)s %(who)s %(day)s 用途：%(purpose)s") % {
        "number": number,
        "who": found.asked_by.name,
        "day": timezone.localdate().isoformat(),
        "purpose": found.purpose[:40],
    }
    return Permit(number, mark)


def ask_href(asked: Asked, rows: int) -> str:
    """The page where this list is asked for."""
    start = reverse("matter-start", args=(ExportApproval.code, ExportApproval.ask.code))
    given = {"register": asked.register.code, "query": urlencode(asked.parameters), "rows": rows}
    return f"{start}?{urlencode(given)}"
