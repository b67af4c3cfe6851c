"""Pages of one's own account: what one may, where one is signed in, the password; and the permission matrix."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST

from xianxue.accounts import forms, selectors, services
from xianxue.accounts.models import SignIn
from xianxue.accounts.selectors import matrix
from xianxue.accounts.views.parts import own
from xianxue.kernel.access import Actor, everyone_signed_in
from xianxue.kernel.channels.selectors import channels_of
from xianxue.kernel.resources.command_view import CommandView, actor_of


def account(request: HttpRequest) -> HttpResponse:
    """One's own account: postings, delegations, the second factor, and where one is signed in."""
    user = own(request)
    context = {
        "user": user,
        "today": timezone.localdate(),
        "notices": selectors.recent_notices(user),
        "channels": channels_of(user.pk),
        "postings": selectors.postings_of(user),
        "may_delegate": selectors.delegable_postings(user).exists(),
        "delegations": selectors.delegations_of(user)[:20],
        "recovery_left": selectors.recovery_codes_left(user) if user.has_second_factor else 0,
        "factor_roles": selectors.factor_reasons(),
        "sessions": selectors.open_sessions(user),
        "session_key": request.session.session_key,
    }
    return render(request, "accounts/account.html", context)


class ChangePassword(CommandView):
    """One's own new password; ends the other sessions."""

    form_class = forms.PasswordForm
    grant = everyone_signed_in
    title = gettext_lazy("修改密码")
    submit = gettext_lazy("修改密码")
    done = gettext_lazy("密码已修改，其他设备上的登录已退出。")

    def allowed(self) -> bool:
        return True

    def run(self, data: dict[str, Any], by: Actor) -> None:
        user, key = own(self.request), self.request.session.session_key or ""
        address = services.address_of(self.request)
        services.change_password(user, old=data["old"], new=data["new"], by=by, but=key, address=address)
        services.keep_session(self.request, user)

    def after(self, result: Any) -> str:
        return reverse("account")


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one of one's own sessions."""
    found = SignIn.objects.filter(pk=pk, user=own(request), ended_at=None).first()
    if found is None:
        raise Http404
    services.end_session(found, by=actor_of(request))
    messages.success(request, _("已退出该处登录。"))
    return redirect("account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out all of one's own sessions but this one."""
    key = request.session.session_key or ""
    count = services.end_other_sessions(own(request), but=key, by=actor_of(request))
    messages.success(request, _("已退出其他 %(count)s 处登录。") % {"count": count})
    return redirect("account")


def permissions(request: HttpRequest) -> HttpResponse:
    """The permission matrix, computed from the declarations."""
    return render(request, "accounts/permissions.html", {"groups": matrix.groups(), "roles": matrix.roles()})


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form answers whose token has grown old, with the way on."""
    del reason
    return render(request, "403_csrf.html", status=403)
