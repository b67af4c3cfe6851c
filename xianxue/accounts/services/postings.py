"""Commands on postings; administrators and the director, and accounts that one opened oneself, take two people."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts import rules
from xianxue.accounts.choices import RequestKind, SignOutReason
from xianxue.accounts.models import AccountRequest, Posting, User
from xianxue.accounts.selectors import holders_of, made_password, roles_from
from xianxue.accounts.services.parts import end_sessions, tell
from xianxue.accounts.services.requests import decide, open_request
from xianxue.kernel.access import Actor, role_label
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.organisations import roles
from xianxue.organisations.models import Unit


@command("accounts.give_posting", label=gettext_lazy("授予角色"))
def give_posting(user: User, *, role: str, unit: Unit, started_on: date, by: Actor, office: str = "") -> Posting:
    """A role at a unit from a day on: opens the unit and everything below it.

    Refuses what the rules refuse, whoever would give it to oneself, and roles that take two people (`ask_for_role`);
    the system itself gives those as well, at the founding of an installation. Whoever made the account, or a password of
    it, could have come in by that: he gives it no role alone either.
    """
    if by.user_id is not None and rules.needs_second_person([role]):
        raise Refused(_("未能授权：授予%(role)s须由两人办理。请提出申请，由另一人确认。") % {"role": role_label(role)})
    if made_password(user, by.user_id):
        raise Refused(_("未能授权：这个账号的临时密码是您经手的，授予角色须由另一人确认。请提出申请。"))
    return _give(user, role=role, unit=unit, started_on=started_on, office=office, by=by)


def _refuse_role(user: User, *, role: str, unit: Unit, started_on: date, by: Actor) -> None:
    refuse_if(rules.self_blocked(user.pk, by.user_id))
    refuse_if(rules.posting_blocked(role, unit.kind, started_on=started_on, closed_on=unit.closed_on))
    if Posting.objects.filter(user=user, role=role, unit=unit, ended_on=None).exists():
        raise Refused(_("未能授权：该用户在此单位已有这个角色。"))
    refuse_if(rules.separation_blocked(role, roles_from(user, started_on)))


def _give(user: User, *, role: str, unit: Unit, started_on: date, office: str, by: Actor) -> Posting:
    _refuse_role(user, role=role, unit=unit, started_on=started_on, by=by)
    posting = Posting.objects.create(user=user, role=role, unit=unit, started_on=started_on, office=office)
    record(
        Subject("accounts.posting", posting.pk, user.name),
        {"role": [None, role], "unit": [None, unit.name], "started_on": [None, started_on.isoformat()]},
        unit_id=unit.pk,
    )
    if by.user_id is not None:
        tell(user, _("%(by)s授予您“%(role)s”角色（%(unit)s）。"), by, role=posting.role_name, unit=unit.name)
    return posting


@command("accounts.ask_for_role", label=gettext_lazy("申请授予角色"))
def ask_for_role(
    user: User, *, role: str, unit: Unit, started_on: date, reason: str, by: Actor, office: str = ""
) -> AccountRequest:
    """Ask for a role that takes two people; nothing is opened until `confirm_request`."""
    assert by.user_id is not None  # noqa: S101 - the system needs no second person
    _refuse_role(user, role=role, unit=unit, started_on=started_on, by=by)
    return open_request(
        user, RequestKind.ROLE, reason=reason, by=by, role=role, unit=unit, started_on=started_on, office=office
    )


@command("accounts.confirm_role", label=gettext_lazy("确认授予角色"))
def confirm_role(request: AccountRequest, *, by: Actor) -> Posting:
    """The second person agrees: the role is given. Refuses the one who asked and the one whom it is about."""
    decide(request, granted=True, by=by)
    assert request.unit is not None  # noqa: S101 - a constraint of the table
    assert request.started_on is not None  # noqa: S101 - a constraint of the table
    return _give(
        request.user,
        role=request.role,
        unit=request.unit,
        started_on=request.started_on,
        office=request.office,
        by=by,
    )


@command("accounts.end_posting", label=gettext_lazy("结束授权"))
def end_posting(posting: Posting, *, on: date, by: Actor) -> None:
    """The last day of a posting; from the day after, the user no longer reaches the unit through it.

    When that day is past, the user's sessions end. Refuses to let the only security administrator go.
    """
    refuse_if(rules.end_blocked(posting.started_on, posting.ended_on, on=on))
    others = holders_of(roles.SECURITY_ADMIN, after=on).exclude(pk=posting.user_id).count()
    refuse_if(rules.last_keeper_blocked(posting.role, others))
    posting.ended_on = on
    posting.save(update_fields=["ended_on"])
    if on < timezone.localdate():
        end_sessions(posting.user, SignOutReason.POSTING_ENDED)
    record(
        Subject("accounts.posting", posting.pk, posting.user.name),
        {"ended_on": [None, on.isoformat()]},
        unit_id=posting.unit_id,
    )
