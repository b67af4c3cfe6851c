"""Anybody may read what schools made public where the county opened the page, and nothing around it."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.decisions.after import rows
from xianxue.decisions.models import Proposal, Publication

LIST = "/public/decisions/"
TEXT = "拟购置图书室书架 42 组。\n异议请于公示期内提出。"


@pytest.fixture(autouse=True)
def opened(settings: Settings) -> None:
    settings.PUBLIC_DECISIONS = True


def published(proposal: Proposal, **facts: Any) -> Publication:
    today = timezone.localdate()
    given = {"place": "校务公开栏", "started_on": today, "due_on": today + timedelta(days=7), "text": TEXT} | facts
    made: Publication = Publication.unguarded.create(
        proposal=proposal, is_on_site=given.pop("is_on_site", True), **given
    )
    return made


def page(client: Client, made: Publication) -> Any:
    return client.get(reverse("public-decision", args=(made.public_key,)))


def test_both_pages_are_closed_unless_the_county_opens_them(cast: Cast, client: Client, settings: Settings) -> None:
    made = published(rows.proposal(cast))
    settings.PUBLIC_DECISIONS = False
    assert client.get(LIST).status_code == 404
    assert page(client, made).status_code == 404


def test_it_is_closed_by_default() -> None:
    from xianxue.config.env import Env  # noqa: PLC0415 - slow import: the knobs alone

    assert Env.model_fields["public_decisions"].default is False


def test_a_notice_says_what_when_where_and_to_whom_to_object(cast: Cast, client: Client) -> None:
    made = published(rows.proposal(cast), started_on=date(2024, 10, 8), due_on=date(2024, 10, 14))
    listed = client.get(LIST).content.decode()
    shown = page(client, made).content.decode()
    for text in ("购置图书室书架", "第一小学", "2024年10月8日", "2024年10月14日", "公示中"):
        assert text in "".join(listed.split())
    for text in ("拟购置图书室书架 42 组。", "校务公开栏", "请向第一小学党组织提出"):
        assert text in shown


def test_what_must_stay_inside_is_not_in_the_pages(cast: Cast, client: Client) -> None:
    proposal = rows.proposal(cast, content="内部理由甲", proposer_name="钱主任", resolution="内部决定乙")
    meeting = rows.meeting(cast)
    item = rows.item(meeting, proposal)
    rows.opinions(item)
    rows.vote(item, yes=5, no=1, is_passed=True)
    made = published(proposal)
    text = client.get(LIST).content.decode() + page(client, made).content.decode()
    inside = [
        "内部理由甲",
        "内部决定乙",
        "钱主任",
        "试验家具厂",
        "12,600",
        "12600",
        "赞成",
        "反对",
        "预算已经落实",
        *rows.NAMES,
    ]
    assert [one for one in inside if one in text] == []
    assert proposal.number not in text
    assert [f"/{pk}/" for pk in (proposal.pk, made.pk, proposal.matter_id) if f"/{pk}/" in text] == []


@pytest.mark.parametrize(
    ("about", "of"),
    [
        ({"is_confidential": True, "confidential_basis": "涉密"}, {}),
        ({"is_passed": None, "decided_on": None}, {}),
        ({"is_passed": False}, {}),
        ({}, {"is_on_site": False}),
        ({}, {"started_on": timezone.localdate() + timedelta(days=1)}),
        ({}, {"ended_on": timezone.localdate() - timedelta(days=31)}),
    ],
)
def test_some_notices_are_not_shown(cast: Cast, client: Client, about: dict[str, Any], of: dict[str, Any]) -> None:
    made = published(rows.proposal(cast, **about), **of)
    assert "购置图书室书架" not in client.get(LIST).content.decode()
    assert page(client, made).status_code == 404


def test_a_notice_that_ended_lately_stays_and_takes_no_objections(cast: Cast, client: Client) -> None:
    made = published(rows.proposal(cast), ended_on=timezone.localdate() - timedelta(days=30))
    text = page(client, made).content.decode()
    assert "公示已经结束。" in text
    assert "党组织提出" not in text


def test_a_name_that_is_not_there_is_not_found(cast: Cast, client: Client) -> None:
    assert client.get(reverse("public-decision", args=(uuid.uuid4(),))).status_code == 404
    assert client.post(LIST).status_code == 405


def test_the_pages_may_be_kept_by_a_cache_and_not_by_search_engines(cast: Cast, client: Client) -> None:
    made = published(rows.proposal(cast))
    for answer in (client.get(LIST), page(client, made)):
        assert answer.status_code == 200
        assert sorted(answer.headers["Cache-Control"].split(", ")) == ["max-age=300", "public"]
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert "Set-Cookie" not in answer.headers


def test_pages_have_twenty_notices_and_odd_numbers_lead_somewhere(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(21):
        published(rows.proposal(cast, title=f"第{number}项"))
    client.get(LIST)
    with django_assert_max_num_queries(4):
        first = client.get(LIST)
    assert first.content.decode().count("public-title") == 20
    for query in ("2", "99", "500", "9" * 30):
        assert client.get(LIST, {"page": query}).status_code == 200
    assert "第0项" in client.get(LIST, {"page": "2"}).content.decode()
    assert client.get(LIST, {"page": "x"}).content.decode().count("public-title") == 20
