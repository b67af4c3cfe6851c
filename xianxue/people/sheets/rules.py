"""Rules that the sheets of pupils and staff share: identity documents, and what they say of sex and birth."""

import polars as pl

from xianxue.kernel.columns.types.identity import birth_date, is_id_number, number_checks
from xianxue.kernel.sheets.sheet import Rule
from xianxue.people.choices import IdentifierKind, Sex

# Without a kind, a long run of digits is meant as a resident's ID number, whatever its length.
LONG_DIGITS = r"^\d{12,}X?$"


def _is_id_card(number: str, kind: str | None) -> pl.Expr:
    """Whether the number claims to be a resident's: by its kind, or by its form where no kind is asked for."""
    if kind is None:
        return pl.col(number).str.contains(LONG_DIGITS)
    return pl.col(kind).is_null() | (pl.col(kind) == IdentifierKind.ID_CARD)


def document_rules(number: str, kind: str | None = None) -> tuple[Rule, ...]:
    """A resident's ID number is checked by its own arithmetic; other documents have none."""
    codes = [check.code for check in number_checks(pl.col(number))]

    def broken(place: int) -> pl.Expr:
        checks = [check.when.fill_null(value=False) for check in number_checks(pl.col(number))]
        first = ~pl.any_horizontal(pl.lit(value=False), *checks[:place])
        return _is_id_card(number, kind) & checks[place] & first

    def shapeless() -> pl.Expr:
        checks = [check.when.fill_null(value=False) for check in number_checks(pl.col(number))]
        return _is_id_card(number, kind) & ~pl.any_horizontal(checks) & ~is_id_number(pl.col(number))

    rules = [Rule(code, (number,), lambda place=place: broken(place)) for place, code in enumerate(codes)]  # type: ignore[misc]  # a default argument of a lambda
    return (*rules, Rule("P111", (number,), shapeless))


def identity_rules(number: str, kind: str | None = None) -> tuple[Rule, ...]:
    """Birth date and sex against the ID number; the number is the likelier to be right, for its digits are checked."""

    def sound() -> pl.Expr:
        return _is_id_card(number, kind) & is_id_number(pl.col(number))

    def said_sex() -> pl.Expr:
        is_odd = pl.col(number).str.slice(16, 1).cast(pl.Int8, strict=False) % 2 == 1
        return pl.when(is_odd).then(pl.lit(str(Sex.MALE))).otherwise(pl.lit(str(Sex.FEMALE)))

    def said_sex_label() -> pl.Expr:
        return said_sex().replace_strict({str(sex): str(sex.label) for sex in Sex}, return_dtype=pl.String)

    def said_date() -> pl.Expr:
        return birth_date(pl.col(number)).dt.strftime("%Y-%m-%d")

    return (
        Rule("P311", ("born_on", number), lambda: sound() & (said_date() != pl.col("born_on")), said_date, said_date),
        Rule(
            "P312",
            ("sex", number),
            lambda: sound() & pl.col("sex").is_in([Sex.MALE, Sex.FEMALE]) & (said_sex() != pl.col("sex")),
            said_sex_label,
            said_sex_label,
        ),
    )
