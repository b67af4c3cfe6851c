"""Pages of one's own second factor: set it up, new recovery codes, switch it off."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from xianxue.accounts import forms, selectors, services
from xianxue.accounts.views.parts import own
from xianxue.kernel.access import Actor, everyone_signed_in
from xianxue.kernel.commands import Refused
from xianxue.kernel.crypto import open_text, seal_text
from xianxue.kernel.resources.command_view import CommandView, actor_of

SECRET = "new_factor"  # noqa: S105 - the name under which the session keeps it, sealed


def codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, this once: the answer to the form itself, so that no address leads back to them."""
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


@method_decorator((never_cache, sensitive_post_parameters()), name="dispatch")
class EnableFactor(View):
    """A QR code for the telephone, and the first code from it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if own(request).has_second_factor:
            return redirect("account")
        if SECRET not in request.session:
            request.session[SECRET] = seal_text(services.new_secret())
        return self._shown(request, forms.FactorForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        user, form = own(request), forms.FactorForm(request.POST)
        if SECRET not in request.session:
            return redirect("factor-enable")
        if not form.is_valid():
            return self._shown(request, form, 422)
        try:
            codes = services.enable_factor(
                user,
                secret=open_text(request.session[SECRET]),
                code=form.cleaned_data["code"],
                by=actor_of(request),
                but=request.session.session_key or "",
            )
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
            return self._shown(request, form, 422)
        del request.session[SECRET]
        services.rotate_session(request, has_factor=True)
        return codes_page(request, codes)

    @staticmethod
    def _shown(request: HttpRequest, form: forms.FactorForm, status: int = 200) -> HttpResponse:
        user, secret = own(request), open_text(request.session[SECRET])
        context = {
            "form": form,
            "qr": _qr(services.provisioning_uri(secret, user.username, selectors.bureau_name() or "县学")),
            "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
            "roles": selectors.factor_reasons(),
            "is_led": services.owes_factor([role for role, _reason in selectors.factor_reasons()]),
        }
        return render(request, "accounts/factor.html", context, status=status)


def _qr(text: str) -> SafeString:
    # Part of the page, without script or style; dark on light in both themes, as telephones read it.
    svg = segno.make(text, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return mark_safe(svg)  # noqa: S308 - drawn by segno from numbers; the text is not in it


class RenewCodes(CommandView):
    """New recovery codes, shown once."""

    form_class = forms.RenewCodesForm
    grant = everyone_signed_in
    title = gettext_lazy("更换恢复码")
    submit = gettext_lazy("更换恢复码")

    def allowed(self) -> bool:
        return own(self.request).has_second_factor

    def run(self, data: dict[str, Any], by: Actor) -> list[str]:
        address = services.address_of(self.request)
        codes = services.renew_recovery_codes(own(self.request), code=data["code"], address=address, by=by)
        services.rotate_session(self.request, has_factor=True)
        return codes

    def answer(self, result: Any) -> HttpResponse:
        return codes_page(self.request, result)

    def after(self, result: Any) -> str:
        return reverse("account")


class DropFactor(CommandView):
    """Switch one's own second factor off, for a new telephone."""

    form_class = forms.DropFactorForm
    grant = everyone_signed_in
    title = gettext_lazy("停用动态口令")
    submit = gettext_lazy("停用动态口令")

    def allowed(self) -> bool:
        return own(self.request).has_second_factor

    def run(self, data: dict[str, Any], by: Actor) -> None:
        key = self.request.session.session_key or ""
        services.disable_factor(own(self.request), **data, address=services.address_of(self.request), by=by, but=key)
        services.rotate_session(self.request, has_factor=False)

    done = gettext_lazy("动态口令已停用，其他设备上的登录已退出。换了手机，请马上重新启用。")

    def after(self, result: Any) -> str:
        return reverse("account")
