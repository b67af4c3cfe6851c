"""Pages on which pairs are judged; each makes one call into the domain."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm, Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views import View

from xianxue.kernel import resources
from xianxue.kernel.access import Actor, current_reach, whole_county
from xianxue.kernel.resources.command_view import CommandView, actor_of
from xianxue.kernel.ui.forms import FormPage, FormSection
from xianxue.kernel.ui.parts import Link, Notice
from xianxue.people.access import OFFICER, SEES_DUPLICATES
from xianxue.people.choices import DuplicateKind
from xianxue.people.forms import duplicates as forms
from xianxue.people.models import DuplicatePair
from xianxue.people.resources.duplicates import field_shown, page_of
from xianxue.people.selectors.duplicates import paired_elsewhere
from xianxue.people.selectors.duplicates.conflicts import left_behind
from xianxue.people.services import duplicates
from xianxue.people.services.duplicates import authority


class PairView(CommandView):
    """A command on a pair; who may not see the pair finds nothing, who may not judge it is refused."""

    form_class: type[Form] = forms.ReasonForm

    def found(self, **kwargs: Any) -> DuplicatePair:
        register = resources.get("duplicates")
        pair: DuplicatePair | None = None
        if register.may_view():
            pair = register.visible().select_related("first", "second").filter(pk=kwargs["pk"]).first()
        if pair is None:
            raise Http404
        return pair

    def allowed(self) -> bool:
        return not self.why_not()

    def why_not(self) -> str | None:
        """Why the person now acting may not, or None."""
        return authority.why_not_judge(self.subject)

    def after(self, result: Any) -> str:
        return resources.get("duplicates").url("detail", self.subject.pk)

    def page(self, form: BaseForm) -> FormPage:
        register = resources.get("duplicates")
        title = register.title(self.subject)
        trail = (Link(str(register.label), register.url()), Link(title, self.after(None)), Link(str(self.title)))
        return FormPage(
            title=str(self.title),
            form=form,
            submit=str(self.submit),
            cancel_href=self.after(None),
            sub=title,
            trail=trail,
            notice=self.notice(),
            sections=self.sections(form),
        )

    def notice(self) -> Notice | None:
        """What is to be known before it is done."""
        return None

    def sections(self, form: BaseForm) -> list[FormSection]:
        """How the fields stand together; none for a short form."""
        return []


class Different(PairView):
    """Two human beings."""

    title = submit = _("判定不是同一人")
    done = _("已登记。两份记录的关键信息不变，就不再提示。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        duplicates.judge_different(self.subject.pk, reason=data["reason"], by=by)


class Unclear(PairView):
    """It cannot be told yet."""

    form_class = forms.UnclearForm
    title = submit = _("暂不能确定")
    done = _("已登记待查事项。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        duplicates.judge_unclear(self.subject.pk, **data, by=by)


class Same(PairView):
    """One human being: everything is chosen, then proposed (a school's pair) or merged (across schools)."""

    done = _("已办理。")

    @property
    def is_across(self) -> bool:
        """Whether the bureau merges at once."""
        return bool(self.subject.spans_schools)

    @property
    def title(self) -> str:
        """What is done here."""
        return _t("合并两份记录") if self.is_across else _t("提请合并两份记录")

    submit = title

    def why_not(self) -> str | None:
        judge = authority.why_not_merge if self.is_across else authority.why_not_propose
        return judge(self.subject)

    def form(self, data: Any = None) -> forms.MergeForm:
        return forms.MergeForm(self.subject, lambda name: field_shown(self.subject, name), data)

    def notice(self) -> Notice:
        with whole_county("合并前的核对"):
            left = left_behind(self.subject)
        text = _t(
            "所有学籍、证件、监护关系、任职和其他登记都归到保留的档案下；合并可以撤销，撤销后两份记录与合并前完全一样。"
        )
        if left:
            text += _t("下列登记每人只能有一条，被并入一方的留在原处，请告知相关科室：%(what)s。") % {
                "what": "、".join(left)
            }
        return Notice(text, "due")

    def sections(self, form: BaseForm) -> list[FormSection]:
        names = list(form.fields)
        own = [name for name in names if name.startswith("field:")]
        rest = [name for name in names if name not in (*own, "seen", "survivor", "reason")]
        found = [
            FormSection(_t("档案"), ("survivor",)),
            FormSection(_t("两边不同的信息"), own, _t("逐项选择合并后的内容。只有一边有的，自动保留。")),
            FormSection(_t("不能并存的登记"), rest, _t("每人只能有一条，请选择。")),
            FormSection(_t("理由"), ("reason",)),
        ]
        return [section for section in found if section.fields]

    def run(self, data: dict[str, Any], by: Actor) -> None:
        form = self.form(self.request.POST)
        form.is_valid()
        act = duplicates.merge_across if self.is_across else duplicates.propose_merge
        act(self.subject.pk, choices=form.choices(), reason=data["reason"], by=by)


class Confirm(PairView):
    """The second person agrees with what was proposed."""

    form_class: type[Form] = forms.ConfirmForm
    title = submit = _("确认合并")
    done = _("两份记录已合并。")

    def why_not(self) -> str | None:
        return authority.why_not_confirm(self.subject, actor_of(self.request))

    def notice(self) -> Notice:
        told = forms.told_choices(self.subject, lambda name: field_shown(self.subject, name))
        lines = "；".join(f"{label}：{text}" for label, text in told)
        return Notice(
            _t("提请的理由：%(reason)s。取舍：%(lines)s。") % {"reason": self.subject.reason, "lines": lines}, "due"
        )

    def run(self, data: dict[str, Any], by: Actor) -> None:
        duplicates.confirm_merge(self.subject.pk, by=by)


class Return(Confirm):
    """The second person does not agree."""

    form_class = forms.ReasonForm
    title = submit = _("退回合并提请")
    done = _("已退回。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        duplicates.return_merge(self.subject.pk, reason=data["reason"], by=by)


class Undo(PairView):
    """A merge taken back."""

    title = submit = _("撤销合并")
    done = _("合并已撤销，两份记录恢复原样。")

    def why_not(self) -> str | None:
        return authority.why_not_undo(self.subject)

    def run(self, data: dict[str, Any], by: Actor) -> None:
        duplicates.undo_merge(self.subject.pk, reason=data["reason"], by=by)


class Find(CommandView):
    """The search, at once."""

    grant = OFFICER
    form_class = forms.SearchForm
    title = submit = _("查找疑似重复")
    done = _("查找完成。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        duplicates.find_duplicates(full=data["full"], by=by)

    def after(self, result: Any) -> str:
        return resources.get("duplicates").url()


class Elsewhere(View):
    """One's own persons on pairs that the bureau judges; nothing of the other side."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        if not SEES_DUPLICATES.scope(current_reach()):
            raise PermissionDenied
        register = resources.get("duplicates")
        kinds: dict[str, str] = {
            DuplicateKind.PUPIL: _t("学生"),
            DuplicateKind.STAFF: _t("教职工"),
            DuplicateKind.GUARDIAN: _t("监护人"),
        }
        items = [
            {
                "name": item.name,
                "href": page_of(item.person_id),
                "found_on": item.found_on,
                "said": _t("与另一学校的一名%(kind)s疑似重复，已转县局。") % {"kind": kinds.get(item.kind, _t("人员"))},
            }
            for item in paired_elsewhere()
        ]
        trail = (Link(str(register.label), register.url()), Link(_t("涉及其他学校的")))
        return render(request, "people/elsewhere.html", {"items": items, "trail": trail})
