"""Matters of the demonstration beside transfers: leave, graduation, children out of school, changed key facts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from xianxue.accounts.models import User
from xianxue.demo.parts import Say
from xianxue.demo.people.transfers import FIRST, OFFICER, SECOND, STEP_DAYS, act_as, papers
from xianxue.kernel.procedures import Procedure
from xianxue.kernel.procedures.clock import acting_on
from xianxue.kernel.procedures.models import Matter
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import School
from xianxue.organisations.selectors import reference_day
from xianxue.people.choices import EnrolmentStatus, IdentifierKind
from xianxue.people.models import Enrolment, Identifier, Transfer
from xianxue.people.procedures import DropOut, Graduate, KeyFacts, Suspend
from xianxue.people.services.graduation import cohort_leaving

CODES = (DropOut.code, Graduate.code, KeyFacts.code, Suspend.code)
TAKEN_AT_MOST = 20
"""Children whom a school of the cast has matters about."""

Act = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """A matter opened by the registrar `ago` days ago, then its steps, each some days after the last, all by the cast.

    `away`: days of leave. `part`: the people of the school.
    """

    procedure: type[Procedure]
    ago: int
    acts: tuple[Act, ...] = ()
    away: int = 180
    part: dict[str, str] = field(default_factory=lambda: FIRST)


AGREED: tuple[Act, ...] = (("head", "agree", {}),)
APPROVED: tuple[Act, ...] = (*AGREED, ("officer", "approve", {}))
VISITED: tuple[Act, ...] = (
    (
        "registrar",
        "visit",
        {"visitor": "班主任", "result": "hesitates", "detail": "家长在外务工，已向祖父母说明政策。"},
    ),
)
UNCLEAR = {"note": "户口簿复印件不清，请重新提交。"}

RUNS = (
    Run(Suspend, 3),
    Run(Suspend, 30, AGREED, part=SECOND),
    Run(Suspend, 60, APPROVED, away=240),
    Run(Suspend, 90, APPROVED, away=60, part=SECOND),
    Run(Suspend, 80, (*APPROVED, ("registrar", "ask_return", {}), ("head", "confirm_return", {}))),
    Run(KeyFacts, 2),
    Run(KeyFacts, 28, AGREED, part=SECOND),
    Run(KeyFacts, 25, APPROVED),
    Run(KeyFacts, 12, (*AGREED, ("officer", "ask_papers", UNCLEAR))),
    Run(KeyFacts, 20, (("head", "decline", {"note": "与户口簿不一致，请家长先到派出所核对。"}),), part=SECOND),
    Run(DropOut, 2),
    Run(DropOut, 20, VISITED, part=SECOND),
    Run(DropOut, 40, (*VISITED, ("officer", "escalate_case", {"note": "多次劝返未果。"}))),
    Run(DropOut, 15, (*VISITED, ("registrar", "report_back", {}), ("officer", "confirm_closing", {}))),
    Run(Graduate, 24, part=SECOND),
    Run(Graduate, 4, (("registrar", "submit", {}),)),
)


def run_all(say: Say) -> int:
    """Make the matters, each step by its person on its day; returns how many there are. Nothing is made twice.

    Nothing is done where the two schools of the cast are not there; a school with too few pupils has fewer matters.
    """
    users = {user.username: user for user in User.objects.filter(is_demo=True, is_active=True)}
    known = Matter.objects.filter(procedure__in=CODES)
    if known.exists() or not {*FIRST.values(), *SECOND.values(), OFFICER} <= set(users):
        return known.count()
    schools = [School.objects.get(unit__postings__user=users[part["registrar"]]) for part in (FIRST, SECOND)]
    waiting = {school.pk: iter(_children(school)) for school in schools}
    made = 0
    for run in RUNS:
        school = schools[run.part is SECOND]
        child = None if run.procedure is Graduate else next(waiting[school.pk], None)
        if child or (run.procedure is Graduate and _leaving(school).exists()):
            _Making(users, run, school, child).make()
            made += 1
    say(f"办理休学、毕业、控辍保学、关键信息变更 {made} 件")
    return made


def _primary(school: School) -> Any:
    return Enrolment.objects.filter(school=school, stage=Stage.PRIMARY, ended_on=None, status=EnrolmentStatus.ACTIVE)


def _leaving(school: School) -> Any:
    return _primary(school).filter(cohort_year=cohort_leaving(Stage.PRIMARY, reference_day()))


def _children(school: School) -> list[Enrolment]:
    """Pupils with class and 学籍号 whom no transfer concerns, spread over the school; the leaving grade is left out."""
    numbered = Identifier.objects.filter(kind=IdentifierKind.STUDENT_NO, valid_to__isnull=True).values("person_id")
    rows = _primary(school).filter(person__in=numbered, classroom__isnull=False).exclude(pk__in=_leaving(school))
    moving = Transfer.objects.filter(enrolment__isnull=False).values("enrolment__person_id")
    found = list(rows.exclude(person__in=moving).select_related("person", "classroom").order_by("pk"))
    return found[:: max(1, len(found) // TAKEN_AT_MOST)]


@dataclass
class _Making:
    """One matter in the making."""

    users: dict[str, User]
    run: Run
    school: School
    child: Enrolment | None

    def make(self) -> None:
        day = timezone.localdate() - timedelta(days=self.run.ago)
        (opening, *_others) = self.run.procedure.opening()
        with acting_on(day):
            subject = self._act("registrar", opening, **self._given(day))
        for who, code, given in self.run.acts:
            day = min(day + timedelta(days=STEP_DAYS), timezone.localdate())
            with acting_on(day):
                self._act(who, self.run.procedure.steps[code], subject, **given, **dict(self._of_the_day(code, day)))

    def _act(self, who: str, step: Any, *args: Any, **given: Any) -> Any:
        user = self.users[OFFICER if who == "officer" else self.run.part[who]]
        return act_as(user, step.run, *args, papers=papers(*step.papers), **given)

    def _given(self, day: date) -> dict[str, Any]:
        """What the opening step's form gives."""
        if self.child is None:
            return {"school": self.school, "stage": Stage.PRIMARY, "left_on": reference_day()}
        name = self.child.person.name
        by_procedure: dict[type[Procedure], dict[str, Any]] = {
            Suspend: {"reason": "illness", "started_on": day, "expected_on": day + timedelta(days=self.run.away)},
            KeyFacts: {"cause": "mistake", "cells": {"name": f"{name[0]}{'思远' if '思远' not in name else '知行'}"}},
            DropOut: {"ground": "risk", "since": day, "detail": "连续请假，家长表示想让孩子外出。"},
        }
        return {"enrolment": self.child, **by_procedure[self.run.procedure]}

    def _of_the_day(self, code: str, day: date) -> Iterator[tuple[str, Any]]:
        """What the forms of later steps give beside what the run says."""
        if code == "visit":
            yield "visited_on", day
        if code == "report_back":
            yield "outcome_on", day
        if code == "ask_return":
            yield from (("returned_on", day), ("classroom", self.child.classroom if self.child else None))
