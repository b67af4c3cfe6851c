"""The papers of meetings and decisions as downloads, for those who may read the matter."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xianxue.decisions.models import Proposal
from xianxue.decisions.papers import decision_paper, minutes
from xianxue.kernel.documents import DOCX_CONTENT_TYPE, Document, docx_bytes
from xianxue.kernel.procedures.selectors import visible_matters
from xianxue.meetings.models import Meeting


@require_safe
def minutes_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes of a meeting; `?short` leaves out what each person said."""
    meeting: Any = _readable(Meeting, pk)
    document = minutes(meeting, with_opinions="short" not in request.GET)
    return _download(document, _("纪要 %(name)s.docx") % {"name": meeting.matter_title()})


@require_safe
def decision_docx(_request: HttpRequest, pk: int) -> HttpResponse:
    """The paper of a decision; there is none for what was not passed."""
    proposal: Any = _readable(Proposal, pk)
    if not proposal.is_passed:
        raise Http404
    return _download(decision_paper(proposal), _("决定 %(name)s.docx") % {"name": proposal.title})


def _readable(model: Any, pk: int) -> Any:
    """The subject, for those who may read its matter; absent and out of reach look alike."""
    found = model.objects.filter(pk=pk, matter__in=visible_matters()).select_related("matter", "unit").first()
    if found is None:
        raise Http404
    return found


def _download(document: Document, name: str) -> HttpResponse:
    response = HttpResponse(docx_bytes(document, base_url=settings.BASE_URL), content_type=DOCX_CONTENT_TYPE)
    clean = "".join(" " if letter in '\\/:*?"<>|' else letter for letter in name)
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=clean) or "attachment"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
