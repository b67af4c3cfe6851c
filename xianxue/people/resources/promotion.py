"""The pages of going up a year as data: the schools of one year, and one school class by class."""

from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import current_reach
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.details import DetailPage, Fact, FactsPanel, Panel, TablePanel
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Action, Link, Notice, Pill, Tone
from xianxue.kernel.ui.tables import Cell, HeadCell, Row, TableView
from xianxue.organisations.models import School
from xianxue.people.access import HEAD, OFFICER, REGISTRAR
from xianxue.people.models import PromotionConfirmation
from xianxue.people.resources import parts
from xianxue.people.rules.promotion import Group, starts_on
from xianxue.people.selectors import promotion
from xianxue.people.selectors.promotion import ClassList, Standing

TONES: dict[Group, Tone] = {Group.HELD_BACK: "due", Group.SKIPPED: "now", Group.NO_CLASS: "late"}


def labels() -> dict[Group, str]:
    """What each group is called."""
    return {
        Group.MOVES_UP: _("随班升级"),
        Group.HELD_BACK: _("留级"),
        Group.SKIPPED: _("跳级"),
        Group.GRADUATES: _("毕业年级"),
        Group.SUSPENDED: _("休学"),
        Group.LEFT: _("已离校"),
        Group.NO_CLASS: _("未编班"),
    }


def year_name(year: int) -> str:
    """The school year as people write it."""
    return _("%(first)s–%(second)s 学年") % {"first": year, "second": year + 1}


def year_to_show() -> int:
    """The school year that began last; from June on the coming one, to be looked at beforehand."""
    today = timezone.localdate()
    return today.year if today.month >= 6 else today.year - 1


def index_page(schools: Sequence[School], year: int) -> TablePage:
    """Every school, and whether its head has confirmed the year."""
    found = PromotionConfirmation.objects.filter(school_year=year, reopened_at=None, school__in=schools)
    confirmed = {item.school_id: item for item in found}
    columns = (
        HeadCell("school", _("学校")), HeadCell("state", _("升级名单")), HeadCell("by", _("确认人")),
        HeadCell("at", _("确认日期")),
    )  # fmt: skip
    table = TableView(columns, [_school_row(item, confirmed.get(item.pk), year) for item in schools], len(schools))
    return TablePage(
        _("升级"),
        table,
        sub=year_name(year),
        actions=[Action(year_name(other), f"{reverse('promotion')}?year={other}") for other in (year - 1, year + 1)],
    )


def _school_row(school: School, found: PromotionConfirmation | None, year: int) -> Row:
    state = Cell(_("已确认"), "pill", tone="done") if found else Cell(_("未确认"), "pill", tone="due")
    day = formats.china_date(timezone.localdate(found.confirmed_at), year="always") if found else ""
    cells = (Cell(school.unit.shown_name), state, Cell(found.confirmed_by if found else ""), Cell(day, "date"))
    return Row(cells, reverse("promotion-school", args=(school.pk, year)))


def school_page(school: School, year: int) -> DetailPage:
    """One school: how many in each group, and every pupil who does not simply move up, with the reason."""
    found = promotion.standings(school, year)
    confirmed = promotion.confirmation(school, year)
    pill = Pill(_("已确认"), "done") if confirmed else Pill(_("未确认"), "due")
    return DetailPage(
        title=_("%(school)s升级") % {"school": school.unit.shown_name},
        sub=year_name(year),
        pill=pill,
        trail=(Link(_("升级"), f"{reverse('promotion')}?year={year}"), Link(school.unit.shown_name)),
        actions=list(_actions(school, year, confirmed)),
        notice=_notice(year, confirmed),
        panels=list(_panels(found, year, is_open=confirmed is None)),
    )


def _actions(school: School, year: int, confirmed: PromotionConfirmation | None) -> Iterator[Action]:
    reach = current_reach()
    yield Action(year_name(year - 1), reverse("promotion-school", args=(school.pk, year - 1)))
    yield Action(year_name(year + 1), reverse("promotion-school", args=(school.pk, year + 1)))
    if confirmed is None and school.pk in HEAD.scope(reach):
        yield Action(_("确认名单"), reverse("promotion-confirm", args=(school.pk, year)), kind="primary")
    if confirmed is not None and school.pk in OFFICER.scope(reach):
        yield Action(_("退回名单"), reverse("promotion-reopen", args=(school.pk, year)), kind="danger")


def _notice(year: int, confirmed: PromotionConfirmation | None) -> Notice:
    if confirmed:
        day = formats.china_date(timezone.localdate(confirmed.confirmed_at), year="always")
        words = {"who": confirmed.confirmed_by, "day": day}
        return Notice(_("%(who)s已于 %(day)s 确认。确需更改的，请县局退回名单。") % words, "done")
    if timezone.localdate() < starts_on(year):
        return Notice(_("新学年还没有开始，本页只供预览。开学后年级自动上升，只登记例外。"), "now")
    return Notice(_("年级随入学年份自动上升，不用逐人办理。留级、跳级在学生页面登记；核对无误后由校长确认。"), "due")


def _panels(found: Sequence[Standing], year: int, *, is_open: bool) -> Iterator[Panel]:
    names, sums = labels(), promotion.counts(found)
    facts = [Fact(names[group], _("%(count)s 人") % {"count": sums[group]}) for group in Group]
    yield FactsPanel(_("合计"), facts=[*facts, Fact(_("上学年在册"), _("%(count)s 人") % {"count": len(found)})])
    columns = [HeadCell("name", _("姓名")), HeadCell("group", _("情况")), HeadCell("reason", _("说明"))]
    may_undo = is_open and bool(REGISTRAR.scope(current_reach()))
    if may_undo:
        columns.append(HeadCell("undo", _("办理")))
    for item in promotion.class_lists(found, year):
        rows = [_pupil_row(other, names, may_undo=may_undo) for other in item.others]
        yield TablePanel(_class_title(item), columns=columns, rows=rows, empty=_("全班随班升级，没有例外。"))


def _class_title(item: ClassList) -> str:
    if not item.before:
        return _("未编班的学生")
    if not item.after:
        return _("%(before)s：毕业年级") % {"before": item.before}
    words = {"before": item.before, "after": item.after, "count": item.moves_up}
    return _("%(before)s → %(after)s：%(count)s 人随班升级") % words


def _pupil_row(item: Standing, names: dict[Group, str], *, may_undo: bool) -> Row:
    cells = [
        Cell(item.enrolment.person.name),
        Cell(names[item.group], "pill", tone=TONES.get(item.group, "quiet")),
        Cell(_said(item)),
    ]
    if may_undo:
        is_recorded = item.exception is not None and item.group in {Group.HELD_BACK, Group.SKIPPED}
        href = reverse("promotion-undo", args=(item.exception.pk,)) if item.exception and is_recorded else ""
        cells.append(Cell(_("撤销") if href else "", href=href))
    return Row(tuple(cells), parts.address("pupils", item.enrolment.pk))


def _said(item: Standing) -> str:
    """Why the pupil does not move up with the class."""
    row = item.enrolment
    if item.group in {Group.LEFT, Group.GRADUATES} and row.ended_on:
        day = formats.china_date(row.ended_on, year="always")
        return _("%(day)s %(reason)s") % {"day": day, "reason": row.get_exit_reason_display()}
    if item.exception:
        room = item.exception.new_classroom
        words = {"room": room.name_on(starts_on(item.exception.school_year)), "reason": item.exception.reason}
        return _("编入%(room)s；%(reason)s") % words
    said = {
        Group.GRADUATES: _("本学段最高年级，待办理毕业"),
        Group.SUSPENDED: _("休学中，复学时编班"),
        Group.NO_CLASS: _("学籍在本校，没有编班"),
    }
    return said.get(item.group, "")
