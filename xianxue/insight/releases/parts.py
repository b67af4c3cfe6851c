"""The additive parts of a release as one Parquet file: what a city or a province adds up without asking for a pupil."""

import io
from collections.abc import Iterator

import polars as pl

from xianxue.insight.releases.freezing import Counted
from xianxue.kernel.access import whole_county
from xianxue.organisations.models import Unit

SCHEMA: dict[str, type[pl.DataType]] = {
    "release": pl.String,
    "year": pl.Int32,
    "county": pl.String,
    "indicator": pl.String,
    "version": pl.Int32,
    "period": pl.String,
    "unit_id": pl.Int64,
    "unit_code": pl.String,
    "unit_kind": pl.String,
    "member": pl.String,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "rows": pl.Int64,
}


def parquet(number: str, year: int, county: str, counted: tuple[Counted, ...]) -> bytes:
    """One row for each indicator, unit and slice, in one order; never a ratio, never a person.

    `unit_id` is null for the whole of what does not add up. `denominator` is null where nothing is divided.
    """
    with whole_county("parts of a release"):
        units = {pk: (code, kind) for pk, code, kind in Unit.objects.values_list("pk", "code", "kind")}
    rows = [(number, year, county, *row) for one in counted for row in _rows(one, units)]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    stream = io.BytesIO()
    frame.sort("indicator", "unit_id", "member").write_parquet(stream, compression="zstd", statistics=False)
    return stream.getvalue()


def _rows(one: Counted, units: dict[int, tuple[str, str]]) -> Iterator[tuple[object, ...]]:
    item = one.item
    for (unit, member), tally in one.gathered.tallies.items():
        code, kind = units.get(unit, ("", "")) if unit is not None else ("", "")
        yield (
            *(item.code, item.version, one.period.key, unit, code, str(kind), member),
            *(tally.numerator, tally.denominator, tally.rows),
        )
