"""Downloading a file, for those whom its record's guard lets in."""

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views import View

from xianxue.kernel.files import store
from xianxue.kernel.files.selectors import readable_attachment


class FileView(View):
    """One attachment, as it came in; absent and out of reach are the same 404."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        found = readable_attachment(pk)
        if found is None:
            raise Http404
        response = StreamingHttpResponse(store.chunks(found.file.sha256), content_type=found.file.media_type)
        response.headers["Content-Length"] = str(found.file.size)
        # Never shown in the page: what others uploaded is saved, not run.
        header = content_disposition_header(as_attachment=True, filename=found.name)
        response.headers["Content-Disposition"] = header or "attachment"
        return response
