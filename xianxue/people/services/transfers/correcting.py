"""Taking a mistaken transfer back: by the county, with the consent of the school at which the child is now."""

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.people.choices import TransferKind
from xianxue.people.models import Transfer
from xianxue.people.procedures import TransferCorrection
from xianxue.people.services.transfers.looking import refuse_unless_acting
from xianxue.people.services.transfers.moving import take_back


@TransferCorrection.open_correction.command
def open_correction(*, by: Actor, corrects: Transfer) -> Transfer:
    """Ask to take back a finished transfer within the county."""
    refuse_unless_acting(TransferCorrection.open_correction, corrects.county_id)
    if corrects.kind != TransferKind.WITHIN or corrects.new_enrolment_id is None:
        raise Refused(_("未能登记转回更正：所选的转学还没有办结，或不是县内转学。请重新选择。"), field="corrects")
    with whole_county("一人只有一件在办的转学"):
        if Transfer.objects.filter(pupil_id=corrects.pupil_id, is_open=True).exists():
            raise Refused(_("未能登记转回更正：该生已有在办的转学。请先办结或撤回那一件。"), field="corrects")
        if Transfer.objects.filter(corrects=corrects, matter__state="done").exists():
            raise Refused(_("未能登记转回更正：这件转学已经更正过了。"), field="corrects")
    return Transfer(
        kind=TransferKind.CORRECTION,
        pupil_id=corrects.pupil_id,
        pupil_name=corrects.pupil_name,
        number=corrects.number,
        from_school_id=corrects.from_school_id,
        to_school_id=corrects.to_school_id,
        county_id=corrects.county_id,
        enrolment_id=corrects.enrolment_id,
        new_enrolment_id=corrects.new_enrolment_id,
        moved_on=corrects.moved_on,
        corrects=corrects,
    )


@TransferCorrection.undo.command
def undo(correction: Transfer, *, by: Actor) -> None:
    """The child is back at the old school, as if never moved; the present school's reading ends."""
    take_back(correction)
