"""Nobody passes without signing in, and everybody reads only what today's postings reach."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.accounts import services
from xianxue.accounts.choices import SignOutReason
from xianxue.accounts.models import User
from xianxue.accounts.selectors import reach_of
from xianxue.kernel.access import in_reach, reach_or_none, remembering

PASSWORD_PAGES = ("password", "sign-out")
FACTOR_PAGES = ("factor-enable", "password", "sign-out")


class SignInRequired(LoginRequiredMiddleware):
    """Every address needs a user, unless its view says `@login_not_required`; a test lists those that do.

    A session that is over ends here. Whoever got a temporary password is led to change it first, and whoever needs a
    second factor to set it up.
    """

    def process_request(self, request: HttpRequest) -> None:
        """End the session when it is too old, or nobody has been there for too long."""
        if not isinstance(request.user, User):
            return
        over = services.watch_session(request)
        if over is None:
            return
        services.close_session(request, over)
        logout(request)
        if over == SignOutReason.IDLE:
            text = _("%(minutes)s 分钟没有操作，已自动退出。请重新登录。") % {"minutes": settings.SESSION_IDLE_MINUTES}
            messages.info(request, text)
        elif over == SignOutReason.TOO_LONG:
            messages.info(request, _("这次登录已到最长时间，已自动退出。请重新登录。"))

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if isinstance(user, User) and getattr(view_func, "login_required", True):
            match = request.resolver_match
            led = self._led(request, user, match.url_name if match else None)
            if led is not None:
                return led
        answer: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        return answer

    def _led(self, request: HttpRequest, user: User, page: str | None) -> HttpResponseBase | None:
        session = request.session
        if user.must_change_password and not session.get(services.BY_PROVIDER):
            return None if page in PASSWORD_PAGES else redirect("password")
        reach = reach_or_none()
        if session.get(services.FACTOR) or reach is None or not services.owes_factor(list(reach.roles)):
            return None
        if user.has_second_factor:
            # The session is older than the factor, or than the role that asks for it.
            services.close_session(request, SignOutReason.FACTOR)
            logout(request)
            return redirect("sign-in")
        return None if page in FACTOR_PAGES else redirect("factor-enable")

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        """To the sign-in page; a part of a page asks the whole page to go there."""
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401, headers={"HX-Redirect": reverse("sign-in")})
        return super().handle_no_permission(request, view_func)


class ReachOfUser:
    """Sets the reach for the length of the request, from the postings valid today."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        with in_reach(reach_of(user)), remembering():
            return self.get_response(request)
