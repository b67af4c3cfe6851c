"""The writer of a plain register: one model, one row of it for every row of the sheet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import polars as pl
from django.db import models
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.access import EVERY_UNIT, Grant, current_reach, nobody
from xianxue.kernel.columns import Column
from xianxue.kernel.crypto import digest
from xianxue.kernel.resources.constraints import refused_by_checks
from xianxue.kernel.sheets import Context, Resolution, Writer


class ModelWriter(Writer):
    """Writes the rows of one model whose fields are the sheet's columns (path, else name, of each column).

    Give `model`, `columns` and `key`, the same as the sheet's; `defaults` for fields that the sheet has not.
    The model belongs to no unit, or `unit_field` names the field with the unit's key. Rows that other rows need stay
    when an import is undone.
    """

    model: ClassVar[type[models.Model]]
    columns: ClassVar[tuple[Column, ...]]
    key: ClassVar[tuple[tuple[str, ...], ...]]
    defaults: ClassVar[Mapping[str, Any]] = {}
    unit_field: ClassVar[str] = ""
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
        found = pl.Series("id", [None] * rows.height, dtype=pl.Int64)
        for group in self.key:
            found = found.fill_null(self._matched(rows, group))
        if context.record_id is not None:
            # The keys speak first: a number that is another record's must be seen to be.
            found = found.fill_null(context.record_id)
        units = self._units(rows, found.to_list())
        return Resolution(
            rows.select("row").with_columns(found, pl.Series("unit_id", units, dtype=pl.Int64)),
        )

    def _matched(self, rows: pl.DataFrame, group: tuple[str, ...]) -> pl.Series:
        """Primary keys by one group of key columns; null where the group is not complete or unknown."""
        wanted = [key if None not in key else None for key in rows.select(group).iter_rows()]
        by_key: dict[tuple[str | None, ...], int] = {}
        columns = [self._column(name) for name in group]
        first, texts = columns[0], {key[0] for key in wanted if key}
        values = {first.type.to_python(text) for text in texts}
        candidates = self.rows().filter(**{f"{first.orm_path}__in": values})
        for pk, *parts in candidates.values_list("pk", *(column.orm_path for column in columns)):
            by_key[tuple(column.type.from_python(part) for column, part in zip(columns, parts, strict=True))] = pk
        return pl.Series("id", [by_key.get(key) if key else None for key in wanted], dtype=pl.Int64)

    def _units(self, rows: pl.DataFrame, ids: list[int | None]) -> list[int | None]:
        if not self.unit_field:
            return [None] * rows.height
        known = dict(self.model._base_manager.filter(pk__in=filter(None, ids)).values_list("pk", self.unit_field))
        column = next((item for item in self.columns if _attname(self.model, item) == self.unit_field), None)
        given = rows[column.name].to_list() if column else [None] * rows.height
        return [known.get(pk) if pk else int(text) if text else None for pk, text in zip(ids, given, strict=True)]

    def refused(self, rows: pl.DataFrame, names: Collection[str], *, blank_clears: bool) -> pl.DataFrame:
        known = {field.name for field in self.model._meta.concrete_fields}
        fields = [
            (column, _attname(self.model, column))
            for column in self.columns
            if column.name in names and column.orm_path in known
        ]
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
        made = []
        for row in rows.iter_rows(named=True):
            values = {_attname(self.model, column): self._value(column, row[column.name]) for column in self.columns}
            made.append(self.model(**self.defaults, **values, **self.derived(values, context)))
        return [row.pk for row in self.model._base_manager.bulk_create(made)]

    def derived(self, values: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Values of further fields of a new row, from those of the sheet."""
        return {}

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        for (name,), part in cells.group_by("column", maintain_order=True):
            column = self._column(str(name))
            values = (self._value(column, text) for text in part["new"])
            bulk.update(self.model, [_attname(self.model, column)], zip(part["id"], values, strict=True))

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
