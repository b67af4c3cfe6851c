"""What speaks for two records being one person, and what against: the table of weights, and the facts of many pairs.

Every fact is an expression over a frame of pairs, where the columns of the one record begin with `a_`, of the other with
`b_`. What is missing on one side speaks neither way. Basis: the table in `data/duplicates.toml`, with its reasons.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import polars as pl

Fact = tuple[str, int]
"""Code and weight, as a pair keeps them."""


@dataclass(frozen=True)
class Weight:
    """One line of the table: `group` is of what at most one fact counts."""

    code: str
    group: str
    label: str
    weight: int
    m: float
    u: float
    reason: str


@dataclass(frozen=True)
class Table:
    """The weights, and from which score on a pair is put before people."""

    version: str
    source: str
    offered: int
    likely: int
    rare_name: int
    common_name: int
    largest_group: int
    facts: Mapping[str, Weight]


@cache
def weights() -> Table:
    """The table that comes with this release."""
    file = resources.files("xianxue.people").joinpath("data/duplicates.toml")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    facts = {item["code"]: Weight(**item) for item in data.pop("facts")}
    return Table(**data, facts=facts)


def _both(name: str) -> tuple[pl.Expr, pl.Expr]:
    return pl.col(f"a_{name}"), pl.col(f"b_{name}")


def _same(name: str) -> pl.Expr:
    a, b = _both(name)
    return a == b


def _differ(name: str) -> pl.Expr:
    a, b = _both(name)
    return a != b


def _share(name: str) -> pl.Expr:
    """Whether two lists have a value in common."""
    a, b = _both(name)
    return a.list.set_intersection(b).list.len() > 0


def _any_way(left: str, right: str) -> pl.Expr:
    """Whether `left` of either record equals `right` of the other."""
    return (pl.col(f"a_{left}") == pl.col(f"b_{right}")) | (pl.col(f"b_{left}") == pl.col(f"a_{right}"))


def _number_facts() -> Iterable[tuple[str, pl.Expr]]:
    sound = pl.all_horizontal(pl.col("a_id18", "b_id18").is_not_null())
    similar = (_same("digits") & (_places_apart() == 2)) | (_same("date") & _same("order"))
    yield "same_number", _share("documents")
    yield "body_number", _any_way("id18", "body")
    yield "similar_number", sound & _differ("id18") & similar
    yield "different_number", pl.col("a_documents").list.len().gt(0) & pl.col("b_documents").list.len().gt(0)
    # The formal number is made of the ID number: said once.
    yield "two_formal_numbers", _differ("formal_no")


def _places_apart() -> pl.Expr:
    """At how many of the 17 places before the check character two ID numbers differ."""
    a, b = _both("id18")
    return pl.sum_horizontal((a.str.slice(place, 1) != b.str.slice(place, 1)) for place in range(17))


def _near(name: str) -> pl.Expr:
    """Dates as eight digits of which two of year, month and day agree, or with month and day exchanged."""
    a, b = _both(name)
    parts = [(a.str.slice(start, size), b.str.slice(start, size)) for start, size in ((0, 4), (4, 2), (6, 2))]
    (year_a, year_b), (month_a, month_b), (day_a, day_b) = parts
    agreeing = sum((left == right).cast(pl.Int8) for left, right in parts)
    return (agreeing == 2) | ((year_a == year_b) & (month_a == day_b) & (day_a == month_b))


def _name_facts(table: Table) -> Iterable[tuple[str, pl.Expr]]:
    bearers = pl.col("a_bearers")
    yield "rare_name", _same("name") & (bearers <= table.rare_name)
    yield "common_name", _same("name") & (bearers >= table.common_name)
    yield "same_name", _same("name")
    yield "former_name", _any_way("name", "former")
    yield "same_sound", _same("pinyin")
    yield "similar_name", _same("surname") & (_shared_characters() >= 2)
    yield "other_name", _differ("name")


def _shared_characters() -> pl.Expr:
    a, b = _both("name")
    return a.str.split("").list.set_intersection(b.str.split("")).list.len()


def _schooling_facts() -> Iterable[tuple[str, pl.Expr]]:
    a_cohort, b_cohort = _both("cohort")
    follow = (pl.col("a_ended") <= pl.col("b_entered")) | (pl.col("b_ended") <= pl.col("a_entered"))
    yield "cohorts_apart", (a_cohort - b_cohort).abs() >= 2
    yield "one_after_the_other", follow
    yield "same_classroom", _same("classroom")


def _twins(named_alike: pl.Expr) -> pl.Expr:
    """Born on one day into one household, under different names."""
    household = [_share("guardians"), _share("guardian_names"), _share("guardian_phones"), _same("phone")]
    one_household = pl.any_horizontal(item.fill_null(value=False) for item in household)
    return (_same("born") & one_household & ~named_alike).fill_null(value=False)


def _parent_and_child() -> pl.Expr:
    one, other = (
        pl.col("a_guardians").list.contains(pl.col("b_id")),
        pl.col("b_guardians").list.contains(pl.col("a_id")),
    )
    return one | other


def _groups(table: Table) -> Iterable[Sequence[tuple[str, pl.Expr]]]:
    """The groups of facts; of each the first that holds counts."""
    names = list(_name_facts(table))
    alike = {"rare_name", "common_name", "same_name", "former_name", "same_sound"}
    named_alike = pl.any_horizontal(when.fill_null(value=False) for code, when in names if code in alike)
    twins = _twins(named_alike)
    one_is_adult = (pl.col("a_at_school") & pl.col("b_is_adult")) | (pl.col("b_at_school") & pl.col("a_is_adult"))
    lists = (pl.col("a_guardians").list.len() > 0) & (pl.col("b_guardians").list.len() > 0)
    numbers = list(_number_facts())
    # What a number says of birth date and sex is said once.
    apart = {"different_number", "two_formal_numbers"}
    known = pl.any_horizontal(when.fill_null(value=False) for code, when in numbers if code not in apart)
    matching = pl.any_horizontal(when.fill_null(value=False) for code, when in numbers[:2])
    order = _same("area") & _same("date") & _neighbours() & ~named_alike
    yield numbers
    yield names
    yield [
        ("same_birth", _same("born") & ~matching),
        ("near_birth", _near("born") & ~known),
        ("other_birth", _differ("born") & (~known | matching)),
    ]
    yield [("same_sex", _same("sex") & ~matching), ("other_sex", _differ("sex"))]
    # Of twins the household is one fact: that they share it is why they are taken for twins.
    yield [("same_phone", _same("phone") & ~twins)]
    yield [
        ("same_guardian", _share("guardians") & ~twins),
        ("same_guardian_name", _share("guardian_names") & ~twins),
        ("same_guardian_phone", _share("guardian_phones") & ~twins),
        ("other_guardians", lists & ~twins),
    ]
    yield [("same_partner", _share("partners")), ("same_ward", _share("wards"))]
    yield [("same_address", _same("address") & ~twins)]
    yield [("same_paper", _share("papers"))]
    yield list(_schooling_facts())
    yield [("parent_and_child", _parent_and_child()), ("twins", twins)]
    yield [("consecutive_numbers", order)]
    yield [("child_and_adult", one_is_adult)]


def _neighbours() -> pl.Expr:
    """Whether the order numbers of one area and day are at most two apart (boys have odd, girls even ones)."""
    a, b = _both("order")
    difference = (a.cast(pl.Int32, strict=False) - b.cast(pl.Int32, strict=False)).abs()
    return (difference > 0) & (difference <= 2)


def scored(pairs: pl.DataFrame, table: Table | None = None) -> pl.DataFrame:
    """The pairs with `score`, and `facts`: the codes that hold, in the order of the table's groups."""
    table = table or weights()
    columns = []
    for place, group in enumerate(_groups(table)):
        said = pl.lit(None, dtype=pl.String)
        for code, when in reversed(group):
            said = pl.when(when.fill_null(value=False)).then(pl.lit(code)).otherwise(said)
        columns.append(said.alias(f"_{place}"))
    known = {code: item.weight for code, item in table.facts.items()}
    marked = pairs.with_columns(columns)
    names = [f"_{place}" for place in range(len(columns))]
    weighed = [pl.col(name).replace_strict(known, default=0, return_dtype=pl.Int16) for name in names]
    return marked.with_columns(score=pl.sum_horizontal(weighed), facts=pl.concat_list(names).list.drop_nulls()).drop(
        names
    )


def told(codes: Iterable[str]) -> list[Fact]:
    """Codes with their weights, as a pair keeps them."""
    table = weights()
    return [(code, table.facts[code].weight) for code in codes]


def strength(score: int) -> str:
    """`likely`, or `possible`: how a pair is sorted, never what is done with it."""
    return "likely" if score >= weights().likely else "possible"
