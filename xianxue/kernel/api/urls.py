"""Addresses of the API, all behind the door."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from xianxue.kernel.api import answers
from xianxue.kernel.api.api import build
from xianxue.kernel.api.door import guarded
from xianxue.kernel.api.operations.common import plain

API = build()
BASE = "/api/v1"


@guarded
def description(request: HttpRequest) -> HttpResponse:
    """The description of the API (OpenAPI 3.1)."""
    return plain(API.get_openapi_schema(path_prefix=f"{BASE}/"))


@csrf_exempt
@login_not_required
def nothing(request: HttpRequest, **_rest: str) -> HttpResponse:
    """What is no address of the API, in the words for what does not exist."""
    return answers.not_found().response()


def _addresses() -> Iterator[URLPattern]:
    for router in API._get_bound_routers():  # noqa: SLF001 - its own .urls want a name space, which our addresses have not
        for route, view in router.path_operations.items():
            name = next(getattr(item, "url_name", "") for item in view.operations)
            yield path(route.lstrip("/").replace("{", "<").replace("}", ">"), guarded(view.get_view()), name=name)


urlpatterns = [
    path("openapi.json", description, name="api-description"),
    *_addresses(),
    path("<path:rest>", nothing, name="api-nothing"),
]
