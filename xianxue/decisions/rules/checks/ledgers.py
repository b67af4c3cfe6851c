"""Checks of a school's ledgers: what should have been decided and was not, and what was split to stay below the limit."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Phase
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.checks.parts import SEVERITIES
from xianxue.decisions.rules.facts import Contracted, School, Spent
from xianxue.decisions.rules.outcomes import CHECKS, SCHOOL, Check
from xianxue.kernel.checks.choices import Certainty
from xianxue.kernel.checks.outcomes import Failure, Outcome, failed, skipped
from xianxue.meetings.rules.names import plain_name

Row = TypeVar("Row", Spent, Contracted)


@dataclass(frozen=True, slots=True)
class Limits:
    """From which amount on (分, inclusive) a row needs a decision, and which rows were decided before they happened.

    `own`: the school's own, stricter limits by kind of payment; `contracts`: number → when its decision passed.
    """

    general: int
    own: Mapping[str, int]
    excluded: frozenset[str]
    contracts: Mapping[str, date]

    def decided_on(self, row: Spent | Contracted) -> date | None:
        """When the decision passed that the row names, or that its contract names."""
        if row.decided_on is None and isinstance(row, Spent) and row.contract:
            return self.contracts.get(row.contract)
        return row.decided_on

    def is_decided(self, row: Spent | Contracted) -> bool:
        """Whether a decision passed on or before the day of the row. One that was only named does not count."""
        day = self.decided_on(row)
        return day is not None and day <= row.on


def limits_of(school: School, book: RuleBook) -> Limits | None:
    """The limits of a school; None where the version has none for its type."""
    general = book.threshold_of(school.school_type)
    if general is None:
        return None
    own: dict[str, int] = {}
    for entry in school.entries:
        # An entry without a limit holds for every amount.
        amount = entry.threshold_fen or 0
        for kind in entry.payment_kinds:
            own[kind] = min(own.get(kind, general), amount)
    contracts = school.decided_contracts
    return Limits(general, own, book.excluded, decided(school.contracts) if contracts is None else contracts)


def decided(contracts: Sequence[Contracted]) -> dict[str, date]:
    """Number → when its decision passed, for the contracts that have one."""
    return {row.number: row.decided_on for row in contracts if row.decided_on is not None}


def untabled(school: School, book: RuleBook) -> Outcome:
    """Payments and contracts from the limit on, and appointments, each need a decision dated on or before them."""
    limits = limits_of(school, book)
    if limits is None:
        return skipped(_t("规则里没有这类学校的限额。"))
    if not (school.payments or school.contracts or school.appointments):
        return skipped(_t("没有登记台账。"))
    contracts = list(_undecided(school.contracts, limits))
    # Of a contract that was found its instalments are not found again.
    known = {row.number for row in contracts}
    payments = [row for row in _undecided(school.payments, limits) if not (row.contract and row.contract in known)]
    posts = [row for row in school.appointments if row.decided_on is None or row.decided_on > row.on]
    return failed(
        *(_money(row, limits, "payment", _t("支出")) for row in payments),
        *(_money(row, limits, "contract", _t("合同")) for row in contracts),
        *(
            Failure(
                _t("任免“%(post)s”（%(number)s）没有事先的会议决定。") % {"post": row.post, "number": row.number},
                key=f"appointment:{row.number}:{row.id}",
                inputs={"id": row.id, "on": row.on.isoformat()},
            )
            for row in posts
        ),
    )


def _undecided(rows: Sequence[Row], limits: Limits) -> Iterator[Row]:
    # Most rows are below the lowest limit: they are let go before anything else is asked.
    lowest = min([limits.general, *limits.own.values()])
    for row in rows:
        if row.amount_fen < lowest or row.kind in limits.excluded:
            continue
        if row.amount_fen >= limits.own.get(row.kind, limits.general) and not limits.is_decided(row):
            yield row


def _money(row: Spent | Contracted, limits: Limits, what: str, label: str) -> Failure:
    limit = limits.own.get(row.kind, limits.general)
    day = limits.decided_on(row)
    words = {"what": label, "number": row.number, "yuan": _yuan(row.amount_fen), "day": row.on.isoformat()}
    if day is not None:
        reason = _t("%(what)s %(number)s（%(day)s，%(yuan)s 元）在会议决定以前。") % words
    else:
        words["limit"] = _yuan(limit)
        reason = _t("%(what)s %(number)s（%(day)s，%(yuan)s 元）达到限额 %(limit)s 元，没有会议决定。") % words
    inputs = {
        "id": row.id, "on": row.on.isoformat(), "kind": row.kind, "amount_fen": row.amount_fen, "limit_fen": limit,
        "decided_on": day.isoformat() if day else None,
    }  # fmt: skip
    return Failure(reason, key=f"{what}:{row.number}", inputs=inputs)


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}" if fen % 100 else f"{fen // 100:,}"


@dataclass(frozen=True, slots=True)
class Window:
    """Within how many days so many rows count as one."""

    length: timedelta
    least: int


def split(school: School, book: RuleBook) -> Outcome:
    """Rows below the limit that reach it together within the window, without a decision: to one payee, and, where the
    county asks for it, of one kind.
    """
    limits = limits_of(school, book)
    if limits is None:
        return skipped(_t("规则里没有这类学校的限额。"))
    if not school.payments:
        return skipped(_t("没有登记支出台账。"))
    window = Window(timedelta(days=book.number("C02", "window_days")), book.number("C02", "least_rows"))
    small = list(_below(school, limits))
    found = [one for rows in _by_payee(small) for one in _of_payee(rows, limits, window)]
    if book.number("C02", "same_kind"):
        found += _of_kinds(small, limits, window)
    return failed(*found)


def _below(school: School, limits: Limits) -> Iterator[Spent]:
    own, general, excluded = limits.own, limits.general, limits.excluded
    for row in school.payments:
        if row.kind not in excluded and row.amount_fen < own.get(row.kind, general) and not limits.is_decided(row):
            yield row


def _by_payee(rows: Sequence[Spent]) -> Iterator[list[Spent]]:
    plain: dict[str, str] = {}
    found: dict[str, list[Spent]] = defaultdict(list)
    for row in rows:
        name = plain.get(row.payee)
        if name is None:
            name = plain[row.payee] = plain_name(row.payee)
        if name:
            found[name].append(row)
    return (each for each in found.values() if len(each) > 1)


def _of_payee(rows: Sequence[Spent], limits: Limits, window: Window) -> Iterator[Failure]:
    """By the school's limit whatever was bought; by a stricter one for that kind alone."""
    told: set[int] = set()
    for run in _runs(rows, limits.general, window):
        told.update(row.id for row in run)
        yield _split(run, limits.general, key=f"split:{run[0].number}", what=rows[0].payee)
    for kind in {row.kind for row in rows}:
        own = limits.own.get(kind, limits.general)
        if own < limits.general:
            for run in _runs([row for row in rows if row.kind == kind], own, window):
                if not told.issuperset(row.id for row in run):
                    yield _split(run, own, key=f"split:{run[0].number}:{kind}", what=rows[0].payee)


def _of_kinds(rows: Sequence[Spent], limits: Limits, window: Window) -> Iterator[Failure]:
    kinds: dict[str, list[Spent]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row)
    for kind, each in kinds.items():
        limit = limits.own.get(kind, limits.general)
        for run in _runs(each, limit, window):
            if len({row.payee for row in run}) > 1:
                yield _split(run, limit, key=f"split-kind:{kind}:{run[0].number}", what=kind)


def _runs(rows: Sequence[Spent], limit: int, window: Window) -> Iterator[Sequence[Spent]]:
    """Each longest run of rows whose windows overlap and reach the limit, once; its first voucher names it."""
    rows = sorted(rows, key=lambda row: (row.on, row.number))
    start, total, run_from, run_to = 0, 0, -1, -1
    for end, row in enumerate(rows):
        total += row.amount_fen
        while row.on - rows[start].on > window.length:
            total -= rows[start].amount_fen
            start += 1
        if total < limit or end - start + 1 < window.least:
            continue
        if run_to >= 0 and start > run_to:
            yield rows[run_from : run_to + 1]
            run_from = start
        elif run_to < 0:
            run_from = start
        run_to = end
    if run_to >= 0:
        yield rows[run_from : run_to + 1]


def _split(rows: Sequence[Spent], limit: int, *, key: str, what: str) -> Failure:
    total = sum(row.amount_fen for row in rows)
    words = {
        "what": what, "count": len(rows), "first": rows[0].on.isoformat(), "last": rows[-1].on.isoformat(),
        "yuan": _yuan(total), "limit": _yuan(limit),
    }  # fmt: skip
    reason = _t(
        "“%(what)s” %(first)s 至 %(last)s 有 %(count)s 笔低于限额的支出，合计 %(yuan)s 元，达到限额 %(limit)s 元，没有会议决定。"
    )
    return Failure(reason % words, key, {"ids": [row.id for row in rows], "fen": total, "limit_fen": limit})


for code, label, look in (("C01", _("应上会未上会"), untabled), ("C02", _("拆分规避限额"), split)):
    CHECKS.register(
        Check(
            code, label, SEVERITIES[code], Certainty.SUSPECTED, _("学校大额资金管理办法；限额由县局核定"),
            {SCHOOL: look}, phase=Phase.BEFORE,
        )
    )  # fmt: skip
