"""What all operations share: documented refusals, the scopes asked for, the key and the version in headers."""

from http.client import responses
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.params.functions import Header, Query

from xianxue.kernel.access import current_reach
from xianxue.kernel.api import answers
from xianxue.kernel.api.answers import Failure
from xianxue.kernel.api.door import Caller, caller_of
from xianxue.kernel.api.scopes import READ, WRITE
from xianxue.kernel.api.shapes import CellText
from xianxue.kernel.resources import Register


def _refusals(*statuses: int) -> dict[str, Any]:
    """Refusals for the description alone: given as responses, each would be a model made when a process starts."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{Failure.__name__}"}}}
    return {"responses": {code: {"description": responses[code], "content": content} for code in statuses}}


READ_FAILURES = _refusals(401, 403, 404, 422, 429)
WRITE_FAILURES = _refusals(400, 401, 403, 404, 413, 422, 429)
KEY = (
    str,
    Header(
        ...,
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[!-~]+$",
        description="每个写请求自己的一个随机键；同一键重发，只办一次",
    ),
)
VERSION = (
    str,
    Header(
        ..., alias="If-Match", max_length=80, pattern=r"^[!-~]+$", description="读到的 ETag（version）；* 表示不核对"
    ),
)


class Saving(Schema):
    """What goes beside the cells of a write."""

    confirm: bool = False
    note: CellText = ""


SAVING = (Saving, Query(...))


def reading(request: HttpRequest, register: Register) -> Caller:
    """The caller, who may read the register. Raises Declined."""
    caller = caller_of(request)
    if not caller.scopes.reads(register):
        raise answers.no_scope(f"{READ}:{register.code}")
    if not register.may_view():
        raise answers.not_found()
    return caller


def writing(request: HttpRequest, register: Register) -> Caller:
    """The caller, who may write in the register, as far as the token goes. Raises Declined."""
    caller = caller_of(request)
    if not caller.scopes.writes(register):
        raise answers.no_scope(f"{WRITE}:{register.code}")
    if not register.may_view():
        raise answers.not_found()
    if not register.change.scope(current_reach()):
        raise answers.no_grant()
    return caller


def scoped(request: HttpRequest, word: str) -> Caller:
    """The caller, whose token has the word. Raises Declined."""
    caller = caller_of(request)
    if word not in caller.scopes:
        raise answers.no_scope(word)
    return caller


def only_known(request: HttpRequest, asked: Schema) -> None:
    """Refuse parameters of the address that are not known: a slip of the pen must not look like "everything"."""
    unknown = sorted(set(request.GET) - set(type(asked).model_fields))
    if unknown:
        message = _("没有这个参数。请核对拼写。")
        raise answers.wrong_parameters([answers.parameter(name[:60], message) for name in unknown])


def plain(body: Any, headers: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    """A body that needs no further shaping."""
    return JsonResponse(body, status=status, headers=headers or {}, json_dumps_params=answers.PLAIN, safe=False)


def router(tag: str) -> Router:
    """A router whose operations stand under one heading."""
    return Router(tags=[tag])
