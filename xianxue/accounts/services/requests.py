"""What takes two people: asked for by one, confirmed by another."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts import rules
from xianxue.accounts.choices import RequestKind
from xianxue.accounts.models import AccountRequest, User
from xianxue.kernel.access import Actor, accounts_of
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.records import Subject, record


def open_request(user: User, kind: RequestKind, *, reason: str, by: Actor, **about: object) -> AccountRequest:
    """Write down what is asked for; called inside a command. Refuses a second open request of the kind for the user."""
    assert by.user_id is not None  # noqa: S101 - the system needs no second person
    if not reason.strip():
        raise Refused(_("未能提出申请：须写明理由。"), field="reason")
    if AccountRequest.objects.filter(user=user, kind=kind, is_granted=None).exists():
        raise Refused(_("未能提出申请：该用户已有一件同类申请等待确认。请先办结那一件。"))
    request = AccountRequest.objects.create(
        user=user, kind=kind, reason=reason.strip(), asked_by_id=by.user_id, **about
    )
    changes = {"kind": [None, kind.value]} | ({"role": [None, request.role]} if request.role else {})
    record(request_subject(request), changes, note=request.reason, unit_id=request.unit_id)
    return request


def request_subject(request: AccountRequest) -> Subject:
    """What events about the request are about."""
    return Subject("accounts.accountrequest", request.pk, request.user.name)


def decide(request: AccountRequest, *, granted: bool, by: Actor) -> None:
    """Write down the decision; called inside a command. Refuses closed ones, and confirming one's own."""
    is_open = AccountRequest.objects.filter(pk=request.pk, is_granted=None).exists()
    if granted or not is_open:
        refuse_if(
            rules.decision_blocked(
                asked_by=request.asked_by_id,
                user_id=request.user_id,
                # By own right alone: who stands in for a director confirms nothing.
                by_ids=accounts_of([] if by.user_id is None else [by.user_id]),
                is_open=is_open,
            )
        )
    request.is_granted, request.decided_by_id, request.decided_at = granted, by.user_id, timezone.now()
    request.save(update_fields=["is_granted", "decided_by", "decided_at"])
    record(request_subject(request), {"is_granted": [None, "1" if granted else "0"]}, unit_id=request.unit_id)


@command("accounts.decline_request", label=gettext_lazy("不同意或撤回账号申请"))
def decline_request(request: AccountRequest, *, by: Actor) -> None:
    """Close a request without effect; whoever asked may withdraw it this way."""
    decide(request, granted=False, by=by)
