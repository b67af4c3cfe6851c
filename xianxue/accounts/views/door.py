"""The door: name and password, the second step, and the way out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from xianxue.accounts import forms, selectors, services
from xianxue.accounts.choices import SignInWay
from xianxue.accounts.models import User
from xianxue.accounts.services import provider
from xianxue.kernel.crypto import open_text

DEMO_PASSWORD = "xianxue-demo"  # noqa: S105 - printed on the sign-in page of the demonstration, and only there


def safe_next(request: HttpRequest, given: QueryDict) -> str:
    """Where to go after signing in: the page asked for when it is ours, else the first one."""
    target = given.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse(settings.LOGIN_REDIRECT_URL)


def welcomed(request: HttpRequest, arrival: services.Arrival) -> HttpResponse:
    """On to the page asked for, with what happened to the account meanwhile; or to the second step."""
    if not services.arrive(request, arrival):
        return redirect("second-step")
    return onward(request, arrival.user, arrival.onward)


def onward(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """To the page asked for, with what others did to the account since the last sign-in."""
    for text in services.notices_for(user):
        messages.warning(request, text)
    return HttpResponseRedirect(target or reverse(settings.LOGIN_REDIRECT_URL))


def sign_in_page(request: HttpRequest, form: forms.SignInForm, status: int = 200) -> HttpResponse:
    """The page with the form, and the other doors that there are."""
    target = request.POST.get("next") or request.GET.get("next", "")
    context: dict[str, Any] = {"form": form, "next": target}
    if provider.is_configured():
        context["provider_name"] = settings.OIDC_NAME
    if settings.DEMO:
        context |= {"cast": selectors.demo_cast(), "demo_password": DEMO_PASSWORD}
    return render(request, "accounts/sign_in.html", context, status=status)


def locked_text(locked: services.Locked) -> str:
    """How long nobody may try."""
    return _("未能登录：失败次数过多，已暂停登录，%(time)s 后可再试。忘记密码请找安全管理员重置。") % {
        "time": localtime(locked.until).strftime("%H:%M")
    }


@method_decorator((login_not_required, never_cache, sensitive_post_parameters()), name="dispatch")
class SignInView(View):
    """Name and password; in the demonstration also its cast, each one click away."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(safe_next(request, request.GET))
        return sign_in_page(request, forms.SignInForm(initial={"username": request.GET.get("username", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        target = safe_next(request, request.POST)
        if settings.DEMO and (person := selectors.demo_user(request.POST.get("cast", ""))):
            services.open_session(request, person, SignInWay.DEMO)
            return HttpResponseRedirect(target)
        form = forms.SignInForm(request.POST)
        if not form.is_valid():
            return sign_in_page(request, form, 422)
        found = services.attempt(
            form.cleaned_data["username"], form.cleaned_data["password"], services.address_of(request)
        )
        if isinstance(found, User):
            return welcomed(request, services.Arrival(found, SignInWay.PASSWORD, target))
        form.add_error(None, self._reason(found))
        return sign_in_page(request, form, 422)

    @staticmethod
    def _reason(found: services.Locked | services.Closed | None) -> str:
        if isinstance(found, services.Locked):
            return locked_text(found)
        # The same words whether or not there is such a user.
        return found.reason if found else _("未能登录：用户名或密码不正确。请核对后重试。")


@method_decorator((login_not_required, never_cache, sensitive_post_parameters()), name="dispatch")
class SecondStepView(View):
    """The code of the telephone, or a recovery code."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if services.arrived(request) is None:
            return redirect("sign-in")
        return self._shown(request, forms.SecondStepForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        arrival = services.arrived(request)
        if arrival is None:
            messages.warning(request, _("登录超过 5 分钟没有完成，请重新填写用户名和密码。"))
            return redirect("sign-in")
        form = forms.SecondStepForm(request.POST)
        if not form.is_valid():
            return self._shown(request, form, 422)
        found = services.second_step(request, arrival, form.cleaned_data["code"])
        if isinstance(found, SignInWay):
            if found == SignInWay.RECOVERY:
                left = _("已用去一个恢复码，还剩 %(left)s 个。") % {"left": selectors.recovery_codes_left(arrival.user)}
                messages.warning(request, left)
            return onward(request, arrival.user, arrival.onward)
        wrong = _("未能登录：动态口令不对，或已经用过。请等手机上换出下一个再填。")
        form.add_error("code", locked_text(found) if found else wrong)
        return self._shown(request, form, 422)

    @staticmethod
    def _shown(request: HttpRequest, form: forms.SecondStepForm, status: int = 200) -> HttpResponse:
        return render(request, "accounts/second_step.html", {"form": form}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; whoever came from the identity provider is shown the way out of that too."""
    services.close_session(request)
    sealed = request.session.get(services.BY_PROVIDER)
    address = provider.end_address(open_text(sealed)) if sealed else ""
    logout(request)
    if address:
        # A page with a link: `form-action 'self'` rightly keeps a form from leading to another site.
        context = {"address": address, "provider_name": settings.OIDC_NAME}
        return render(request, "accounts/signed_out.html", context)
    return redirect("sign-in")
