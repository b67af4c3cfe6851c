"""Transfer out of the county: the child is counted here until the other side has accepted."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.organisations.models import School
from xianxue.people.choices import TransferKind
from xianxue.people.models import Enrolment, Transfer
from xianxue.people.procedures import TransferOut
from xianxue.people.selectors import numbers_shown
from xianxue.people.services.transfers.looking import county_unit, refuse_unless_acting
from xianxue.people.services.transfers.moving import end


@TransferOut.open_out.command
def open_out(
    *, by: Actor, pupil: Enrolment, place_name: str, reason: str, place_code: str = "", other_school: str = ""
) -> Transfer:
    """Open for a child of the school; `place_name` and `place_code` (GB/T 2260) say where the child goes."""
    refuse_unless_acting(TransferOut.open_out, pupil.school_id)
    if pupil.ended_on is not None:
        raise Refused(_("未能登记转出：该生在本校的学籍已经结束。请核对所选的学生。"), field="pupil")
    with whole_county("一人只有一件在办的转学"):
        if Transfer.objects.filter(pupil_id=pupil.person_id, is_open=True).exists():
            raise Refused(_("未能登记转出：该生已有在办的转学。请先办结或撤回那一件。"), field="pupil")
    _documents, numbers = numbers_shown([pupil.person_id])
    return Transfer(
        kind=TransferKind.OUT,
        pupil_id=pupil.person_id,
        pupil_name=pupil.person.name,
        number=numbers.get(pupil.person_id, ""),
        from_school_id=pupil.school_id,
        county=county_unit(School.objects.get(pk=pupil.school_id)),
        enrolment=pupil,
        reason=reason,
        place_name=place_name.strip(),
        place_code=place_code.strip(),
        other_school=other_school.strip(),
    )


@TransferOut.issue.command
def issue(transfer: Transfer, *, by: Actor, letter_no: str, national_no: str = "") -> None:
    """The county sends its letter to the other side."""
    transfer.letter_no, transfer.national_no = letter_no.strip(), national_no.strip()
    transfer.save(update_fields=["letter_no", "national_no"])


@TransferOut.accepted.command
def accepted(transfer: Transfer, *, by: Actor, accepted_on: date, acceptance_no: str) -> None:
    """The other side has the child: the episode ends on that day, and the county keeps the file."""
    enrolment: Any = transfer.enrolment
    if accepted_on > clock.today() or accepted_on <= enrolment.entered_on:
        raise Refused(
            _("未能录入对方接收：日期在今天之后，或不晚于该生入学的日期。请照接收函上的日期填写。"), field="accepted_on"
        )
    with whole_county("转出县外"):
        end(enrolment, on=accepted_on, keeper_id=transfer.county_id)
        record(
            Subject("people.person", enrolment.person_id, transfer.pupil_name),
            {"school": [str(enrolment.school_id), None]},
            unit_id=enrolment.school_id,
            facts={"transfer": transfer.pk, "from_enrolment": enrolment.pk},
        )
    transfer.accepted_on, transfer.moved_on = accepted_on, accepted_on
    transfer.acceptance_no = acceptance_no.strip()
    transfer.save(update_fields=["accepted_on", "moved_on", "acceptance_no"])
