"""The queue of pairs that may be one person, and the page with the two records side by side."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor, Grant, Reach, current_reach, whole_county
from xianxue.kernel.columns import Column, Date, DocumentNumber, Integer, Phone, StudentNumber, Text
from xianxue.kernel.resources import Action, Custom, Filter, History, Register, choice, get, register
from xianxue.kernel.ui import details
from xianxue.kernel.ui.parts import Link, Pill, Tone
from xianxue.kernel.ui.tables import Cell, HeadCell, Row
from xianxue.organisations.models import School
from xianxue.people.access import KEEPS, OFFICER, SCHOOL, SEES_DUPLICATES
from xianxue.people.choices import DuplicateKind, DuplicateState
from xianxue.people.models import DuplicatePair, Enrolment, GuardianLink, StaffPost
from xianxue.people.resources import parts
from xianxue.people.resources.domains import IDENTITY
from xianxue.people.rules import DOCUMENT_SPACE, PHONE_SPACE, STUDENT_SPACE
from xianxue.people.rules.duplicates import strength, weights
from xianxue.people.selectors import numbers_shown, people_found
from xianxue.people.selectors.duplicates import schools_of
from xianxue.people.selectors.duplicates.conflicts import SIDES, compared, obstacles, person_label
from xianxue.people.services.duplicates import authority
from xianxue.people.sheets import PUPILS

WAITING = (DuplicateState.OPEN, DuplicateState.PROPOSED, DuplicateState.UNCLEAR)
STRENGTHS = {"likely": _("很可能"), "possible": _("可能")}
VERDICTS: dict[str, tuple[Any, Tone]] = {
    "same": (_("相同"), "done"),
    "different": (_("不同"), "late"),
    "missing": (_("一方缺"), "due"),
}
PEOPLE = {"first": _("记录一"), "second": _("记录二")}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both records; `reveal` leads to what is masked, one address a side."""

    label: str
    first: str
    second: str
    verdict: Pill
    reveal: tuple[str, str] = ("", "")

    @property
    def sides(self) -> list[tuple[str, str, str]]:
        """Text, address that reveals it, and the column's head."""
        texts = (self.first, self.second)
        return [(text, href, str(PEOPLE[side])) for text, href, side in zip(texts, self.reveal, SIDES, strict=True)]


@dataclass(frozen=True, slots=True)
class SideBySide(details.Panel):
    """The two records in two columns."""

    template: ClassVar[str] = "people/side_by_side.html"
    heads: tuple[Link, Link] = (Link("", ""), Link("", ""))
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """One fact for or against, in words, with its weight."""

    label: str
    weight: int
    reason: str


@dataclass(frozen=True, slots=True)
class Grounds(details.Panel):
    """What speaks for one person, and what against."""

    template: ClassVar[str] = "people/grounds.html"
    speaking_for: Sequence[Ground] = ()
    speaking_against: Sequence[Ground] = ()
    score: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Decision(details.Panel):
    """Where the pair stands, and what the reader may do about it."""

    template: ClassVar[str] = "people/decision.html"
    pill: Pill | None = None
    facts: Sequence[details.Fact] = ()
    links: Sequence[tuple[Link, str]] = ()
    said: Sequence[str] = ()


def _shown(name: str, value: Any) -> str:
    column = PUPILS.by_name.get(name)
    if column is None:
        return "" if value is None else str(value)
    if column.domain and value:
        return "••••"
    return column.display(column.type.from_python(value), mask=column.sealed)


def field_shown(pair: DuplicatePair, name: str) -> tuple[str, str]:
    """A person's field on either side, as it may be read before choosing."""
    return _shown(name, getattr(pair.first, name)), _shown(name, getattr(pair.second, name))


def _verdict(code: str) -> Pill:
    text, tone = VERDICTS[code]
    return Pill(str(text), tone)


def side_by_side(row: Any) -> SideBySide:
    """Every field that one of the two has, equal, different or missing; numbers masked."""
    lines = [
        Line(
            person_label(name),
            _shown(name, getattr(row.first, name)),
            _shown(name, getattr(row.second, name)),
            _verdict(verdict),
            _reveal(row, "phone") if name == "phone" else ("", ""),
        )
        for name, verdict in compared(row)
        if verdict != "none"
    ]
    lines[1:1] = [line for name in ("student_no", "number") if (line := _number_line(row, name))]
    heads = tuple(Link(str(PEOPLE[side]), page_of(row.side(side).pk)) for side in SIDES)
    return SideBySide(_t("两份记录"), heads=(heads[0], heads[1]), lines=lines)


def _number_line(row: Any, name: str) -> Line | None:
    first, second = (getattr(row, f"{side}_{name}") for side in SIDES)
    if not first and not second:
        return None
    verdict = "missing" if not (first and second) else "same" if first == second else "different"
    by_name = get("duplicates").by_name
    texts = [by_name[f"{side}_{name}"].display(getattr(row, f"{side}_{name}"), mask=True) for side in SIDES]
    label = _t("学籍号") if name == "student_no" else _t("证件号")
    return Line(label, texts[0], texts[1], _verdict(verdict), _reveal(row, name))


def _reveal(row: Any, name: str) -> tuple[str, str]:
    found = get("duplicates")
    if row.state == DuplicateState.MERGED or not found.allows(found.reveal, row):
        return "", ""
    values = {side: row.side(side).phone if name == "phone" else getattr(row, f"{side}_{name}") for side in SIDES}
    first, second = (found.url("reveal", row.pk, f"{side}_{name}") if values[side] else "" for side in SIDES)
    return first, second


def page_of(person: int) -> str:
    """The page of a person in whichever register has it."""
    for code, model, name in (
        ("pupils", Enrolment, "person_id"), ("staff", StaffPost, "person_id"), ("guardians", GuardianLink, "guardian_id"),
    ):  # fmt: skip
        pk = model.objects.filter(**{name: person}).order_by("-pk").values_list("pk", flat=True).first()
        if pk and get(code).may_view():
            return parts.address(code, pk)
    return ""


def grounds(row: Any) -> Grounds:
    """The facts as found, with the reasons of their weights."""
    table = weights().facts
    found = [Ground(table[code].label, weight, table[code].reason) for code, weight in row.facts if code in table]
    note = _t("规则 %(version)s · %(day)s 比对") % {"version": row.rules_version, "day": row.found_on.isoformat()}
    return Grounds(
        _t("依据"),
        note=note,
        speaking_for=[item for item in found if item.weight > 0],
        speaking_against=[item for item in found if item.weight <= 0],
        score=row.score,
        said=str(STRENGTHS[strength(row.score)]),
    )


def places(row: Any) -> details.TablePanel:
    """Where each of the two is enrolled, works, or has children: only what the reader reaches."""
    from_side = {row.first_id: _t("记录一"), row.second_id: _t("记录二")}
    labels = {"side": _t("记录"), "what": _t("身份"), "where": _t("单位"), "when": _t("起止")}
    heads = [HeadCell(name, label) for name, label in labels.items()]
    rows = [Row([Cell(text) for text in line]) for line in sorted(_places(from_side))]
    return details.TablePanel(_t("在哪里"), columns=heads, rows=rows, empty=_t("没有在读、任职或监护记录。"))


def _places(sides: dict[int, str]) -> Iterable[tuple[str, str, str, str]]:
    people = list(sides)
    for row in Enrolment.objects.filter(person_id__in=people).select_related("school__unit"):
        yield sides[row.person_id], _t("学生"), str(row.school), f"{row.entered_on} – {row.ended_on or _t('至今')}"
    for row in StaffPost.objects.filter(person_id__in=people).select_related("school__unit"):
        yield sides[row.person_id], _t("教职工"), str(row.school), f"{row.started_on} – {row.ended_on or _t('至今')}"
    links = GuardianLink.objects.select_related("pupil", "guardian")
    for row in links.filter(guardian_id__in=people):
        yield sides[row.guardian_id], _t("监护人"), _t("%(name)s 的监护人") % {"name": row.pupil.name}, ""
    for row in links.filter(pupil_id__in=people):
        yield sides[row.pupil_id], _t("监护人是"), row.guardian.name, ""


def decision(row: Any) -> Decision:
    """The state in words, and the ways on for whoever reads."""
    facts = [
        details.Fact(_t("理由"), row.reason, is_wide=True),
        details.Fact(_t("待查问题"), row.question),
        details.Fact(_t("向谁核实"), row.asked_of),
        details.Fact(_t("核实期限"), row.ask_until.isoformat() if row.ask_until else ""),
        details.Fact(_t("结论日期"), row.decided_on.isoformat() if row.decided_on else ""),
    ]
    said = []
    if row.state in authority.OPEN:
        with whole_county("合并前的核对"):
            said = obstacles(row)
    tones: dict[str, Tone] = {"open": "due", "proposed": "due", "unclear": "due", "merged": "done"}
    return Decision(
        _t("结论"),
        pill=Pill(row.get_state_display(), tones.get(row.state, "quiet")),
        facts=[fact for fact in facts if fact.text],
        links=list(_ways(row)),
        said=said,
    )


def _ways(row: Any) -> Iterable[tuple[Link, str]]:
    def way(name: str, label: str, kind: str = "plain") -> tuple[Link, str]:
        return Link(label, reverse(name, args=(row.pk,))), kind

    if not authority.why_not_propose(row):
        yield way("duplicate-same", _t("是同一人，提请合并"), "primary")
    if not authority.why_not_merge(row):
        yield way("duplicate-same", _t("是同一人，合并"), "primary")
    if not authority.why_not_judge(row):
        yield way("duplicate-different", _t("不是同一人"))
        yield way("duplicate-unclear", _t("暂不能确定"))
    if not authority.why_not_confirm(row, Actor(current_reach().user_id, current_reach().label)):
        yield way("duplicate-confirm", _t("核对并确认合并"), "primary")
        yield way("duplicate-return", _t("退回"))
    if not authority.why_not_undo(row):
        yield way("duplicate-undo", _t("撤销合并"))


def by_strength(value: str) -> Q | None:
    """Pairs whose score is, or is not, that of a likely pair."""
    likely = Q(score__gte=weights().likely)
    return {"likely": likely, "possible": ~likely}.get(value)


def in_state(value: str) -> Q:
    """Pairs in a state."""
    return Q(state=value)


def _column(side: str, name: str, label: Any, kind: Any, space: str, **more: Any) -> Column:
    return Column(f"{side}_{name}", label, kind, sealed=True, digest_kind=space, **more)


@register
class DuplicateRegister(Register):
    """Pairs of records that may be one person; a school sees those that it keeps alone."""

    code, model, label, counter = "duplicates", DuplicatePair, _("疑似重复"), _("对")
    system, menu_order = "pupils", 60
    columns = (
        Column("first_name", _("记录一"), Text(60), path="first__name"),
        Column("second_name", _("记录二"), Text(60), path="second__name"),
        Column("kind", _("人员类别"), Text(20), path="kind_shown"),
        Column("place", _("学校"), Text(120), path="place_shown"),
        Column("strength", _("把握"), Text(10), path="strength_shown"),
        Column("score", _("得分"), Integer()),
        Column("state", _("状态"), Text(20), path="state_shown"),
        Column("found_on", _("发现日期"), Date()),
        _column("first", "student_no", _("记录一学籍号"), StudentNumber(), STUDENT_SPACE),
        _column("second", "student_no", _("记录二学籍号"), StudentNumber(), STUDENT_SPACE),
        _column("first", "number", _("记录一证件号"), DocumentNumber(), DOCUMENT_SPACE),
        _column("second", "number", _("记录二证件号"), DocumentNumber(), DOCUMENT_SPACE),
        _column("first", "phone", _("记录一电话"), Phone(), PHONE_SPACE, path="first__phone"),
        _column("second", "phone", _("记录二电话"), Phone(), PHONE_SPACE, path="second__phone"),
    )
    list_columns = ("first_name", "second_name", "kind", "place", "strength", "state", "found_on")
    annotations = (
        "place_shown", "strength_shown", "kind_shown", "state_shown", "first_student_no", "second_student_no", "first_number", "second_number",
    )  # fmt: skip
    search, search_label = ("first__name", "second__name"), _("姓名、拼音或首字母；完整的学籍号、证件号、电话")
    in_search = False
    filters = (
        Filter("state", _("状态"), in_state, lambda: [(value, str(label)) for value, label in DuplicateState.choices],
               none_label=_("待处理")),
        choice("kind", _("人员类别"), "kind", lambda: [(value, str(label)) for value, label in DuplicateKind.choices]),
        Filter("strength", _("把握"), by_strength, lambda: [(value, str(label)) for value, label in STRENGTHS.items()]),
    )  # fmt: skip
    order = ("-score", "-found_on")
    sort_paths = {"strength": ("-score",), "kind": ("kind",), "state": ("state",)}
    unit_paths = ()
    view, reveal = SEES_DUPLICATES, KEEPS
    reveal_domain = IDENTITY.code
    actions = (
        Action(_("涉及其他学校的"), "duplicates-elsewhere", SCHOOL),
        Action(_("立即查找"), "duplicates-find", OFFICER),
    )
    panels = (
        Custom(build=side_by_side),
        Custom(build=grounds),
        Custom(build=places),
        Custom(build=decision, aside=True),
        History(),
    )

    def within(self, rows: "QuerySet[Any]", grant: Grant) -> "QuerySet[Any]":
        scope = self.scope(grant)
        if scope.every or not scope:
            return rows if scope else rows.none()
        return rows.filter(DuplicatePair.rows_in(Reach(roles={"holder": scope})))

    def by_default(self, chosen: Collection[str], on: date | None) -> Q:
        return Q() if "state" in chosen else Q(state__in=WAITING)

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("first", "second")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        people = sorted({pk for row in rows for pk in (row.first_id, row.second_id)})
        with whole_county("所列两份记录已在查询人范围内"):
            documents, students = numbers_shown(people)
            kept = schools_of(people)
            schools = School.objects.filter(pk__in={pk for found in kept.values() for pk in found})
            names = {school.pk: school.unit.shown_name for school in schools.select_related("unit")}
        for row in rows:
            for side, person in (("first", row.first_id), ("second", row.second_id)):
                setattr(row, f"{side}_number", documents.get(person, ("", ""))[1])
                setattr(row, f"{side}_student_no", students.get(person, ""))
            both = kept.get(row.first_id, set()) | kept.get(row.second_id, set())
            reached = both if current_reach().units.every else both & current_reach().units.ids
            row.unit_key = min(reached, default=None)
            row.place_shown = "、".join(sorted(names[pk] for pk in reached))
            row.kind_shown, row.state_shown = row.get_kind_display(), row.get_state_display()
            row.strength_shown = str(STRENGTHS[strength(row.score)])

    def match(self, rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
        return rows.filter(people_found(rows, text, "first__", "second__"))

    def title(self, row: Any) -> str:
        return f"{row.first.name} / {row.second.name}"

    def hint(self, row: Any) -> str:
        return f"{row.get_kind_display()} · {row.place_shown}"

    def note(self, row: Any) -> str:
        return self.hint(row)

    def unit_of(self, row: Any) -> int | None:
        return getattr(row, "unit_key", None)

    def subjects(self, row: Any) -> Sequence[tuple[str, int]]:
        people = (("people.person", row.first_id), ("people.person", row.second_id))
        return ((self.subject, row.pk), *people)
