"""Forms of the steps after a decision."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.models import Objection, Task
from xianxue.decisions.procedures import after_steps as steps
from xianxue.kernel.procedures import StepForm, clock
from xianxue.people.models import Person

YEAR = timedelta(days=365)


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **kwargs)


def _text(label: Any, *, rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


@steps.PUBLISH.form
class PublishForm(StepForm):
    """Where, what, and whether also on the county's public page."""

    place = forms.CharField(label=_("公示地点"), max_length=80, help_text=_("如：校务公开栏、学校网站。"))
    text = _text(
        _("公示内容"), help_text=_("只写可以公开的：决定了什么、对谁、从何时起、异议向谁提出。不写表决和个人意见。")
    )
    is_on_site = forms.BooleanField(
        label=_("同时在县教育局公开页发布"), required=False, help_text=_("公开页不用登录即可查看。")
    )

    def prepare(self) -> None:
        """Offer what was decided."""
        if self.subject is not None:
            self.fields["text"].initial = self.subject.resolution


@steps.OBJECT_TO.form
class ObjectionForm(StepForm):
    """What came in, and when."""

    received_on = _day(_("收到日期"))
    content = _text(_("异议内容"), help_text=_("照原意填写；不写提出人的姓名和联系方式。"))

    def prepare(self) -> None:
        """Today, unless it came before."""
        self.fields["received_on"].initial = clock.today()


class _ObjectionField(forms.ModelChoiceField[Objection]):
    def label_from_instance(self, obj: Objection) -> str:
        return f"{obj.received_on:%Y-%m-%d} {obj.content[:30]}"


@steps.SETTLE.form
class SettleForm(StepForm):
    """Which objection, and what came of it."""

    objection = _ObjectionField(Objection.objects.none(), label=_("异议"))
    result = _text(_("处理结果"))

    def prepare(self) -> None:
        """Offer those that are open."""
        if self.subject is not None:
            found = Objection.objects.filter(publication__proposal_id=self.subject.pk, resolved_on=None)
            field = self.fields["objection"]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
            field.queryset = found.order_by("received_on", "pk")


@steps.ASSIGN.form
class TaskForm(StepForm):
    """What, who, until when."""

    what = forms.CharField(label=_("任务"), max_length=120)
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=_("责任人"), required=False, empty_label=_("不是本校教职工，在下面填写")
    )
    owner_name = forms.CharField(label=_("责任人姓名"), max_length=60, required=False)
    due_on = _day(_("完成期限"))

    def prepare(self) -> None:
        """Offer the staff of the school."""
        if self.subject is not None:
            staff = Person.objects.filter(
                staff_posts__school_id=self.subject.unit_id, staff_posts__ended_on__isnull=True
            )
            field = self.fields["owner"]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
            field.queryset = staff.order_by("initials", "pk").distinct()


@steps.REPORT.form
class ReportForm(StepForm):
    """How far a task is."""

    task = forms.ModelChoiceField(Task.objects.none(), label=_("任务"))
    text = _text(_("进展"))
    percent = forms.IntegerField(label=_("进度（%）"), min_value=0, max_value=100, required=False)
    started_on = _day(_("实施日期"), required=False, help_text=_("开工、开始供货的日期；已填过的可以空着。"))
    is_done = forms.BooleanField(label=_("这项任务已经完成"), required=False)

    def prepare(self) -> None:
        """Offer the tasks that are open."""
        if self.subject is not None:
            field = self.fields["task"]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
            field.queryset = Task.objects.filter(proposal_id=self.subject.pk, done_on=None).order_by("due_on", "pk")


@steps.ARCHIVE.form
class ArchiveForm(StepForm):
    """Under which number, when to look back, and why something is still open."""

    archive_number = forms.CharField(label=_("档号"), max_length=30)
    review_due_on = _day(_("后评估日期"), help_text=_("到期自动列入待办。"))
    open_reason = _text(
        _("未办结的说明"), rows=2, required=False, help_text=_("有没有办完的，逐项写明原因；都办完的空着。")
    )

    def prepare(self) -> None:
        """A year from now, unless another day was set."""
        set_before = self.subject.review_due_on if self.subject is not None else None
        self.fields["review_due_on"].initial = set_before or clock.today() + YEAR


@steps.REVIEW.form
class ReviewForm(StepForm):
    """What came of it."""

    text = _text(_("评估结论"), rows=5)
