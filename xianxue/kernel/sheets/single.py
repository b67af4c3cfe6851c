"""The form of a register is a sheet of one row: the same checks, the same writer, the same history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.columns import problem_kind
from xianxue.kernel.commands import Refused, command, nothing_changed
from xianxue.kernel.crypto import digests
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.sheets import telling
from xianxue.kernel.sheets.checking.cells import check_cells
from xianxue.kernel.sheets.checking.groups import sentence
from xianxue.kernel.sheets.checking.run import KEYLESS, Result, examine
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writer import Context
from xianxue.kernel.sheets.writing.apply import with_plain_old

ROW = 1
SAVED = "sheets.save_row"


@dataclass(frozen=True)
class OneProblem:
    """One thing found by the check of one row: code of the kind (or `exists`, `other_record`), column or `""`."""

    code: str
    column: str
    message: str
    is_warning: bool = False


@dataclass(frozen=True)
class OneRow:
    """The check of one row: sentences by column name (`""` for the row as a whole), and what would change.

    `problems` holds the same sentences one by one, with their codes.
    """

    errors: Mapping[str, list[str]] = field(default_factory=dict)
    warnings: Mapping[str, list[str]] = field(default_factory=dict)
    changes: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    pk: int | None = None
    problems: tuple[OneProblem, ...] = ()


class Unsaved(Refused):
    """The row was not written: it has errors, or warnings that nobody has confirmed; `row` is the whole check."""

    def __init__(self, row: OneRow) -> None:
        field, sentences = next(iter((row.errors or row.warnings).items()))
        super().__init__(sentences[0], field=field)
        self.row = row


def check_one(
    sheet: Sheet,
    cells: Mapping[str, str],
    *,
    by: Actor,
    pk: int | None = None,
    holds_back: bool = True,
    keyless: bool = False,
) -> OneRow:
    """Check one row of cell texts (column name → text) in the reach now in force.

    `pk` is the record being changed; None for a new one. Columns that are not in `cells` stay as they are.
    `keyless`: a new record may lack every key (a child without papers), for somebody is looking at it.
    """
    return _one_row(_examined(sheet, cells, by, pk, holds_back=holds_back, keyless=keyless), sheet, pk)


def _examined(
    sheet: Sheet,
    cells: Mapping[str, str],
    by: Actor,
    pk: int | None,
    *,
    holds_back: bool = True,
    keyless: bool = False,
    now: pl.DataFrame | None = None,
) -> Result:
    if any(column.sealed and cells.get(column.name) for column in sheet.columns):
        telling.refuse_trying(by)
    present = [name for name in sheet.names if name in cells]
    staged = {"row": pl.Series([ROW], dtype=pl.UInt32)}
    staged |= {f"c{place}": pl.Series([cells[name] or None], dtype=pl.String) for place, name in enumerate(present)}
    checked = check_cells(pl.DataFrame(staged), sheet, {name: place for place, name in enumerate(present)})
    options = {KEYLESS: "1"} if keyless else {}
    context = Context(by=by, options=options, is_form=True, record_id=pk, holds_back=holds_back)
    result = examine(checked, sheet, context, present=present, now=now)
    telling.remember_single(sheet.code, by, result.rows["unit_id"][0], result.beyond)
    return result


def _one_row(result: Result, sheet: Sheet, pk: int | None) -> OneRow:
    problems = [
        OneProblem(
            problem["code"],
            problem["column"] or "",
            sentence(problem, sheet),
            problem_kind(problem["code"]).severity == "warning",
        )
        for problem in result.problems.iter_rows(named=True)
    ]
    found, key = result.rows["id"][0], sheet.key_columns[0]
    if pk is None and found is not None and all(problem.is_warning for problem in problems):
        title = result.rows[sheet.title][0] or ""
        message = _("未能登记：“%(title)s”已经登记过。请打开原有记录修改。") % {"title": title}
        problems.append(OneProblem("exists", key, message))
    if pk is not None and found not in (None, pk):
        problems.append(OneProblem("other_record", key, _("未能保存：这个号码是另一条记录的。请核对。")))
    changes = {name: (old, new) for name, old, new in result.cells.select("column", "old", "new").iter_rows()}
    errors, warnings = (_by_column(item for item in problems if item.is_warning is kind) for kind in (False, True))
    return OneRow(errors, warnings, changes, found, tuple(problems))


def _by_column(problems: Iterable[OneProblem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.column, []).append(problem.message)
    return found


def marks_of(sheet: Sheet, values: Mapping[str, str | None]) -> dict[str, str]:
    """A short mark of every cell of a record, by column: what a form remembers of the record that it shows.

    The record's own number is in it: otherwise equal marks of two records would tell that hidden cells are equal.
    """
    of = values["id"]
    texts = [f"{of} {name}={'' if (text := values[name]) is None else text}" for name in sheet.names]
    return dict(zip(sheet.names, (mark[:12] for mark in digests("row-form", texts)), strict=True))


def present(sheet: Sheet, pk: int) -> dict[str, str | None]:
    """What a record holds now, sealed columns in full."""
    return _record(sheet, pk).row(0, named=True)


def _record(sheet: Sheet, pk: int) -> pl.DataFrame:
    return sheet.writer.current([pk], reveal=[column.name for column in sheet.columns if column.sealed])


def changed_since(sheet: Sheet, values: Mapping[str, str | None], seen: Mapping[str, str]) -> list[str]:
    """Columns whose cells are not what they were when the marks were made."""
    return [name for name, mark in marks_of(sheet, values).items() if seen.get(name, mark) != mark]


@command(SAVED, label=gettext_lazy("填表登记"))
def save_one(
    sheet: Sheet,
    cells: Mapping[str, str],
    *,
    by: Actor,
    pk: int | None = None,
    note: str = "",
    seen: Mapping[str, str] | None = None,
    keyless: bool = False,
    confirmed: bool = True,
) -> int:
    """Write one row; returns the record's primary key. Raises Unsaved where it has errors.

    `confirmed`: whether somebody has read the warnings, if there are any; Unsaved where not. An empty cell clears the
    value of the record. Nothing changed leaves no trace. `seen` are the marks of the record as the form showed it:
    refused where somebody changed it since. `keyless` as for `check_one`.
    """
    now = _record(sheet, pk) if pk is not None and seen else None
    if now is not None and changed_since(sheet, now.row(0, named=True), seen or {}):
        raise Refused(_("未能保存：别人刚刚改过这条记录。请重新打开，核对后再改。"))
    result = _examined(sheet, cells, by, pk, keyless=keyless, now=now)
    row = _one_row(result, sheet, pk)
    if row.errors or (row.warnings and not confirmed):
        raise Unsaved(row)
    context = Context(by=by, is_form=True, record_id=pk)
    return _inserted(sheet, result, context, note) if pk is None else _changed(sheet, result, context, pk, note)


def _inserted(sheet: Sheet, result: Result, context: Context, note: str) -> int:
    (made,) = sheet.writer.insert(result.rows.drop("outcome"), context)
    changes: dict[str, Any] = {
        name: [None, value] for name in sheet.names if (value := result.rows[name][0]) is not None
    }
    unit_id, label = result.rows.select("unit_id", sheet.title).row(0)
    record_many([Draft(Subject(sheet.writer.subject_type, made, label or ""), changes, unit_id, note, {"new": True})])
    return made


def _changed(sheet: Sheet, result: Result, context: Context, pk: int, note: str) -> int:
    written = with_plain_old(result.cells, sheet)
    if not written.height:
        nothing_changed()
        return pk
    sheet.writer.change(written, context)
    changes = {name: [old, new] for name, old, new in written.select("column", "old", "new").iter_rows()}
    unit_id, label = result.rows.select("unit_id", sheet.title).row(0)
    record_many([Draft(Subject(sheet.writer.subject_type, pk, label or ""), changes, unit_id, note)])
    return pk
