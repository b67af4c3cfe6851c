"""A child at 第一小学 who is to go to 第二小学, and the people who do the steps, each in their own reach."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.cast import Cast, make_cast
from tests.factories.organisations import ClassroomFactory
from tests.factories.people import (
    GuardianLinkFactory,
    IdentifierFactory,
    MembershipFactory,
    PersonFactory,
    id_number,
)
from xianxue.kernel.access import Actor, in_reach, whole_county
from xianxue.organisations.models import Classroom
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Enrolment, Person, Transfer
from xianxue.people.procedures import TransferWithin

NUMBER = f"G{id_number(date(2015, 9, 1), sequence=7)}"
NAME = "周小转"
GUARDIAN = "周大转"


def noon(*day: int) -> datetime:
    """Noon of a day in China."""
    return datetime(*day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type,misc]  # year, month, day


def paper(name: str = "申请.pdf") -> SimpleUploadedFile:
    """A small file of a kind that may be attached."""
    return SimpleUploadedFile(name, f"%PDF-1.4 {name}".encode(), content_type="application/pdf")


APPLICATION = ("application", "residence")


def papers(*kinds: str) -> list[tuple[str, SimpleUploadedFile]]:
    """One file of each kind."""
    return [(kind, paper(f"{kind}.pdf")) for kind in kinds]


@dataclass
class Scene:
    """The cast, the child and the class that waits at the other school."""

    cast: Cast
    child: Person
    old: Enrolment
    new_class: Classroom
    seen: dict[str, Any] = field(default_factory=dict)

    def act(self, part: str, run: Callable[..., Any], *args: Any, **given: Any) -> Any:
        """Run a command as one of the cast, in that person's reach."""
        user = self.cast.users[part]
        with in_reach(self.cast.reach(part)):
            return run(*args, by=Actor(user.pk, user.name), **given)

    def open(self, part: str = "other_registrar", **changes: Any) -> Transfer:
        """The receiving school opens."""
        given = {
            "school": self.cast.second_primary, "number": NUMBER, "name": NAME, "reason": "residence",
            "papers": papers(*APPLICATION),
        } | changes  # fmt: skip
        transfer: Transfer = self.act(part, TransferWithin.open_transfer.run, **given)
        return transfer

    def step(self, part: str, code: str, transfer: Transfer, **given: Any) -> Any:
        """One step of a transfer within the county."""
        return self.act(part, TransferWithin.steps[code].run, transfer, **given)

    def walk(self, transfer: Transfer, until: str = "place") -> Any:
        """The straight way, up to and including a step."""
        way: list[tuple[str, str, dict[str, Any]]] = [
            ("other_head", "agree", {}),
            ("registrar", "confirm", {}),
            ("county_officer", "approve", {"national_no": "ZX2026-001"}),
            ("other_registrar", "place", {"moved_on": timezone.localdate(), "classroom": self.new_class}),
        ]
        for part, code, given in way:
            self.step(part, code, transfer, **given)
            if code == until:
                break
        return self.fresh(transfer)

    def fresh(self, transfer: Transfer) -> Any:
        """The transfer as the database has it."""
        with whole_county("test"):
            return Transfer.objects.select_related("matter", "enrolment", "new_enrolment").get(pk=transfer.pk)


def make_scene() -> Scene:
    """The scene, in the database."""
    cast = make_cast()
    with whole_county("test"):
        child = PersonFactory(name=NAME)
        IdentifierFactory(person=child, kind=IdentifierKind.STUDENT_NO, value=NUMBER)
        IdentifierFactory(person=child, value=NUMBER[1:])
        seat = MembershipFactory(
            classroom=cast.first_class, enrolment__person=child, enrolment__cohort_year=cast.first_class.cohort_year,
            enrolment__is_left_behind=True, enrolment__province_no="3609-7",
        )  # fmt: skip
        GuardianLinkFactory(pupil=child, guardian__name=GUARDIAN)
        room = ClassroomFactory(
            school=cast.second_primary, cohort_year=cast.first_class.cohort_year, stage=cast.first_class.stage, number=9
        )
    cast.second_primary.refresh_from_db()
    return Scene(cast, child, seat.enrolment, room)
