"""Transfer into the county: the child's facts wait, checked, until the county approves."""

from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.organisations.models import School
from xianxue.people.choices import TransferKind
from xianxue.people.models import Enrolment, Transfer
from xianxue.people.procedures import TransferIn
from xianxue.people.services.transfers.looking import county_unit, refuse_unless_acting
from xianxue.people.services.transfers.moving import FROM_ANOTHER_SCHOOL, MOVED_HERE, give_back
from xianxue.people.services.transfers.rows import cells_of, hints, kept, person_of, refuse_unread, write_kept


@TransferIn.open_in.command
def open_in(
    *,
    by: Actor,
    to_school: School,
    place_name: str,
    place_code: str = "",
    other_school: str = "",
    national_no: str = "",
    reason: str = "",
    confirmed: bool = False,
    **facts: Any,
) -> Transfer:
    """Open with the child's facts (columns of the pupils' sheet), which are checked now and written on approval."""
    refuse_unless_acting(TransferIn.open_in, to_school.pk)
    coming = {"entry_mode": FROM_ANOTHER_SCHOOL, "source": MOVED_HERE, "school": to_school.unit.code}
    cells = cells_of(facts) | coming
    found = hints(cells, by=by)
    known = person_of(cells)
    with whole_county("一人只有一件在办的转学"):
        if known and Transfer.objects.filter(pupil_id=known, is_open=True).exists():
            raise Refused(_("未能登记转入：该生已有在办的转学。请先办结或撤回那一件。"), field="student_no")
    refuse_unread(found, confirmed=confirmed)
    return Transfer(
        kind=TransferKind.IN,
        pupil_id=known,
        pupil_name=str(facts.get("name", "")).strip(),
        number=str(facts.get("student_no") or "").strip().upper(),
        to_school=to_school,
        county=county_unit(to_school),
        reason=reason,
        place_name=place_name.strip(),
        place_code=place_code.strip(),
        other_school=other_school.strip(),
        national_no=national_no.strip(),
        cells=kept(cells),
    )


@TransferIn.approve_in.command
def approve_in(transfer: Transfer, *, by: Actor, national_no: str = "") -> None:
    """Enter the child: the row is checked once more and written as the sheet writes it."""
    person = write_kept(transfer.cells, by=by)
    with whole_county("县外转入"):
        new = Enrolment.objects.get(person_id=person, ended_on__isnull=True)
        give_back(person, School.objects.get(pk=transfer.to_school_id))
    transfer.pupil_id, transfer.new_enrolment, transfer.moved_on = person, new, new.entered_on
    transfer.national_no = national_no.strip() or transfer.national_no
    transfer.cells = ""
    transfer.save(update_fields=["pupil", "new_enrolment", "moved_on", "national_no", "cells"])
