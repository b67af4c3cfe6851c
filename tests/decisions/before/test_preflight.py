"""The page before a meeting: what is missing and whose move it is, in numbers, and the way to the agenda when it may."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import body_of, convene, outcome, start
from tests.factories.ledgers import PaymentFactory
from tests.factories.proposals import make_entry, make_proposal
from xianxue.decisions.models import Proposal
from xianxue.decisions.resources.preflight import PreflightPage
from xianxue.decisions.services import proposals, tabling
from xianxue.kernel.access import in_reach
from xianxue.kernel.procedures import clock
from xianxue.kernel.ui.details import TimelinePanel
from xianxue.meetings.choices import BodyKind, ItemOutcome
from xianxue.meetings.models import Body

Desks = dict[str, Desk]
Bodies = dict[str, Body]


def page_of(desk: Desk, proposal: Proposal) -> Any:
    """What the page says to somebody."""
    found = Proposal.objects.select_related("matter", "unit", "rule_set", "entry__edition").get(pk=proposal.pk)
    with in_reach(desk.cast.reach(desk.part)):
        return PreflightPage(found, desk.by).page()


def needs(page: Any) -> dict[str, tuple[str, str]]:
    """Label → mark and text of what must be there."""
    return {line.label: (line.mark, line.text) for line in page.panels[0].lines}


def table_action(page: Any) -> Any:
    """The button for the agenda."""
    return page.actions[-1]


def facts(page: Any) -> dict[str, str]:
    """Label → text of the matter."""
    return {fact.label: fact.text for fact in page.panels[1].facts}


def test_each_thing_has_its_mark_until_nothing_is_missing(
    cast: Cast, desks: Desks, bodies: Bodies, soon: datetime
) -> None:
    entry = make_entry(cast.first_primary, preparations=["research"], chain=["party"])
    made = start(desks, make_proposal(cast, entry=entry))
    convene(desks["recorder"], bodies["party"], soon)
    page = page_of(desks["recorder"], made)
    assert (
        needs(page).items()
        >= {
            "事项清单": ("✓", "本校事项清单 2024 版“设施设备采购”，已备案"),
            "调研论证": ("✗", "缺：没有调研论证的记录。"),
            "合法性审查": ("–", "不适用：清单不要求。"),
            "廉洁性审查": ("–", "不适用：清单不要求。"),
            "书记校长沟通": ("✓", "无重大分歧"),
            "会前报备": ("–", "不适用：清单不要求报备，金额也没有达到报备限额。"),
            "教代会": ("–", "不适用：不涉及教职工切身利益。"),
        }.items()
    )
    assert page.panels[0].note == "缺 1 项，补齐后才能上会"
    assert table_action(page).why_not == "缺 1 项，补齐后才能上会。"
    missing = next(line for line in page.panels[0].lines if line.label == "调研论证")
    assert " 前" in missing.note
    given = {"kind": "research", "done_on": clock.today(), "name": "总务处"}
    desks["recorder"].does(proposals.prepare, made, **given)
    page = page_of(desks["recorder"], made)
    assert needs(page)["调研论证"] == ("✓", "总务处已办理")
    assert page.panels[0].note == "没有缺项"
    assert table_action(page).why_not == ""
    assert table_action(page).href.startswith(reverse("matter-step", args=(made.matter_id, "table")))


def test_an_exception_is_seen_for_ever(cast: Cast, desks: Desks, bodies: Bodies) -> None:
    entry = make_entry(cast.first_primary, preparations=["research"])
    made = start(desks, make_proposal(cast, entry=entry))
    desks["secretary"].does(proposals.waive, made, requirement="research", reason="上级统一调研", note="上级统一调研")
    page = page_of(desks["inspector"], made)
    assert needs(page)["调研论证"] == ("！", "已作例外处理：缺：没有调研论证的记录。")
    assert [(fact.label, fact.text) for fact in page.aside[1].facts] == [("调研论证", "上级统一调研")]


def test_why_it_cannot_be_tabled(cast: Cast, desks: Desks, bodies: Bodies, soon: datetime) -> None:
    made = make_proposal(cast)
    assert table_action(page_of(desks["recorder"], made)).why_not == "书记、校长还没有确定为议题。"
    start(desks, made)
    assert table_action(page_of(desks["recorder"], made)).why_not == "还没有可以列入的党组织会议。请先召集会议。"
    convene(desks["recorder"], bodies["party"], soon)
    assert table_action(page_of(desks["recorder"], made)).why_not == ""
    assert table_action(page_of(desks["member"], made)).why_not != ""


def test_the_numbers_needed(cast: Cast, desks: Desks, bodies: Bodies) -> None:
    entry = make_entry(
        cast.first_primary, chain=["administration", "party"], is_important=True, threshold_fen=10_000_00
    )
    page = page_of(desks["recorder"], make_proposal(cast, entry=entry))
    said = facts(page)
    assert said["金额"] == "12,600.00 元"
    assert page.panels[1].facts[0].pill.text == "达到限额 10,000.00 元"
    assert said["会议顺序"] == "校长办公会议 → 党组织会议"
    assert said["校长办公会议"] == "应到 3 人，半数以上（≥ 2）到会；赞成须超过应到半数（≥ 2）"
    assert said["党组织会议"] == "应到 5 人，三分之二以上（≥ 4）到会；赞成须超过应到半数（≥ 3）"


def test_a_congress_says_its_numbers_at_the_meeting_and_a_body_that_is_not_there_is_named(
    cast: Cast, desks: Desks
) -> None:
    body_of(cast, "congress", 0, counts_only=True)
    entry = make_entry(cast.first_primary, chain=["congress", "party"])
    said = facts(page_of(desks["recorder"], make_proposal(cast, entry=entry)))
    assert said[str(BodyKind.CONGRESS.label)] == "三分之二以上到会；赞成超过半数（人数以会议登记为准）"
    assert said["党组织会议"] == "本校没有登记这个议事机构。"


def test_other_payments_to_the_supplier_are_told(cast: Cast, desks: Desks) -> None:
    made = make_proposal(cast)
    unit = cast.first_primary.unit
    for number, amount in ((1, 4_000_00), (2, 5_200_00)):
        PaymentFactory(unit=unit, number=f"S{number}", payee="试验家具厂", amount_fen=amount, paid_on=clock.today())
    PaymentFactory(unit=unit, number="S3", payee="别的厂", amount_fen=1_00, paid_on=clock.today())
    assert facts(page_of(desks["recorder"], made))["关联"] == (
        "近 90 天另付该供应商 2 笔，合计 9,200.00 元，都没有议题"
    )


def test_the_meetings_say_what_came_of_each(cast: Cast, desks: Desks, bodies: Bodies, soon: datetime) -> None:
    entry = make_entry(cast.first_primary, chain=["administration", "party"])
    made = start(desks, make_proposal(cast, entry=entry))
    recorder = desks["recorder"]
    recorder.does(tabling.table, made, meeting=convene(recorder, bodies["administration"], soon))
    outcome(recorder, made, ItemOutcome.PASSED)
    stages = page_of(recorder, made).aside[0].steps
    assert [(one.title, one.state) for one in stages] == [("校长办公会议", "done"), ("党组织会议", "current")]
    assert stages[1].note == "待上会"


def test_failed_checks_come_first_and_none_is_left_out(cast: Cast, desks: Desks) -> None:
    made = make_proposal(cast)
    assert page_of(desks["recorder"], made).panels[2].empty == "还没有检查过。"
    start(desks, made)
    run = made.check_runs.get(is_last=True)
    run.outcomes = {"C04": "passed", "C05": {"verdict": "failed", "reason": "没有审查。"}, "C06": "waived",
                    "C07": {"verdict": "skipped", "reason": "不是任免。"}}  # fmt: skip
    type(run).objects.filter(pk=run.pk).update(outcomes=run.outcomes)
    panel = page_of(desks["recorder"], made).panels[2]
    assert [(line.label[:3], line.mark, line.text) for line in panel.lines] == [
        ("C05", "✗", "没有审查。"), ("C06", "！", ""), ("C07", "–", "不是任免。"), ("C04", "✓", ""),
    ]  # fmt: skip
    assert panel.note == "未通过 1 项，未检查 2 项，通过 1 项"


def test_many_that_wait_for_the_same_share_a_line_that_names_them(cast: Cast, desks: Desks) -> None:
    made = start(desks, make_proposal(cast))
    waiting = {"verdict": "skipped", "reason": "还没有上会。"}
    outcomes = {"C04": waiting, "C05": waiting, "C06": {"verdict": "failed", "reason": "没有。"}, "C12": waiting}
    made.check_runs.filter(is_last=True).update(outcomes=outcomes)
    lines = page_of(desks["recorder"], made).panels[2].lines
    assert [(line.mark, line.label[:6], line.note) for line in lines] == [
        ("✗", "C06 教代", "事前"),
        ("–", "还没有上会。", "3 项"),
    ]
    assert [name[:3] for name in lines[1].text.split("、C")] == ["C04", "05 ", "12 "]


def test_the_page_is_there_for_those_who_read_and_for_nobody_else(cast: Cast, desks: Desks) -> None:
    made = start(desks, make_proposal(cast))
    href = reverse("decisions-preflight", args=(made.pk,))
    answers = {part: cast.client(part).get(href).status_code for part in ("recorder", "inspector", "discipline")}
    assert answers == {"recorder": 200, "inspector": 200, "discipline": 200}
    for part in ("other_recorder", "class_teacher", "registrar", "stranger"):
        assert cast.client(part).get(href).status_code in {403, 404}
    text = cast.client("recorder").get(href).content.decode()
    assert "购置图书室书架" in text
    assert 'class="need need-done"' in text


def test_the_register_shows_it_and_filters_it(cast: Cast, desks: Desks) -> None:
    mine, theirs = make_proposal(cast), make_proposal(cast, cast.second_primary, title="修缮屋面")
    client = cast.client("discipline")
    both = client.get(reverse("proposals-list")).content.decode()
    assert ("购置图书室书架" in both, "修缮屋面" in both) == (True, True)
    one = client.get(f"{reverse('proposals-list')}?unit={theirs.unit_id}").content.decode()
    assert ("购置图书室书架" in one, "修缮屋面" in one) == (False, True)
    own = cast.client("recorder").get(reverse("proposals-list")).content.decode()
    assert ("购置图书室书架" in own, "修缮屋面" in own) == (True, False)
    page = client.get(reverse("proposals-detail", args=(mine.pk,)))
    assert page.status_code == 200
    assert reverse("decisions-preflight", args=(mine.pk,)) in page.content.decode()


def test_the_page_of_a_proposal_names_the_states_that_it_went_through(cast: Cast, desks: Desks, bodies: Bodies) -> None:
    made = start(desks, make_proposal(cast, entry=make_entry(cast.first_primary)))
    page = cast.client("recorder").get(reverse("proposals-detail", args=(made.pk,))).context["page"]
    history = next(panel for panel in page.panels if isinstance(panel, TimelinePanel))
    told = [(change.label, change.old, change.new) for moment in history.moments for change in moment.changes]
    assert ("办理状态", "已提出，待确定议题", "会前准备") in told
