"""The two meetings: called, read by the members, held, signed, locked."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, Route, expect

from tests.browser.walk.acts import needs, path_of, start, take
from tests.browser.walk.desk import Desk
from tests.browser.walk.walk import (
    DISCIPLINE,
    FIRM,
    HEAD,
    MEMBER,
    NARROW,
    PARTY,
    SEATED,
    SECRETARY,
    TEACHER,
    TEAM,
    TITLE,
    Walk,
)

MEETING = "meetings.meeting"


def called(walk: Walk, body: str, chair: str, moment: datetime) -> str:
    walk.met, walk.body = moment, body
    return start(walk.by("jilu"), MEETING, "convene", "召集会议", {
        "议事机构": body, "会议名称": f"{body}会议", "开会时间": f"{moment:%Y-%m-%dT%H:%M}", "会议地点": "二楼会议室",
        "主持人": chair,
    })  # fmt: skip


def it_is_tabled_and_read(walk: Walk) -> None:
    """Nothing is missing: it stands on the agenda, the notice goes out, and the members read it on their telephones."""
    page = walk.by("jilu")
    page.goto(walk.preflight)
    assert [how for how, _text, _who in needs(page).values() if how == "缺"] == []
    page.get_by_role("link", name=re.compile("^列入 .* 会议$")).click()
    page.get_by_role("button", name="列入会议", exact=True).click()
    expect(page.get_by_text("已列入会议").first).to_be_visible()
    take(page, walk.meeting, "发出通知")
    for username in SEATED[walk.body]:
        member = _on_a_telephone(walk, username)
        member.get_by_role("button", name="已阅知会议通知").click()
        expect(member.get_by_text("已阅知会议通知。")).to_be_visible()
        member.context.close()


def _on_a_telephone(walk: Walk, username: str) -> Page:
    """A member's page of the meeting, from the list of the own meetings."""
    page = walk.sign_in(username, width=NARROW, dark=username in {"shuji", "jiwei"})
    page.goto("/meetings/mine/")
    walk.sound(page, NARROW)
    page.get_by_role("link", name=f"{walk.body}会议").first.click()
    page.wait_for_url("**/member/")
    walk.sound(page, NARROW)
    return page


def the_team_meets(walk: Walk) -> None:
    """A fortnight later: who comes, who must leave the room, who speaks when; and the connection that drops meanwhile."""
    walk.turn_to(walk.met + timedelta(minutes=20))
    desk = _begun(walk, [HEAD, SECRETARY, DISCIPLINE, MEMBER, TEACHER])
    warning = f"{TEACHER}应当回避：与供应商有利害关系（{FIRM}）。"
    expect(desk.item(TITLE).get_by_text(warning)).to_be_visible()
    walk.sound_on_both(desk.page)
    desk.speak(TITLE, MEMBER, "供货及时，价格合理。")
    expect(desk.refusals).to_contain_text(f"{MEMBER} 发言：未能记录发言：登记的利害关系表明应当回避：{TEACHER}")
    # What was refused is not lost: it stands in its form again.
    expect(desk.item(TITLE).get_by_label("意见")).to_have_value("供货及时，价格合理。")
    desk.fold(TITLE, "登记回避", {
        "回避人员": TEACHER, "回避事由": "与供应商有利害关系", "回避来源": "登记的利害关系",
    })  # fmt: skip
    desk.speak(TITLE, HEAD, "同意续签一年。")
    expect(desk.refusals).to_contain_text("主要负责人应当最后表态")
    expect(desk.item(TITLE).get_by_label("意见")).to_have_value("同意续签一年。")
    desk.speak(TITLE, MEMBER, "供货及时，价格合理。")
    desk.is_sent()
    _while_the_connection_drops(desk)
    expect(desk.item(TITLE).locator(".desk-opinions li")).to_have_count(4)
    assert desk.spoken(TITLE) == [MEMBER, SECRETARY, DISCIPLINE, HEAD]
    walk.sound_on_both(desk.page)


def _begun(walk: Walk, names: list[str]) -> Desk:
    """The meeting begins, everybody comes, and the item is taken up."""
    page = walk.by("jilu")
    take(page, walk.meeting, "开始会议", {"开始时间": f"{walk.met:%Y-%m-%dT%H:%M}"})
    page.get_by_role("link", name="会议记录台", exact=True).click()
    walk.desk = path_of(page)
    desk = Desk(page)
    desk.all_come(names)
    desk.press(desk.item(TITLE), "开始讨论")
    return desk


def _while_the_connection_drops(desk: Desk) -> None:
    """Two speak without a connection; then an entry arrives, but its answer is lost: each is written once."""
    network = desk.page.context
    network.set_offline(True)
    for name, text in ((SECRETARY, "同意，按比选结果签约。"), (DISCIPLINE, "同意，加强验收。")):
        desk.speak(TITLE, name, text)
    expect(desk.queue).to_contain_text("2 条记录还没有送到")
    expect(desk.waiting).to_have_text([f"{SECRETARY} 发言", f"{DISCIPLINE} 发言"])
    assert desk.spoken(TITLE) == [MEMBER]
    network.set_offline(False)
    desk.is_sent()
    heard: list[int] = []

    def lose_the_answer(route: Route) -> None:
        heard.append(route.fetch().status)
        route.abort("internetdisconnected")

    desk.page.route("**/desk/entries/", lose_the_answer, times=1)
    desk.speak(TITLE, HEAD, "同意续签一年。")
    desk.is_sent()
    assert heard == [200]


def the_team_votes_by_hands(walk: Walk) -> None:
    """Four of five may vote; three would do; the school's other body comes next."""
    page = walk.by("jilu")
    page.goto(walk.desk)
    desk = Desk(page)
    desk.sum_up(TITLE, "比较了三家供应商的价格、资质和配送能力。", f"同意选用{FIRM}，为期一年。")
    desk.open_vote(TITLE, "举手表决")
    expect(desk.item(TITLE).get_by_text("已表决 0 人，至少 3 票赞成才通过")).to_be_visible()
    for name in (HEAD, SECRETARY, DISCIPLINE, MEMBER):
        desk.cast(TITLE, name, "反对" if name == MEMBER else "赞成")
    walk.sound_on_both(page)
    _ended(walk, desk, "举手表决，应到 5 人，实到 5 人；赞成 3，反对 1，弃权 0")
    desk.press(desk.item(TITLE), "返回")


def _ended(walk: Walk, desk: Desk, counted: str) -> None:
    """The vote is closed, and so is the item."""
    desk.press(desk.item(TITLE), "结束表决，宣布结果")
    expect(desk.item(TITLE).get_by_text(counted)).to_be_visible()
    desk.press(desk.item(TITLE), "议毕")
    expect(desk.item(TITLE).locator(".card-head .pill")).to_have_text("通过")


def it_is_signed_and_locked(walk: Walk) -> None:
    """The inspector's opinion, the end, everybody's signature, the lock."""
    inspector = _on_a_telephone(walk, "jiwei")
    inspector.get_by_text("填写监督意见").click()
    inspector.get_by_label("意见").fill("议事程序合规，未发现问题。")
    inspector.get_by_role("button", name="记入会议记录").click()
    expect(inspector.get_by_text("监督意见已记入。")).to_be_visible()
    inspector.context.close()
    recorder = walk.by("jilu")
    take(recorder, walk.meeting, "结束会议")
    if walk.body == TEAM:
        take(recorder, walk.meeting, "登记纸质签名", {"签名人": TEACHER}, scan="scan")
    for username in SEATED[walk.body]:
        page = walk.by(username)
        page.goto("/meetings/mine/")
        page.get_by_role("link", name=f"{walk.body}会议").first.click()
        page.get_by_role("link", name="看完记录，签名").click()
        page.get_by_role("button", name="签名", exact=True).click()
        expect(page.get_by_text("“签名”已办理")).to_be_visible()
    take(recorder, walk.meeting, "锁定记录")


def the_party_meets(walk: Walk) -> None:
    """A week later, the next body of the chain: a secret vote, by the members' own accounts."""
    page = walk.by("jilu")
    walk.meeting = called(walk, PARTY, SECRETARY, walk.days.in_days(7, 14, 30))
    it_is_tabled_and_read(walk)
    walk.turn_to(walk.met + timedelta(minutes=20))
    desk = _begun(walk, [SECRETARY, HEAD, DISCIPLINE])
    for name in (DISCIPLINE, HEAD, SECRETARY):
        desk.speak(TITLE, name, "同意。")
        desk.is_sent()
    desk.sum_up(TITLE, "一致认为比选程序规范。", f"同意选用{FIRM}，为期一年。")
    desk.open_vote(TITLE, "无记名投票")
    for username, choice in (("jiwei", "反对"), ("xiaozhang", "赞成"), ("shuji", "赞成")):
        page = _on_a_telephone(walk, username)
        page.get_by_role("button", name=choice, exact=True).click()
        expect(page.get_by_text("您已投票")).to_be_visible()
        walk.sound(page, NARROW)
        page.context.close()
    expect(desk.item(TITLE).get_by_text("已表决 3 人，至少 2 票赞成才通过")).to_be_visible()
    walk.sound_on_both(desk.page)
    _ended(walk, desk, "无记名投票，应到 3 人，实到 3 人；赞成 2，反对 1，弃权 0")
