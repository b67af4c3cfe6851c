"""Papers are downloads for those who may read the matter; for others they are not there."""

import io
from typing import Any

import docx
import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.decisions.after import rows
from xianxue.decisions.models import Task
from xianxue.decisions.papers import decision_paper
from xianxue.decisions.papers.decision import about
from xianxue.kernel.commands import Refused


def words(answer: Any) -> str:
    file = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


@pytest.fixture
def places(cast: Cast) -> dict[str, str]:
    """Addresses of the two papers."""
    proposal, meeting = rows.proposal(cast), rows.meeting(cast)
    item = rows.item(meeting, proposal)
    rows.opinions(item)
    rows.vote(item)
    return {
        "minutes": reverse("decisions-minutes", args=(meeting.pk,)),
        "decision": reverse("decisions-paper", args=(proposal.pk,)),
    }


READERS = ("recorder", "secretary", "member", "inspector", "decisions_officer", "discipline", "director")


@pytest.mark.parametrize("part", READERS)
def test_those_who_read_the_matter_get_the_papers(cast: Cast, places: dict[str, str], part: str) -> None:
    for name, said in (("minutes", "第一小学党组织会议纪要"), ("decision", "批准金额为12,600.00元")):
        answer = cast.client(part).get(places[name])
        assert answer.status_code == 200
        assert said in words(answer)
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["other_recorder", "registrar", "class_teacher", "system_admin", "stranger"])
def test_for_others_they_are_not_there(cast: Cast, places: dict[str, str], part: str) -> None:
    for place in places.values():
        assert cast.client(part).get(place).status_code == 404


def test_the_short_form_leaves_out_what_each_person_said(cast: Cast, places: dict[str, str]) -> None:
    client = cast.client("recorder")
    assert "预算已经落实" in words(client.get(places["minutes"]))
    assert "预算已经落实" not in words(client.get(places["minutes"], {"short": ""}))


def test_there_is_no_paper_of_what_was_not_passed(cast: Cast) -> None:
    for is_passed in (False, None):
        proposal = rows.proposal(cast, is_passed=is_passed)
        assert cast.client("recorder").get(reverse("decisions-paper", args=(proposal.pk,))).status_code == 404
        with pytest.raises(Refused, match="没有通过"):
            decision_paper(proposal)


def test_the_paper_of_a_decision_names_meeting_decision_and_duties(cast: Cast) -> None:
    proposal, meeting = rows.proposal(cast), rows.meeting(cast, locked_at=None)
    rows.item(meeting, proposal)
    Task.unguarded.create(proposal=proposal, what="签订采购合同", owner_name="钱主任", due_on=rows.DAY)
    place = reverse("decisions-paper", args=(proposal.pk,))
    text = words(cast.client("recorder").get(place))
    for said in (
        "第一小学文件",
        "〔2024〕1号",
        "第一小学关于\n购置图书室书架的决定",
        "经2024年10月8日召开的2024年第5次党组织会议审议通过",
        "同意购置图书室书架 42 组。",
        "签订采购合同，由钱主任负责，2024年10月8日前完成。",
        "重新提出议题，按原程序复议。",
    ):
        assert said in text
    assert "草稿" in text
    meeting.locked_at = rows.at(17)
    meeting.save()
    assert "草稿" not in words(cast.client("recorder").get(place))


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("关于购置书架的议题", "购置书架"),
        ("购置书架", "购置书架"),
        ("关于印发食堂管理办法的请示", "印发食堂管理办法"),
        ("校舍维修方案", "校舍维修方案"),
    ],
)
def test_a_title_does_not_say_the_same_twice(title: str, said: str) -> None:
    assert about(title) == said
