"""The JSON shapes of a register, made from its columns: values as typed JSON, cells as texts, parameters of a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from inspect import Parameter, Signature
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict, create_model

from xianxue.kernel import columns, resources
from xianxue.kernel.columns import Column
from xianxue.kernel.resources import Filter, Register

LONGEST_CELL = 2_000
LARGEST_PAGE = 200
LARGEST_KEY = 2**63 - 1
_TYPES: tuple[tuple[type, type], ...] = ((columns.Money, int), (columns.Integer, int), (columns.YesNo, bool))


def _storable(text: str) -> str:
    """Refuse what no database of ours can keep: NUL, and halves of characters."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        message = "不能含有空字符或半个字符。"
        raise ValueError(message)
    return text


CellText = Annotated[str, AfterValidator(_storable), Field(max_length=LONGEST_CELL)]
RowKey = Annotated[int, Field(ge=1, le=LARGEST_KEY, description="行的编号")]


class Strict(Schema):
    """What is sent: a name that is not known is a mistake of the sender, not to be passed over."""

    model_config = ConfigDict(extra="forbid")


class Moment(Schema):
    """One event about a row; values as canonical text, sealed ones hidden."""

    seq: int = Field(description="留痕序号")
    at: str = Field(description="时间（UTC，ISO 8601）")
    action: str
    label: str
    actor: str
    via: str = Field(description="途径：page、import:编号、api:令牌编号……")
    unit_id: int | None
    note: str
    changes: dict[str, tuple[str, str]] = Field(description="列名 → [原值, 新值]，按人读的写法")


@dataclass(frozen=True)
class Shapes:
    """The models of one register."""

    row: type[Schema]
    page: type[Schema]
    asked: type[Schema]
    cells: type[Schema] | None
    revealed: type[Schema] | None


def json_type(column: Column) -> type:
    """The JSON type of a column's values; sealed ones are masked texts."""
    if column.sealed:
        return str
    return next((python for kind, python in _TYPES if isinstance(column.type, kind)), str)


def json_value(column: Column, text: str | None) -> Any:
    """Canonical text as JSON: whole numbers, truths, else text; sealed values masked, restricted ones left out."""
    if text is None or text == "" or column.domain:
        # Of a restricted fact not even whether there is one.
        return None
    if column.sealed:
        return column.display(text, mask=True)
    kind = json_type(column)
    return text == "1" if kind is bool else kind(text)


def _said(column: Column) -> str:
    parts = [str(column.type.label), str(column.help)]
    if isinstance(column.type, columns.Money):
        parts.insert(0, "单位：分")
    if isinstance(column.type, columns.Code):
        parts.insert(0, f"代码表 {column.type.list_code} 的代码")
    if column.domain:
        parts.append("受限内容，这里总是空的；说明目的后用 reveal 读取")
    elif column.sealed:
        parts.append("已遮盖")
    return "；".join(filter(None, parts))


def _camel(code: str) -> str:
    return "".join(part.capitalize() for part in code.replace("_", "-").split("-"))


@cache
def of(code: str) -> Shapes:
    """The models of the register of that code."""
    register, name = resources.get(code), _camel(code)
    values = create_model(
        f"{name}Values",
        __base__=Schema,
        **{item.name: (json_type(item) | None, _field(item)) for item in register.columns},
    )  # type: ignore[call-overload]  # names of fields are known when the registers are
    row = create_model(
        f"{name}Row",
        __base__=Schema,
        id=(int, Field(description="行的编号")),
        title=(str, Field(description="行的名称")),
        version=(str | None, Field(description="内容的版本；更改时放进 If-Match")),
        values=(values, ...),
        labels=(dict[str, str], Field(description="代码列按人读的写法")),
    )
    page = create_model(
        f"{name}Page",
        __base__=Schema,
        rows=(list[row], ...),  # type: ignore[valid-type]  # made above
        next=(str | None, Field(description="下一页的 cursor；没有下一页时为空")),
        count=(int | None, Field(description="全部行数；count=true 时才有")),
    )
    hidden = [item for item in register.columns if item.is_hidden]
    return Shapes(
        row=row,
        page=page,
        asked=create_model(f"{name}Asked", __base__=Strict, **dict(_parameters(register))),
        cells=_cells(register, name) if register.sheet else None,
        revealed=_wanted(name) if hidden else None,
    )


def _wanted(name: str) -> type[Schema]:
    return create_model(
        f"{name}Reveal",
        __base__=Strict,
        columns=(list[CellText], Field(min_length=1, max_length=10, description="列名")),
        purpose=(CellText, Field(default="", max_length=40, description="受限内容的查阅目的（代码）")),
    )


def _field(column: Column) -> Any:
    return Field(default=None, title=str(column.label), description=_said(column))


def _cells(register: Register, name: str) -> type[Schema]:
    fields: dict[str, Any] = {
        item.name: (
            CellText | None,
            Field(
                default=None,
                title=str(item.label),
                description="；".join(filter(None, [_required(item), str(item.type.label), str(item.help)])),
            ),
        )
        for item in register.form_columns
    }
    return create_model(f"{name}Cells", __base__=Strict, **fields)


def _required(column: Column) -> str:
    return "必填" if column.required else ""


def _parameters(register: Register) -> Iterator[tuple[str, Any]]:
    """Name → (type, field) of everything that a list can be asked."""
    yield "cursor", (str | None, Field(default=None, max_length=400, description="上一页给出的 next"))
    yield "limit", (int, Field(default=50, ge=1, le=LARGEST_PAGE, description="每页行数"))
    yield "count", (bool, Field(default=False, description="是否数出全部行数"))
    if register.search:
        yield "q", (CellText | None, Field(default=None, max_length=60, description=str(register.search_label)))
    if register.dated:
        yield "as_of", (date | None, Field(default=None, description="名册日期；空着是现在"))
    for item in register.all_filters.values():
        # Choosing rows by a restricted fact would tell it: that is for pages, where a purpose was named.
        if not item.domain:
            yield from _of_filter(item)


def _of_filter(item: Filter) -> Iterator[tuple[str, Any]]:
    label = str(item.label)
    if item.kind == "days":
        for end, word in (("from", "从"), ("to", "到")):
            yield f"{item.name}_{end}", (date | None, Field(default=None, description=f"{label}{word}"))
    else:
        yield item.name, (list[CellText], Field(default_factory=list, max_length=50, description=f"{label}，可以重复"))


def shaped(view: Any, name: str, **parameters: Any) -> Any:
    """The view with a signature that says what it takes: (annotation, default) by name, the default may be missing."""
    given = [Parameter("request", Parameter.POSITIONAL_OR_KEYWORD)]
    for parameter, (annotation, default) in parameters.items():
        given.append(Parameter(parameter, Parameter.KEYWORD_ONLY, annotation=annotation, default=default))
    view.__signature__ = Signature(given)
    view.__name__ = name
    return view
