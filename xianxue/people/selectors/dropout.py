"""Children of school age who left a school and are at none."""

from datetime import date

from django.db.models import Exists, OuterRef

from xianxue.kernel.procedures.calendar import add_working_days
from xianxue.people.choices import TransferKind
from xianxue.people.models import DropOutCase, Enrolment, Transfer
from xianxue.people.rules.dropout import COMPULSORY, EXPLAINED, is_of_school_age
from xianxue.people.rules.limits import limit, months_after


def children_without_school(today: date) -> list[Enrolment]:
    """The last enrolments of such children, whose time to be enrolled anew has passed; one for which a case exists,
    closed or open, is not given again. For those who reach the county: a school does not know the others' enrolments.
    """
    working_days, months = limit("drop_out_no_place").count, limit("drop_out_looks_back").count
    accepted = Transfer.objects.filter(enrolment=OuterRef("pk"), kind=TransferKind.OUT).exclude(acceptance_no="")
    later = Enrolment.objects.filter(person=OuterRef("person"), entered_on__gte=OuterRef("ended_on"))
    still_open = Enrolment.objects.filter(person=OuterRef("person"), ended_on=None)
    rows = (
        Enrolment.objects.filter(stage__in=COMPULSORY, ended_on__gt=months_after(today, -months), ended_on__lt=today)
        .exclude(exit_reason__in=EXPLAINED)
        .filter(person__merged_into=None, person__died_on=None)
        .exclude(Exists(accepted))
        .exclude(Exists(still_open))
        .exclude(Exists(later.exclude(pk=OuterRef("pk"))))
        .exclude(Exists(DropOutCase.objects.filter(enrolment=OuterRef("pk"))))
        .exclude(Exists(DropOutCase.objects.filter(pupil=OuterRef("person"), is_open=True)))
        .select_related("person", "school__unit")
    )
    found: list[Enrolment] = []
    for row in rows.order_by("ended_on", "pk"):
        left = row.ended_on or today
        if is_of_school_age(row.person.born_on, today) and add_working_days(left, working_days) < today:
            found.append(row)
    return found
