"""Pages of going up a year; each makes one call into the domain."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from xianxue.kernel import resources
from xianxue.kernel.access import Actor, Grant, current_reach
from xianxue.kernel.resources.command_view import CommandView
from xianxue.organisations.models import School
from xianxue.people.access import HEAD, OFFICER, REGISTRAR, SEES_RECORDS
from xianxue.people.choices import PromotionKind
from xianxue.people.forms.promotion import ExceptionForm, PromotionReasonForm
from xianxue.people.models import Enrolment, PromotionException
from xianxue.people.resources.promotion import index_page, school_page, year_name, year_to_show
from xianxue.people.services import promotion

YEARS = range(1990, 2100)


def schools_seen() -> Any:
    """The schools whose lists the person may see."""
    scope = SEES_RECORDS.scope(current_reach())
    return School.objects.filter(scope.q("pk")).select_related("unit").order_by("unit__path")


def school_or_404(pk: int, year: int) -> School:
    """A school whose list the person may see, in a year that can be."""
    found: School | None = schools_seen().filter(pk=pk).first()
    if found is None or year not in YEARS:
        raise Http404
    return found


class Promotion(View):
    """The schools of one year; who has only one goes straight to it."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        if not SEES_RECORDS.scope(current_reach()):
            raise PermissionDenied
        text = request.GET.get("year", "")
        year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else year_to_show()
        if year not in YEARS:
            raise Http404
        schools = list(schools_seen())
        if len(schools) == 1:
            return HttpResponseRedirect(reverse("promotion-school", args=(schools[0].pk, year)))
        return render(request, "ui/table_page.html", {"page": index_page(schools, year)})


class PromotionSchool(View):
    """One school, class by class."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, pk: int, year: int) -> HttpResponse:
        page = school_page(school_or_404(pk, year), year)
        return render(request, "ui/detail.html", {"page": page})


class SchoolCommand(CommandView):
    """A command on the list of a school and a year."""

    def found(self, **kwargs: Any) -> School:
        return school_or_404(kwargs["pk"], kwargs["year"])

    def allowed(self) -> bool:
        return self.subject.pk in self.grant.scope(current_reach())

    @property
    def year(self) -> int:
        """The school year of the address."""
        return int(self.kwargs["year"])

    def after(self, result: Any) -> str:
        return reverse("promotion-school", args=(self.subject.pk, self.year))

    def page(self, form: Any) -> Any:
        return replace(super().page(form), sub=f"{self.subject.unit.shown_name} {year_name(self.year)}")


class Confirm(SchoolCommand):
    """The head's word."""

    grant: Grant = HEAD
    title = submit = _("确认升级名单")
    done = _("升级名单已确认。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        promotion.confirm_year(self.subject, self.year, by=by)


class Reopen(SchoolCommand):
    """Taken back by the county."""

    grant: Grant = OFFICER
    form_class: type[Form] = PromotionReasonForm
    title = submit = _("退回升级名单")
    done = _("升级名单已退回学校。")

    def run(self, data: dict[str, Any], by: Actor) -> None:
        promotion.reopen_year(self.subject, self.year, reason=data["reason"], by=by)


class ExceptionView(CommandView):
    """One pupil who does not move with the class."""

    kind = PromotionKind.HELD_BACK
    act = staticmethod(promotion.hold_back)

    def found(self, **kwargs: Any) -> Enrolment:
        register = resources.get("pupils")
        pupil: Enrolment | None = None
        if register.may_view():
            pupil = register.visible().select_related("person", "school__unit").filter(pk=kwargs["pk"]).first()
        if pupil is None:
            raise Http404
        return pupil

    def allowed(self) -> bool:
        return self.subject.school_id in REGISTRAR.scope(current_reach())

    def form(self, data: Any = None) -> ExceptionForm:
        return ExceptionForm(self.kind, self.subject, data)

    def page(self, form: Any) -> Any:
        return replace(super().page(form), sub=f"{self.subject.person.name} {year_name(self.year)}")

    @property
    def year(self) -> int:
        """The school year that began last: an exception takes effect once the year has begun."""
        today = timezone.localdate()
        return today.year if today.month >= 9 else today.year - 1

    def run(self, data: dict[str, Any], by: Actor) -> None:
        self.act(self.subject, self.year, **data, by=by)

    def after(self, result: Any) -> str:
        return resources.get("pupils").url("detail", self.subject.pk)


class HoldBack(ExceptionView):
    """Stays down."""

    title = submit = _("登记留级")
    done = _("留级已登记。")


class LetSkip(ExceptionView):
    """Skips a grade."""

    kind = PromotionKind.SKIPPED
    act = staticmethod(promotion.let_skip)
    title = submit = _("登记跳级")
    done = _("跳级已登记。")


class UndoException(CommandView):
    """An exception taken back."""

    form_class: type[Form] = PromotionReasonForm
    title = submit = _("撤销升级例外")
    done = _("升级例外已撤销，年级和班恢复原样。")

    def found(self, **kwargs: Any) -> PromotionException:
        rows = PromotionException.objects.filter(SEES_RECORDS.scope(current_reach()).q("school_id"))
        found: PromotionException | None = rows.select_related("enrolment__person").filter(pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def allowed(self) -> bool:
        return self.subject.school_id in REGISTRAR.scope(current_reach())

    def page(self, form: Any) -> Any:
        words = f"{self.subject.enrolment.person.name} {self.subject.get_kind_display()}"
        return replace(super().page(form), sub=words)

    def run(self, data: dict[str, Any], by: Actor) -> None:
        promotion.undo_exception(self.subject, reason=data["reason"], by=by)

    def after(self, result: Any) -> str:
        return reverse("promotion-school", args=(self.subject.school_id, self.subject.school_year))
