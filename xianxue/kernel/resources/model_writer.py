"""The writer of a plain register: one model, one row of it for every row of the sheet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import polars as pl
from django.db import models
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.access import EVERY_UNIT, Grant, current_reach, nobody
from xianxue.kernel.columns import Column
from xianxue.kernel.crypto import digest
from xianxue.kernel.resources.constraints import refused_by_checks
from xianxue.kernel.sheets import Context, Lookup, Resolution, SumRule, Writer, problem_frame


class ModelWriter(Writer):
    """Writes the rows of one model whose fields are the sheet's columns (path, else name, of each column).

    Give `model`, `columns` and `key`, the same as the sheet's; `defaults` for fields that the sheet has not; `lookups` for
    columns that name a record by its number within the row's unit; `sums` for what rows must add up to.
    The model belongs to no unit, or `unit_field` is the path of the unit's key. Columns that are no field of the model,
    and no lookup fills, are only compared. Rows that other rows need stay when an import is undone.
    """

    model: ClassVar[type[models.Model]]
    columns: ClassVar[tuple[Column, ...]]
    key: ClassVar[tuple[tuple[str, ...], ...]]
    defaults: ClassVar[Mapping[str, Any]] = {}
    unit_field: ClassVar[str] = ""
    lookups: ClassVar[tuple[Lookup, ...]] = ()
    sums: ClassVar[tuple[SumRule, ...]] = ()
    grant: ClassVar[Grant] = nobody

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.subject_type and hasattr(cls, "model"):
            cls.subject_type = cls.model._meta.label_lower

    def rows(self) -> "models.QuerySet[Any]":
        """Rows that the sender may match and change."""
        found = self.model._default_manager.all()
        scope = self.grant.scope(current_reach())
        return found.filter(scope.q(self.unit_field)) if self.unit_field and scope != EVERY_UNIT else found

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        keyed = {name for group in self.key for name in group}
        given = rows.with_columns(pl.Series("unit_id", self._given_units(rows), dtype=pl.Int64))
        # What a key is made of must be known before rows are matched; the rest belongs to the unit of the record.
        for lookup in self.lookups:
            given = lookup.joined(given) if lookup.column in keyed else given
        ids = pl.Series("id", [None] * rows.height, dtype=pl.Int64)
        for group in self.key:
            ids = ids.fill_null(self._matched(given, group))
        # The keys speak first: a number that is another record's must be seen to be.
        ids = ids.fill_null(context.records(rows))
        units = self._units(given, ids.to_list())
        frame = given.with_columns(ids, pl.Series("unit_id", units, dtype=pl.Int64))
        for lookup in self.lookups:
            frame = frame if lookup.column in keyed else lookup.joined(frame)
        problems = [found for lookup in self.lookups for found in lookup.problems(frame)]
        problems += [self._added_up(rule, frame) for rule in self.sums]
        own = [name for name in frame.columns if name.startswith("_")]
        return Resolution(frame.select("row", "id", "unit_id", *own), problem_frame([*problems, *self.further(frame)]))

    def further(self, frame: pl.DataFrame) -> Iterable[pl.DataFrame]:
        """Further problems of the rows, matched and looked up: frames as `problem_rows` makes them."""
        return ()

    def _matched(self, rows: pl.DataFrame, group: tuple[str, ...]) -> pl.Series:
        """Primary keys by one group of key columns; null where the group is not complete or unknown."""
        columns = [self._column(name) for name in group]
        looked = [self._filled.get(name) for name in group]
        names = [lookup.into if lookup else name for name, lookup in zip(group, looked, strict=True)]
        paths = [lookup.fills if lookup else column.orm_path for lookup, column in zip(looked, columns, strict=True)]
        wanted = [key if None not in key else None for key in rows.select(names).iter_rows()]
        by_key: dict[tuple[Any, ...], int] = {}
        candidates = self._named_by(paths, columns, looked, {key for key in wanted if key})
        for pk, *parts in candidates.values_list("pk", *paths):
            texts = (
                part if lookup else column.type.from_python(part)
                for part, lookup, column in zip(parts, looked, columns, strict=True)
            )  # fmt: skip
            by_key[tuple(texts)] = pk
        return pl.Series("id", [by_key.get(key) if key else None for key in wanted], dtype=pl.Int64)

    def _named_by(
        self, paths: Sequence[str], columns: Sequence[Column], looked: Sequence[Lookup | None], keys: Collection[Any]
    ) -> "models.QuerySet[Any]":
        """Rows that have, in every field of a key, one of the values asked for: of a ledger of years only a few."""
        found = self.rows() if keys else self.rows().none()
        for place, (path, column, lookup) in enumerate(zip(paths, columns, looked, strict=True)):
            texts = {key[place] for key in keys}
            values = texts if lookup else {column.type.to_python(text) for text in texts}
            if all(type(value) in (int, str) for value in values):
                found = found.filter(**{f"{path}__among": values})
            elif place == 0:
                found = found.filter(**{f"{path}__in": values})
        return found

    @cached_property
    def _filled(self) -> dict[str, Lookup]:
        """Lookups whose key is written into a field, by column."""
        return {lookup.column: lookup for lookup in self.lookups if lookup.fills}

    @cached_property
    def _fields(self) -> dict[str, tuple[Column, str]]:
        """Columns that are fields of the model as they are, each with its attribute."""
        known = {name for field in self.model._meta.concrete_fields for name in (field.name, field.attname)}
        plain = [column for column in self.columns if column.name not in self._filled and column.orm_path in known]
        return {column.name: (column, _attname(self.model, column)) for column in plain}

    def _given_units(self, rows: pl.DataFrame) -> list[int | None]:
        paths = {self.unit_field, self.unit_field.removesuffix("_id")} - {""}
        column = next((item for item in self.columns if item.orm_path in paths), None)
        return [int(text) if text else None for text in rows[column.name]] if column else [None] * rows.height

    def _units(self, rows: pl.DataFrame, ids: list[int | None]) -> list[int | None]:
        """The unit of each row: that of its record, else that which it names (`unit_id`)."""
        if not self.unit_field:
            return [None] * rows.height
        known = dict(self.model._base_manager.filter(pk__among=filter(None, ids)).values_list("pk", self.unit_field))
        return [known.get(pk) if pk else unit for pk, unit in zip(ids, rows["unit_id"], strict=True)]

    def _added_up(self, rule: SumRule, frame: pl.DataFrame) -> pl.DataFrame:
        group, column = self._column(rule.group), self._column(rule.column)
        keys = {group.type.to_python(text) for text in frame[rule.group].drop_nulls()}
        found = self.model._base_manager.filter(**{f"{group.orm_path}__among": keys})
        rows = [
            (pk, group.type.from_python(key), column.type.from_python(value))
            for pk, key, value in found.values_list("pk", group.orm_path, column.orm_path)
        ]
        schema = {"id": pl.Int64, rule.group: pl.String, rule.column: pl.String}
        return rule.problems(frame, pl.DataFrame(rows, schema=schema, orient="row"), column.display)

    def refused(self, rows: pl.DataFrame, names: Collection[str], *, blank_clears: bool) -> pl.DataFrame:
        fields = [known for name, known in self._fields.items() if name in names]
        return refused_by_checks(self.model, fields, rows, rows["id"].to_list(), blank_clears=blank_clears)

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        names = [column.orm_path for column in self.columns]
        found = self.model._base_manager.filter(pk__in=list(ids)).order_by("pk").values_list("pk", *names)
        data: list[list[Any]] = [[pk, *self._texts(values, reveal)] for pk, *values in found]
        schema = {"id": pl.Int64, **{column.name: pl.String for column in self.columns}}
        return pl.DataFrame(data, schema=schema, orient="row")

    def _texts(self, values: Iterable[Any], reveal: Collection[str]) -> list[str | None]:
        texts = []
        for column, value in zip(self.columns, values, strict=True):
            text = column.type.from_python(value)
            hidden = column.sealed and column.name not in reveal and text is not None
            texts.append(digest(column.digest_space, text) if hidden and text else text)
        return texts

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        values = self.values_of(rows)
        records = [self.model(**dict(zip(values, row, strict=True))) for row in zip(*values.values(), strict=True)]
        return [record.pk for record in self.model._base_manager.bulk_create(records)]

    def values_of(self, rows: pl.DataFrame) -> dict[str, list[Any]]:
        """What new rows hold, a field at a time: defaults, the sheet's columns, and what was looked up."""
        defaults = {name: [value] * rows.height for name, value in self.defaults.items()}
        given = {
            field: [self._value(column, text) for text in rows[column.name]] for column, field in self._fields.values()
        }
        looked = {lookup.fills: rows[lookup.into].to_list() for lookup in self._filled.values()}
        return {**defaults, **given, **looked}

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        for (name,), part in cells.group_by("column", maintain_order=True):
            if lookup := self._filled.get(str(name)):
                named = lookup.joined(part.select("id", "unit_id", pl.col("new").alias(lookup.column)))
                bulk.update(self.model, [lookup.fills], named.select("id", lookup.into).iter_rows())
            elif known := self._fields.get(str(name)):
                column, field = known
                values = (self._value(column, text) for text in part["new"])
                bulk.update(self.model, [field], zip(part["id"], values, strict=True))

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        kept: dict[int, str] = {}
        for relation in self.model._meta.related_objects:
            used = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": list(ids)})
            for pk in used.values_list(relation.field.attname, flat=True).distinct():
                kept[pk] = _("已被%(what)s引用，不能撤销。") % {"what": relation.related_model._meta.verbose_name}
        bulk.delete(self.model, "pk", [pk for pk in ids if pk not in kept])
        return kept

    def _column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def _value(self, column: Column, text: str | None) -> Any:
        value = column.type.to_python(text)
        field = self.model._meta.get_field(column.orm_path)
        return "" if value is None and not getattr(field, "null", False) else value


def _attname(model: type[models.Model], column: Column) -> str:
    field = model._meta.get_field(column.orm_path)
    return str(getattr(field, "attname", field.name))
