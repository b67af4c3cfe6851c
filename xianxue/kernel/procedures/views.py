"""Pages of every procedure: a matter, a step of it, the start of a new one, an extension, and the catalogue."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import batch, catalogue, declaration, extending
from xianxue.kernel.procedures.declaration import Procedure, Step
from xianxue.kernel.procedures.extension_form import ExtensionForm
from xianxue.kernel.procedures.filling import Filling
from xianxue.kernel.procedures.models import Matter
from xianxue.kernel.procedures.papers import kinds_kept
from xianxue.kernel.procedures.presenting import MatterPage
from xianxue.kernel.procedures.records import pack_of, sheet_of
from xianxue.kernel.procedures.running import done_already
from xianxue.kernel.procedures.selectors import offers, subject_of, visible_matter
from xianxue.kernel.procedures.step_form import StepForm
from xianxue.kernel.ui.addresses import address_or_nothing
from xianxue.kernel.ui.details import Fact
from xianxue.kernel.ui.forms import FormPage
from xianxue.kernel.ui.parts import Link, Notice
from xianxue.kernel.ui.shell import belongs_to

ONLY_LOOKED_AT = ("get", "head", "options")
LOOKED_AT_AND_SENT = (*ONLY_LOOKED_AT, "post")
SENSITIVE = method_decorator((sensitive_post_parameters(), never_cache), name="dispatch")


def actor() -> Actor:
    """The signed-in person."""
    reach = current_reach()
    return Actor(user_id=reach.user_id, label=reach.label, via="page")


def matter_or_404(pk: int) -> Matter:
    """The matter; absent and out of reach are the same 404."""
    matter = visible_matter(pk)
    if matter is None:
        raise Http404
    return matter


def _step_or_404(procedure: type[Procedure], code: str, *, opens: bool) -> Step:
    step = procedure.steps.get(code)
    if step is None or step.opens != opens:
        raise Http404
    return step


class MatterView(View):
    """A matter's page."""

    http_method_names = ONLY_LOOKED_AT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        matter = matter_or_404(pk)
        return _matter_page(request, matter)


def _matter_page(request: HttpRequest, matter: Matter, refusal: str = "", status: int = 200) -> HttpResponse:
    notice = Notice(refusal, "late") if refusal else None
    page = MatterPage(matter, subject_of(matter), actor()).page(notice)
    belongs_to(request, matter.declaration.system)
    return render(request, "procedures/matter.html", {"page": page}, status=status)


def _filled(page: FormPage, request: HttpRequest, facts: list[Fact], status: int = 200) -> HttpResponse:
    context = {"page": page, "facts": facts, "facts_title": _("事项")}
    return render(request, "procedures/step.html", context, status=status)


def _told_back(filling: Filling, refused: Refused | None) -> Filling:
    """The filling as it goes back to its sender: with what is wrong, and the files that need not be chosen again."""
    filling.hold()
    if refused is not None:
        field = refused.field if refused.field in filling.form.fields else None
        filling.form.add_error(field, refused.message)
    return filling


def _let_go(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The second press of the step by which one's own unit left the matter; for everybody else there is no such page."""
    matter = Matter.unguarded.filter(pk=pk).first() if request.method == "POST" else None
    step = matter.declaration.steps.get(code) if matter else None
    told = done_already(step, matter, actor(), None) if matter and step else None
    if told is None:
        raise Http404
    messages.info(request, told)
    return HttpResponseRedirect(address_or_nothing("todo") or "/")


@SENSITIVE
class StepView(View):
    """One step of a matter: its form, papers and reason; who may not do it now is told why, on the matter's page."""

    http_method_names = LOOKED_AT_AND_SENT

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.matter: Matter
        self.step: Step

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        matter = visible_matter(kwargs["pk"])
        if matter is None:
            return _let_go(request, kwargs["pk"], kwargs["step"])
        self.matter = matter
        self.step = _step_or_404(self.matter.declaration, kwargs["step"], opens=False)
        belongs_to(request, self.step.procedure.system)
        self.subject = subject_of(self.matter)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if self.matter.state not in self.step.states:
            words = {"step": self.step.label, "state": self.matter.current.label}
            reason = _("“%(step)s”没有办成：此事项现为“%(state)s”，不在可办这一步的阶段。") % words
            return _matter_page(request, self.matter, reason, 409)
        found = offers(self.matter, self.subject, actor())
        offer = next(offer for offer in found if offer.step.code == self.step.code)
        if offer.why_not:
            return _matter_page(request, self.matter, offer.why_not, 403)
        return self._shown(request, self._filling(initial=request.GET.dict()))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        filling = self._filling(data=request.POST, files=request.FILES)
        if not filling.form.is_valid():
            # What the first press did may be why the form no longer fits.
            if told := done_already(self.step, self.matter, actor(), filling.form.cleaned_data.get("seen")):
                return _matter_page(request, self.matter, told, 422)
            return self._back(request, filling)
        try:
            filling.run(self.subject, by=actor())
        except Refused as refused:
            return self._back(request, filling, refused)
        filling.release()
        messages.success(
            request, _("“%(step)s”已办理：%(matter)s。") % {"step": self.step.label, "matter": self.matter.title}
        )
        if visible_matter(self.matter.pk) is None:
            # The step let this unit go: it sees the matter no longer.
            return HttpResponseRedirect(address_or_nothing("todo") or "/")
        return HttpResponseRedirect(reverse("matter", args=(self.matter.pk,)))

    def _filling(self, **given: Any) -> Filling:
        kept, user_id = kinds_kept(self.matter), current_reach().user_id
        return Filling(self.step, subject=self.subject, kept=kept, user_id=user_id, **given)

    def _back(self, request: HttpRequest, filling: Filling, refused: Refused | None = None) -> HttpResponse:
        return self._shown(request, _told_back(filling, refused), 422)

    def _shown(self, request: HttpRequest, filling: Filling, status: int = 200) -> HttpResponse:
        href = reverse("matter", args=(self.matter.pk,))
        page = FormPage(
            title=str(self.step.label),
            form=filling.form,
            submit=str(self.step.label),
            cancel_href=href,
            sub=self.matter.title,
            trail=(Link(self.matter.title, href), Link(str(self.step.label))),
            notice=Notice(str(self.step.help)) if self.step.help else None,
            sections=filling.sections,
        )
        facts = [Fact(str(label), text) for label, text in self.subject.facts()]
        return _filled(page, request, facts, status)


@SENSITIVE
class StartView(View):
    """The start of a new matter; the query gives initial values (`?pupil=12`)."""

    http_method_names = LOOKED_AT_AND_SENT

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.step: Step

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            procedure = declaration.get(kwargs["procedure"])
        except KeyError:
            raise Http404 from None
        self.step = _step_or_404(procedure, kwargs["step"], opens=True)
        belongs_to(request, self.step.procedure.system)
        if not self.step.by.scope(current_reach()):
            raise PermissionDenied if catalogue.may_read(procedure) else Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        register, name = self.step.procedure.starts_from
        if name and not request.GET.get(name) and (list_href := address_or_nothing(f"{register}-list")):
            # Without the row the form could be filled in, but never sent.
            words = {"step": self.step.label, "procedure": self.step.procedure.label}
            told = _("%(step)s要从当事人的页面发起。请在下表中打开当事人的页面，再点“%(procedure)s”。")
            messages.info(request, told % words)
            return HttpResponseRedirect(list_href)
        return self._shown(request, self._filling(initial=request.GET.dict()))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        filling = self._filling(data=request.POST, files=request.FILES)
        if not filling.form.is_valid():
            return self._back(request, filling)
        try:
            subject = filling.run(by=actor())
        except Refused as refused:
            return self._back(request, filling, refused)
        filling.release()
        messages.success(
            request, _("“%(step)s”已办理：%(matter)s。") % {"step": self.step.label, "matter": subject.matter.title}
        )
        return HttpResponseRedirect(reverse("matter", args=(subject.matter.pk,)))

    def _filling(self, **given: Any) -> Filling:
        return Filling(self.step, user_id=current_reach().user_id, **given)

    def _back(self, request: HttpRequest, filling: Filling, refused: Refused | None = None) -> HttpResponse:
        return self._shown(request, _told_back(filling, refused), 422)

    def _shown(self, request: HttpRequest, filling: Filling, status: int = 200) -> HttpResponse:
        item = self.step.procedure
        href = reverse("procedure", args=(item.code,))
        page = FormPage(
            title=str(self.step.label),
            form=filling.form,
            submit=str(self.step.label),
            cancel_href=href,
            sub=str(item.label),
            trail=(Link(str(item.label), href), Link(str(self.step.label))),
            notice=Notice(str(self.step.help or item.about)) if self.step.help or item.about else None,
            sections=filling.sections,
        )
        about = filling.form.about() if isinstance(filling.form, StepForm) else ()
        return _filled(page, request, [Fact(label, text) for label, text in about], status)


@SENSITIVE
class ExtendView(View):
    """Putting off a limit of a matter."""

    http_method_names = LOOKED_AT_AND_SENT

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.matter = matter_or_404(kwargs["pk"])
        if not extending.may_extend(self.matter, current_reach()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self._shown(request, ExtensionForm(matter=self.matter))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = ExtensionForm(request.POST, matter=self.matter)
        if not form.is_valid():
            return self._shown(request, form, 422)
        try:
            extending.extend_matter(self.matter, by=actor(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field or None, refused.message)
            return self._shown(request, form, 422)
        messages.success(request, _("已延期：%(matter)s。") % {"matter": self.matter.title})
        return HttpResponseRedirect(reverse("matter", args=(self.matter.pk,)))

    def _shown(self, request: HttpRequest, form: ExtensionForm, status: int = 200) -> HttpResponse:
        href = reverse("matter", args=(self.matter.pk,))
        page = FormPage(
            title=_("延期"),
            form=form,
            submit=_("延期"),
            cancel_href=href,
            sub=self.matter.title,
            trail=(Link(self.matter.title, href), Link(_("延期"))),
            notice=Notice(form.allowance),
        )
        return render(request, "ui/form.html", {"page": page}, status=status)


class BatchView(View):
    """One step over many matters."""

    http_method_names = LOOKED_AT_AND_SENT

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        step = batch.batch_step(kwargs["procedure"], kwargs["step"])
        if step is None or not step.by.scope(current_reach()):
            raise Http404
        self.step = step
        belongs_to(request, step.procedure.system)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        page = batch.page(self.step, batch.waiting_for(self.step, current_reach()))
        return render(request, "ui/table_page.html", {"page": page})

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        chosen = [pair for text in request.POST.getlist("row") if (pair := _key_and_seen(text)) is not None]
        page = batch.results_page(self.step, batch.run(self.step, chosen, actor()))
        return render(request, "ui/table_page.html", {"page": page})


def _key_and_seen(text: str) -> tuple[int, int] | None:
    key, _dash, seen = text.partition("-")
    return (int(key), int(seen)) if key.isdecimal() and seen.isdecimal() and len(text) < 30 else None


class RecordView(View):
    """The printed record of a matter, as .docx."""

    http_method_names = ONLY_LOOKED_AT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return sheet_of(matter_or_404(pk), actor())


class PackView(View):
    """The matter's evidence: its events and papers, with their proofs, to be checked outside this installation.

    By POST, for it is recorded that the pack left.
    """

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        matter = matter_or_404(pk)
        try:
            return pack_of(matter, actor())
        except Refused as refused:
            return _matter_page(request, matter, refused.message, 422)


class CatalogueView(View):
    """All procedures that the reader has to do with, and those that can be started."""

    http_method_names = ONLY_LOOKED_AT

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "ui/table_page.html", {"page": catalogue.page()})


class ProcedureView(View):
    """One procedure as declared."""

    http_method_names = ONLY_LOOKED_AT

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        try:
            item = declaration.get(code)
        except KeyError:
            raise Http404 from None
        if not catalogue.may_read(item):
            raise Http404
        return render(request, "procedures/matter.html", {"page": catalogue.procedure_page(item)})
