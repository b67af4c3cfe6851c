"""The yearly report: page, official paper, article, and the words that the office may change."""

from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from xianxue.insight import report, services
from xianxue.insight.access import EDITS_REPORT, PREPARES, RELEASES
from xianxue.insight.forms import SentenceForm
from xianxue.insight.models import Variant
from xianxue.insight.releases.selectors import drafts, in_force
from xianxue.insight.views.common import sees_county, year_of, years
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.documents import DOCX_CONTENT_TYPE, article, docx_bytes
from xianxue.kernel.resources.command_view import CommandView
from xianxue.kernel.ui.forms import FormPage
from xianxue.kernel.ui.parts import Link, Tab


def _only_the_county() -> None:
    """The report speaks of the whole county; for whoever reaches less there is none."""
    if not sees_county():
        raise Http404


def _variant(request: HttpRequest) -> str:
    given = request.GET.get("variant", Variant.REPORT)
    if given not in Variant.values:
        raise Http404
    return given


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The report of a year, each figure leading to its rows, each sentence to its form."""
    _only_the_county()
    year, variant = year_of(request), _variant(request)
    href = reverse("report")
    context: dict[str, Any] = {
        "report": report.build(year, variant),
        "today": timezone.localdate(),
        "years": years(year, href),
        "variants": [
            Tab(str(one.label), f"{href}?year={year}&variant={one.value}", one.value == variant) for one in Variant
        ],
        "may_edit": bool(EDITS_REPORT.scope(current_reach())),
        "may_prepare": bool(PREPARES.scope(current_reach())),
        "draft": drafts().filter(year=year).first() if bool((PREPARES | RELEASES).scope(current_reach())) else None,
        "released": in_force(year),
        "is_article": variant == Variant.ARTICLE,
    }
    return render(request, "insight/report.html", context)


@require_safe
def as_docx(request: HttpRequest) -> FileResponse:
    """The report as an official paper (GB/T 9704)."""
    _only_the_county()
    year = year_of(request)
    content = docx_bytes(report.document(year, Variant.REPORT), base_url=report.base_url())
    name = _("%(bureau)s%(year)s年工作报告.docx") % report.variables(year)
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=DOCX_CONTENT_TYPE)


@require_safe
def as_article(request: HttpRequest) -> FileResponse:
    """The report as one HTML file, to be pasted into the county's WeChat channel."""
    _only_the_county()
    year = year_of(request)
    content = str(article(report.document(year, Variant.ARTICLE))).encode()
    name = _("%(county)s教育%(year)s年.html") % report.variables(year)
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type="text/html; charset=utf-8")


class SentenceView(CommandView):
    """The words of one sentence."""

    form_class = SentenceForm
    grant = EDITS_REPORT
    title = gettext_lazy("修改文句")
    submit = gettext_lazy("保存")
    done = gettext_lazy("已保存。")

    def found(self, **kwargs: Any) -> report.Source:
        _only_the_county()
        variant, sentence = kwargs["variant"], kwargs["sentence"]
        if variant not in Variant.values or sentence not in report.sources(variant):
            raise Http404
        return report.sources(variant)[sentence]

    def allowed(self) -> bool:
        if not super().allowed():
            raise PermissionDenied
        return True

    def run(self, data: dict[str, Any], by: Actor) -> None:
        services.edit_sentence(self._year, self._variant, self.subject.id, text=data["text"], by=by)

    def after(self, result: Any) -> str:
        return f"{reverse('report')}?year={self._year}&variant={self._variant}#{self.subject.id}"

    def form(self, data: Any = None) -> SentenceForm:
        shown = report.editable(self.subject, self._year, self._variant)
        return SentenceForm(data, initial={"text": shown})

    def page(self, form: Any) -> FormPage:
        return FormPage(
            title=str(self.title),
            form=form,
            submit=str(self.submit),
            cancel_href=self.cancel_href(),
            sub=_("%(year)s 年%(variant)s") % {"year": self._year, "variant": Variant(self._variant).label},
            trail=(Link(_("年度报告"), self.cancel_href()), Link(str(self.title))),
            note=_("原文：%(text)s") % {"text": report.original(self.subject)},
        )

    @property
    def _year(self) -> int:
        return int(self.kwargs["year"])

    @property
    def _variant(self) -> str:
        return str(self.kwargs["variant"])
