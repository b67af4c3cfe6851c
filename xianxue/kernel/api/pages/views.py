"""Pages of tokens: one's own, and those of service accounts for who keeps them."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from xianxue.kernel.access import Actor, current_reach, everyone_signed_in
from xianxue.kernel.api import scopes, tokens
from xianxue.kernel.api.models import Delivery, ServiceAccount, Subscription, Token
from xianxue.kernel.api.pages import forms, presenting
from xianxue.kernel.api.tokens import KEEPS_ACCOUNTS
from xianxue.kernel.api.webhooks import services
from xianxue.kernel.commands import Refused
from xianxue.kernel.resources.command_view import CommandView, actor_of
from xianxue.kernel.ui import details
from xianxue.kernel.ui.parts import Notice


def _keeps() -> bool:
    return bool(KEEPS_ACCOUNTS.scope(current_reach()))


def _mine() -> "QuerySet[Token]":
    """Tokens that the person now acting may see and end: one's own, and of services for who keeps them."""
    own = Q(owner_id=current_reach().user_id)
    if _keeps():
        own |= Q(owner_id__in=ServiceAccount.objects.values("pk"))
    return Token.objects.filter(own).select_related("owner")


def _token_or_404(pk: int) -> Token:
    token = _mine().filter(pk=pk).first()
    if token is None:
        raise Http404
    return token


def _subscription_or_404(pk: int) -> Subscription:
    found = Subscription.objects.select_related("token__owner").filter(pk=pk, token__in=_mine()).first()
    if found is None:
        raise Http404
    return found


def _delivery_or_404(pk: int) -> Delivery:
    found = (
        Delivery.objects.select_related("subscription__token").filter(pk=pk, subscription__token__in=_mine()).first()
    )
    if found is None:
        raise Http404
    return found


def _drawn(request: HttpRequest, page: details.DetailPage) -> HttpResponse:
    return render(request, "ui/detail.html", {"page": page})


@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and those of service accounts."""
    keeps, user_id = _keeps(), current_reach().user_id
    rows = _mine().order_by("revoked_at", "-pk")
    accounts = list(ServiceAccount.objects.select_related("user").order_by("pk")) if keeps else []
    services_of = {item.pk for item in accounts}
    page = presenting.overview(
        [token for token in rows if token.owner_id == user_id],
        accounts,
        [token for token in rows if token.owner_id in services_of],
        keeps=keeps,
    )
    return _drawn(request, page)


@require_safe
def token(request: HttpRequest, pk: int) -> HttpResponse:
    """All about one token."""
    return _drawn(request, presenting.page_of(_token_or_404(pk)))


@never_cache
@require_safe
def subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """One subscription with its latest notices."""
    return _drawn(request, presenting.page_of_subscription(_subscription_or_404(pk)))


@require_safe
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice."""
    return _drawn(request, presenting.page_of_delivery(_delivery_or_404(pk)))


class IssueToken(CommandView):
    """A new token, shown once: for oneself, or for a service account named in the address."""

    grant = everyone_signed_in
    title = gettext_lazy("签发令牌")
    submit = gettext_lazy("签发")

    def found(self, **kwargs: Any) -> Any:
        account = self.request.GET.get("account", "")
        if not account:
            return get_user_model()._default_manager.get(pk=current_reach().user_id or 0)
        is_number = account.isdecimal() and len(account) < 19
        service = ServiceAccount.objects.select_related("user").filter(pk=int(account) if is_number else 0).first()
        if service is None or not _keeps():
            raise Http404
        return service.user

    def form(self, data: Any = None) -> forms.TokenForm:
        return forms.TokenForm(scopes.open_to(tokens.reach_of_owner(self.subject.pk)), data)

    def run(self, data: dict[str, Any], by: Actor) -> tuple[Token, str]:
        made: tuple[Token, str] = tokens.issue_token(
            self.subject,
            name=data["name"],
            scopes=data["scopes"],
            days=int(data["days"]),
            units=data["units"],
            networks=data["networks"],
            by=by,
        )
        return made

    def answer(self, result: Any) -> HttpResponse:
        # No redirect: the text of the token is in this answer and nowhere else.
        made, text = result
        note = _("令牌：%(text)s。只显示这一次，请立即交给使用它的系统保存；丢失了只能换发。") % {"text": text}
        return _drawn(self.request, presenting.page_of(made, Notice(note, "due", _("令牌已签发"))))

    def after(self, result: Any) -> str:
        return reverse("api-tokens")


class RevokeToken(CommandView):
    """End a token at once."""

    form_class = django_forms.Form
    grant = everyone_signed_in
    title = gettext_lazy("撤销令牌")
    submit = gettext_lazy("立即撤销")
    done = gettext_lazy("令牌已撤销，使用它的系统从现在起不能再读写。")

    def found(self, **kwargs: Any) -> Token:
        return _token_or_404(kwargs["pk"])

    def run(self, data: dict[str, Any], by: Actor) -> None:
        tokens.revoke_token(self.subject, by=by)

    def after(self, result: Any) -> str:
        return reverse("api-token", args=(self.subject.pk,))


class NewServiceAccount(CommandView):
    """A user becomes another system's account."""

    form_class = forms.ServiceAccountForm
    grant = KEEPS_ACCOUNTS
    title = gettext_lazy("新设服务账号")
    submit = gettext_lazy("设为服务账号")
    done = gettext_lazy("已设为服务账号。请接着为它签发令牌。")

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        return tokens.make_service_account(data["username"], purpose=data["purpose"], contact=data["contact"], by=by)

    def after(self, result: Any) -> str:
        return f"{reverse('api-token-new')}?account={result.pk}" if result else reverse("api-tokens")


class Subscribe(CommandView):
    """An address is told of changes; its signing secret is shown once."""

    grant = everyone_signed_in
    title = gettext_lazy("订阅变更通知")
    submit = gettext_lazy("订阅")

    def found(self, **kwargs: Any) -> Token:
        return _token_or_404(kwargs["pk"])

    def form(self, data: Any = None) -> forms.SubscriptionForm:
        return forms.SubscriptionForm(self.subject, data)

    def run(self, data: dict[str, Any], by: Actor) -> Subscription:
        made: Subscription = services.subscribe(
            self.subject, url=data["url"], registers=data["registers"], units=data["units"], by=by
        )
        return made

    def answer(self, result: Any) -> HttpResponse:
        return _drawn(self.request, presenting.page_of_subscription(result, result.secret))

    def after(self, result: Any) -> str:
        return reverse("api-token", args=(self.subject.pk,))


@require_POST
def end_subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the address no more."""
    found = _subscription_or_404(pk)
    _tried(request, lambda by: services.unsubscribe(found, by=by), _("已停止通知这个地址。"))
    return redirect("api-token", pk=found.token_id)


@require_POST
def replay_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a notice again."""
    found = _delivery_or_404(pk)
    _tried(request, lambda by: services.replay(found, by=by), _("已排入发送。"))
    return redirect("api-webhook", pk=found.subscription_id)


def _tried(request: HttpRequest, act: Any, done: str) -> None:
    try:
        act(actor_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
