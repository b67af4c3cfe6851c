"""会前报备: the bureau confirms or returns what was filed; what is too late for a meeting may be excepted with a reason."""

from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import convene, start, state
from tests.factories.proposals import make_entry, make_proposal
from xianxue.decisions.models import Proposal, Waiver
from xianxue.decisions.rules.requirements import Met, Requirement, requirements
from xianxue.decisions.selectors.cases import case_of
from xianxue.decisions.selectors.filings import filing_waits
from xianxue.decisions.selectors.rule_sets import book_of
from xianxue.decisions.services import proposals, tabling
from xianxue.decisions.services.filings import answer_filing
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.models import Notice
from xianxue.meetings.models import Body

Desks = dict[str, Desk]
Bodies = dict[str, Body]


@pytest.fixture
def made(cast: Cast, desks: Desks) -> Proposal:
    """One that must be filed three working days before its meeting."""
    return start(desks, make_proposal(cast, entry=make_entry(cast.first_primary, filing_days=3)))


def file(desks: Desks, made: Proposal, part: str = "recorder") -> None:
    desks[part].does(proposals.prepare, made, kind="filing", done_on=clock.today(), name="学校办公室")


def filing(made: Proposal, at: datetime | None = None) -> Requirement:
    """What the pre-flight says of the filing."""
    found = requirements(case_of(made, clock.today()), book_of(made.rule_set), at)
    return next(one for one in found if one.code == "filing")


def waits(made: Proposal) -> bool:
    return Proposal.objects.filter(filing_waits(), pk=made.pk).exists()


def test_a_filing_waits_and_is_confirmed(desks: Desks, made: Proposal) -> None:
    assert (filing(made).state, waits(made)) == (Met.MISSING, False)
    file(desks, made)
    assert (filing(made).state, filing(made).text, waits(made)) == (Met.MET, "已报备，等县局确认", True)
    told = Notice.objects.get(text__startswith="第一小学报备议题")
    assert (told.roles, told.unit_id, told.href) == (
        "|decisions_officer|",
        made.unit_id,
        f"/decisions/proposals/{made.pk}/",
    )
    officer = desks["decisions_officer"]
    officer.does(answer_filing, made, agrees=True)
    assert filing(made).text == f"已报备，县局已确认（{officer.by.label}）"
    assert not waits(made)
    with pytest.raises(Refused, match="没有等待答复的报备"):
        officer.does(answer_filing, made, agrees=True)


def test_a_filing_is_returned_with_a_reason_and_sent_again(desks: Desks, made: Proposal) -> None:
    officer = desks["decisions_officer"]
    file(desks, made)
    with pytest.raises(Refused, match="没有写明退回的理由"):
        officer.does(answer_filing, made, agrees=False, text=" ")
    officer.does(answer_filing, made, agrees=False, text="没有附方案")
    assert filing(made).state == Met.MISSING
    assert filing(made).text.startswith("缺：县局退回了报备")
    assert not waits(made)
    told = Notice.objects.get(text__startswith="县局退回了")
    assert told.text.endswith("没有附方案")
    file(desks, made)
    assert (filing(made).state, waits(made)) == (Met.MET, True)
    officer.does(answer_filing, made, agrees=True)
    assert filing(made).state == Met.MET


def test_one_that_was_returned_holds_the_agenda_and_one_that_waits_does_not(
    desks: Desks, made: Proposal, bodies: Bodies, soon: datetime
) -> None:
    recorder, officer = desks["recorder"], desks["decisions_officer"]
    meeting = convene(recorder, bodies["party"], soon)
    file(desks, made)
    officer.does(answer_filing, made, agrees=False, text="没有附方案")
    with pytest.raises(Refused, match="县局退回了报备"):
        recorder.does(tabling.table, made, meeting=meeting)
    file(desks, made)
    recorder.does(tabling.table, made, meeting=meeting)
    assert state(made) == "tabled"
    officer.does(answer_filing, made, agrees=True)
    assert filing(made, soon).state == Met.MET


@pytest.mark.parametrize("part", ["recorder", "secretary", "inspector"])
def test_the_bureau_alone_answers(cast: Cast, desks: Desks, made: Proposal, part: str) -> None:
    file(desks, made)
    with pytest.raises(Refused, match="没有这项权限"):
        desks[part].does(answer_filing, made, agrees=True)
    address = f"/decisions/proposals/{made.pk}/filing/"
    assert cast.client(part).get(address).status_code == 403
    assert address not in cast.client(part).get(f"/decisions/proposals/{made.pk}/").content.decode()


def test_the_page_confirms_and_the_preflight_tells_who_said_what(cast: Cast, desks: Desks, made: Proposal) -> None:
    file(desks, made)
    client = cast.client("decisions_officer")
    address = f"/decisions/proposals/{made.pk}/filing/"
    assert address in client.get(f"/decisions/proposals/{made.pk}/").content.decode()
    assert client.post(address, {"agrees": "0", "text": ""}).status_code == 422
    page = client.post(address, {"agrees": "0", "text": "没有附方案"}, follow=True).content.decode()
    assert "没有附方案" in page
    assert "县局退回" in page
    assert address not in page


def test_too_late_for_the_meeting_is_excepted_with_a_reason_and_stays_visible(
    desks: Desks, made: Proposal, bodies: Bodies
) -> None:
    recorder, secretary = desks["recorder"], desks["secretary"]
    file(desks, made)
    with pytest.raises(Refused, match="现在不缺"):
        secretary.does(proposals.waive, made, requirement="filing", reason="急", note="急")
    meeting = convene(recorder, bodies["party"], clock.now() + timedelta(hours=30))
    with pytest.raises(Refused, match="报备晚了"):
        recorder.does(tabling.table, made, meeting=meeting)
    assert [one.code for one in tabling.waivable(made)] == ["filing"]
    secretary.does(proposals.waive, made, requirement="filing", reason="汛期抢修，等不了三天", note="同意")
    recorder.does(tabling.table, made, meeting=meeting)
    kept = Waiver.objects.get()
    assert (kept.requirement, kept.reason, state(made)) == ("filing", "汛期抢修，等不了三天", "tabled")
    assert filing(made, meeting.starts_at).text.startswith("已作例外处理：缺：报备晚了")


def test_the_form_offers_what_will_be_too_late(cast: Cast, desks: Desks, made: Proposal, bodies: Bodies) -> None:
    file(desks, made)
    convene(desks["recorder"], bodies["party"], clock.now() + timedelta(hours=30))
    page = cast.client("secretary").get(f"/matters/{made.matter_id}/waive/").content.decode()
    assert "报备晚了" in page
