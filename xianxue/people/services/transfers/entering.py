"""A single child's entry: on the roll at once, then confirmed by another person."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Subject, record
from xianxue.organisations.models import School
from xianxue.people.choices import ExitReason, MissingPaper
from xianxue.people.models import Enrolment, Entry
from xianxue.people.procedures import NewEntry
from xianxue.people.rules.limits import limit, months_after
from xianxue.people.services.transfers.looking import county_unit, refuse_unless_acting
from xianxue.people.services.transfers.moving import end, give_back
from xianxue.people.services.transfers.rows import cells_of, hints, person_of, refuse_unread, write


@NewEntry.open_entry.command
def open_entry(
    *, by: Actor, to_school: School, missing: Sequence[str] = (), confirmed: bool = False, **facts: Any
) -> Entry:
    """Enrol the child with the facts given (columns of the pupils' sheet); whatever is missing keeps nobody out."""
    refuse_unless_acting(NewEntry.open_entry, to_school.pk)
    cells = cells_of(facts) | {"school": to_school.unit.code}
    refuse_unread(hints(cells, by=by), confirmed=confirmed)
    known = person_of(cells)
    person = write(cells, by=by)
    with whole_county("入学登记"):
        enrolment = Enrolment.objects.select_related("person").get(person_id=person, ended_on__isnull=True)
        give_back(person, to_school)
    return Entry(
        pupil_id=person,
        pupil_name=enrolment.person.name,
        school=to_school,
        county=county_unit(to_school),
        enrolment=enrolment,
        was_known=known is not None,
        missing=_codes(missing),
        missing_until=_until(enrolment.entered_on) if missing else None,
    )


def _until(entered_on: date) -> date:
    return months_after(entered_on, limit("entry_missing").count)


def _codes(missing: Sequence[str]) -> str:
    """Codes of what is missing, in the order of the list. Raises Refused for one that there is not."""
    if set(missing) - set(MissingPaper.values):
        raise Refused(_("未能登记：待补材料不在所列范围之内。请从列表中选择。"), field="missing")
    return ",".join(code for code in MissingPaper.values if code in missing)


@NewEntry.supply_entry.command
def supply_entry(entry: Entry, *, by: Actor, still_missing: Sequence[str] = ()) -> None:
    """Note what has been brought: `still_missing` is what remains."""
    _note_supplied(entry, still_missing)


@NewEntry.supply_later.command
def supply_later(entry: Entry, *, by: Actor, still_missing: Sequence[str] = ()) -> None:
    """Note what has been brought since; the limit stays."""
    _note_supplied(entry, still_missing)


def _note_supplied(entry: Entry, still_missing: Sequence[str]) -> None:
    entry.missing = _codes(still_missing)
    if entry.missing and entry.missing_until is None:
        entry.missing_until = _until(entry.enrolment.entered_on)
    entry.save(update_fields=["missing", "missing_until"])


@NewEntry.cancel_entry.command
def cancel_entry(entry: Entry, *, by: Actor) -> None:
    """End an entry made in error: the episode counts nobody on any day, and is not deleted."""
    with whole_county("注销登记有误的入学"):
        enrolment = Enrolment.objects.get(pk=entry.enrolment_id)
        if enrolment.ended_on is not None:
            raise Refused(_("未能注销：该生这一段学籍已经结束。请核对后按现状办理。"))
        end(enrolment, on=enrolment.entered_on, keeper_id=entry.county_id, reason=ExitReason.INVALID)
        record(
            Subject("people.person", entry.pupil_id, entry.pupil_name),
            {"school": [str(entry.school_id), None]},
            unit_id=entry.school_id,
            facts={"entry": entry.pk, "from_enrolment": enrolment.pk},
        )
