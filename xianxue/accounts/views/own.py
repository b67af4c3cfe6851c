"""Pages of accounts: signing in and out, one's own account, the permission matrix."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from xianxue.accounts import forms, selectors, services
from xianxue.accounts.models import SignIn, User
from xianxue.accounts.selectors import matrix
from xianxue.kernel.access import Actor, everyone_signed_in
from xianxue.kernel.resources.command_view import CommandView, actor_of

DEMO_PASSWORD = "xianxue-demo"  # noqa: S105 - printed on the sign-in page of the demonstration, and only there


def _safe_next(request: HttpRequest, given: QueryDict) -> str:
    target = given.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse(settings.LOGIN_REDIRECT_URL)


@method_decorator((login_not_required, never_cache, sensitive_post_parameters()), name="dispatch")
class SignInView(View):
    """Name and password; in the demonstration also its cast, each one click away."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(_safe_next(request, request.GET))
        return self._shown(request, forms.SignInForm(initial={"username": request.GET.get("username", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        if settings.DEMO and (person := selectors.demo_user(request.POST.get("cast", ""))):
            services.open_session(request, person)
            return HttpResponseRedirect(_safe_next(request, request.POST))
        form = forms.SignInForm(request.POST)
        if not form.is_valid():
            return self._shown(request, form, 422)
        found = services.attempt(
            form.cleaned_data["username"], form.cleaned_data["password"], services.address_of(request)
        )
        if isinstance(found, User):
            services.open_session(request, found)
            return HttpResponseRedirect(_safe_next(request, request.POST))
        form.add_error(None, self._reason(found))
        return self._shown(request, form, 422)

    @staticmethod
    def _reason(found: services.Locked | None) -> str:
        # The same words whether or not there is such a user.
        if found is None:
            return _("未能登录：用户名或密码不正确。请核对后重试。")
        return _("未能登录：失败次数过多，已暂停登录，%(time)s 后可再试。忘记密码请找安全管理员重置。") % {
            "time": localtime(found.until).strftime("%H:%M")
        }

    @staticmethod
    def _shown(request: HttpRequest, form: forms.SignInForm, status: int = 200) -> HttpResponse:
        target = request.POST.get("next") or request.GET.get("next", "")
        context: dict[str, Any] = {"form": form, "next": target}
        if settings.DEMO:
            context |= {"cast": selectors.demo_cast(), "demo_password": DEMO_PASSWORD}
        return render(request, "accounts/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    services.close_session(request)
    logout(request)
    return redirect("sign-in")


def account(request: HttpRequest) -> HttpResponse:
    """One's own account: postings, and where one is signed in."""
    user = _own(request)
    context = {
        "user": user,
        "postings": selectors.postings_of(user),
        "sessions": selectors.open_sessions(user),
        "session_key": request.session.session_key,
    }
    return render(request, "accounts/account.html", context)


def _own(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


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
        user = _own(self.request)
        services.change_password(user, old=data["old"], new=data["new"], by=by)
        update_session_auth_hash(self.request, user)
        services.remember_session(self.request, user)

    def after(self, result: Any) -> str:
        return reverse("account")


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one of one's own sessions."""
    found = SignIn.objects.filter(pk=pk, user=_own(request), ended_at=None).first()
    if found is None:
        raise Http404
    services.end_session(found, by=actor_of(request))
    messages.success(request, _("已退出该处登录。"))
    return redirect("account")


def permissions(request: HttpRequest) -> HttpResponse:
    """The permission matrix, computed from the declarations."""
    return render(request, "accounts/permissions.html", {"groups": matrix.groups(), "roles": matrix.roles()})


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form answers whose token has grown old, with the way on."""
    del reason
    return render(request, "403_csrf.html", status=403)
