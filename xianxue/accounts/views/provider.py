"""To the county's identity provider and back."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xianxue.accounts import forms, services
from xianxue.accounts.choices import SignInWay
from xianxue.accounts.services import provider
from xianxue.accounts.views.door import safe_next, sign_in_page, welcomed

TRIP = "provider_trip"
log = logging.getLogger(__name__)


def _refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    form = forms.SignInForm({})
    # Only what happened at the provider is to be said, not that the fields are empty.
    form.errors.clear()
    form.add_error(None, message)
    return sign_in_page(request, form, status)


def _down(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("The identity provider cannot be reached: %s", error)
    text = _("未能登录：“%(name)s”暂时连不上。请稍后再试；有本系统密码的，可在下面用密码登录。")
    return _refused(request, text % {"name": settings.OIDC_NAME}, 503)


@login_not_required
@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider, and remember what must come back."""
    if not provider.is_configured():
        raise Http404
    try:
        trip, address = provider.begin_trip(safe_next(request, request.GET))
    except provider.ProviderDown as error:
        return _down(request, error)
    request.session[TRIP] = trip.kept()
    return HttpResponseRedirect(address)


@login_not_required
@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """What the provider sends the browser back with; good once, in the session that went there."""
    if not provider.is_configured():
        raise Http404
    kept = request.session.pop(TRIP, None)
    try:
        answer = provider.finish_trip(kept, request.GET.dict())
        user = provider.user_of(answer, services.address_of(request))
    except provider.ProviderDown as error:
        return _down(request, error)
    except provider.Untrusted as error:
        if request.user.is_authenticated:
            # The back button after a sign-in that worked.
            return redirect(settings.LOGIN_REDIRECT_URL)
        log.warning("An answer of the identity provider was refused: %s", error)
        text = _("未能登录：“%(name)s”的答复无效或已过期。请重新登录；若再次出现，请告诉系统管理员。")
        return _refused(request, text % {"name": settings.OIDC_NAME}, 403)
    except provider.NoAccount as refusal:
        return _refused(request, refusal.message, 403)
    has_factor = answer.has_factor and settings.OIDC_TRUSTS_FACTOR
    onward = str(kept["next"]) if kept else ""
    return welcomed(request, services.Arrival(user, SignInWay.PROVIDER, onward, has_factor, answer.id_token))
