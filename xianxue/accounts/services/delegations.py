"""Commands on delegations (代办): handing a role over for a time, and taking it back."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts import rules
from xianxue.accounts.models import Delegation, Posting, User
from xianxue.accounts.selectors import home_of, postings_valid, roles_from
from xianxue.accounts.services.parts import tell
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.records import Subject, record


def _subject(delegation: Delegation) -> Subject:
    return Subject("accounts.delegation", delegation.pk, f"{delegation.giver.name} → {delegation.taker.name}")


@command("accounts.delegate", label=gettext_lazy("委托代办"))
def delegate(posting: Posting, *, taker: User, started_on: date, ended_on: date, reason: str, by: Actor) -> Delegation:
    """Hand the role of one of one's own postings to a colleague, from day to day, both included.

    Refuses others' postings, administrators' and auditors' roles, strangers to the house, and overlapping periods.
    """
    _refuse_people(posting, taker, by)
    refuse_if(rules.delegation_blocked(posting.role, roles_from(taker, timezone.localdate())))
    refuse_if(rules.period_blocked(started_on, ended_on, today=timezone.localdate(), posting_ends=posting.ended_on))
    if not reason.strip():
        raise Refused(_("未能委托：须写明理由，如“外出培训”。"), field="reason")
    overlapping = Delegation.objects.filter(
        posting=posting, recalled_at=None, started_on__lte=ended_on, ended_on__gte=started_on
    )
    if overlapping.exists():
        raise Refused(_("未能委托：这条授权在这段日期里已委托他人。请先收回，或改填日期。"))
    delegation = Delegation.objects.create(
        giver=posting.user,
        taker=taker,
        posting=posting,
        started_on=started_on,
        ended_on=ended_on,
        reason=reason.strip(),
    )
    days = {"from": started_on.isoformat(), "to": ended_on.isoformat()}
    tell(taker, _("%(by)s请您代办“%(role)s”，%(from)s 至 %(to)s。"), by, role=posting.role_name, **days)
    record(
        _subject(delegation),
        {
            "taker": [None, taker.name],
            "role": [None, posting.role],
            "started_on": [None, days["from"]],
            "ended_on": [None, days["to"]],
        },
        note=delegation.reason,
        unit_id=posting.unit_id,
    )
    return delegation


def _refuse_people(posting: Posting, taker: User, by: Actor) -> None:
    if posting.user_id != by.user_id or not posting.user.is_active:
        raise Refused(_("未能委托：只能委托自己的授权。"))
    if taker.pk == posting.user_id:
        raise Refused(_("未能委托：不能委托给自己。请另选一人。"), field="taker")
    home = home_of(posting)
    paths = postings_valid(timezone.localdate()).filter(user=taker).values_list("unit__path", flat=True)
    # The same words for one who does not exist, so that user names cannot be tried out here.
    if not taker.is_active or not rules.is_colleague(home.path, home.kind, list(paths)):
        raise Refused(_("未能委托：本单位没有这位同事的账号。请核对用户名。"), field="taker")


@command("accounts.recall_delegation", label=gettext_lazy("收回或退回代办"))
def recall_delegation(delegation: Delegation, *, by: Actor) -> None:
    """End a delegation at once: the giver takes it back, or the taker gives it back."""
    if by.user_id not in {delegation.giver_id, delegation.taker_id}:
        raise Refused(_("未能收回：只有委托人和代办人可以结束代办。"))
    if delegation.recalled_at is not None:
        raise Refused(_("未作改动：这件代办已经收回。"))
    if delegation.ended_on < timezone.localdate():
        raise Refused(_("未作改动：这件代办已经到期。"))
    delegation.recalled_at = timezone.now()
    delegation.save(update_fields=["recalled_at"])
    other = delegation.taker if by.user_id == delegation.giver_id else delegation.giver
    tell(other, _("%(by)s结束了“%(role)s”的代办。"), by, role=delegation.posting.role_name)
    record(_subject(delegation), {"recalled": [None, "1"]}, unit_id=delegation.posting.unit_id)
