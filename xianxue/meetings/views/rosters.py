"""Pages on which bodies, members and interests are entered; each makes one call into the domain."""

from dataclasses import replace
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.resources.command_view import CommandView
from xianxue.meetings.access import KEEPS_ROSTERS
from xianxue.meetings.forms.rosters import BodyChangeForm, BodyForm, InterestForm, SeatForm, UnseatForm
from xianxue.meetings.models import Body, Seat
from xianxue.meetings.services import rosters


class _RosterView(CommandView):
    grant = KEEPS_ROSTERS
    register = ""
    act: Any = None

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        return self.act(by=by, **data)

    def after(self, result: Any) -> str:
        return reverse(f"{self.register}-list")


class NewBody(_RosterView):
    """A body."""

    form_class, title, submit, register = BodyForm, _("登记议事机构"), _("登记"), "bodies"
    done = _("已登记议事机构。")
    act = staticmethod(rosters.found)


class ChangeBody(_RosterView):
    """Name, in whose stead it stands, its end."""

    form_class, title, submit, register = BodyChangeForm, _("变更议事机构"), _("保存"), "bodies"

    def found(self, **kwargs: Any) -> Body:
        row: Body | None = Body.objects.filter(pk=kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row

    def allowed(self) -> bool:
        return self.subject.unit_id in self.grant.scope(current_reach())

    def form(self, data: Any = None) -> Any:
        return self.form_class(data, initial={"name": self.subject.name, "stands_in_for": self.subject.stands_in_for})

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        return rosters.change_body(self.subject, by=by, **data)


class NewSeat(_RosterView):
    """A member."""

    form_class, title, submit, register = SeatForm, _("登记任职"), _("登记"), "seats"
    done = _("已登记任职。")
    act = staticmethod(rosters.seat)


class NewInterest(_RosterView):
    """A declaration."""

    form_class, title, submit, register = InterestForm, _("登记利害关系"), _("登记"), "interests"
    done = _("已登记利害关系。")
    act = staticmethod(rosters.declare)


class EndSeat(_RosterView):
    """The end of a seat."""

    form_class, title, submit, register = UnseatForm, _("登记免职"), _("登记免职"), "seats"
    done = _("已登记免职。")

    def found(self, **kwargs: Any) -> Seat:
        row: Seat | None = Seat.objects.filter(pk=kwargs["pk"]).select_related("body", "person").first()
        if row is None:
            raise Http404
        return row

    def allowed(self) -> bool:
        return self.subject.body.unit_id in self.grant.scope(current_reach())

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        return rosters.unseat(self.subject, by=by, **data)

    def page(self, form: Any) -> Any:
        return replace(super().page(form), sub=f"{self.subject.person.name} {self.subject.duty}")
