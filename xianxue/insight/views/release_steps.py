"""Preparing, releasing and withdrawing a report: two persons, one after the other."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from xianxue.insight.access import PREPARES, RELEASES, SEES_COUNTY
from xianxue.insight.forms import ReasonForm, ReleaseForm, ReplacingForm
from xianxue.insight.models import Draft, Release
from xianxue.insight.releases import pages, paper, selectors, services
from xianxue.insight.views.common import year_in
from xianxue.insight.views.releases import holds, release_or_404, trail
from xianxue.kernel.access import Actor
from xianxue.kernel.documents import fragment
from xianxue.kernel.resources.command_view import CommandView
from xianxue.kernel.ui.details import DetailPage
from xianxue.kernel.ui.forms import FormPage
from xianxue.kernel.ui.parts import Action, Link, Notice

SEES_DRAFTS = PREPARES | RELEASES


def _draft_or_404(pk: int) -> Draft:
    found = Draft.objects.filter(pk=pk).first() if holds(SEES_DRAFTS) else None
    if found is None:
        raise Http404
    return found


@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What was prepared: the text and the figures, as they would be released."""
    found = _draft_or_404(pk)
    content = selectors.content_of(found)
    address = {name: reverse(f"release-draft-{name}", args=(pk,)) for name in ("release", "drop")}
    release = Action(_("发布"), address["release"], kind="primary")
    actions = [*([release] if holds(RELEASES) else []), Action(_("退回"), address["drop"], kind="danger")]
    page = DetailPage(
        title=_("%(year)s 年度报告发布稿") % {"year": found.year},
        sub=_("等待发布；发布时会重新核对，编制之后有变动的不能发布"),
        trail=trail(Link(_("发布稿"))),
        actions=actions,
        notice=None if holds(RELEASES) else Notice(_("发布稿已报送，等局长发布。编制人不能自己发布。")),
        panels=[pages.draft_facts(found), pages.figures(content), pages.without_records(content)],
    )
    text = fragment(paper.from_plain(content, timezone.localdate()), top=2)
    return render(request, "insight/release_draft.html", {"page": page, "paper": text})


class PrepareView(CommandView):
    """Freeze a year's report as it is now, for the director."""

    form_class = ReplacingForm
    grant = PREPARES
    title = gettext_lazy("编制发布稿")
    submit = gettext_lazy("冻结并报局长")
    done = gettext_lazy("发布稿已冻结，等待局长发布。")

    def found(self, **kwargs: Any) -> int:
        if not holds(SEES_COUNTY):
            raise Http404
        return year_in(str(kwargs["year"]))

    def run(self, data: dict[str, Any], by: Actor) -> Draft:
        return services.prepare(self.subject, reason=data["reason"], by=by)

    def after(self, result: Any) -> str:
        if isinstance(result, Draft):
            return reverse("release-draft", args=(result.pk,))
        return f"{reverse('report')}?year={self.subject}"

    def page(self, form: Any) -> FormPage:
        former = selectors.in_force(self.subject)
        waiting = selectors.drafts().filter(year=self.subject).first()
        notes = []
        if former:
            notes.append(
                _("%(year)s 年已有发布 %(number)s，新的一份发布后将替代它。")
                % {"year": self.subject, "number": former.number}
            )
        if waiting:
            notes.append(_("%(by)s编制的发布稿还没有发布，将被这一份代替。") % {"by": waiting.prepared_by})
        return FormPage(
            title=str(self.title),
            form=form,
            submit=str(self.submit),
            cancel_href=self.cancel_href(),
            sub=_("%(year)s 年工作报告") % {"year": self.subject},
            trail=(Link(_("年度报告"), self.cancel_href()), Link(str(self.title))),
            notice=Notice("".join(notes), "due") if notes else None,
            note=_("文字、数字、口径、参数和每一行明细的摘要按此刻冻结；学校多时需要几十秒。"),
        )


class ReleaseView(CommandView):
    """Release what another person prepared."""

    form_class = ReleaseForm
    grant = RELEASES
    title = gettext_lazy("发布报告")
    submit = gettext_lazy("发布")
    done = gettext_lazy("已发布。公文和签名文件可以下载。")

    def found(self, **kwargs: Any) -> Draft:
        return _draft_or_404(kwargs["pk"])

    def run(self, data: dict[str, Any], by: Actor) -> Release:
        return services.release(self.subject, by=by)

    def after(self, result: Any) -> str:
        if isinstance(result, Release):
            return reverse("release", args=(result.number,))
        return reverse("release-draft", args=(self.subject.pk,))

    def page(self, form: Any) -> FormPage:
        return FormPage(
            title=str(self.title),
            form=form,
            submit=str(self.submit),
            cancel_href=self.cancel_href(),
            sub=_("%(year)s 年，%(by)s编制") % {"year": self.subject.year, "by": self.subject.prepared_by},
            trail=trail(Link(_("发布稿"), self.cancel_href()), Link(str(self.title))),
            notice=Notice(_("发布以后不能修改，也不能删除；有错只能撤回，或另发布一份来替代。"), "due"),
        )


class DropView(CommandView):
    """Send a draft back."""

    form_class = ReasonForm
    grant = SEES_DRAFTS
    title = gettext_lazy("退回发布稿")
    submit = gettext_lazy("退回")
    done = gettext_lazy("发布稿已退回，没有发布。")

    def found(self, **kwargs: Any) -> Draft:
        return _draft_or_404(kwargs["pk"])

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.drop_draft(self.subject, reason=data["reason"], by=by)

    def after(self, result: Any) -> str:
        return reverse("releases")

    def cancel_href(self) -> str:
        return reverse("release-draft", args=(self.subject.pk,))


class WithdrawView(CommandView):
    """Say that a release no longer holds."""

    form_class = ReasonForm
    grant = RELEASES
    title = gettext_lazy("撤回发布")
    submit = gettext_lazy("撤回")
    done = gettext_lazy("已撤回。原文仍可查看，核对页会写明撤回和原因。")

    def found(self, **kwargs: Any) -> Release:
        return release_or_404(kwargs["number"])

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.withdraw(self.subject, reason=data["reason"], by=by)

    def after(self, result: Any) -> str:
        return reverse("release", args=(self.subject.number,))
