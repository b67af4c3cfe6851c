"""What the list shows, as a workbook; and the same rows in the shape of their template."""

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from xianxue.kernel.commands import Refused
from xianxue.kernel.resources import asked, export, exports, reading
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.resources.views.base import RegisterView


@method_decorator(never_cache, name="dispatch")
class ExportView(RegisterView):
    """GET: the list as seen. POST: all columns of the template, unmasked, with purpose and approval."""

    http_method_names = ("get", "post", "head", "options")

    def get(self, request: HttpRequest) -> FileResponse:
        return self._file(export.as_seen(asked.read(self.register, request.GET)))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if not self.register.sheet:
            raise Http404
        if not self.register.may_export_sheet():
            raise PermissionDenied
        wanted = asked.read(self.register, request.GET, grant=self.register.export_grant)
        if domain := exports.closed_domain(wanted):
            return HttpResponseRedirect(reading.open_href(domain, f"{self.register.url()}?{request.GET.urlencode()}"))
        rows, by, mark = wanted.rows().count(), actor_of(request), ""
        if exports.needs_permit(wanted, rows):
            try:
                permit = exports.permit(wanted, rows, by=by)
            except Refused as refused:
                messages.error(request, refused.message)
                permit = None
            if permit is None:
                return HttpResponseRedirect(exports.ask_href(wanted, rows))
            mark = permit.mark
        return self._file(export.as_sheet(wanted, by=by, mark=mark))

    def _file(self, content: bytes) -> FileResponse:
        name = f"{self.register.label}-{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(BytesIO(content), as_attachment=True, filename=name)
