"""Many rows of a sheet as one form: the same checks, the same writer and the same history as a file and as one row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.columns import problem_kind
from xianxue.kernel.commands import command, nothing_changed
from xianxue.kernel.crypto import digests
from xianxue.kernel.sheets import telling
from xianxue.kernel.sheets.checking.cells import Checked, check_cells
from xianxue.kernel.sheets.checking.groups import sentence
from xianxue.kernel.sheets.checking.run import KEYLESS, Result, examine
from xianxue.kernel.sheets.choices import Outcome
from xianxue.kernel.sheets.models import SentRow
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writer import Context
from xianxue.kernel.sheets.writing.apply import with_plain_old, write_by_halves

SAVED = "sheets.save_rows"
MARK = 12
KEPT = timedelta(days=30)
"""How long a key is remembered: nobody comes back to a page with rows that waited longer."""
Texts = Mapping[str, str]


@dataclass(frozen=True)
class GivenRow:
    """One row as somebody typed it.

    `line`: what the page calls it; `cells`: column → text; `pk`: its record, None for a new one, of which `fixed` are the
    canonical texts that nobody types. `seen`: marks of the cells as the page showed them. `confirmed`: the warnings were
    read. `key`: of this sending; what came once under a key is not written again.
    """

    line: str
    cells: Texts
    pk: int | None = None
    fixed: Texts = field(default_factory=dict)
    seen: Texts = field(default_factory=dict)
    confirmed: bool = False
    key: UUID | None = None


@dataclass(frozen=True)
class SavedRow:
    """What became of a row: sentences by column (`""`: the row as a whole) where it was not written, or not yet.

    `typed`: the texts that differ from what the page showed. `overtaken`: columns of these that somebody else changed
    since; `pk`: its record, once there is one.
    """

    line: str
    pk: int | None = None
    typed: Texts = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    warnings: Mapping[str, list[str]] = field(default_factory=dict)
    overtaken: tuple[str, ...] = ()
    is_written: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do about it."""
        return not (self.errors or self.warnings or self.overtaken)


class CellTexts:
    """What a page puts into cells: as people write it, choices by their value; sealed columns in full."""

    def __init__(self, sheet: Sheet, names: Iterable[str]) -> None:
        self.columns = [sheet.by_name[name] for name in names]
        self.options = {column.name: dict(column.type.options()) for column in self.columns}

    def of(self, record: Mapping[str, Any]) -> dict[str, str]:
        """Texts of a record (canonical texts by column), by column."""
        return {
            column.name: text if (text := record[column.name] or "") in self.options[column.name] else column.display(
                text, mask=False
            )
            for column in self.columns
        }  # fmt: skip


def marks(records: Iterable[tuple[int, Texts]]) -> list[dict[str, str]]:
    """Short marks of what the cells of each record show: (record, texts) → column → mark. They tell nothing of a text.

    The record's own number is in them: otherwise equal marks would tell that hidden cells are equal.
    """
    rows = list(records)
    every = digests("row-form", [f"{pk} {name}={text}" for pk, texts in rows for name, text in texts.items()])
    left = iter(every)
    return [{name: next(left)[:MARK] for name in texts} for _pk, texts in rows]


def records_of(sheet: Sheet, ids: Sequence[int], names: Iterable[str]) -> pl.DataFrame:
    """The records as the writer tells them, the sealed ones of the named columns in full."""
    return sheet.writer.current(ids, reveal=[name for name in names if sheet.by_name[name].sealed])


@command(SAVED, label=gettext_lazy("成批填写"))
def save_rows(sheet: Sheet, rows: Sequence[GivenRow], *, columns: Sequence[str], by: Actor) -> list[SavedRow]:
    """Write the rows that are right, and say of the others why not; rows in which nothing was typed stay as they are.

    `columns`: those that may be typed, of `sheet`. The answer has every row, in order. Raises Refused where the writer
    refuses all of them. Runs in the reach of who typed; that the records are theirs to change, the caller has asked.
    """
    if any(sheet.by_name[name].sealed and text for row in rows for name, text in row.cells.items()):
        telling.refuse_trying(by)
    done = written_before(rows, by)
    saving = _Saving(sheet, [row for row in rows if row.key not in done], columns, by)
    answers = {answer.line: answer for answer in saving.answers()}
    if not any(answer.is_written for answer in answers.values()):
        nothing_changed()
    _remember(rows, answers, by)
    return [answers.get(row.line) or SavedRow(row.line, row.pk or done.get(row.key)) for row in rows]


def written_before(rows: Iterable[GivenRow], by: Actor) -> dict[UUID | None, int]:
    """Keys of the rows that this person has sent before and that were written: key → record."""
    keys = [row.key for row in rows if row.key]
    return dict(SentRow.objects.filter(user_id=by.user_id or 0, key__in=keys).values_list("key", "record_id"))


def _remember(rows: Sequence[GivenRow], answers: Mapping[str, SavedRow], by: Actor) -> None:
    """Keep the keys of what was written, and forget those of long ago."""
    SentRow.objects.filter(user_id=by.user_id or 0, at__lt=timezone.now() - KEPT).delete()
    written = ((row.key, answers[row.line]) for row in rows if row.key and row.line in answers)
    SentRow.objects.bulk_create(
        SentRow(user_id=by.user_id, key=key, record_id=answer.pk)
        for key, answer in written
        if answer.is_written and by.user_id and answer.pk
    )


class _Saving:
    """The rows of one sending on their way: read, compared with the records, checked, written."""

    def __init__(self, sheet: Sheet, rows: Sequence[GivenRow], columns: Sequence[str], by: Actor) -> None:
        self.sheet, self.by, self.columns = sheet, by, list(columns)
        self.rows = dict(enumerate(rows, 1))
        """By the number of the row in the frames."""
        self.now = records_of(sheet, [row.pk for row in rows if row.pk], columns)
        self.records = {record["id"]: record for record in self.now.iter_rows(named=True)}
        self.texts = CellTexts(sheet, columns)
        self.typed = {number: self._typed(row) for number, row in self.rows.items()}

    def _typed(self, row: GivenRow) -> dict[str, str]:
        """The cells in which something else stands than what the page showed; an empty sealed cell keeps what is there."""
        cells = {name: row.cells[name].strip() for name in self.columns if name in row.cells}
        cells = {name: text for name, text in cells.items() if text or not self.sheet.by_name[name].sealed}
        if row.pk is None:
            return {name: text for name, text in cells.items() if text}
        (mark,) = marks([(row.pk, cells)])
        sealed = {name for name in cells if self.sheet.by_name[name].sealed}
        return {name: text for name, text in cells.items() if name in sealed or row.seen.get(name) != mark[name]}

    def answers(self) -> Iterable[SavedRow]:
        """What becomes of every row; writes what is right."""
        checked = self._checked()
        overtaken = {number: names for number in self.rows if (names := self._overtaken(number, checked))}
        left = [number for number in self.rows if self.typed[number] and number not in overtaken]
        found = {number: self._answer(number, overtaken=overtaken.get(number, ())) for number in self.rows}
        if left:
            found |= self._saved(_only(checked, left))
        return found.values()

    def _answer(self, number: int, **more: Any) -> SavedRow:
        row = self.rows[number]
        return SavedRow(row.line, **{"pk": row.pk, "typed": self.typed[number], **more})

    def _checked(self) -> Checked:
        """The typed cells understood, and around them what the records hold: rules look at both."""
        staged = {"row": pl.Series(list(self.rows), dtype=pl.UInt32)}
        for place, name in enumerate(self.columns):
            texts = [self.typed[number].get(name) or None for number in self.rows]
            staged[f"c{place}"] = pl.Series(texts, dtype=pl.String)
        checked = check_cells(pl.DataFrame(staged), self.sheet, {name: at for at, name in enumerate(self.columns)})
        canonical = checked.canonical.with_columns(
            pl.Series(name, self._around(name, checked.canonical[name].to_list()), dtype=pl.String)
            for name in self.sheet.names
        )
        return Checked(canonical, checked.raw, checked.problems)

    def _around(self, name: str, typed: list[str | None]) -> list[str | None]:
        column = self.sheet.by_name[name]
        is_unseen = name not in self.columns and column.is_hidden
        kept = []
        for (number, row), text in zip(self.rows.items(), typed, strict=True):
            if name in self.typed[number]:
                kept.append(text)
            elif row.pk is None:
                kept.append(row.fixed.get(name))
            else:
                # What is sealed or restricted and not asked for is not compared either, as on the form of one row.
                kept.append(None if is_unseen else self.records.get(row.pk, {}).get(name))
        return kept

    def _overtaken(self, number: int, checked: Checked) -> tuple[str, ...]:
        """Typed cells whose record holds neither what the page showed nor what was typed."""
        row = self.rows[number]
        if row.pk is None:
            return ()
        record = self.records.get(row.pk)
        if record is None:
            return tuple(self.typed[number])
        (mark,) = marks([(row.pk, self.texts.of(record))])
        meant = checked.canonical.row(number - 1, named=True)
        typed = self.typed[number]
        return tuple(name for name in typed if row.seen.get(name) != mark[name] and meant[name] != record[name])

    def _saved(self, checked: Checked) -> dict[int, SavedRow]:
        records = {number: row.pk for number, row in self.rows.items() if row.pk}
        context = Context(by=self.by, options={KEYLESS: "1"}, is_form=True, record_ids=records)
        result = examine(checked, self.sheet, context, present=self.columns, now=self.now)
        for told in result.beyond.iter_slices(1):
            telling.remember_single(self.sheet.code, self.by, None, told)
        judged = {
            number: self._judged(number, pk, result) for number, pk in result.rows.select("row", "id").iter_rows()
        }
        good = [number for number, answer in judged.items() if answer.is_done]
        return judged | self._written(result, context, good)

    def _judged(self, number: int, record: int | None, result: Result) -> SavedRow:
        row = self.rows[number]
        said: dict[bool, dict[str, list[str]]] = {False: {}, True: {}}
        for problem in result.problems.filter(pl.col("row") == number).iter_rows(named=True):
            is_warning = problem_kind(problem["code"]).severity == "warning"
            said[is_warning].setdefault(problem["column"] or "", []).append(sentence(problem, self.sheet))
        if record != row.pk:
            said[False].setdefault("", []).append(
                _("这一行在您填写时已由别人登记，没有写入。请刷新页面，核对后再填。")
                if row.pk is None
                else _("这一行的号码是另一条记录的，没有写入。请核对。")
            )
        return self._answer(number, errors=said[False], warnings={} if row.confirmed else said[True])

    def _written(self, result: Result, context: Context, good: list[int]) -> dict[int, SavedRow]:
        """Write the good rows; those that the database itself refuses come back with its words."""
        rows = result.rows.filter(pl.col("row").is_in(good))
        new = rows.filter(pl.col("outcome") == Outcome.NEW.value)
        cells = with_plain_old(result.cells.filter(pl.col("row").is_in(good)), self.sheet)
        labels = dict(rows.select("row", self.sheet.title).iter_rows())
        written = write_by_halves(self.sheet, new.drop("outcome"), cells, labels, context)
        found = {}
        for problem in (fact for frame in written.refused for fact in frame.iter_rows(named=True)):
            words = sentence(problem | {"value": None}, self.sheet)
            found[problem["row"]] = self._answer(problem["row"], errors={problem["column"]: [words]})
        for number in {*new["row"], *cells["row"]} - set(found):
            pk = written.ids.get(number) or self.rows[number].pk
            found[number] = self._answer(number, pk=pk, is_written=True)
        return found


def _only(checked: Checked, numbers: Sequence[int]) -> Checked:
    among = pl.col("row").is_in(list(numbers))
    return Checked(checked.canonical.filter(among), checked.raw.filter(among), checked.problems.filter(among))
