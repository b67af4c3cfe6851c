"""Rows of a register as JSON: typed values, masked where sealed, with the version by which a change is conditional."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core import signing
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from xianxue.kernel import sheets
from xianxue.kernel.access import current_reach
from xianxue.kernel.api import answers
from xianxue.kernel.api.shapes import json_value
from xianxue.kernel.columns import Code, Column
from xianxue.kernel.crypto import digests
from xianxue.kernel.history.selectors import Entry, events_of_all
from xianxue.kernel.resources import History, Register, cells, detail, paths
from xianxue.kernel.resources.asked import Asked

SALT = "api-cursor"
HISTORY = 100
SPACE = "api-version"


def as_json(
    register: Register, found: Sequence[Any], asked_columns: Sequence[Column] | None = None
) -> list[dict[str, Any]]:
    """Rows that were `fetched`, as JSON. Two or three queries for the versions, whatever the number of rows."""
    versions = versions_of(register, found)
    chosen = register.columns if asked_columns is None else asked_columns
    return [
        {
            "id": row.pk,
            "title": register.title(row),
            "version": versions.get(row.pk),
            "values": {column.name: json_value(column, _canonical(row, column)) for column in chosen},
            "labels": dict(_labels(row, chosen)),
        }
        for row in found
    ]


def _canonical(row: Any, column: Column) -> str | None:
    value = paths.value(row, column.orm_path)
    return (
        str(value)
        if isinstance(value, Model) and not hasattr(column.type, "register_code")
        else cells.canonical(row, column)
    )


def _labels(row: Any, chosen: Sequence[Column]) -> Iterator[tuple[str, str]]:
    for column in chosen:
        if column.is_hidden:
            continue
        if isinstance(column.type, Code) or isinstance(paths.value(row, column.orm_path), Model):
            text = cells.shown(row, column)
            if text:
                yield column.name, text


def versions_of(register: Register, found: Sequence[Any]) -> dict[int, str]:
    """A mark of what the sheet's writer keeps of each row; none for registers without a sheet."""
    if not register.sheet or not found:
        return {}
    records = {row.pk: register.record_of(row) for row in found}
    marks = versions_of_records(sheets.get(register.sheet), sorted(set(records.values())))
    return {pk: marks[record] for pk, record in records.items() if record in marks}


def versions_of_records(sheet: sheets.Sheet, records: Sequence[int]) -> dict[int, str]:
    """The same by the keys of the sheet's writer."""
    frame = sheet.writer.current(records)
    texts = [
        "\x1e".join(f"{name}\x1f{'' if row[name] is None else row[name]}" for name in sheet.names)
        for row in frame.iter_rows(named=True)
    ]
    return dict(zip(frame["id"].to_list(), digests(SPACE, texts), strict=True))


def page_of(asked: Asked, *, limit: int, cursor: str | None, key: str) -> tuple[list[Any], str | None]:
    """(rows, cursor of the next page): by primary key, so that a page neither repeats nor loses a row.

    `key` names the question: a cursor of another one is refused.
    """
    register = asked.register
    rows = asked.rows().order_by("pk")
    if cursor:
        rows = rows.filter(pk__gt=_opened(cursor, key))
    keys = list(rows.values_list("pk", flat=True)[: limit + 1])
    shown = keys[:limit]
    found = register.fetched(register.visible(asked.on).filter(pk__in=shown), register.columns, asked.on)
    found.sort(key=lambda row: row.pk)
    more = signing.dumps([shown[-1], key], salt=SALT, compress=True) if len(keys) > limit else None
    return found, more


def _opened(cursor: str, key: str) -> int:
    try:
        start, given = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        start, given = 0, None
    if given != key:
        raise answers.wrong_parameters(
            [answers.parameter("cursor", _("不是这次查询给出的 next。请从第一页重新读取。"))]
        )
    return int(start)


def one(register: Register, pk: int, rows: "QuerySet[Any] | None" = None) -> Any:
    """The row with everything that showing it needs. Raises the same Declined for absent and out of reach."""
    found = register.fetched((register.visible() if rows is None else rows).filter(pk=pk))
    if not found:
        raise answers.not_found()
    return found[0]


def history_of(register: Register, row: Any) -> list[dict[str, Any]]:
    """Events about the row, newest first, as its page tells them. Empty where its page has no such panel for the reader."""
    if not any(isinstance(panel, History) and panel.grant.scope(current_reach()) for panel in register.panels):
        return []
    return [_told(register, entry) for entry in events_of_all(register.subjects(row), limit=HISTORY)]


def _told(register: Register, entry: Entry) -> dict[str, Any]:
    known: Mapping[str, Column] = detail.columns_of(register, entry)
    changes = {name: detail.change_of(known, name, pair) for name, pair in entry.changes.items()}
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "action": entry.action,
        "label": entry.action_label,
        "actor": entry.actor,
        "via": entry.via,
        "unit_id": entry.unit_id,
        "note": detail.note_of(entry),
        "changes": {name: (change.old, change.new) for name, change in changes.items()},
    }
