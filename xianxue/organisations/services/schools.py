"""Schools and kindergartens, each with its unit of the tree."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import Context, Resolution, Writer
from xianxue.organisations.access import KEEPS_SCHOOLS
from xianxue.organisations.choices import SCHOOL_KINDS, UnitKind
from xianxue.organisations.models import School, Unit
from xianxue.organisations.services.removal import referenced

KINDERGARTEN_TYPE = "111"
OF_UNIT = ("name", "code", "short_name", "opened_on")
OF_SCHOOL = (
    *("school_type", "ownership", "locality", "stages", "township", "is_boarding"),
    *("address", "head_name", "phone"),
)
DEFAULTS = {"ownership": "public"}


def _value(name: str, text: str | None) -> Any:
    if name == "opened_on":
        return text
    if name == "is_boarding":
        return text == "1"
    return text or DEFAULTS.get(name, "")


def _kind(school_type: str | None) -> UnitKind:
    return UnitKind.KINDERGARTEN if school_type == KINDERGARTEN_TYPE else UnitKind.SCHOOL


class SchoolWriter(Writer):
    """Schools; a record's `id` is the unit's. A new school belongs to the county until it is there."""

    subject_type = "organisations.school"
    grant = KEEPS_SCHOOLS

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        with whole_county("学校标识码全县唯一"):
            codes = rows["code"].drop_nulls().to_list()
            known = dict(Unit.objects.filter(code__in=codes, kind__in=SCHOOL_KINDS).values_list("code", "pk"))
            county = self._county(context)
        found = rows["code"].replace_strict(known, default=None, return_dtype=pl.Int64)
        found = found.fill_null(context.records(rows))
        return Resolution(
            rows.select("row").with_columns(id=found, unit_id=pl.coalesce(found, pl.lit(county, dtype=pl.Int64)))
        )

    def _county(self, context: Context) -> int | None:
        """The county of new schools: the one above the sender's own unit, or the only one there is."""
        counties = list(Unit.objects.filter(kind=UnitKind.COUNTY).values_list("pk", flat=True)[:2])
        return counties[0] if len(counties) == 1 else context.unit_id

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        paths = (*(f"unit__{name}" for name in OF_UNIT), *OF_SCHOOL)
        rows = [
            (pk, *map(_text, values))
            for pk, *values in School.objects.filter(pk__in=list(ids)).values_list("pk", *paths)
        ]
        schema = {"id": pl.Int64} | dict.fromkeys((*OF_UNIT, *OF_SCHOOL), pl.String)
        return pl.DataFrame(rows, schema=schema, orient="row")

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        if rows["unit_id"].null_count():
            raise Refused(_("未能登记学校：还没有登记县，或有不止一个县。请先由系统管理员登记所属的县。"))
        with whole_county("登记学校"):
            paths = dict(Unit.objects.filter(pk__in=rows["unit_id"].unique().to_list()).values_list("pk", "path"))
        ids = list(bulk.next_ids(Unit, rows.height))
        units, schools = [], []
        for pk, row in zip(ids, rows.iter_rows(named=True), strict=True):
            place = (_kind(row["school_type"]), row["unit_id"], f"{paths[row['unit_id']]}{pk}/")
            units.append((pk, *place, *(_value(name, row[name]) for name in OF_UNIT), None))
            schools.append((pk, *(_value(name, row[name]) for name in OF_SCHOOL)))
        bulk.insert(Unit, ("id", "kind", "parent", "path", *OF_UNIT, "closed_on"), units)
        bulk.insert(School, ("unit", *OF_SCHOOL), schools)
        return ids

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        for (name,), part in cells.group_by("column", maintain_order=True):
            column = str(name)
            rows = [(pk, _value(column, text)) for pk, text in part.select("id", "new").iter_rows()]
            bulk.update(Unit if column in OF_UNIT else School, (column,), rows)
            if column == "school_type":
                bulk.update(Unit, ("kind",), ((pk, _kind(school_type)) for pk, school_type in rows))

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        with whole_county("撤回导入"):
            kept = referenced(Unit, ids, apart_from=(School,)) | referenced(School, ids)
        gone = [pk for pk in ids if pk not in kept]
        bulk.delete(School, "unit", gone)
        bulk.delete(Unit, "id", gone)
        return kept


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value) if value not in (None, "") else None
