"""Forms of bodies, members and interests."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models import User
from xianxue.kernel.access import current_reach
from xianxue.meetings.access import KEEPS_ROSTERS
from xianxue.meetings.choices import BodyKind, RecusalGround
from xianxue.meetings.models import Body, Seat
from xianxue.organisations.models import School, Unit
from xianxue.people.models import Person, StaffPost


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, initial=timezone.localdate)


def _staff() -> Any:
    """The staff of the schools whose rosters the person keeps."""
    posts = StaffPost.objects.filter(KEEPS_ROSTERS.scope(current_reach()).q("school_id"), ended_on=None)
    return Person.objects.filter(pk__in=posts.values("person_id")).order_by("name_pinyin")


def _stead() -> forms.MultipleChoiceField:
    kinds = [(kind.value, kind.label) for kind in BodyKind if kind != BodyKind.OTHER]
    return forms.MultipleChoiceField(
        label=_("代行职责"), choices=kinds, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("本校没有这些会议、由这个机构代行的（如联合支部），勾选；到会人数和票数按所代会议的规则算。"),
    )  # fmt: skip


class BodyChangeForm(forms.Form):
    """What may change of a body."""

    name = forms.CharField(label=_("机构名称"), max_length=60)
    stands_in_for = _stead()
    ended_on = forms.DateField(
        label=_("撤销日期"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class BodyForm(forms.Form):
    """A new body."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("学校"))
    kind = forms.ChoiceField(label=_("会议类型"), choices=BodyKind)
    name = forms.CharField(label=_("机构名称"), max_length=60)
    counts_only = forms.BooleanField(label=_("只计人数"), required=False, help_text=_("如教职工代表大会。"))
    stands_in_for = _stead()
    started_on = _day(_("设立日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        schools = School.objects.filter(KEEPS_ROSTERS.scope(current_reach()).q("pk"))
        field.queryset = Unit.objects.filter(pk__in=schools.values("pk")).order_by("path")


class _OfABody(forms.Form):
    body = forms.ModelChoiceField(Body.objects.none(), label=_("议事机构"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["body"]
        field.queryset = Body.objects.filter(KEEPS_ROSTERS.scope(current_reach()).q("unit_id"), ended_on=None)


class SeatForm(_OfABody):
    """A new member."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("成员"))
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("账号"), required=False, help_text=_("成员用这个账号投票、签名。")
    )
    duty = forms.CharField(label=_("职务"), max_length=20)
    is_chief = forms.BooleanField(label=_("主要负责人"), required=False)
    is_discipline = forms.BooleanField(label=_("纪检委员"), required=False)
    started_on = _day(_("任职日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, user = (self.fields[name] for name in ("person", "user"))
        person.queryset = _staff()  # type: ignore[attr-defined]  # a ModelChoiceField, see above
        units = KEEPS_ROSTERS.scope(current_reach()).q("postings__unit_id")
        user.queryset = User.objects.filter(units, is_active=True).distinct().order_by("name")  # type: ignore[attr-defined]  # as above


class UnseatForm(forms.Form):
    """The last day."""

    ended_on = _day(_("免职日期"))


class InterestForm(_OfABody):
    """What a member declared."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("成员"))
    ground = forms.ChoiceField(label=_("关系"), choices=RecusalGround)
    related = forms.ModelChoiceField(Person.objects.none(), label=_("相关人员"), required=False)
    organisation = forms.CharField(
        label=_("相关单位"), max_length=80, required=False, help_text=_("照营业执照上的名称填写。")
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    started_on = _day(_("开始日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, related = (self.fields[name] for name in ("person", "related"))
        bodies = Body.objects.filter(KEEPS_ROSTERS.scope(current_reach()).q("unit_id"))
        seats = Seat.objects.filter(body__in=bodies, ended_on=None)
        person.queryset = Person.objects.filter(pk__in=seats.values("person_id")).order_by("name_pinyin")  # type: ignore[attr-defined]  # a ModelChoiceField, see above
        related.queryset = _staff()  # type: ignore[attr-defined]  # as above
