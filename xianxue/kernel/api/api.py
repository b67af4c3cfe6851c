"""The API as a whole: the operations under one door, one shape for every refusal, and their description (OpenAPI)."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from xianxue.kernel.api import answers
from xianxue.kernel.api.answers import Declined
from xianxue.kernel.api.door import caller_of
from xianxue.kernel.api.operations import indicators, matters, registers, webhooks
from xianxue.kernel.commands import Refused

VERSION = "1.0"
ABOUT = (
    "县学的接口。每张登记的列表、一行、变更记录、新增与更改，与页面同一套权限、同一套检查。"
    "鉴权：Authorization: Bearer 令牌。写请求须带 Idempotency-Key，更改须带 If-Match。"
)


class TokenAuth(HttpBearer):
    """Says in the description that a token is needed; the door has looked at it before."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return caller_of(request)


def build() -> NinjaAPI:
    """The API, with the operations of everything registered by now."""
    api = NinjaAPI(title="县学", version=VERSION, description=ABOUT, openapi_url=None, docs_url=None, auth=TokenAuth())
    for handled, handler in HANDLERS.items():
        api.add_exception_handler(handled, handler)
    for part in (registers, indicators, matters, webhooks):
        part.add_to(api.default_router)
    return api


def _declined(_request: HttpRequest, declined: Any) -> HttpResponse:
    response: HttpResponse = declined.response()
    return response


def _refused(_request: HttpRequest, refused: Any) -> HttpResponse:
    problem = answers.ProblemItem(code="refused", column=refused.field, message=refused.message, severity="error")
    return Declined(422, "refused", refused.message, [problem]).response()


def _absent(_request: HttpRequest, _error: Any) -> HttpResponse:
    return answers.not_found().response()


def _forbidden(_request: HttpRequest, _error: Any) -> HttpResponse:
    return answers.no_grant().response()


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    problems = [
        answers.parameter(".".join(str(part) for part in item["loc"][1:])[:120], str(item["msg"]))
        for item in error.errors
    ]
    return answers.wrong_parameters(problems).response()


def _http(_request: HttpRequest, error: Any) -> HttpResponse:
    return Declined(error.status_code, "request", _("未能办理：请求的内容读不懂。请发送 JSON。")).response()


def _too_large(_request: HttpRequest, _error: Any) -> HttpResponse:
    message = _("未能办理：请求的内容太大。材料请分几次附上，或在页面上传。")
    return Declined(413, "too_large", message).response()


def _suspicious(_request: HttpRequest, _error: Any) -> HttpResponse:
    return Declined(422, "request", _("未能办理：材料的文件名不能用。请换一个文件名。")).response()


HANDLERS: dict[type[Exception], Any] = {
    RequestDataTooBig: _too_large,
    SuspiciousOperation: _suspicious,
    Declined: _declined,
    Refused: _refused,
    Http404: _absent,
    PermissionDenied: _forbidden,
    ValidationError: _invalid,
    HttpError: _http,
}
