"""Forms of the transfers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import current_reach
from xianxue.kernel.procedures import StepForm
from xianxue.organisations.models import Classroom, School
from xianxue.people.choices import ObjectionGround, TransferKind, TransferReason
from xianxue.people.forms.parts import PupilForm, choose_school
from xianxue.people.models import Enrolment, Transfer
from xianxue.people.procedures import TransferCorrection, TransferOut, TransferWithin


def _day_input() -> forms.DateInput:
    """A date as the browser's own control takes it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def place_fields() -> dict[str, forms.Field]:
    """The other side of a transfer across the county's border, in words and by the national code."""
    return {
        "place_name": forms.CharField(
            label=_("对方所在地"), max_length=60, help_text=_("省、市、县（区），如：江西省宜春市袁州区。")
        ),
        "place_code": forms.RegexField(
            r"^\d{6}$", label=_("对方行政区划代码"), required=False, help_text=_("六位国家代码（GB/T 2260），不知道的可以空着。"),
            error_messages={"invalid": _("应为六位数字。请对照国家行政区划代码填写，或先空着。")},
        ),
        "other_school": forms.CharField(label=_("对方学校"), max_length=60, required=False),
    }  # fmt: skip


@TransferWithin.open_transfer.form
class TransferForm(StepForm):
    """Whom the receiving school asks for; nothing about the child is shown before the sending school has agreed."""

    school = forms.ModelChoiceField(School.objects.none(), label=_("转入学校"))
    number = forms.CharField(
        label=_("学籍号"), max_length=30, help_text=_("照转学申请填写。没有学籍号的（如幼儿）填身份证件号。")
    )
    name = forms.CharField(label=_("姓名"), max_length=60, help_text=_("与学籍上的姓名完全相同。"))
    reason = forms.ChoiceField(label=_("转学原因"), choices=TransferReason)

    def prepare(self) -> None:
        """Offer the schools of the registrar."""
        choose_school(self, "school", TransferWithin.open_transfer)


@TransferWithin.object_to.form
class ObjectionForm(StepForm):
    """On which of the listed grounds."""

    ground = forms.ChoiceField(label=_("异议理由"), choices=ObjectionGround)


@TransferWithin.approve.form
class ApprovalForm(StepForm):
    """The number of the business in the national system."""

    national_no = forms.CharField(
        label=_("国家系统业务号"),
        max_length=40,
        required=False,
        help_text=_("在国家系统中办理后填写，也可以以后补登。"),
    )


@TransferWithin.place.form
class PlaceForm(StepForm):
    """From which day, and in which class of the child's grade."""

    moved_on = forms.DateField(label=_("到校日期"), widget=_day_input())
    classroom = forms.ModelChoiceField(
        Classroom.objects.none(), label=_("编入班级"), required=False, empty_label=_("暂不编班")
    )
    knows_full = forms.BooleanField(label=_("已知将成大班额"), required=False)

    def prepare(self) -> None:
        """Offer the classes of the grade, each with its pupils."""
        today = timezone.localdate()
        self.fields["moved_on"].initial = today
        transfer: Any = self.subject
        if transfer is None or transfer.enrolment is None:
            return
        rooms = Classroom.objects.filter(
            school_id=transfer.to_school_id,
            stage=transfer.enrolment.stage,
            cohort_year=transfer.enrolment.cohort_year,
            unit__closed_on__isnull=True,
        ).order_by("number")
        field: Any = self.fields["classroom"]
        field.queryset = rooms
        sizes = {room.pk: room.enrolments.filter(ended_on__isnull=True).count() for room in rooms}
        field.label_from_instance = lambda room: (
            _t("%(name)s（现有 %(pupils)s 人）")
            % {
                "name": room.name_on(today),
                "pupils": sizes.get(room.pk, 0),
            }
        )


@TransferOut.open_out.form
class OutForm(PupilForm):
    """Which child of the school goes where."""

    pupil_field = "pupil"

    pupil = forms.ModelChoiceField(
        Enrolment.objects.none(), label=_("学生"), widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("请从学生页面“可办理”一栏点“转出县外”进来，学生已经选好；也可以填学生页面地址中的编号。"),
        error_messages={"invalid_choice": _("本校没有这名在读学生。请从学生页面进入办理。")},
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("转学原因"), choices=TransferReason)

    def prepare(self) -> None:
        """Accept the children of the registrar's schools; ask where they go."""
        field: Any = self.fields["pupil"]
        scope = TransferOut.open_out.by.scope(current_reach())
        field.queryset = Enrolment.objects.filter(scope.q("school_id"), ended_on__isnull=True)
        if self.chosen():
            field.widget = forms.HiddenInput()
        self.fields.update(place_fields())


@TransferOut.issue.form
class IssueForm(StepForm):
    """The letter's number, and the business in the national system."""

    letter_no = forms.CharField(label=_("联系函编号"), max_length=40)
    national_no = forms.CharField(label=_("国家系统业务号"), max_length=40, required=False)


@TransferOut.accepted.form
class AcceptedForm(StepForm):
    """When and under which number the other side accepted."""

    accepted_on = forms.DateField(label=_("对方接收日期"), widget=_day_input())
    acceptance_no = forms.CharField(label=_("对方接收编号"), max_length=40)


@TransferCorrection.open_correction.form
class CorrectionForm(StepForm):
    """Which finished transfer."""

    corrects = forms.ModelChoiceField(
        Transfer.objects.none(), label=_("所更正的转学"), help_text=_("只列最近办结的县内转学。")
    )

    def prepare(self) -> None:
        """Offer the finished transfers within the county, latest first."""
        field: Any = self.fields["corrects"]
        finished = Transfer.objects.filter(kind=TransferKind.WITHIN, new_enrolment__ended_on__isnull=True)
        field.queryset = finished.filter(matter__state="done").select_related("to_school__unit").order_by("-pk")
