"""Pages of the security administrator: users, their passwords and their postings; and of the second person."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from xianxue.accounts import forms, rules, services
from xianxue.accounts.choices import CONFIRMERS, RequestKind
from xianxue.accounts.models import AccountRequest, Posting, User
from xianxue.accounts.rules.grants import CONFIRMS, KEEPS_ACCOUNTS
from xianxue.kernel import resources
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.resources.command_view import CommandView


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


class NewUser(AdminView):
    """A new user, who must change the password at the first sign-in."""

    form_class = forms.NewUserForm
    title = submit = _("新建用户")
    done = _("用户已建立。请接着授予角色，否则登录后看不到任何内容。")

    def found(self, **kwargs: Any) -> None:
        if not resources.get("users").may_view():
            raise Http404

    def run(self, data: dict[str, Any], by: Actor) -> User:
        user: User = services.create_user(**data, by=by)
        return user

    def after(self, result: User | None) -> str:
        users = resources.get("users")
        return users.url("detail", result.pk) if result else users.url()


class Rename(AdminView):
    """Correct the name shown."""

    form_class = forms.RenameForm
    title = submit = _("更改姓名")
    done = _("姓名已更改。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.rename_user(self.subject, name=data["name"], by=by)


class ResetPassword(AdminView):
    """A password given by the administrator."""

    form_class = forms.ResetForm
    title = submit = _("重置密码")
    done = _("密码已重置，该用户的登录已全部退出，下次登录须自行修改。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.set_password(self.subject, password=data["password"], by=by)


class Switch(AdminView):
    """Switch a user off, or on again."""

    form_class = forms.SwitchForm
    title = submit = _("启用或停用用户")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.switch_user(self.subject, active=not self.subject.is_active, by=by)


class GivePosting(AdminView):
    """A role at a unit; administrators and the director are only asked for, and a second person confirms."""

    form_class = forms.PostingForm
    title = submit = _("授予角色")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        reason = data.pop("reason")
        if rules.needs_second_person([data["role"]]):
            services.ask_for_role(self.subject, **data, reason=reason, by=by)
            messages.success(self.request, _("申请已提出。由另一位安全管理员或局长确认后生效。"))
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


class Confirm(Decision):
    """The second person agrees."""

    title = submit = _("确认")
    done = _("已确认，即时生效。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        CONFIRMATIONS[RequestKind(self.subject.kind)](self.subject, by=by)


class Decline(Decision):
    """The request is closed without effect."""

    title = submit = _("不同意或撤回")
    done = _("申请已了结，没有生效。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.decline_request(self.subject, by=by)


CONFIRMATIONS = {RequestKind.ROLE: services.confirm_role}
