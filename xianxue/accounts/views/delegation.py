"""Pages of delegations (代办): hand a role over, take it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xianxue.accounts import forms, selectors, services
from xianxue.accounts.models import User
from xianxue.accounts.views.parts import own
from xianxue.kernel.access import Actor, everyone_signed_in
from xianxue.kernel.commands import Refused
from xianxue.kernel.resources.command_view import CommandView, actor_of


class Delegate(CommandView):
    """One of one's own roles, for a colleague, from day to day."""

    form_class = forms.DelegationForm
    grant = everyone_signed_in
    title = gettext_lazy("委托代办")
    submit = gettext_lazy("委托")
    done = gettext_lazy("已委托。对方登录后即可代办，到期自动收回。")

    def allowed(self) -> bool:
        return True

    def form(self, data: Any = None) -> forms.DelegationForm:
        return forms.DelegationForm(data, postings=selectors.delegable_postings(own(self.request)))

    def run(self, data: dict[str, Any], by: Actor) -> None:
        taker = User.objects.filter(username__iexact=data.pop("taker").strip(), is_active=True).first()
        if taker is None:
            raise Refused(_("未能委托：本单位没有这位同事的账号。请核对用户名。"), field="taker")
        services.delegate(data.pop("posting"), taker=taker, **data, by=by)

    def after(self, result: Any) -> str:
        return reverse("account")


@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation that one gave or took."""
    found = selectors.delegations_of(own(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        services.recall_delegation(found, by=actor_of(request))
        messages.success(request, _("代办已结束。"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("account")
