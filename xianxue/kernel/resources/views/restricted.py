"""Naming a purpose, breaking the glass, and judging it."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel import restricted
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.resources import reading
from xianxue.kernel.resources.command_view import CommandView
from xianxue.kernel.resources.register import Register, get
from xianxue.kernel.resources.telling import tell_overseers
from xianxue.kernel.restricted import services
from xianxue.kernel.restricted.models import Verdict
from xianxue.kernel.restricted.rules import SHORTEST_REASON
from xianxue.kernel.restricted.selectors import emergencies, may_break_glass
from xianxue.kernel.ui.forms import FormPage


class PurposeForm(forms.Form):
    """Why somebody reads."""

    purpose = forms.ChoiceField(label=gettext_lazy("查阅目的"), widget=forms.RadioSelect)

    def __init__(self, domain: restricted.Domain, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(domain.purposes.items())


class OpenView(CommandView):
    """Name a purpose; the domain is then open for some minutes."""

    title = gettext_lazy("说明查阅目的")
    submit = gettext_lazy("打开")

    def found(self, **kwargs: Any) -> Any:
        domain = next((item for item in restricted.domains() if item.code == kwargs["domain"]), None)
        if domain is None or not domain.scope(current_reach()):
            raise Http404
        return domain

    def allowed(self) -> bool:
        return True

    def form(self, data: Any = None) -> PurposeForm:
        return PurposeForm(self.subject, data)

    def page(self, form: forms.BaseForm) -> FormPage:
        note = _("此后 %(minutes)s 分钟内，每查阅一人都留下记录，本人和监护人可以要求查看。") % {
            "minutes": self.subject.minutes
        }
        return FormPage(
            title=str(self.title),
            form=form,
            submit=str(self.submit),
            cancel_href=self.after(None),
            sub=str(self.subject.label),
            note=note,
        )

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        return services.open_domain(self.subject, purpose=data["purpose"], by=by)

    def after(self, result: Any) -> str:
        following = self.request.GET.get("next", "")
        return following if url_has_allowed_host_and_scheme(following, allowed_hosts=None) else reverse("cockpit")


class EmergencyForm(forms.Form):
    """What happened, and for how long."""

    reason = forms.CharField(
        label=gettext_lazy("紧急理由"),
        min_length=SHORTEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("写明发生了什么、为什么现在必须查阅。"),
    )
    hours = forms.TypedChoiceField(label=gettext_lazy("时限"), coerce=int)

    def __init__(self, domain: restricted.Domain, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["hours"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = [(number, _("%(hours)s 小时") % {"hours": number}) for number in range(1, domain.hours + 1)]


class EmergencyView(CommandView):
    """Break the glass for one row of a register."""

    title = gettext_lazy("紧急查阅")
    submit = gettext_lazy("查阅并通知主管")
    register: Register
    domain: restricted.Domain

    def found(self, **kwargs: Any) -> Any:
        try:
            self.register, self.domain = get(kwargs["register"]), restricted.get(kwargs["domain"])
        except KeyError:
            raise Http404 from None
        row = self.register.visible().filter(pk=kwargs["pk"]).first() if self.register.may_view() else None
        if row is None or not may_break_glass(self.domain, reading.units_of(self.register, row)):
            raise Http404
        return row

    def allowed(self) -> bool:
        return True

    def form(self, data: Any = None) -> EmergencyForm:
        return EmergencyForm(self.domain, data)

    def page(self, form: forms.BaseForm) -> FormPage:
        return FormPage(
            title=str(self.title),
            form=form,
            submit=str(self.submit),
            cancel_href=self.after(None),
            sub=f"{self.domain.label} · {self.register.title(self.subject)}",
            note=_("理由和查阅的内容都留下记录，由主管人员逐件复核。"),
        )

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        with transaction.atomic():
            opening = services.break_glass(
                self.domain,
                subject=reading.subject_of(self.register, self.subject),
                units=reading.units_of(self.register, self.subject),
                reason=data["reason"],
                hours=data["hours"],
                by=by,
            )
            tell_overseers(opening, by=by)
        return opening

    def after(self, result: Any) -> str:
        return self.register.url("detail", self.subject.pk)


class JudgeForm(forms.Form):
    """An overseer's finding."""

    verdict = forms.ChoiceField(label=gettext_lazy("复核结论"), choices=Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("复核说明"), widget=forms.Textarea(attrs={"rows": 3}))


class JudgeView(CommandView):
    """Judge an emergency."""

    form_class = JudgeForm
    title = gettext_lazy("复核紧急查阅")
    submit = gettext_lazy("提交复核")
    done = gettext_lazy("已复核。")

    def found(self, **kwargs: Any) -> Any:
        opening = emergencies().filter(pk=kwargs["pk"]).first()
        if opening is None:
            raise Http404
        return opening

    def allowed(self) -> bool:
        return True

    def page(self, form: forms.BaseForm) -> FormPage:
        return FormPage(
            title=str(self.title),
            form=form,
            submit=str(self.submit),
            cancel_href=self.after(None),
            sub=f"{self.subject.domain_shown} · {self.subject.subject_label} · {self.subject.reader}",
            note=_("理由：%(reason)s") % {"reason": self.subject.reason},
        )

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        services.judge(self.subject, verdict=data["verdict"], note=data["note"], by=by)

    def after(self, result: Any) -> str:
        return get("emergencies").url()
