"""A small procedure of its own for the tests: a parcel goes from one school to another, and the county looks on.

Every property of a declaration is used once: two places that act, a pausing state, a loop, papers, reasons, duties that
must stay apart, a rule, limits, release of the sender, an optional step, one that the clock may do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django import forms
from django.db import connection, models

from xianxue.kernel.access import Actor, Reach, UnitScope, holds, in_reach
from xianxue.kernel.procedures import Basis, Days, Procedure, State, Step, StepForm, declaration
from xianxue.kernel.procedures.declaration import give_commands
from xianxue.kernel.procedures.models import Matter, MatterSubject

COUNTY, FIRST, SECOND, THIRD = 900_100, 900_101, 900_102, 900_103
NAMES = {COUNTY: "测试县局", FIRST: "第一小学", SECOND: "第二小学", THIRD: "第三小学"}
MONDAY = date(2024, 10, 14)


class Parcel(MatterSubject):
    """What is sent; its table is made by the fixture."""

    sender = models.BigIntegerField("寄出学校")
    receiver = models.BigIntegerField("接收学校")
    content = models.CharField("内容", max_length=40)
    weight = models.IntegerField("重量", default=1)

    class Meta(MatterSubject.Meta):
        app_label = "procedures"
        db_table = "tests_parcel"

    def matter_title(self) -> str:
        return f"寄送{self.content}"

    def parties(self) -> dict[str, int]:
        return {"sender": self.sender, "receiver": self.receiver, "county": COUNTY}

    def facts(self) -> list[tuple[Any, str]]:
        return [("内容", self.content), ("重量", f"{self.weight} 千克")]


def too_heavy(parcel: Parcel, by: Actor) -> str | None:
    return "未能核准：重量超过 20 千克。请分成几件。" if parcel.weight > 20 else None


class ParcelSending(Procedure):
    """Sent, approved by the county, taken over by the receiver."""

    code, label, about = "tests.parcel", "寄送", "学校之间寄送物品时用。"
    basis = (Basis("《寄送办法》", "第三条", is_checked=True), Basis("《试行通知》"))
    subject = Parcel
    system = "settings"
    states = (
        State("sent", "待核准"),
        State("returned", "待补正", pauses=True, tone="due"),
        State("approved", "待签收"),
        State("received", "已签收", is_final=True, tone="done"),
        State("refused", "不予核准", is_final=True, tone="late"),
        State("withdrawn", "已撤回", is_final=True),
    )
    places = {"sender": "寄出学校", "receiver": "接收学校", "county": "县局"}
    papers = {"list": "物品清单", "photo": "照片"}
    read = holds("registrar", "head", "county_officer", "auditor", "deputy")
    accept_within, finish_within = Days(2, "《寄送办法》第四条"), Days(10)
    extend, extend_times, extend_by = holds("county_officer"), 2, Days(5)
    remind_before = 2
    escalate = holds("head", "county_officer")
    escalate_further = ((3, holds("director")),)

    send = Step("寄出", frm=None, to="sent", by=holds("registrar"), at="sender", papers=("list",), may_bring=("photo",))
    approve = Step(
        "核准", frm="sent", to="approved", by=holds("county_officer", "deputy"), at="county", not_by=("send", "check"),
        needs=(too_heavy,), within=Days(3), accepts=True, tone="primary",
    )  # fmt: skip
    check = Step("核对", frm="sent", to="sent", by=holds("county_officer", "deputy"), at="county", optional=True)
    ask = Step(
        "退回补正", frm="sent", to="returned", by=holds("county_officer"), at="county", needs_note=True, optional=True
    )
    mend = Step(
        "补正", frm="returned", to="sent", by=holds("registrar"), at="sender", within=Days(5), papers=("photo",)
    )
    refuse = Step(
        "不予核准", frm=("sent", "returned"), to="refused", by=holds("county_officer"), at="county", needs_note=True,
        optional=True, by_system=True, tone="danger",
    )  # fmt: skip
    receive = Step(
        "签收",
        frm="approved",
        to="received",
        by=holds("registrar"),
        at="receiver",
        within=Days(5),
        releases=("sender",),
    )
    remark = Step("催问", frm="approved", to="approved", by=holds("registrar"), at="sender", optional=True)
    withdraw = Step("撤回", frm=("sent", "returned"), to="withdrawn", by=holds("registrar"), at="sender", optional=True)


@ParcelSending.send.command
def send(*, receiver: int, content: str, weight: int = 1, by: Actor) -> Parcel:
    (sender,) = _own_units("registrar")
    return Parcel(sender=sender, receiver=receiver, content=content, weight=weight)


def _own_units(role: str) -> tuple[int, ...]:
    from xianxue.kernel.access import current_reach  # noqa: PLC0415 - app ready

    return tuple(sorted(current_reach().scope_of(role).ids))


for _step in ParcelSending.steps.values():
    _step.only_moves = not _step.opens and _step.code != "approve"
give_commands(ParcelSending)


@ParcelSending.approve.command
def approve(parcel: Parcel, *, weight: int | None = None, by: Actor) -> None:
    if weight is not None:
        parcel.weight = weight
        parcel.save()


@ParcelSending.send.form
class SendForm(StepForm):
    receiver = forms.TypedChoiceField(
        label="接收学校", coerce=int, choices=[(SECOND, NAMES[SECOND]), (THIRD, "第三小学")]
    )
    content = forms.CharField(label="内容", max_length=40)
    weight = forms.IntegerField(label="重量", initial=1)


@ParcelSending.approve.form
class ApproveForm(StepForm):
    weight = forms.IntegerField(label="核定重量", required=False)

    def prepare(self) -> None:
        self.fields["weight"].initial = self.subject.weight


@contextmanager
def registered() -> Iterator[type[Procedure]]:
    """The procedure is known while the block lasts."""
    declaration.register(ParcelSending)
    try:
        yield ParcelSending
    finally:
        del declaration._registry[ParcelSending.code]


def create_table() -> None:
    with connection.cursor() as cursor:
        key = "bigserial" if connection.vendor == "postgresql" else "integer"
        tail = "" if connection.vendor == "postgresql" else " autoincrement"
        fields = "matter_id bigint unique, sender bigint, receiver bigint, content text, weight integer"
        cursor.execute(f"CREATE TABLE IF NOT EXISTS tests_parcel (id {key} primary key{tail}, {fields})")


def drop_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS tests_parcel")


PEOPLE: dict[str, tuple[int, dict[str, frozenset[int] | None]]] = {
    "registrar": (1, {"registrar": frozenset({FIRST})}),
    "other_registrar": (2, {"registrar": frozenset({SECOND})}),
    "third_registrar": (3, {"registrar": frozenset({THIRD})}),
    "head": (4, {"head": frozenset({FIRST})}),
    "county_officer": (5, {"county_officer": None}),
    "second_officer": (6, {"county_officer": None}),
    "auditor": (7, {"auditor": None}),
    "director": (8, {"director": None}),
    "class_teacher": (9, {"class_teacher": frozenset({FIRST})}),
    "stranger": (10, {}),
}


def reach(part: str) -> Reach:
    """What somebody of this small county reaches."""
    number, roles = PEOPLE[part]
    scopes = {role: UnitScope(units) if units else UnitScope(every=True) for role, units in roles.items()}
    return Reach(roles=scopes, user_id=number, label=f"{part} 某", own_roles=scopes)


def actor(part: str) -> Actor:
    return Actor(PEOPLE[part][0], f"{part} 某")


def do(part: str, step: str, parcel: Parcel | None = None, **given: Any) -> Any:
    """Somebody does a step, as a page would."""
    with in_reach(reach(part)):
        run = ParcelSending.steps[step].run
        return run(by=actor(part), **given) if parcel is None else run(parcel, by=actor(part), **given)


def stand(parcel: Parcel) -> Matter:
    """Where the matter stands in the database."""
    matter: Matter = Matter.unguarded.get(pk=parcel.matter_id)
    return matter
