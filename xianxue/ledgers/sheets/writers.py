"""Who writes the ledgers: rows of one school, by its own numbers, tied to its own proposals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import polars as pl

from xianxue.kernel import bulk
from xianxue.kernel.columns import Column
from xianxue.kernel.resources.model_writer import ModelWriter
from xianxue.kernel.sheets import Context, Resolution
from xianxue.kernel.sheets.writer import PROBLEM_SCHEMA
from xianxue.ledgers.access import KEEPS_LEDGERS
from xianxue.ledgers.models import Appointment, Contract, Payment
from xianxue.ledgers.rules import provided
from xianxue.ledgers.rules.provided import Number
from xianxue.ledgers.sheets import columns as headed
from xianxue.people.models import StaffPost

PAYMENT_TYPE, CONTRACT_TYPE, APPOINTMENT_TYPE = "decisions.payment", "decisions.contract", "decisions.appointment"
"""Under which types the log knows the rows: those of the app that kept them first, so that a row has one history."""


class LedgerWriter(ModelWriter):
    """Rows of a ledger, matched within their school; `议题编号` is looked up among the school's own proposals.

    `keys`: fields that hold a key of something that the cells name by a number. Writes by the driver: ledgers are long.
    """

    unit_field, grant = "unit_id", KEEPS_LEDGERS
    keys: ClassVar[Mapping[str, str]] = {"proposal": "proposal_id"}

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        found = super().resolve(rows, context)
        frame = rows.join(found.rows, on="row", how="left", maintain_order="left")
        problems = []
        for name, (code, known) in self.numbers(frame).items():
            keys = [known.get((unit, text)) for unit, text in frame.select("unit_id", name).iter_rows()]
            frame = frame.with_columns(pl.Series(f"_{name}", keys, dtype=pl.Int64))
            problems.append(_problems(frame, code, name, pl.col(name).is_not_null() & pl.col(f"_{name}").is_null()))
        kept = ["row", "id", "unit_id", *(f"_{name}" for name in self.keys)]
        return Resolution(frame.select(kept), pl.concat([*problems, *self.further(frame)]))

    def numbers(self, frame: pl.DataFrame) -> dict[str, tuple[str, dict[Number, int]]]:
        """Columns that name something by its number: the problem where it is unknown, and (school, number) → key."""
        return {"proposal": ("P623", provided.decisions_of(_units(frame), _texts(frame, "proposal")))}

    def further(self, frame: pl.DataFrame) -> Iterable[pl.DataFrame]:
        """Further problems of rows against records."""
        return ()

    def _matched(self, rows: pl.DataFrame, group: tuple[str, ...]) -> pl.Series:
        """By school and number together: a school's ledger of years is not read for a few rows."""
        wanted = [key if None not in key else None for key in rows.select(group).iter_rows()]
        units = {int(key[0]) for key in wanted if key}
        found = self.rows().filter(unit_id__among=units, number__among={key[1] for key in wanted if key})
        paths = [self._column(name) for name in group]
        by_key = {}
        for pk, *parts in found.values_list("pk", *(column.orm_path for column in paths)):
            by_key[tuple(column.type.from_python(part) for column, part in zip(paths, parts, strict=True))] = pk
        return pl.Series("id", [by_key.get(key) if key else None for key in wanted], dtype=pl.Int64)

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        plain = [column for column in self.columns if column.name not in self.keys]
        fields = [*(self._field(column) for column in plain), *self.keys.values()]
        values = [[self._value(column, text) for text in rows[column.name]] for column in plain]
        values += [rows[f"_{name}"].to_list() for name in self.keys]
        ids = bulk.next_ids(self.model, rows.height)
        bulk.insert(self.model, ("id", *fields), zip(ids, *values, strict=True))
        provided.changed(_units(rows), _proposals(self.model, list(ids)), by=context.by)
        return list(ids)

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        before = _proposals(self.model, cells["id"].to_list())
        named = cells.filter(pl.col("column").is_in(list(self.keys)))
        super().change(cells.filter(~pl.col("column").is_in(list(self.keys))), context)
        for (name,), part in named.group_by("column", maintain_order=True):
            frame = part.select("id", "unit_id", pl.col("new").alias(str(name)))
            known = self.numbers(frame)[str(name)][1]
            keys = (known.get((unit, text)) for unit, text in frame.select("unit_id", str(name)).iter_rows())
            bulk.update(self.model, (self.keys[str(name)],), zip(part["id"], keys, strict=True))
        after = _proposals(self.model, cells["id"].to_list())
        provided.changed(_units(cells), before | after, by=context.by)

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        units = list(self.model._base_manager.filter(pk__in=list(ids)).values_list("unit_id", flat=True).distinct())
        named = _proposals(self.model, ids)
        kept = super().remove(ids, context)
        provided.changed(units, named, by=context.by)
        return kept

    def _field(self, column: Column) -> str:
        field = self.model._meta.get_field(column.orm_path)
        return str(getattr(field, "attname", field.name))


class PaymentWriter(LedgerWriter):
    """Payments."""

    model, columns, key, subject_type = Payment, headed.PAYMENT, headed.PAYMENT_KEY, PAYMENT_TYPE

    def further(self, frame: pl.DataFrame) -> Iterable[pl.DataFrame]:
        texts = _texts(frame, "contract_number")
        known = Contract.objects.filter(unit_id__among=_units(frame), number__among=texts)
        there = set(known.values_list("unit_id", "number"))
        keys = frame.select("unit_id", "contract_number").iter_rows()
        lacking = pl.Series([text is not None and (unit, text) not in there for unit, text in keys], dtype=pl.Boolean)
        yield _problems(frame, "W621", "contract_number", pl.lit(lacking))


class ContractWriter(LedgerWriter):
    """Contracts."""

    model, columns, key, subject_type = Contract, headed.CONTRACT, headed.CONTRACT_KEY, CONTRACT_TYPE


class AppointmentWriter(LedgerWriter):
    """Appointments; a number of the school's staff says which person, never the name."""

    model, columns, key, subject_type = Appointment, headed.APPOINTMENT, headed.APPOINTMENT_KEY, APPOINTMENT_TYPE
    keys: ClassVar[Mapping[str, str]] = {"proposal": "proposal_id", "staff_no": "person_id"}

    def numbers(self, frame: pl.DataFrame) -> dict[str, tuple[str, dict[Number, int]]]:
        found = super().numbers(frame) if "proposal" in frame.columns else {}
        if "staff_no" in frame.columns:
            known = _posts(frame)
            found["staff_no"] = ("P624", {key: person for key, (person, _name) in known.items()})
        return found

    def further(self, frame: pl.DataFrame) -> Iterable[pl.DataFrame]:
        known = {key: name for key, (_person, name) in _posts(frame).items()}
        names = [known.get((unit, text)) for unit, text in frame.select("unit_id", "staff_no").iter_rows()]
        named = frame.with_columns(_known=pl.Series(names, dtype=pl.String))
        differs = pl.col("_known").is_not_null() & pl.col("name").is_not_null() & (pl.col("_known") != pl.col("name"))
        yield _problems(named, "P625", "staff_no", differs, other=pl.col("_known"))

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        frame = super().current(ids, reveal=reveal)
        persons = {int(text) for text in frame["staff_no"].drop_nulls()}
        units = {int(text) for text in frame["unit"].drop_nulls()}
        posts = StaffPost.objects.filter(school_id__among=units, person_id__among=persons).order_by("started_on", "pk")
        numbers = {
            (str(unit), str(person)): text
            for unit, person, text in posts.values_list("school_id", "person_id", "staff_no")
        }
        texts = [numbers.get(key) for key in frame.select("unit", "staff_no").iter_rows()]
        return frame.with_columns(pl.Series("staff_no", texts, dtype=pl.String))


def _posts(frame: pl.DataFrame) -> dict[Number, tuple[int, str]]:
    """(school, staff number) → person and name; the latest post where a number was given again."""
    posts = StaffPost.objects.filter(school_id__among=_units(frame), staff_no__among=_texts(frame, "staff_no"))
    rows = posts.order_by("started_on", "pk").values_list("school_id", "staff_no", "person_id", "person__name")
    return {(unit, text): (person, name) for unit, text, person, name in rows}


def _proposals(model: Any, ids: Sequence[int]) -> set[int]:
    """The proposals that these rows name."""
    rows = model._base_manager.filter(pk__among=ids, proposal__isnull=False)
    return set(rows.order_by().values_list("proposal_id", flat=True).distinct())


def _units(frame: pl.DataFrame) -> list[int]:
    return [int(pk) for pk in frame["unit_id"].drop_nulls().unique()]


def _texts(frame: pl.DataFrame, name: str) -> list[str]:
    return [str(text) for text in frame[name].drop_nulls().unique()]


def _problems(
    frame: pl.DataFrame, code: str, column: str, when: pl.Expr, *, other: pl.Expr | None = None
) -> pl.DataFrame:
    broken = frame.filter(when.fill_null(value=False))
    other = pl.lit(None, dtype=pl.String) if other is None else other
    nothing = pl.lit(None, dtype=pl.String)
    return broken.select(
        row=pl.col("row").cast(pl.UInt32),
        column=pl.lit(column),
        code=pl.lit(code),
        value=nothing,
        other=other,
        suggestion=nothing,
    ).select(list(PROBLEM_SCHEMA))
