"""The letter of notice as a download, for those who may read its matter."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xianxue.decisions.models import NoticeLetter
from xianxue.decisions.papers.letter import letter_paper
from xianxue.kernel.documents import DOCX_CONTENT_TYPE, docx_bytes
from xianxue.kernel.procedures.selectors import visible_matters


@require_safe
def letter_docx(_request: HttpRequest, pk: int) -> HttpResponse:
    """The letter; absent and out of reach look alike."""
    rows: Any = NoticeLetter.objects.filter(pk=pk, matter__in=visible_matters())
    letter = rows.select_related("matter", "unit", "county").first()
    if letter is None:
        raise Http404
    document = letter_paper(letter)
    response = HttpResponse(docx_bytes(document, base_url=settings.BASE_URL), content_type=DOCX_CONTENT_TYPE)
    name = _("提示函 %(number)s.docx") % {"number": letter.number}
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
