"""The answer to a fault: the sentence for it, without touching the database again."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

RETRY_SECONDS = "10"
# The disk, a quota, or the limit of a file's size.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# 256 MB: more than may be sent in one form.
BLOCK, SWALLOWED_BLOCKS = 2**16, 4096
DISK_FULL = "53100"
"""SQLSTATE of PostgreSQL."""


@requires_csrf_token
def fault(request: HttpRequest) -> HttpResponse:
    """503 while the disk is full, or the database locked or gone: to be tried again; 500 for a fault of ours."""
    error = sys.exc_info()[1]
    swallow(request)
    if is_full(error):
        page = "disk_full.html"
    elif isinstance(error, OperationalError | InterfaceError):
        page = "503.html"
    else:
        return server_error(request)
    return HttpResponse(render_to_string(page), status=503, headers={"Retry-After": RETRY_SECONDS})


def swallow(request: HttpRequest) -> None:
    """Read what the browser is still sending: it sees no answer before it is through, only a closed connection."""
    try:
        for _block in range(SWALLOWED_BLOCKS):
            if not request.read(BLOCK):
                break
    except OSError:
        return


def is_full(error: BaseException | None) -> bool:
    """Whether there was no room to write: on our disk, or on the database's."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    cause = getattr(error, "__cause__", None)
    told = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return isinstance(error, OperationalError) and told in ("SQLITE_FULL", DISK_FULL)
