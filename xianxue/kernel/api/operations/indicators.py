"""Figures: what there is, how large, by unit, and the very rows behind one."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.params.functions import Path, Query

from xianxue.kernel import indicators, resources
from xianxue.kernel.access import current_reach
from xianxue.kernel.api import answers, rows
from xianxue.kernel.api.door import caller_of
from xianxue.kernel.api.operations import common
from xianxue.kernel.api.operations.common import READ_FAILURES
from xianxue.kernel.api.scopes import INDICATORS
from xianxue.kernel.api.shapes import LARGEST_PAGE, CellText, RowKey, Strict, shaped
from xianxue.kernel.indicators import Indicator, Period, selectors
from xianxue.kernel.indicators.selectors import Value
from xianxue.kernel.resources import Register

TAG = "指标"
CODE = (CellText, Path(...))


class IndicatorItem(Schema):
    """An indicator as declared."""

    code: str
    label: str
    definition: str
    unit: str = Field(description="计量单位")
    period: str = Field(description="统计期种类")
    grain: str
    source: str
    version: int


class Figure(Schema):
    """A value with its parts; `number` is empty when nothing is on record."""

    code: str
    period: str
    unit_id: int | None
    status: str
    number: str | None = Field(description="数值，十进制文本")
    numerator: int | None
    denominator: int | None
    rows: int
    computed_at: str | None
    version: int


class BehindRow(Schema):
    """A row behind a figure, in the shape of its register."""

    id: int
    title: str
    version: str | None
    values: dict[str, Any]
    labels: dict[str, str]


class Behind(Schema):
    """Rows behind a figure; `of` is the register where each can be fetched."""

    of: str = Field(description="这些记录所在的登记")
    rows: list[BehindRow]
    next: int | None = Field(description="下一页的 after；没有下一页时为空")


class AskedFigure(Strict):
    """Which value: a period by key (`2024`, `2024-autumn`), of one unit or of everything in reach."""

    period: CellText = Field(max_length=20)
    unit: RowKey | None = None


class AskedRows(AskedFigure):
    """Which rows behind it."""

    after: int = Field(default=0, ge=0, le=2**63 - 1)
    limit: int = Field(default=50, ge=1, le=LARGEST_PAGE)


def add_to(router: Router) -> None:
    """Add the operations of indicators."""
    for path, view, response, summary in (
        ("/indicators", _listing(), list[IndicatorItem], "指标目录"),
        ("/indicators/{code}/value", _value(), Figure, "一个数"),
        ("/indicators/{code}/values", _values(), list[Figure], "各单位的数"),
        ("/indicators/{code}/rows", _rows(), Behind, "一个数背后的记录"),
    ):
        router.add_api_operation(
            path,
            ["GET"],
            view,
            operation_id=view.__name__,
            url_name=f"api-{view.__name__.replace('_', '-')}",
            tags=[TAG],
            summary=summary,
            response={200: response},
            openapi_extra=READ_FAILURES,
        )


def _listing() -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        common.scoped(request, INDICATORS)
        return common.plain([_item(item) for item in indicators.all()])

    return shaped(view, "list_indicators")


def _item(item: Indicator) -> dict[str, Any]:
    words = {name: str(getattr(item, name)) for name in ("code", "label", "definition", "unit", "source")}
    return {**words, "period": item.period, "grain": item.grain, "version": item.version}


def _value() -> Any:
    def view(request: HttpRequest, *, code: str, asked: AskedFigure) -> HttpResponse:
        item, period = _asked(request, code, asked)
        return common.plain(_figure(item, period, asked.unit, selectors.value(code, period, unit=asked.unit)))

    return shaped(view, "value_of_indicator", code=CODE, asked=(AskedFigure, Query(...)))


def _values() -> Any:
    def view(request: HttpRequest, *, code: str, asked: AskedFigure) -> HttpResponse:
        item, period = _asked(request, code, asked)
        found = selectors.by_unit(code, period)
        wanted = found if asked.unit is None else {pk: value for pk, value in found.items() if pk == asked.unit}
        return common.plain([_figure(item, period, pk, wanted[pk]) for pk in sorted(wanted)])

    return shaped(view, "values_of_indicator", code=CODE, asked=(AskedFigure, Query(...)))


def _asked(request: HttpRequest, code: str, asked: AskedFigure) -> tuple[Indicator, Period]:
    common.scoped(request, INDICATORS)
    common.only_known(request, asked)
    item = indicators.find(code)
    if item is None or (asked.unit is not None and asked.unit not in current_reach().units):
        raise answers.not_found()
    year = int(asked.period[:4]) if asked.period[:4].isascii() and asked.period[:4].isdecimal() else 0
    known = indicators.periods_of(item.period, year) if 1900 <= year <= 2100 else []
    period = next((one for one in known if one.key == asked.period), None)
    if period is None:
        message = _("没有这个统计期。年度写作 2024，学期写作 2024-autumn。")
        raise answers.wrong_parameters([answers.parameter("period", message)])
    return item, period


def _figure(item: Indicator, period: Period, unit: int | None, value: Value) -> dict[str, Any]:
    return {
        "code": item.code,
        "period": period.key,
        "unit_id": unit,
        "status": value.status,
        "number": None if value.number is None else format(Decimal(value.number), "f"),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "rows": value.rows,
        "computed_at": value.computed_at.isoformat() if value.computed_at else None,
        "version": item.version,
    }


def _rows() -> Any:
    def view(request: HttpRequest, *, code: str, asked: AskedRows) -> HttpResponse:
        item, period = _asked(request, code, asked)
        caller = caller_of(request)
        built = item.build(period)
        model = built.queryset.model
        register = resources.find(lambda one: one.model is model)
        if register is None or not item.view.scope(current_reach()) or not register.may_view():
            raise answers.not_found()
        if not caller.scopes.reads(register):
            raise answers.no_scope(f"read:{register.code}")
        found = register.within(built.of_unit(asked.unit), register.view)
        scope = item.view.scope(current_reach())
        return _page(register, found if scope.every else found.filter(scope.q(built.unit)), asked, period)

    return shaped(view, "rows_of_indicator", code=CODE, asked=(AskedRows, Query(...)))


def _page(register: Register, found: "QuerySet[Any]", asked: AskedRows, period: Period) -> HttpResponse:
    following = found.filter(pk__gt=asked.after).order_by("pk").values_list("pk", flat=True)
    keys = list(following[: asked.limit + 1])
    shown = keys[: asked.limit]
    fetched = register.fetched(register.model._default_manager.filter(pk__in=shown), register.columns, period.day)
    fetched.sort(key=lambda row: row.pk)
    return common.plain(
        {
            "of": register.code,
            "rows": rows.as_json(register, fetched),
            "next": shown[-1] if len(keys) > asked.limit else None,
        }
    )
