"""The addresses that machines ask: is it alive, is it ready, what has it counted. They come before sign-in and host names."""

import hmac
import logging
import shutil
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from xianxue.config.operations import metrics
from xianxue.config.operations.state import pending_migrations

logger = logging.getLogger(__name__)
ROOM = 100 * 1024 * 1024
TEXT = "text/plain; charset=utf-8"
Answer = Callable[[HttpRequest], HttpResponse]


def faults() -> list[str]:
    """Why no request should be sent here now, as codes; empty where all is well."""
    found = []
    try:
        Session.objects.filter(expire_date__gt=timezone.now()).exists()
        if _Migrated.pending():
            found.append("migrations")
    except DatabaseError:
        found.append("database")
    if shutil.disk_usage(settings.VAR_DIR).free < ROOM:
        found.append("disk")
    return found


class _Migrated:
    """Once all migrations were applied they stay so: asked again only while some are missing."""

    done = False

    @classmethod
    def pending(cls) -> bool:
        cls.done = cls.done or not pending_migrations()
        return not cls.done


def is_near(request: HttpRequest) -> bool:
    """Whether the request comes from an allowed network, and not through the proxy in front."""
    if request.headers.get("X-Forwarded-For"):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in settings.METRICS_NETWORKS)


def has_token(request: HttpRequest) -> bool:
    """Whether the request shows the token of the settings."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type=TEXT)


def ready(request: HttpRequest) -> HttpResponse:
    """Requests can be served; what is wrong is told to near ones only."""
    found = faults()
    if not found:
        return HttpResponse("ok\n", content_type=TEXT)
    logger.error("not ready", extra={"faults": found})
    words = " ".join(found) if is_near(request) or has_token(request) else "unavailable"
    return HttpResponse(f"{words}\n", status=503, content_type=TEXT)


def counted(request: HttpRequest) -> HttpResponse:
    """The figures; to others the address does not exist."""
    if not (is_near(request) or has_token(request)):
        return HttpResponse("not found\n", status=404, content_type=TEXT)
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


ADDRESSES: dict[str, Answer] = {"/healthz": alive, "/readyz": ready, "/metrics": counted}


class Probes:
    """Answers the machines, and counts the requests of people."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (answer := ADDRESSES.get(request.path_info)) is not None:
            response = answer(request) if request.method in ("GET", "HEAD") else HttpResponse(status=405)
            response.headers["Cache-Control"] = "no-store"
            return response
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.view_name if match else "none"
        method = request.method if request.method in ("GET", "POST", "PUT", "PATCH", "DELETE") else "other"
        metrics.count_request(route or "none", method, response.status_code, time.perf_counter() - start)
        return response
