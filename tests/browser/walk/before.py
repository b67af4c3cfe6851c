"""Before a meeting: rosters, the list of matters, two proposals, what is missing, and the one that is stopped."""

import re

from playwright.sync_api import expect

from tests.browser.walk.acts import choose, needs, offered, path_of, record, start, take
from tests.browser.walk.meetings import called
from tests.browser.walk.walk import DISCIPLINE, FIRM, HEAD, PARTY, SECRETARY, TEACHER, TEAM, TITLE, Walk

PROPOSAL, LIST = "decisions.proposal", "decisions.catalogue"
OTHER = "校服选用"


def rosters_are_put_right(walk: Walk) -> None:
    """Who sits where, with which account; and what a member has declared."""
    page = walk.by("jilu")
    page.goto("/registers/seats/")
    rows = page.locator("tbody tr").filter(has_text=PARTY).locator("th a").all()
    for seat in [str(row.get_attribute("href")) for row in rows]:
        page.goto(seat)
        page.get_by_role("link", name="登记免职").click()
        page.get_by_role("button", name="登记免职", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("议事机构成员")
    seats: tuple[dict[str, str | bool], ...] = (
        {"议事机构": PARTY, "成员": SECRETARY, "账号": "苏正阳", "职务": "书记", "主要负责人": True},
        {"议事机构": PARTY, "成员": HEAD, "账号": "龙国华", "职务": "副书记、校长"},
        {"议事机构": PARTY, "成员": DISCIPLINE, "账号": "廉守正", "职务": "纪检委员", "纪检委员": True},
        {"议事机构": TEAM, "成员": TEACHER, "职务": "总务主任"},
    )
    for fields in seats:
        record(page, "/meetings/seats/new/", "登记", fields)
    record(page, "/meetings/interests/new/", "登记", {
        "议事机构": TEAM, "成员": TEACHER, "关系": "供应商", "相关单位": FIRM,
    })  # fmt: skip


def the_list_is_filed(walk: Walk) -> None:
    """The school's list of matters: drafted, sent when it has been adopted, filed by the bureau."""
    matter = start(walk.by("jilu"), LIST, "draft", "起草事项清单", {"版次": "新版"})
    take(walk.by("shuji"), matter, "报送备案", {"审议通过日期": f"{walk.days.today:%Y-%m-%d}"})
    take(walk.by("sanzhong"), matter, "备案")


def both_are_proposed(walk: Walk) -> None:
    """A member proposes the one, the recorder another; the secretary takes them up."""
    walk.matter = start(walk.by("banzi"), PROPOSAL, "propose", "提出议题", {
        "清单事项": "食堂食材供应商选用", "议题": TITLE, "内容和理由": "现有合同到期，比选后续签一年。",
        "拟用金额（元）": "320000", "拟定供应商": FIRM,
    })  # fmt: skip
    walk.other = start(walk.by("jilu"), PROPOSAL, "propose", "提出议题", {
        "清单事项": OTHER, "议题": OTHER, "内容和理由": "新生入学需要。", "拟用金额（元）": "86400",
    })  # fmt: skip
    for matter in (walk.matter, walk.other):
        take(walk.by("shuji"), matter, "确定为议题")


def what_is_missing_is_shown(walk: Walk) -> None:
    """The pre-flight page, from the matter's page: what, and whose move it is."""
    page = walk.by("jilu")
    page.goto(walk.matter)
    page.get_by_role("link", name="会前检查", exact=True).click()
    walk.preflight = path_of(page)
    walk.sound(page)
    found = needs(page)
    assert {label: (how, who) for label, (how, _text, who) in found.items() if how == "缺"} == {
        "调研论证": ("缺", "提出人"), "比选方案": ("缺", "提出人"), "征求意见": ("缺", "提出人"),
        "合法性审查": ("缺", "审查人（不能是提出人）"), "廉洁性审查": ("缺", "纪检委员"),
        "书记校长沟通": ("缺", "书记、校长"), "会前报备": ("缺", "学校办公室"),
    }  # fmt: skip
    expect(page.get_by_role("button", name="列入会议")).to_be_disabled()
    expect(page.get_by_text("缺 7 项，补齐后才能上会。")).to_be_visible()


def it_is_prepared(walk: Walk) -> None:
    """Studies by the recorder, reviews by others than the proposer, the talk of secretary and head."""
    for kind, name, count in (
        ("调研论证", "总务处", ""), ("比选方案", "总务处", "3"), ("征求意见", "家长委员会", "25"), ("会前报备", "学校办公室", ""),
    ):  # fmt: skip
        take(walk.by("jilu"), walk.matter, "登记前置程序", {"前置程序": kind, "办理人": name, "数量": count})
    assert offered(walk.by("banzi"), walk.matter) == ["登记前置程序", "撤回议题"]
    agreed = {"审查结论": "同意", "审查意见": "程序和合同条款合规。"}
    take(walk.by("xiaozhang"), walk.matter, "合法性审查", agreed)
    take(walk.by("jiwei"), walk.matter, "廉洁性审查", agreed)
    talked = {"沟通日期": f"{walk.days.today:%Y-%m-%d}", "沟通结果": "无重大分歧"}
    take(walk.by("shuji"), walk.matter, "登记书记校长沟通", talked)


def a_meeting_is_called(walk: Walk) -> None:
    """In a fortnight; now the other proposal is told until when."""
    walk.meeting = called(walk, TEAM, HEAD, walk.days.in_days(14, 14, 30))


def the_other_is_stopped(walk: Walk) -> None:
    """Its page says what is missing, who has to do it and until when; the step itself refuses the same."""
    page = walk.by("jilu")
    page.goto(walk.other)
    page.get_by_role("link", name="会前检查", exact=True).click()
    found = needs(page)
    missing = {label: (text, who) for label, (how, text, who) in found.items() if how == "缺"}
    day = r"\d+ 月 \d+ 日 前 · "
    for label, whose in {
        "调研论证": "提出人", "比选方案": "提出人", "征求意见": "提出人", "廉洁性审查": "纪检委员", "书记校长沟通": "书记、校长",
        "会前报备": "学校办公室",
    }.items():  # fmt: skip
        text, who = missing.pop(label)
        assert text.startswith("缺："), label
        assert re.fullmatch(day + whose, who.replace("\xa0", " ")), (label, who)
    assert missing == {}
    expect(page.get_by_role("button", name=re.compile("^列入 .* 会议$"))).to_be_disabled()
    walk.sound_on_both(page)
    page.goto(walk.other)
    page.get_by_role("link", name="列入会议", exact=True).click()
    choose(page.get_by_label(re.compile("^会议")), TEAM)
    page.get_by_role("button", name="列入会议", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(
        "未能列入会议：调研论证（没有调研论证的记录）；比选方案（没有比选方案的记录）；征求意见（没有征求意见的记录）；"
        "廉洁性审查（没有廉洁性审查的记录）；书记校长沟通（没有书记、校长会前沟通的记录）；"
        "会前报备（清单要求报备，须会前 3 个工作日报县局）。请补齐，或由书记、校长作例外处理后再列入。"
    )
