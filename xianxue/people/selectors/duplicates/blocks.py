"""Which pairs are worth comparing: records that share a key. Set by set, never every record with every other."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import polars as pl

from xianxue.kernel.crypto import digest
from xianxue.people.choices import DuplicateKind
from xianxue.people.rules.duplicates import Table, scored, weights
from xianxue.people.selectors.duplicates.material import Material

BASIS = ("name", "born", "sex", "phone", "student_no", "documents", "guardians")


@dataclass(frozen=True)
class Compared:
    """`pairs`: those offered (`a_id`, `b_id`, `score`, `facts`, `kind`, `spans_schools`, `basis`).

    `count`: how many pairs were compared; `skipped`: how many keys were left out, because too many records share them.
    """

    pairs: pl.DataFrame
    count: int
    skipped: int


def compare(found: Material, touched: Collection[int] | None = None) -> Compared:
    """All pairs of the material that the rules would offer; only pairs with one of `touched`, when it is given."""
    table = weights()
    pairs, skipped = _candidates(found, table, touched)
    wide = _side_by_side(pairs, found.portraits)
    offered = scored(wide, table).filter(pl.col("score") >= table.offered)
    marked = offered.with_columns(kind=_kind(), spans_schools=_spans())
    basis = [digest("duplicate", _told(row)) for row in _basis_rows(marked)]
    kept = marked.select("a_id", "b_id", "score", "facts", "kind", "spans_schools")
    return Compared(kept.with_columns(basis=pl.Series(basis, dtype=pl.String)), pairs.height, skipped)


def _candidates(found: Material, table: Table, touched: Collection[int] | None) -> tuple[pl.DataFrame, int]:
    wanted = None if touched is None else pl.Series("id", sorted(touched), dtype=pl.Int64)
    pairs, skipped = [], 0
    for keys in _keys(found):
        sized = keys.drop_nulls("key").unique().with_columns(size=pl.len().over("key"))
        sized = sized.filter(pl.col("size") > 1)
        skipped += sized.filter(pl.col("size") > table.largest_group)["key"].n_unique()
        small = sized.filter(pl.col("size") <= table.largest_group).select("id", "key")
        both = small.join(small, on="key").filter(pl.col("id") < pl.col("id_right"))
        if wanted is not None:
            both = both.filter(pl.col("id").is_in(wanted.implode()) | pl.col("id_right").is_in(wanted.implode()))
        pairs.append(both.select(a_id="id", b_id="id_right").unique())
    return pl.concat(pairs).unique().sort("a_id", "b_id"), skipped


def _keys(found: Material) -> Iterator[pl.DataFrame]:
    """Frames of `id` and `key`; records that share a key are compared."""
    people = found.portraits
    yield people.select("id", key=pl.col("documents")).explode("key")
    yield pl.concat([people.select("id", key="id18"), people.select("id", key="body")])
    yield people.select("id", key=pl.col("papers")).explode("key")
    named = found.names.join(people, on="id")
    for other in (("born",), ("phone",), ("address",), ("date", "order"), ("area", "order"), ("digits",)):
        yield _joined(named, "alias", *other)
    for many in ("guardian_names", "guardian_phones", "guardians", "partners", "wards"):
        each = named.select("id", "alias", pl.col(many)).explode(many).drop_nulls(many)
        yield _joined(each.with_columns(pl.col(many).cast(pl.String)), "alias", many)
    # Renamed children, and adults under another name.
    yield _joined(people, "born", "sex", "phone")
    for many in ("guardians", "guardian_phones"):
        each = people.select("id", "born", "sex", pl.col(many)).explode(many).drop_nulls(many)
        yield _joined(each.with_columns(pl.col(many).cast(pl.String)), "born", "sex", many)


def _joined(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Keys of several columns; none where one of them is missing."""
    return frame.select("id", key=pl.concat_str(names, separator="/"))


def _side_by_side(pairs: pl.DataFrame, portraits: pl.DataFrame) -> pl.DataFrame:
    first = portraits.rename({name: f"a_{name}" for name in portraits.columns})
    second = portraits.rename({name: f"b_{name}" for name in portraits.columns})
    return pairs.join(first, on="a_id", maintain_order="left").join(second, on="b_id", maintain_order="left")


def _kind() -> pl.Expr:
    said = pl.lit(DuplicateKind.MIXED.value)
    for kind in (DuplicateKind.GUARDIAN, DuplicateKind.STAFF, DuplicateKind.PUPIL):
        both = pl.col(f"a_is_{kind}") & pl.col(f"b_is_{kind}")
        said = pl.when(both).then(pl.lit(kind.value)).otherwise(said)
    return said


def _spans() -> pl.Expr:
    """Whether the two are not kept by one and the same school."""
    union = pl.concat_list(pl.col("a_schools", "b_schools").fill_null([])).list.n_unique()
    return union != 1


def _basis_rows(marked: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    return marked.select(f"{side}_{name}" for side in "ab" for name in BASIS).iter_rows()


def _told(values: tuple[object, ...]) -> str:
    return "\x1f".join(str(value) for value in values)
