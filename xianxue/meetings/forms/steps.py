"""Forms of the steps of a meeting."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import current_reach
from xianxue.kernel.procedures import StepForm
from xianxue.meetings.models import Body, Seat
from xianxue.meetings.procedures import MeetingRecord
from xianxue.meetings.procedures.meeting import members_present
from xianxue.people.models import Person


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """A moment as the browser's own control takes it, in China's time."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


LATE = _("现在就发生的空着；补录的，填当时的时间。录入时间由系统另记。")


@MeetingRecord.convene.form
class ConveneForm(StepForm):
    """Which body meets, when and where."""

    body = forms.ModelChoiceField(Body.objects.none(), label=_("议事机构"))
    title = forms.CharField(label=_("会议名称"), max_length=80, help_text=_("如：2026年第11次党组织会议。"))
    number = forms.CharField(label=_("会议编号"), max_length=20, required=False, help_text=_("空着由系统编号。"))
    starts_at = moment_field(_("开会时间"))
    place = forms.CharField(label=_("会议地点"), max_length=60, required=False)
    chair = forms.ModelChoiceField(Person.objects.none(), label=_("主持人"), required=False)

    def prepare(self) -> None:
        """Offer the bodies of the recorder's units, and their members."""
        scope = MeetingRecord.convene.by.scope(current_reach())
        bodies = Body.objects.filter(scope.q("unit_id"), ended_on=None).order_by("unit_id", "pk")
        seats = Seat.objects.filter(body__in=bodies, ended_on=None).values_list("person_id", flat=True)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]  # a ModelChoiceField, see above
        self.fields["chair"].queryset = Person.objects.filter(pk__in=list(seats)).order_by("name_pinyin")  # type: ignore[attr-defined]  # as above


@MeetingRecord.send_notice.form
class NoticeForm(StepForm):
    """When it was sent, for a meeting that is entered later."""

    at = moment_field(_("通知发出时间"), required=False, help_text=LATE)


@MeetingRecord.begin.form
class BeginForm(StepForm):
    """When it began; how many came, for bodies that only count."""

    at = moment_field(_("开始时间"), required=False, help_text=LATE)
    roster_total = forms.IntegerField(label=_("应到人数"), min_value=0, required=False)
    present_total = forms.IntegerField(label=_("实到人数"), min_value=0, required=False)

    def prepare(self) -> None:
        """Only bodies that count are asked for numbers."""
        if self.subject is not None and not self.subject.body.counts_only:
            del self.fields["roster_total"], self.fields["present_total"]


@MeetingRecord.end.form
class EndForm(StepForm):
    """When it ended, for a meeting that is entered later."""

    at = moment_field(_("结束时间"), required=False, help_text=LATE)

    def prepare(self) -> None:
        """A late entry is told which day it speaks of."""
        if self.subject is not None and timezone.localdate(self.subject.starts_at) != timezone.localdate():
            self.fields["at"].initial = self.subject.starts_at


@MeetingRecord.sign_on_paper.form
class PaperSignatureForm(StepForm):
    """Whose signature stands on the scan."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("签名人"))

    def prepare(self) -> None:
        """Offer members who came and have not signed."""
        if self.subject is None:
            return
        signed = self.subject.signatures.values_list("person_id", flat=True)
        left = members_present(self.subject).exclude(person_id__in=list(signed)).values_list("person_id", flat=True)
        self.fields["person"].queryset = Person.objects.filter(pk__in=list(left))  # type: ignore[attr-defined]  # a ModelChoiceField, see above
