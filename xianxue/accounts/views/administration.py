"""Pages of the security administrator: users, their passwords and their postings; and of the second person."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.accounts import forms, rules, selectors, services
from xianxue.accounts.access import CONFIRMERS, CONFIRMS, KEEPS_ACCOUNTS
from xianxue.accounts.choices import RequestKind
from xianxue.accounts.models import AccountRequest, Posting, User
from xianxue.accounts.services import provider
from xianxue.kernel import resources
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.resources.command_view import CommandView

ASKED_TEXT = _("申请已提出。由另一位安全管理员或局长确认后生效。")


class AdminView(CommandView):
    """A command on a user; the user's page is where it comes from and goes back to."""

    grant = KEEPS_ACCOUNTS

    def found(self, **kwargs: Any) -> Any:
        user = resources.get("users").visible().filter(pk=kwargs["pk"]).first()
        if user is None:
            raise Http404
        return user

    def after(self, result: Any) -> str:
        return resources.get("users").url("detail", self.subject.pk)


class Told(CommandView):
    """A command whose answer is a temporary password: shown on the answer itself, so that no address leads back."""

    def told(self, user: User, password: str) -> HttpResponse:
        """The page with the password, this once."""
        context = {
            "user": user,
            "password": password,
            "hours": settings.TEMPORARY_PASSWORD_HOURS,
            "href": resources.get("users").url("detail", user.pk),
        }
        return render(self.request, "accounts/temporary_password.html", context)


class NewUser(Told, AdminView):
    """A new user, who must change the temporary password at the first sign-in."""

    form_class = forms.NewUserForm
    title = submit = _("新建用户")

    def found(self, **kwargs: Any) -> None:
        if not resources.get("users").may_view():
            raise Http404

    def run(self, data: dict[str, Any], by: Actor) -> HttpResponse:
        return self.told(*services.open_account(**data, by=by))

    def answer(self, result: Any) -> HttpResponse:
        return cast("HttpResponse", result)

    def cancel_href(self) -> str:
        return resources.get("users").url()


class Rename(AdminView):
    """Correct the name shown, and the worker's number."""

    form_class = forms.RenameForm
    title = submit = _("更改姓名或工号")
    done = _("已更改。")

    def form(self, data: Any = None) -> forms.RenameForm:
        return forms.RenameForm(data, initial={"name": self.subject.name, "worker_number": self.subject.worker_number})

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.rename_user(self.subject, name=data["name"], worker_number=data["worker_number"], by=by)


class ResetPassword(Told, AdminView):
    """A temporary password; for administrators and the director only asked for here."""

    form_class = forms.ResetForm
    title = submit = _("重置密码")

    def run(self, data: dict[str, Any], by: Actor) -> HttpResponse | None:
        if rules.needs_second_person(selectors.roles_from(self.subject, timezone.localdate())):
            services.ask_for_reset(self.subject, reason=data["reason"], by=by)
            messages.success(self.request, ASKED_TEXT)
            return None
        return self.told(self.subject, services.reset_password(self.subject, by=by, reason=data["reason"]))

    def answer(self, result: Any) -> HttpResponse:
        return result if isinstance(result, HttpResponse) else super().answer(result)


class RemoveFactor(AdminView):
    """Take the second factor off somebody who lost the telephone."""

    form_class = forms.ReasonForm
    title = submit = _("解除动态口令")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        if rules.needs_second_person(selectors.roles_from(self.subject, timezone.localdate())):
            services.ask_to_remove_factor(self.subject, reason=data["reason"], by=by)
            messages.success(self.request, ASKED_TEXT)
            return
        services.remove_factor(self.subject, reason=data["reason"], by=by)
        messages.success(self.request, _("动态口令已解除，该用户的登录已全部退出。"))


class EndSessions(AdminView):
    """Sign somebody out everywhere."""

    form_class = forms.SwitchForm
    title = submit = _("结束全部登录")
    done = _("该用户的登录已全部退出。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.end_all_sessions(self.subject, by=by)


class Unlink(AdminView):
    """Forget who the user is at the identity provider."""

    form_class = forms.SwitchForm
    title = submit = _("解除统一身份认证关联")
    done = _("关联已解除，下次从统一身份认证登录时重新关联。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        provider.unlink(self.subject, by=by)


class Switch(AdminView):
    """Switch a user off, or on again."""

    form_class = forms.SwitchForm
    title = submit = _("启用或停用用户")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.switch_user(self.subject, active=not self.subject.is_active, by=by)


class GivePosting(AdminView):
    """A role at a unit; some roles, and any for an account that one opened, are asked for, and a second person confirms."""

    form_class = forms.PostingForm
    title = submit = _("授予角色")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        reason = data.pop("reason")
        if rules.needs_second_person([data["role"]]) or selectors.made_password(self.subject, by.user_id):
            services.ask_for_role(self.subject, **data, reason=reason, by=by)
            messages.success(self.request, ASKED_TEXT)
            return
        services.give_posting(self.subject, **data, by=by)
        messages.success(self.request, _("角色已授予。"))


class EndPosting(AdminView):
    """The last day of a posting."""

    form_class = forms.EndPostingForm
    title = submit = _("结束授权")
    done = _("授权已结束。")

    def found(self, **kwargs: Any) -> Posting:
        posting: Posting | None = resources.get("postings").visible().filter(pk=kwargs["pk"]).first()
        if posting is None:
            raise Http404
        return posting

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.end_posting(self.subject, on=data["on"], by=by)

    def after(self, result: Any) -> str:
        return resources.get("postings").url("detail", self.subject.pk)


class Decision(CommandView):
    """What the second person decides. A role that somebody handed over does not count: confirming is personal."""

    form_class = forms.DecisionForm
    grant = CONFIRMS

    def found(self, **kwargs: Any) -> AccountRequest:
        request: AccountRequest | None = resources.get("account-requests").visible().filter(pk=kwargs["pk"]).first()
        if request is None:
            raise Http404
        return request

    def allowed(self) -> bool:
        return any(role in current_reach().own_roles for role in CONFIRMERS)

    def after(self, result: Any) -> str:
        return resources.get("account-requests").url("detail", self.subject.pk)


class Confirm(Told, Decision):
    """The second person agrees."""

    title = submit = _("确认")

    def run(self, data: dict[str, Any], by: Actor) -> HttpResponse | None:
        if self.subject.kind == RequestKind.PASSWORD:
            return self.told(self.subject.user, services.confirm_reset(self.subject, by=by))
        confirm = services.confirm_role if self.subject.kind == RequestKind.ROLE else services.confirm_removal
        confirm(self.subject, by=by)
        messages.success(self.request, _("已确认，即时生效。"))
        return None

    def answer(self, result: Any) -> HttpResponse:
        return result if isinstance(result, HttpResponse) else super().answer(result)


class Decline(Decision):
    """The request is closed without effect."""

    title = submit = _("不同意或撤回")
    done = _("申请已了结，没有生效。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.decline_request(self.subject, by=by)
