"""Transfers of the demonstration: a dozen children on their way between two schools, done by the people of its cast."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from xianxue.accounts.models import User
from xianxue.accounts.selectors import reach_of
from xianxue.demo.parts import Say
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.procedures.clock import acting_on
from xianxue.organisations.models import Classroom, School, grade_name
from xianxue.organisations.selectors import reference_day
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Enrolment, Identifier, Transfer
from xianxue.people.procedures import TransferIn, TransferOut, TransferWithin
from xianxue.people.services import open_transfer

FIRST = {"registrar": "xuejiyuan", "head": "xiaozhang"}
SECOND = {"registrar": "xuejiyuan2", "head": "xiaozhang2"}
OFFICER = "xueji"
WAY = ("agree", "confirm", "approve", "place")
STEP_DAYS = 3
"""Days from one step to the next."""


@dataclass(frozen=True)
class Walk:
    """How far a transfer within the county has come: along the way up to `until`, then `last` with its input.

    `ago`: days since it was opened. `back`: from the second school to the first.
    """

    until: str = ""
    last: tuple[str, str] = ("", "")
    given: dict[str, Any] = field(default_factory=dict)
    ago: int = 4
    back: bool = False


WALKS = (
    Walk("place", ago=400), Walk("place", ago=380, back=True), Walk("approve", ago=11), Walk("confirm", ago=9, back=True),
    Walk("agree", ago=5), Walk("agree", ago=40, back=True), Walk(ago=2), Walk(ago=1, back=True),
    Walk(last=("to.head", "ask_papers"), given={"note": "居住证明已过期，请于下周前补交。"}),
    Walk("agree", ("from.registrar", "object_to"), {"ground": "guardian", "note": "学生母亲来校表示暂不转学。"}, ago=8),
    Walk("confirm", ("officer", "reject"), {"note": "居住地仍在原学区，材料补齐后可再申请。"}, ago=60),
    Walk("agree", ("to.registrar", "withdraw"), {"note": "家长改为下学期再转。"}, ago=20, back=True),
)  # fmt: skip


def walk_all(say: Say) -> int:
    """Open the transfers and take their steps, each by its person on its day; returns how many there are now.

    Nothing is done where the two schools of the cast are not there, or have too few pupils.
    """
    users = {user.username: user for user in User.objects.filter(is_demo=True, is_active=True)}
    if not {*FIRST.values(), *SECOND.values(), OFFICER} <= set(users) or Transfer.objects.exists():
        return Transfer.objects.count()
    county = _County(users)
    made = sum(county.walk(item, number) for number, item in enumerate(WALKS)) + county.across()
    say(f"办理转学 {made} 件")
    return made


def act_as(user: User, run: Callable[..., Any], *args: Any, **given: Any) -> Any:
    """Run a command as somebody of the cast, in that person's reach."""
    with in_reach(reach_of(user)):
        return run(*args, by=Actor(user.pk, user.name, via="demo"), **given)


class _County:
    """The people of the cast, and the children who may be moved."""

    def __init__(self, users: dict[str, User]) -> None:
        self.users = users
        self.schools = [self._school(part["registrar"]) for part in (FIRST, SECOND)]
        self.children = [self._children(school, other) for school, other in (self.schools, self.schools[::-1])]

    def _school(self, username: str) -> School:
        found: School = School.objects.get(unit__postings__user=self.users[username])
        return found

    def _children(self, school: School, other: School) -> list[Enrolment]:
        """Pupils with a 学籍号 in grades that the other school has a class of, spread over the school."""
        grades = set(Classroom.objects.filter(school=other).values_list("stage", "cohort_year"))
        numbered = Identifier.objects.filter(kind=IdentifierKind.STUDENT_NO, valid_to__isnull=True).values("person_id")
        rows = Enrolment.objects.filter(school=school, ended_on__isnull=True, person__in=numbered).order_by("pk")
        found = [row for row in rows.select_related("person") if (row.stage, row.cohort_year) in grades]
        return found[:: max(1, len(found) // 20)]

    def act(self, username: str, run: Callable[..., Any], *args: Any, **given: Any) -> Any:
        return act_as(self.users[username], run, *args, **given)

    def walk(self, item: Walk, number: int) -> int:
        sending, receiving = (SECOND, FIRST) if item.back else (FIRST, SECOND)
        waiting = self.children[1 if item.back else 0]
        if not waiting:
            return 0
        child, to = waiting.pop(0), self.schools[0 if item.back else 1]
        day = _opened(item.ago)
        with acting_on(day):
            transfer = self.act(
                receiving["registrar"], open_transfer, school=to, number=_number(child), name=child.person.name,
                reason=("residence", "work", "household")[number % 3], papers=papers("application", "residence"),
            )  # fmt: skip
        people = {
            "agree": receiving["head"], "confirm": sending["registrar"], "approve": OFFICER, "place": receiving["registrar"],
            "to.head": receiving["head"], "to.registrar": receiving["registrar"], "from.registrar": sending["registrar"],
            "officer": OFFICER,
        }  # fmt: skip
        for code in WAY[: WAY.index(item.until) + 1] if item.until else ():
            day += timedelta(days=STEP_DAYS)
            self._step(people[code], code, transfer, day, self._placing(child, to, day) if code == "place" else {})
        if item.last[1]:
            self._step(people[item.last[0]], item.last[1], transfer, day + timedelta(days=1), item.given)
        return 1

    def _step(self, username: str, code: str, transfer: Transfer, day: date, given: dict[str, Any]) -> None:
        with acting_on(min(day, timezone.localdate())):
            self.act(username, TransferWithin.steps[code].run, transfer, **given)

    def _placing(self, child: Enrolment, to: School, day: date) -> dict[str, Any]:
        rooms = Classroom.objects.filter(school=to, stage=child.stage, cohort_year=child.cohort_year)
        return {"moved_on": day, "classroom": rooms.order_by("number").first(), "knows_full": True}

    def across(self) -> int:
        """One child on the way out of the county, and one on the way in."""
        if not self.children[0]:
            return 0
        child = self.children[0].pop(0)
        with acting_on(_opened(12)):
            out = self.act(
                FIRST["registrar"], TransferOut.open_out.run, pupil=child, place_name="浙江省杭州市", place_code="330100",
                other_school="", reason="migration", papers=papers("application"),
            )  # fmt: skip
        with acting_on(_opened(9)):
            self.act(FIRST["head"], TransferOut.agree_out.run, out)
        with acting_on(_opened(3)):
            self.act(
                SECOND["registrar"], TransferIn.open_in.run, to_school=self.schools[1], place_name="湖南省浏阳市",
                place_code="430181", reason="work", papers=papers("application", "residence"), **_newcomer(child),
            )  # fmt: skip
        return 2


def _opened(ago: int) -> date:
    """So many days ago; a year and more means the spring of the demonstration's school year."""
    today = timezone.localdate()
    return min(reference_day(), today) - timedelta(days=ago - 340) if ago > 340 else today - timedelta(days=ago)


def _number(child: Enrolment) -> str:
    found: str = Identifier.objects.get(
        person_id=child.person_id, kind=IdentifierKind.STUDENT_NO, valid_to__isnull=True
    ).value
    return found


def papers(*kinds: str) -> list[tuple[str, SimpleUploadedFile]]:
    """A page that says it is a sample, for each kind."""
    return [(kind, SimpleUploadedFile(f"{kind}.pdf", b"%PDF-1.4\n% sample of the demonstration\n")) for kind in kinds]


def _newcomer(like: Enrolment) -> dict[str, str]:
    """An invented child of the same grade, without any number yet."""
    return {
        "name": "伍乐乐",
        "sex": "女",
        "born_on": f"{like.cohort_year - 6}-05-06",
        "grade": grade_name(like.stage, like.cohort_year, reference_day()),
        "entered_on": f"{like.cohort_year}-09",
    }
