"""After the decision: the minutes, its publication, what is done about it, the archive, and the bureau's view."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.walk.acts import lines_of, take
from tests.browser.walk.days import CHINA
from tests.browser.walk.walk import FIRM, TEACHER, TITLE, Walk
from tests.browser.workbooks import download


def the_minutes_read_as_they_should(walk: Walk) -> None:
    """Both are downloaded from the proposal's page, and opened as a word processor opens them."""
    page = walk.by("jilu")
    page.goto(f"/registers/proposals/{walk.pk}/")
    papers = page.locator(".card").filter(has=page.get_by_role("heading", name="公文"))
    told = [lines_of(download(page, link)[1]) for link in papers.get_by_role("link").filter(has_text="会议（").all()]
    number = f"{walk.proposed_on.year}-001"
    for lines, expected in zip(told, (_of_the_team(number), _of_the_party(number)), strict=True):
        assert [line for line in lines if line in expected] == expected


def _of_the_team(number: str) -> list[str]:
    return [
        "万载县康乐第一小学校长办公会议纪要",
        f"一、{TITLE}",
        f"会议听取了邬志成关于该议题（编号{number}，重大项目安排）的汇报。",
        "讨论情况：比较了三家供应商的价格、资质和配送能力。",
        "表决：举手表决，应到5人，实到5人；赞成3票，反对1票，弃权0票；赞成票须超过应到成员半数（至少3票），表决通过。",
        "监督意见：廉守正：议事程序合规，未发现问题。",
        f"结果：通过。同意选用{FIRM}，为期一年。",
        "出席：高国辉、杨嘉辉、李俊强、仇鑫、杨娟",
        "成员签名",
        "纸质签名（已扫描）",
    ]


def _of_the_party(number: str) -> list[str]:
    return [
        "万载县康乐第一小学党组织会议纪要",
        f"一、{TITLE}",
        f"会议听取了邬志成关于该议题（编号{number}，重大项目安排）的汇报。",
        "讨论情况：一致认为比选程序规范。",
        (
            "表决：无记名投票，应到3人，实到3人；收回3票，赞成2票，反对1票，弃权0票；"
            "赞成票须超过应到成员半数（至少2票），表决通过。"
        ),
        "监督意见：廉守正：议事程序合规，未发现问题。",
        f"结果：通过。同意选用{FIRM}，为期一年。",
        "出席：杨嘉辉、高国辉、李俊强",
        "成员签名",
    ]


def it_is_published(walk: Walk) -> None:
    """For five working days, as the list says; not a day less."""
    page = walk.by("jilu")
    take(page, walk.matter, "公示", {"公示地点": "校务公开栏、学校网站"})
    page.get_by_role("link", name="结束公示", exact=True).click()
    page.get_by_role("button", name="结束公示", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("还没有期满")
    page.goto(f"/registers/proposals/{walk.pk}/")
    told = page.locator(".fact").filter(has_text="公示时间").inner_text()
    year, month, day = map(int, re.findall(r"\d+", told)[-3:])
    assert (datetime(year, month, day, tzinfo=CHINA) - walk.days.today).days >= 6
    walk.turn_to(datetime(year, month, day, 10, tzinfo=CHINA))
    take(walk.by("jilu"), walk.matter, "结束公示")


def it_is_carried_out_and_archived(walk: Walk) -> None:
    """An owner and a limit, a report with its paper, the end, the archive."""
    # On the last day of the publication it would still be too early.
    walk.turn_to(walk.days.in_days(1, 9))
    recorder, today = walk.by("jilu"), walk.days.today
    limit = f"{today + timedelta(days=30):%Y-%m-%d}"
    take(recorder, walk.matter, "安排落实", {"任务": "签订合同", "责任人": TEACHER, "完成期限": limit})
    take(walk.by("banzi"), walk.matter, "反馈进展", {
        "任务": "签订合同", "进展": "合同已签订。", "进度（%）": "100", "实施日期": f"{today:%Y-%m-%d}", "这项任务已经完成": True,
    }, scan="contract")  # fmt: skip
    take(walk.by("shuji"), walk.matter, "办结")
    take(recorder, walk.matter, "归档", {"档号": "三重一大-001"})
    expect(recorder.locator(".page-head .pill")).to_have_text("已归档，待后评估")
    recorder.goto(walk.preflight)
    checks = recorder.locator(".card").filter(has=recorder.get_by_role("heading", name="规则检查"))
    assert checks.locator(".need-late .need-label").all_inner_texts() == []
    walk.sound_on_both(recorder)


def the_bureau_sees_it(walk: Walk) -> None:
    """All schools side by side; from the school's line to the matter."""
    page = walk.by("sanzhong")
    page.goto("/decisions/county/")
    walk.sound_on_both(page)
    row = page.get_by_role("region", name="各校").locator("tr").filter(has_text="康乐一小")
    assert row.locator("th, td").all_inner_texts()[:5] == ["康乐一小", "2", "1", "–", "1"]
    row.get_by_role("link").first.click()
    line = page.locator("tbody tr").filter(has_text=TITLE)
    expect(line).to_contain_text("已归档，待后评估")
    line.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    walk.sound(page)
