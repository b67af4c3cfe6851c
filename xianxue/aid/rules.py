"""Decisions about aid: facts in, an answer out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Rate:
    """A line of the rate card; empty stage or tier: for all."""

    programme_id: int
    stage: str
    tier: str
    amount_fen: int
    valid_from: date
    valid_to: date | None


def amounts_on_card(rates: Iterable[Rate], *, programme_id: int, stage: str, tier: str, on: date) -> set[int]:
    """The amounts in 分 that the card knows for a grant on a day; a stage that is not known fits every line."""
    return {
        rate.amount_fen
        for rate in rates
        if rate.programme_id == programme_id
        and rate.tier in {"", tier}
        and (not stage or rate.stage in {"", stage})
        and rate.valid_from <= on
        and (rate.valid_to is None or on <= rate.valid_to)
    }
