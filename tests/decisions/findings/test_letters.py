"""Letters of notice: what goes out, what comes back, and the paper."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document

from tests.cast import Cast
from tests.factories.findings import make_finding, make_letter
from xianxue.decisions.models import NoticeLetter
from xianxue.decisions.procedures.letters import SendLetter
from xianxue.decisions.services import letters
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.models import Todo

pytestmark = pytest.mark.django_db
MONDAY = date(2024, 10, 14)


@pytest.fixture
def cast(standing_cast: Cast) -> Cast:
    return standing_cast


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.acting_on(MONDAY):
        yield


def actor(cast: Cast, part: str) -> Actor:
    user = cast.users[part]
    return Actor(user.pk, user.name)


def letter(cast: Cast, number: int = 1) -> NoticeLetter:
    return make_letter(cast.first_primary.unit, number, by=actor(cast, "discipline"), reach=cast.reach("discipline"))


def send(cast: Cast, part: str = "discipline", **given: Any) -> Any:
    with in_reach(cast.reach(part)):
        facts = {"number": "提示〔2024〕9号", "demand": "补办。", "reply_days": 5, **given}
        return letters.issue(by=actor(cast, part), **facts)


def test_a_letter_lists_findings_of_one_school_and_waits_for_its_reply(cast: Cast) -> None:
    first, second = (make_finding(cast.first_primary.unit, number) for number in (1, 2))
    made = send(cast, finding=first, others=[second])
    with in_reach(cast.reach("discipline")):
        assert sorted(made.findings.values_list("pk", flat=True)) == sorted([first.pk, second.pk])
    assert (made.issued_on, made.reply_due_on) == (MONDAY, date(2024, 10, 21))
    (todo,) = Todo.objects.filter(matter=made.matter)
    assert (todo.place, todo.due_on) == ("school", date(2024, 10, 21))


def test_a_letter_goes_to_one_school_under_a_number_of_its_own(cast: Cast) -> None:
    mine, theirs = make_finding(cast.first_primary.unit), make_finding(cast.second_primary.unit)
    with pytest.raises(Refused, match="不是同一所学校"):
        send(cast, finding=mine, others=[theirs])
    send(cast, finding=mine)
    with pytest.raises(Refused, match="函号已经用过"):
        send(cast, finding=theirs)
    with pytest.raises(Refused, match="1 到 60 个工作日"):
        send(cast, finding=theirs, number="二", reply_days=61)
    assert NoticeLetter.unguarded.count() == 1


def test_a_school_writes_no_letters(cast: Cast) -> None:
    with pytest.raises(Refused, match="不在您监督的范围"):
        send(cast, "head", finding=make_finding(cast.first_primary.unit))


def test_the_school_replies_and_the_county_closes(cast: Cast) -> None:
    made = letter(cast)
    with in_reach(cast.reach("secretary")):
        letters.reply(made, reply="已经补办。", by=actor(cast, "secretary"))
    with in_reach(cast.reach("discipline")):
        letters.ask_again(made, by=actor(cast, "discipline"), note="第二条没有答复。")
    with in_reach(cast.reach("secretary")):
        letters.reply(made, reply="已经补办，凭证附后。", by=actor(cast, "secretary"))
    with in_reach(cast.reach("discipline")):
        SendLetter.close.run(made, by=actor(cast, "discipline"))
    found = NoticeLetter.unguarded.select_related("matter").get(pk=made.pk)
    assert (found.reply, found.replied_on, found.matter.state) == ("已经补办，凭证附后。", MONDAY, "closed")


def test_the_paper_lists_the_findings_as_points(cast: Cast) -> None:
    made = letter(cast, 7)
    answer = cast.client("secretary").get(reverse("decisions-letter", args=(made.pk,)))
    assert answer.status_code == 200
    texts = [paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs]
    text = "\n".join(texts)
    assert "提示〔2024〕7号" in text
    assert "第一小学：" in texts
    assert "（一）应上会未上会。凭证 2024-10-000 付款 9,800 元，达到限额，没有通过的议题。" in text
    assert "请于2024年10月21日前书面回复" in text


def test_the_paper_does_not_exist_for_another_school(cast: Cast) -> None:
    made = letter(cast)
    assert cast.client("other_head").get(reverse("decisions-letter", args=(made.pk,))).status_code == 404


def test_the_form_offers_the_other_open_findings_of_the_school(cast: Cast) -> None:
    first = make_finding(cast.first_primary.unit, 1)
    make_finding(cast.first_primary.unit, 2)
    make_finding(cast.second_primary.unit, 3)
    href = f"{reverse('matter-start', args=('decisions.letter', 'issue'))}?finding={first.pk}"
    page = cast.client("discipline").get(href).content.decode()
    assert ("2024-10-002" in page, "2024-10-003" in page) == (True, False)
    assert "三重一大提示〔2024〕1号" in page
