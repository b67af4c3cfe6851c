"""Minutes say what the records say, in the order of the meeting, and nothing of a secret vote but its totals."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.decisions.after import rows
from xianxue.decisions.papers import minutes, words
from xianxue.kernel.documents import Attendees, CheckNote, Document, Heading, ListItem, Paragraph, Table
from xianxue.meetings.choices import BallotChoice, ItemOutcome, VoteMethod
from xianxue.meetings.models import Amendment, Meeting, Opinion, SecretBallot, SecretTurn
from xianxue.meetings.rules.majority import Fraction
from xianxue.meetings.selectors.record import digest_of

pytestmark = pytest.mark.django_db


def texts(document: Document) -> list[str]:
    return [
        "".join(run.text for run in block.runs) for block in document.blocks if isinstance(block, Paragraph | ListItem)
    ]


def led(document: Document, lead: str) -> list[str]:
    return [text.removeprefix(f"{lead}：") for text in texts(document) if text.startswith(f"{lead}：")]


@pytest.fixture
def held(cast: Cast) -> Meeting:
    """A meeting with one item, which five members have signed."""
    meeting = rows.meeting(cast)
    item = rows.item(meeting, rows.proposal(cast))
    rows.opinions(item)
    rows.vote(item)
    rows.sign(meeting, 5)
    return meeting


def test_the_head_names_school_and_body_and_the_opening_counts_who_came(held: Meeting) -> None:
    paper = minutes(held)
    assert paper.masthead == "第一小学党组织会议纪要"
    assert (paper.title, paper.doc_number, paper.date, paper.mark) == (
        "2024年第5次党组织会议",
        "〔2024〕1号",
        rows.DAY,
        "",
    )
    assert texts(paper)[0] == (
        "2024年10月8日14:30至15:40，周一鸣在第一会议室主持召开中共第一小学支部委员会会议。"
        "应到7人，实到6人。现将会议内容纪要如下。"
    )


def test_until_the_record_is_locked_the_paper_is_a_draft_without_a_code(held: Meeting) -> None:
    held.locked_at = None
    paper = minutes(held)
    assert paper.mark == "草稿"
    assert [block for block in paper.blocks if isinstance(block, CheckNote)] == []


def test_a_paper_says_when_the_rows_are_not_those_that_were_locked(held: Meeting) -> None:
    held.record_digest = digest_of(held)
    assert minutes(held).mark == ""
    Opinion.objects.filter(order=1).delete()
    assert minutes(held).mark == "与锁定的记录不一致"


def test_an_item_tells_report_opinions_vote_inspector_and_result_in_that_order(held: Meeting) -> None:
    found = texts(minutes(held))
    assert found[1] == "会议听取了钱主任关于该议题（编号2024-001，重大项目安排）的汇报。"
    assert [text.partition("：")[0] for text in found[2:12]] == [
        "讨论情况", "发言和表态（按发言次序）", "吴二南", "郑三思", "王四维", "冯五常", "陈六和", "周一鸣", "表决", "监督意见",
    ]  # fmt: skip
    assert found[4] == "吴二南：同意：预算已经落实。"
    assert found[11] == "监督意见：孙监督：程序符合规定，请按期公示。"
    assert found[12] == "结果：通过。同意购置图书室书架 42 组。"


@pytest.mark.parametrize(
    ("body", "sits"),
    [
        ("第一小学校长办公会", "召开第一小学校长办公会。"),
        ("第一小学校长办公会议", "召开第一小学校长办公会议。"),
        ("中共第一小学支部委员会", "召开中共第一小学支部委员会会议。"),
        ("第一小学教职工大会", "召开第一小学教职工大会。"),
    ],
)
def test_a_body_is_named_as_it_sits(held: Meeting, body: str, sits: str) -> None:
    held.body.name = body
    assert sits in texts(minutes(held))[0]


def test_a_stance_that_the_words_begin_with_is_not_said_twice(held: Meeting) -> None:
    Opinion.objects.filter(order=1).update(text="同意，预算已经落实")
    assert texts(minutes(held))[4] == "吴二南：同意，预算已经落实。"


def test_opinions_can_be_left_to_the_summary_while_the_inspectors_stays(held: Meeting) -> None:
    paper = minutes(held, with_opinions=False)
    assert [block for block in paper.blocks if isinstance(block, ListItem)] == []
    assert led(paper, "讨论情况") == ["会议就预算来源、询价结果和安装时间作了讨论。"]
    assert led(paper, "监督意见") == ["孙监督：程序符合规定，请按期公示。"]


def test_the_vote_says_its_rule_and_the_least_number_in_whole_people(held: Meeting) -> None:
    assert led(minutes(held), "表决") == [
        "举手表决，应到7人，实到6人；赞成6票，反对0票，弃权0票；赞成票须超过应到成员半数（至少4票），表决通过。"
    ]


def test_days_of_a_reason_are_written_out_and_numbers_of_vouchers_stay() -> None:
    assert words.dated("“甲” 2024-03-01 至 2024-10-26 有，凭证 FK-2024-03-01、2024-03-011") == (
        "“甲”2024年3月1日至2024年10月26日有，凭证 FK-2024-03-01、2024-03-011"
    )


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2024-007", "〔2024〕7号"),
        ("2024-10-2", "〔2024〕10号"),
        ("〔2024〕1号", "〔2024〕1号"),
        ("宛校纪3", "宛校纪3"),
    ],
)
def test_numbers_of_papers_are_written_as_the_standard_wants(number: str, said: str) -> None:
    assert words.official_number(number) == said


@pytest.mark.parametrize(
    ("size", "rule", "said"),
    [
        (6, {"num": 1, "den": 2, "strict": True, "base": "roster"}, "赞成票须超过应到成员半数（至少4票）"),
        (6, {"num": 1, "den": 2, "strict": False, "base": "roster"}, "赞成票须达到应到成员半数以上（至少3票）"),
        (7, {"num": 2, "den": 3, "strict": False, "base": "roster"}, "赞成票须达到应到成员三分之二以上（至少5票）"),
        (7, {"num": 1, "den": 2, "strict": True, "base": "present"}, "赞成票须超过实到成员半数（至少4票）"),
        (7, {"num": 1, "den": 2, "strict": True, "base": "valid"}, "赞成票须超过有效票半数（至少3票）"),
    ],
)
def test_rules_are_written_in_the_words_of_the_regulations(
    cast: Cast, size: int, rule: dict[str, object], said: str
) -> None:
    item = rows.item(rows.meeting(cast, size=size), rows.proposal(cast))
    assert words.majority(Fraction.of(rule), rows.vote(item, yes=5)) == said


def test_a_secret_vote_gives_totals_alone(cast: Cast) -> None:
    meeting = rows.meeting(cast)
    item = rows.item(meeting, rows.proposal(cast))
    vote = rows.vote(item, yes=4, no=1, abstain=1, method=VoteMethod.SECRET, tellers="吴二南、郑三思")
    for one in meeting.attendances.filter(role="member")[:6]:
        SecretTurn.unguarded.create(vote=vote, person=one.person)
        SecretBallot.unguarded.create(vote=vote, choice=BallotChoice.YES)
    paper = minutes(meeting)
    assert led(paper, "表决") == [
        (
            "无记名投票，应到7人，实到6人；收回6票，赞成4票，反对1票，弃权1票；"
            "赞成票须超过应到成员半数（至少4票），表决通过；监票、计票：吴二南、郑三思。"
        )
    ]
    spoken = "".join(text for text in texts(paper) if not text.startswith("表决："))
    assert not any(name in spoken for name in rows.NAMES[1:])


def test_recusals_say_why_and_when_and_that_a_time_is_missing(cast: Cast) -> None:
    meeting = rows.meeting(cast)
    item = rows.item(meeting, rows.proposal(cast))
    first, second = (one.person for one in meeting.attendances.order_by("pk")[1:3])
    assert first
    assert second
    rows.recuse(item, first)
    rows.recuse(item, second, ground="supplier", source="known", left_at=None, returned_at=None)
    assert led(minutes(meeting), "回避") == [
        "吴二南（涉及近亲属，本人申报）于14:50离场，15:10返回，未参加讨论和表决。",
        "郑三思（与供应商有利害关系，登记的利害关系）应当回避，记录中没有离场时间。",
    ]


def test_what_was_put_off_says_why_and_until_when(cast: Cast) -> None:
    meeting = rows.meeting(cast)
    rows.item(
        meeting,
        rows.proposal(cast),
        outcome=ItemOutcome.POSTPONED,
        postponed_reason="两名成员认为询价不充分",
        postponed_until=date(2024, 10, 22),
    )
    assert led(minutes(meeting), "结果") == ["缓议。理由：两名成员认为询价不充分。2024年10月22日前再议。"]


def test_a_motion_of_the_day_says_why_it_was_let_in(cast: Cast) -> None:
    meeting = rows.meeting(cast)
    rows.item(meeting, rows.proposal(cast), late_reason="防汛抢修", late_approved_by="周一鸣")
    assert led(minutes(meeting), "临时动议") == ["理由：防汛抢修；同意列入：周一鸣。"]


def test_those_who_came_who_were_excused_and_who_attended_stand_below_the_text(held: Meeting) -> None:
    lines = {block.label: list(block.names) for block in minutes(held).blocks if isinstance(block, Attendees)}
    assert lines == {
        "出席": list(rows.NAMES[:6]),
        "请假": ["褚七星（出差；已提交书面意见，不计入票数）"],
        "列席": ["孙监督（派驻纪检组）", "李记录（记录）"],
    }


def test_members_who_have_not_signed_are_named(held: Meeting) -> None:
    (table,) = (block for block in minutes(held).blocks if isinstance(block, Table))
    cells = [[run.text for run in row] for row in table.rows]
    assert cells[0] == ["周一鸣", "书记", "本人账号签名", "2024年10月8日16:30"]
    assert cells[5] == ["陈六和", "委员", "未签名", ""]
    assert len(cells) == 6


def test_corrections_after_the_lock_stand_beside_the_text_which_stays(held: Meeting) -> None:
    Amendment.unguarded.create(
        meeting=held,
        item=held.items.get(),
        number=1,
        text="书架应为 40 组",
        reason="录入有误",
        actor="李记录",
        made_at=rows.at(10, day=date(2024, 10, 9)),
    )
    paper = minutes(held)
    table = [block for block in paper.blocks if isinstance(block, Table)][-1]
    assert table.caption == "锁定后的更正（原文保留）"
    assert [run.text for run in table.rows[0]] == [
        "1", "购置图书室书架", "书架应为 40 组", "录入有误", "李记录 2024年10月9日10:00",
    ]  # fmt: skip
    assert led(paper, "结果") == ["通过。同意购置图书室书架 42 组。"]


def test_a_body_that_is_only_counted_lists_nobody(cast: Cast) -> None:
    meeting = rows.meeting(cast, size=1, absent=0, roster_total=60, present_total=45)
    meeting.body.counts_only = True
    meeting.attendances.filter(role="member").delete()
    paper = minutes(meeting)
    assert "应到60人，实到45人。" in texts(paper)[0]
    assert [list(block.names) for block in paper.blocks if isinstance(block, Attendees) and block.label == "出席"] == [
        ["成员45人"]
    ]


def test_items_are_headings_in_their_order_and_cost_no_queries_each(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    meeting = rows.meeting(cast)
    for number in range(8):
        item = rows.item(meeting, rows.proposal(cast, title=f"议题{number}"))
        rows.opinions(item)
        rows.vote(item)
    meeting = Meeting.objects.select_related("matter", "unit", "body", "chair").get(pk=meeting.pk)
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # a fixture of pytest-django
        paper = minutes(meeting)
    assert [block.text for block in paper.blocks if isinstance(block, Heading)] == [f"议题{n}" for n in range(8)]
