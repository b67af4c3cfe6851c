"""The year's aid grants: the plan says how many on which line of the rate card, hardship says to whom."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from xianxue.demo.plan import AidLine, Plan, TermPlan
from xianxue.demo.pupils import Pupil


@dataclass(frozen=True, slots=True)
class Grant:
    """One payment of one programme to one pupil in one term."""

    pupil: Pupil
    line: AidLine
    term: str
    fen: int
    paid_on: date
    hardship: str


class PoolTooSmall(Exception):
    """The plan asks for more grants on a line than there are pupils whom the line is for."""


def pay_aid(plan: Plan, pupils: Sequence[Pupil]) -> list[Grant]:
    """Return all grants of all terms, in order of term and line.

    The neediest come first, term after term, so that aid is continuous as the rules ask; a pupil has a programme
    once a term; nobody is paid for a term in which they were not yet at the school. A small county may have too
    few pupils on a line and then pays fewer; a whole one raises PoolTooSmall, because its totals must hold.
    """
    grants: list[Grant] = []
    pools = [_pool(line, pupils) for line in plan.aid.lines]
    for term in plan.terms:
        if term.paid_on is None:
            continue
        random = Random(f"{plan.seed}/aid/{term.code}")
        served: dict[str, set[int]] = defaultdict(set)
        days: dict[str, date] = {}
        for line, pool in zip(plan.aid.lines, pools, strict=True):
            wanted = line.counts.get(term.code, 0)
            chosen = list(_next(pool, served[line.programme], term, wanted))
            if len(chosen) < wanted and plan.scale == 1:
                message = f"{line.programme} {line.tier} {term.code}: {wanted} grants, {len(chosen)} pupils"
                raise PoolTooSmall(message)
            fen = line.fen(plan.term_codes, term.code)
            for pupil in chosen:
                paid_on = days.setdefault(pupil.seat.school.code, term.paid_on + timedelta(days=random.randrange(12)))
                grants.append(Grant(pupil, line, term.code, fen, paid_on, pupil.hardship or "QT"))
    return grants


def _pool(line: AidLine, pupils: Sequence[Pupil]) -> list[Pupil]:
    """Return whom a line is for, the neediest first."""
    special = bool(line.school_types)
    fitting = [
        pupil
        for pupil in pupils
        if pupil.seat.stage in line.stages
        and (line.boarding is None or line.boarding is pupil.boards)
        and (pupil.seat.school.type in line.school_types) is special
    ]
    return sorted(fitting, key=lambda pupil: pupil.need)


def _next(pool: Sequence[Pupil], served: set[int], term: TermPlan, wanted: int) -> Iterator[Pupil]:
    for pupil in pool:
        if wanted <= 0:
            return
        if id(pupil) not in served and pupil.seat.entered_on <= term.ends_on - timedelta(days=90):
            served.add(id(pupil))
            wanted -= 1
            yield pupil
