"""The operations of every register, made from its declaration: list, row, history, new row, change, value in full."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from ninja import Router, Schema
from ninja.params.functions import Body, Path, Query
from pydantic import create_model

from xianxue.kernel.api import answers, revealing, rows, shapes, writing
from xianxue.kernel.api.answers import Failure
from xianxue.kernel.api.operations import common
from xianxue.kernel.api.operations.common import KEY, READ_FAILURES, SAVING, VERSION, WRITE_FAILURES
from xianxue.kernel.api.scopes import REVEAL
from xianxue.kernel.api.shapes import Moment, RowKey, shaped
from xianxue.kernel.resources import Register, all_registers, asked

PK = (RowKey, Path(...))


def add_to(router: Router) -> None:
    """Add the operations of all registers, in the order of the menu."""
    for register in all_registers():
        for path, method, view, facts in _operations(register):
            router.add_api_operation(
                path,
                [method],
                view,
                operation_id=view.__name__,
                url_name=f"api-{register.code}-{facts.pop('page')}",
                tags=[str(register.label)],
                **facts,
            )


def _operations(register: Register) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    code, label, made = register.code, register.label, shapes.of(register.code)
    optional: Any = made.row | None
    saved = create_model(f"{made.row.__name__}Saved", __base__=Schema, id=(int, ...), row=(optional, ...))
    one = f"/registers/{code}/{{int:pk}}"
    yield f"/registers/{code}", "GET", _listing(register), {
        "page": "list", "summary": f"{label}：列表", "response": {200: made.page}, "openapi_extra": READ_FAILURES
    }  # fmt: skip
    yield one, "GET", _detail(register), {
        "page": "detail", "summary": f"{label}：一行", "response": {200: made.row}, "openapi_extra": READ_FAILURES
    }  # fmt: skip
    yield f"{one}/history", "GET", _history(register), {
        "page": "history", "summary": f"{label}：变更记录", "response": {200: list[Moment]}, "openapi_extra": READ_FAILURES
    }  # fmt: skip
    if made.cells and register.creates:
        yield f"/registers/{code}", "POST", _create(register, made.cells), {
            "page": "list", "summary": f"{label}：新增", "response": {201: saved}, "openapi_extra": WRITE_FAILURES
        }  # fmt: skip
    if made.cells:
        yield one, "PATCH", _change(register, made.cells), {
            "page": "detail", "summary": f"{label}：更改", "response": {200: saved, 412: Failure}, "openapi_extra": WRITE_FAILURES
        }  # fmt: skip
    if made.revealed:
        yield f"{one}/reveal", "POST", _reveal(register, made.revealed), {
            "page": "reveal", "summary": f"{label}：查看原值", "response": {200: dict[str, str]}, "openapi_extra": WRITE_FAILURES
        }  # fmt: skip


def _name(register: Register, what: str) -> str:
    return f"{what}_{register.code.replace('-', '_')}"


def _listing(register: Register) -> Any:
    model = shapes.of(register.code).asked

    def view(request: HttpRequest, *, asked_for: Any) -> HttpResponse:
        common.reading(request, register)
        common.only_known(request, asked_for)
        wanted = asked.read(register, _as_page(request.GET))
        key = "&".join(f"{name}={value}" for name, value in wanted.parameters if name != "columns")
        found, following = rows.page_of(wanted, limit=asked_for.limit, cursor=asked_for.cursor, key=key)
        count = wanted.rows().count() if asked_for.count else None
        return common.plain({"rows": rows.as_json(register, found), "next": following, "count": count})

    return shaped(view, _name(register, "list"), asked_for=(model, Query(...)))


def _as_page(given: QueryDict) -> QueryDict:
    """The parameters as the list's page knows them."""
    found = given.copy()
    if "as_of" in found:
        found["on"] = found.pop("as_of")[-1]
    for name in ("sort", "page", "columns"):
        found.pop(name, None)
    return found


def _detail(register: Register) -> Any:
    def view(request: HttpRequest, *, pk: int) -> HttpResponse:
        common.reading(request, register)
        found = rows.as_json(register, [rows.one(register, pk)])[0]
        return common.plain(found, {"ETag": f'"{found["version"]}"'} if found["version"] else {})

    return shaped(view, _name(register, "get"), pk=PK)


def _history(register: Register) -> Any:
    def view(request: HttpRequest, *, pk: int) -> HttpResponse:
        common.reading(request, register)
        return common.plain(rows.history_of(register, rows.one(register, pk)))

    return shaped(view, _name(register, "history_of"), pk=PK)


def _create(register: Register, model: type[Schema]) -> Any:
    def view(request: HttpRequest, *, cells: Any, saving: common.Saving, key: str) -> HttpResponse:
        caller = common.writing(request, register)
        given = cells.model_dump(exclude_unset=True)
        return writing.once(
            request,
            caller,
            key,
            lambda: writing.create(register, given, caller, confirm=saving.confirm, note=saving.note),
        )

    return shaped(view, _name(register, "create"), cells=(model, Body(...)), saving=SAVING, key=KEY)


def _change(register: Register, model: type[Schema]) -> Any:
    def view(request: HttpRequest, *, pk: int, cells: Any, saving: common.Saving, key: str, seen: str) -> HttpResponse:
        caller = common.writing(request, register)
        given = cells.model_dump(exclude_unset=True)

        def write() -> writing.Answer:
            row = rows.one(register, pk)
            if not register.allows(register.change, row):
                raise answers.no_grant()
            version = seen.removeprefix("W/").strip('"')
            return writing.change(register, row, given, caller, seen=version, confirm=saving.confirm, note=saving.note)

        return writing.once(request, caller, key, write)

    return shaped(
        view, _name(register, "change"), pk=PK, cells=(model, Body(...)), saving=SAVING, key=KEY, seen=VERSION
    )


def _reveal(register: Register, model: type[Schema]) -> Any:
    def view(request: HttpRequest, *, pk: int, wanted: Any) -> HttpResponse:
        caller = common.reading(request, register)
        common.scoped(request, REVEAL)
        row = rows.one(register, pk)
        return common.plain(revealing.in_full(register, row, wanted.columns, purpose=wanted.purpose, by=caller.actor))

    return shaped(view, _name(register, "reveal"), pk=PK, wanted=(model, Body(...)))
