"""Finding the child of a transfer: number and name must both match, and whoever guesses is counted."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel import sheets
from xianxue.kernel.access import Actor, current_reach, whole_county
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.crypto import digest
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import Step
from xianxue.organisations.models import School, Unit
from xianxue.organisations.selectors import county_of
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Enrolment, Identifier, LookupFailure, Transfer
from xianxue.people.rules import DOCUMENT_SPACE, STUDENT_SPACE
from xianxue.people.rules.limits import limit


class NobodyFound(Refused):
    """No child matches: one sentence for every cause, so that it tells nothing about any child."""

    def __init__(self, school: School, number: str) -> None:
        super().__init__(
            _(
                "未能登记转学：没有查到可以转入本校的学生。请对照转学申请核对学籍号和姓名，两项须完全相符；"
                "核对无误仍查不到的，请联系县局学籍管理。"
            ),
            field="number",
        )
        self.school, self.number = school, number


def refuse_unless_acting(step: Step, school_id: int) -> None:
    """Refuse whoever may not do an opening step for the school, before anything is looked up.

    The kernel asks the same once the matter is made, which is too late here: the answer would differ by the child.
    """
    if school_id not in step.by.scope(current_reach()):
        place = step.procedure.places[step.at]
        raise Refused(
            _("“%(step)s”没有办成：这一步由%(place)s办理，您没有这项权限。") % {"step": step.label, "place": place}
        )


def refuse_guessing(by: Actor) -> None:
    """Refuse who has named too many children in a day that were not found."""
    if by.user_id is None:
        return
    most, since = limit("lookup").count, timezone.now() - timedelta(days=1)
    if LookupFailure.objects.filter(user_id=by.user_id, at__gt=since).count() >= most:
        raise Refused(
            _(
                "未能登记转学：您在一天之内已有 %(most)s 次没有查到学生，为防止试号，暂时不能再查。"
                "请在满一天后再办；急需办理的，请联系县局学籍管理。"
            )
            % {"most": most}
        )


def pupil_named(number: str, name: str, school: School) -> Enrolment:
    """The open episode of the child with number and name, at another school, who can come to this one.

    The number is the 学籍号; for who has none (kindergartens) the identity document's. Raises NobodyFound alike for a
    wrong number, a wrong name, a child who is here already, of a stage not taught here, or in another transfer.
    """
    columns = sheets.get("pupils").by_name
    typed, called = columns["student_no"].canonical(number), columns["name"].canonical(name)
    document = columns["id_number"].canonical(number)
    with whole_county("转学：学籍号和姓名都相符才找到"):
        person = _owner(typed, document)
        rows = Enrolment.objects.filter(person_id=person, ended_on__isnull=True).exclude(school_id=school.pk)
        found: Enrolment | None = rows.select_related("person", "school__unit").first() if person else None
        if (
            found is None
            or found.person.name != called
            or found.stage not in school.stage_list
            or Transfer.objects.filter(pupil_id=person, is_open=True).exists()
        ):
            raise NobodyFound(school, number)
    return found


def _owner(student_no: str | None, document: str | None) -> int | None:
    current = Identifier.objects.filter(valid_to__isnull=True)
    students = current.filter(kind=IdentifierKind.STUDENT_NO)
    if student_no:
        return students.filter(digest=digest(STUDENT_SPACE, student_no)).values_list("person_id", flat=True).first()
    if not document:
        return None
    papers = current.exclude(kind=IdentifierKind.STUDENT_NO).filter(digest=digest(DOCUMENT_SPACE, document))
    return papers.exclude(person__in=students.values("person_id")).values_list("person_id", flat=True).first()


def counted(run: Callable[..., Any]) -> Callable[..., Any]:
    """The command of an opening step that leaves a trace where it finds nobody, though it is itself rolled back."""

    @wraps(run)
    def opening(*args: Any, by: Actor, **kwargs: Any) -> Any:
        try:
            return run(*args, by=by, **kwargs)
        except NobodyFound as nobody:
            note_failed_lookup(nobody.school, nobody.number, by=by)
            raise

    return opening


@command("people.lookup_failed", label=gettext_lazy("未查到转学学生"))
def note_failed_lookup(school: School, number: str, *, by: Actor) -> None:
    """Count a look-up that found nobody; the number itself is kept nowhere."""
    if by.user_id is not None:
        mark = digest(STUDENT_SPACE, number.strip().upper())
        LookupFailure.objects.create(user_id=by.user_id, unit_id=school.pk, number_digest=mark)
    record(Subject("organisations.unit", school.pk, str(school)), unit_id=school.pk)


def county_unit(school: School) -> Unit:
    """The county whose bureau decides for the school. Raises Refused where the tree has none."""
    found = county_of(school.unit)
    if found is None:
        raise Refused(_("未能登记：学校没有归属的县。请系统管理员先在机构中登记县一级。"))
    return found
