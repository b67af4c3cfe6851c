"""The answer to a fault: the sentence for it, without touching the database again."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

RETRY_SECONDS = "10"


@requires_csrf_token
def fault(request: HttpRequest) -> HttpResponse:
    """503 while the database is locked, full or gone: to be tried again; 500 for a fault of ours."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_SECONDS})
