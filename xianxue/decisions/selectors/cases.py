"""The facts that the checks look at, made for many proposals with a fixed number of queries a chunk.

The nightly run and the page of one proposal use the same code. A check must not differ by who looks: facts are read
over the whole county; whoever shows them has found the proposal in their own reach.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from xianxue.decisions.models import Proposal
from xianxue.decisions.rules.days import Calendar
from xianxue.decisions.rules.facts import Case, Edition, Entry, Sitting
from xianxue.decisions.selectors.cases_around import Around, around, meeting_days
from xianxue.decisions.selectors.cases_calendar import calendar
from xianxue.decisions.selectors.cases_lists import Listed, look_up
from xianxue.decisions.selectors.cases_meetings import sittings_of
from xianxue.decisions.selectors.cases_schools import PURPOSE, WITHDRAWN, schools
from xianxue.kernel.access import whole_county
from xianxue.kernel.bulk import read
from xianxue.meetings.choices import BodyKind

__all__ = ["CHUNK", "WITHDRAWN", "case_of", "cases", "schools"]
CHUNK = 1_000
NOTHING_WAIVED: frozenset[str] = frozenset()
PROPOSED = (
    "pk", "unit_id", "number", "title", "category", "entry_id", "amount_fen", "supplier", "proposer_id", "proposed_on",
    "is_urgent", "acted_on", "is_confidential", "confidential_basis", "is_passed", "decided_on", "approved_fen",
    "approved_supplier", "archived_on", "review_due_on", "reviewed_on", "matter__state",
)  # fmt: skip


def cases(proposal_ids: Iterable[int] | None, today: date) -> Iterator[Case]:
    """The cases of these proposals, or of all, by school and number of the row; about twenty queries a thousand."""
    with whole_county(PURPOSE):
        if proposal_ids is None:
            found = Proposal.objects.order_by("unit_id", "pk").values_list("pk", flat=True)
        else:
            found = (
                Proposal.objects.filter(pk__among=proposal_ids).order_by("unit_id", "pk").values_list("pk", flat=True)
            )
        keys = list(found)
        days = calendar(today) if keys else Calendar()
    listed: Listed = {}
    for start in range(0, len(keys), CHUNK):
        # Not yielded inside the block: whoever takes the cases would act in this reach.
        with whole_county(PURPOSE):
            chunk = _chunk(keys[start : start + CHUNK], today, listed, days)
        yield from chunk


def case_of(proposal: Proposal, today: date) -> Case:
    """The case of one proposal, as it lies in the database. Raises LookupError for one that was never saved."""
    found = next(cases([proposal.pk], today), None)
    if found is None:
        message = f"There is no proposal {proposal.pk}."
        raise LookupError(message)
    return found


def _chunk(keys: Collection[int], today: date, listed: Listed, days: Calendar) -> list[Case]:
    rows = read(Proposal.objects.filter(pk__among=keys).order_by("unit_id", "pk").values_list(*PROPOSED))
    look_up({row[5] for row in rows if row[5]} - listed.keys(), listed)
    found = around({row[0]: row[15] if row[14] else None for row in rows})
    sittings = sittings_of(keys)
    urgent = {row[1] for row in rows if row[10] and row[11]}
    met = meeting_days(urgent) if urgent else {}
    made = []
    for row in rows:
        entry, edition = listed[row[5]] if row[5] else (None, None)
        after = _met_after(met.get(row[1], ()), row[11], entry) if row[10] else ()
        meetings = _Meetings(sittings.get(row[0], ()), after, days)
        made.append(_case(row, today, found, entry, edition, meetings))
    return made


class _Meetings(NamedTuple):
    """What is known of the meetings around one proposal, and the days that they are counted by."""

    sittings: tuple[Sitting, ...]
    after: tuple[date, ...]
    days: Calendar


def _case(
    row: tuple[Any, ...], today: date, found: Around, entry: Entry | None, edition: Edition | None, met: _Meetings
) -> Case:
    (
        pk, unit, number, title, category, _entry, amount_fen, supplier, proposer, proposed_on, is_urgent, acted_on,
        is_confidential, basis, is_passed, decided_on, approved_fen, approved_supplier, archived_on, review_due_on,
        reviewed_on, state,
    ) = row  # fmt: skip
    return Case(
        pk, unit, today, number, title, category, entry, edition, amount_fen, supplier, proposer, proposed_on, is_urgent, acted_on,
        is_confidential, bool(basis), is_passed, decided_on, approved_fen, approved_supplier, archived_on, review_due_on,
        reviewed_on,
        waived=found.waived.get(pk, NOTHING_WAIVED),
        preparations=found.preparations.get(pk, ()),
        sittings=met.sittings,
        publications=found.publications.get(pk, ()),
        tasks=found.tasks.get(pk, ()),
        payments=found.payments.get(pk, ()),
        contracts=found.contracts.get(pk, ()),
        appointments=found.appointments.get(pk, ()),
        reconsidered=found.reconsidered.get(pk, ()),
        paid_before_fen=found.spent_before.get(pk, (0, 0))[0],
        contracted_before_fen=found.spent_before.get(pk, (0, 0))[1],
        meetings_after=met.after,
        is_withdrawn=state == WITHDRAWN,
        calendar=met.days,
    )  # fmt: skip


def _met_after(
    met: Iterable[tuple[date, frozenset[str]]], acted_on: date | None, entry: Entry | None
) -> tuple[date, ...]:
    """Days after the act on which the body met that decides in the end; the party organisation where no entry says."""
    if acted_on is None:
        return ()
    deciding = entry.chain[-1] if entry and entry.chain else BodyKind.PARTY
    return tuple(day for day, kinds in met if day > acted_on and deciding in kinds)
