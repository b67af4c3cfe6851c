"""Nobody passes without signing in, and everybody reads only what today's postings reach."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from xianxue.accounts.models import User
from xianxue.accounts.selectors import reach_of
from xianxue.kernel.access import in_reach

PASSWORD_PAGES = ("password", "sign-out")


class SignInRequired(LoginRequiredMiddleware):
    """Every address needs a user, unless its view says `@login_not_required`; a test lists those that do.

    Whoever got a password from an administrator is led to change it first.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if isinstance(user, User) and user.must_change_password and getattr(view_func, "login_required", True):
            match = request.resolver_match
            if match is None or match.url_name not in PASSWORD_PAGES:
                return redirect("password")
        answer: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        return answer

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
        with in_reach(reach_of(user)):
            return self.get_response(request)
