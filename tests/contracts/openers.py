"""One opener a procedure: how a matter of it is begun by the cast. A procedure without one fails the suite."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.cast import Cast
from tests.factories.findings import make_finding
from tests.factories.meetings import BodyFactory
from tests.factories.organisations import ClassroomFactory, free_number
from tests.factories.people import IdentifierFactory, MembershipFactory, id_number
from tests.factories.proposals import make_entry, make_model
from tests.people.transferring import Scene
from xianxue.accounts.procedures import ExportApproval
from xianxue.decisions.models import Finding, RuleSet
from xianxue.decisions.procedures import (
    DecisionProposal,
    FileCatalogue,
    FollowFinding,
    IssueModel,
    ReviseRules,
    SendLetter,
)
from xianxue.kernel.access import Actor, in_reach, system_actor, whole_county
from xianxue.kernel.procedures import Step
from xianxue.meetings.procedures import MeetingRecord
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier
from xianxue.people.procedures import (
    DropOut,
    Graduate,
    KeyFacts,
    NewEntry,
    Suspend,
    TransferCorrection,
    TransferIn,
    TransferOut,
    TransferWithin,
)
from xianxue.people.services.graduation import cohort_leaving

Papers = list[tuple[str, SimpleUploadedFile]]


@dataclass(frozen=True)
class Opener:
    """`given(cast, number)` is what the opening step's form would give; a different matter for every number.

    `part` of the cast opens it, by `step`; the system, where the part is `system`.
    """

    step: Step
    part: str
    given: Callable[[Cast, int], dict[str, Any]]

    def open(self, cast: Cast, number: int = 0) -> Any:
        """The subject of a new matter."""
        given = self.given(cast, number)
        if self.part == "system":
            with whole_county("test"):
                return self.step.run(by=system_actor("task"), **given)
        user = cast.users[self.part]
        with in_reach(cast.reach(self.part)):
            return self.step.run(by=Actor(user.pk, user.name), papers=_papers(self.step), note="理由", **given)


def _papers(step: Step) -> Papers:
    return [(kind, SimpleUploadedFile(f"{kind}.pdf", f"%PDF-1.4 {kind}".encode())) for kind in step.papers]


NUMBERS = "甲乙丙丁戊己庚辛壬癸"


def _child(cast: Cast, number: int) -> tuple[Any, str, str]:
    """A pupil of the First Primary: (enrolment, 学籍号, name)."""
    room = ClassroomFactory(school=cast.first_primary, number=free_number(cast.first_primary, 70 + number))
    name = f"周小{NUMBERS[number % len(NUMBERS)]}"
    enrolment: Any = MembershipFactory(classroom=room, enrolment__person__name=name).enrolment
    student_no = f"G{id_number(sequence=301 + 2 * Identifier.unguarded.count())}"
    IdentifierFactory(person=enrolment.person, kind=IdentifierKind.STUDENT_NO, value=student_no)
    IdentifierFactory(person=enrolment.person, value=student_no[1:])
    return enrolment, student_no, name


def _within(cast: Cast, number: int) -> dict[str, Any]:
    _enrolment, student_no, name = _child(cast, number)
    return {"school": cast.second_primary, "number": student_no, "name": name, "reason": "residence"}


def _out(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, *_rest = _child(cast, number)
    return {"pupil": enrolment, "place_name": "江西省宜春市袁州区", "reason": "residence"}


def _cells(cast: Cast, _number: int) -> dict[str, Any]:
    from tests.contracts.samples import SAMPLES  # noqa: PLC0415 - app ready: the samples know the openers

    cells = {name: text for name, text in SAMPLES["pupils"].cells_for(cast).items() if name != "school"}
    return {"to_school": cast.first_primary, "confirmed": True, **cells}


def _in(cast: Cast, number: int) -> dict[str, Any]:
    return {"place_name": "湖南省浏阳市", "reason": "residence", **_cells(cast, number)}


def _correction(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, student_no, name = _child(cast, number)
    room = ClassroomFactory(
        school=cast.second_primary,
        cohort_year=enrolment.cohort_year,
        stage=enrolment.stage,
        number=free_number(cast.second_primary, 60 + number),
    )
    return {"corrects": _walked(Scene(cast, enrolment.person, enrolment, room), student_no, name)}


def _walked(scene: Scene, student_no: str, name: str) -> Any:
    transfer = scene.walk(scene.open(number=student_no, name=name))
    with whole_county("test"):
        return type(transfer).objects.get(pk=transfer.pk)


def _key_facts(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, *_rest = _child(cast, number)
    return {"enrolment": enrolment, "cause": "mistake", "cells": {"name": f"周晓{NUMBERS[number % len(NUMBERS)]}"}}


def _leave(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, *_rest = _child(cast, number)
    today = timezone.localdate()
    return {
        "enrolment": enrolment, "reason": "illness", "started_on": today, "expected_on": today + timedelta(days=60),
    }  # fmt: skip


def _graduation(cast: Cast, number: int) -> dict[str, Any]:
    left_on = date(timezone.localdate().year - number, 7, 1)
    cohort = cohort_leaving("primary", left_on)
    room = ClassroomFactory(school=cast.first_primary, number=80 + number, cohort_year=cohort)
    MembershipFactory(classroom=room, enrolment__cohort_year=cohort)
    return {"school": cast.first_primary, "stage": "primary", "left_on": left_on}


def _alert(cast: Cast, number: int) -> dict[str, Any]:
    enrolment, *_rest = _child(cast, number)
    return {"enrolment": enrolment, "ground": "risk", "since": timezone.localdate()}


def _export(_cast: Cast, number: int) -> dict[str, Any]:
    return {
        "register": "pupils", "query": f"class={number}", "rows": 600, "purpose": "办理学籍", "recipient": "县教育体育局",
    }  # fmt: skip


def _finding(cast: Cast, number: int) -> dict[str, Any]:
    facts = {"check_code": "C01", "severity": 3, "certainty": "suspected", "reason": f"第 {number} 笔支出没有议题。"}
    rules = RuleSet.objects.get()
    unit = cast.first_primary.unit
    finding = Finding(
        unit=unit, county=cast.county, rule_set=rules, key=f"P{number}", found_on=date(2024, 10, 15), **facts
    )
    return {"finding": finding}


def _letter(cast: Cast, number: int) -> dict[str, Any]:
    finding = make_finding(cast.first_primary.unit, 500 + number)
    return {"finding": finding, "number": f"提示〔2024〕{number}号", "demand": "补办程序。", "reply_days": 5}


def _proposal(cast: Cast, number: int) -> dict[str, Any]:
    school = cast.first_primary
    return {"unit": school.unit, "title": f"购置第 {number} 批书架", "entry": make_entry(school)}


def _catalogue(cast: Cast, number: int) -> dict[str, Any]:
    make_model(cast)
    return {"unit": cast.first_primary.unit, "number": f"{2030 + number}"}


def _model(cast: Cast, number: int) -> dict[str, Any]:
    return {"unit": cast.county, "school_type": "311", "number": f"{2030 + number}"}


def _revision(cast: Cast, number: int) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {"unit": cast.county, "version": f"R{number}", "valid_from": day, "source": "县局通知", "reason": "调整限额"}


def _meeting(cast: Cast, number: int) -> dict[str, Any]:
    body = BodyFactory(unit=cast.first_primary.unit)
    return {"body": body, "title": f"第{number + 1}次会议", "starts_at": timezone.now()}


OPENERS: dict[str, Opener] = {
    DecisionProposal.code: Opener(DecisionProposal.propose, "recorder", _proposal),
    FileCatalogue.code: Opener(FileCatalogue.draft, "recorder", _catalogue),
    IssueModel.code: Opener(IssueModel.draft, "decisions_officer", _model),
    ReviseRules.code: Opener(ReviseRules.draft, "decisions_officer", _revision),
    MeetingRecord.code: Opener(MeetingRecord.convene, "recorder", _meeting),
    KeyFacts.code: Opener(KeyFacts.open_change, "registrar", _key_facts),
    Suspend.code: Opener(Suspend.ask, "registrar", _leave),
    Graduate.code: Opener(Graduate.open_list, "registrar", _graduation),
    DropOut.code: Opener(DropOut.raise_alert, "registrar", _alert),
    NewEntry.code: Opener(NewEntry.open_entry, "registrar", _cells),
    TransferWithin.code: Opener(TransferWithin.open_transfer, "other_registrar", _within),
    TransferOut.code: Opener(TransferOut.open_out, "registrar", _out),
    TransferIn.code: Opener(TransferIn.open_in, "registrar", _in),
    ExportApproval.code: Opener(ExportApproval.ask, "registrar", _export),
    TransferCorrection.code: Opener(TransferCorrection.open_correction, "county_officer", _correction),
    FollowFinding.code: Opener(FollowFinding.open_finding, "system", _finding),
    SendLetter.code: Opener(SendLetter.issue, "discipline", _letter),
}
