"""Tokens: what they open, and how they end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.contracts.stage import Stage
from tests.kernel.api.program import program_of
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.api.models import Token, TokenAddress
from xianxue.kernel.api.tokens import issue_token, make_service_account, revoke_token
from xianxue.kernel.commands import Refused


def test_a_request_without_a_token_or_with_a_wrong_one_says_nothing_else(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    right = program.text
    answers = []
    for text in ("", "xxt", "xxt_00000000_none", right[:-1], right + "x", right.upper(), f"x{right}"):
        program.text = text
        answers.append(program.get("/registers/classes"))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].headers["WWW-Authenticate"] == 'Bearer realm="xianxue"'


def test_a_cookie_opens_nothing(stage: Stage) -> None:
    client = stage.cast.client("registrar")
    assert client.get("/api/v1/registers/classes").status_code == 401
    assert client.post("/api/v1/registers/classes", "{}", content_type="application/json").status_code == 401


def test_a_stolen_token_ends_at_once_when_revoked(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    assert program.get("/registers/classes").status_code == 200
    thief = program_of(stage.cast, "registrar", address="203.0.113.9")
    thief.text = program.text
    assert thief.get("/registers/classes").status_code == 200
    seen = TokenAddress.objects.filter(token=program.token).order_by("pk").values_list("address", flat=True)
    assert list(seen) == ["127.0.0.1", "203.0.113.9"]
    user = stage.cast.users["registrar"]
    revoke_token(Token.objects.get(pk=program.token.pk), by=Actor(user.pk, user.name))
    assert thief.get("/registers/classes").status_code == 401
    assert thief.post("/registers/classes", {}).status_code == 401


def test_a_token_ends_by_itself_and_with_its_owner(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar", days=1)
    Token.objects.update(created_at=timezone.now() - timedelta(days=3), expires_at=timezone.now())
    assert program.get("/registers/classes").status_code == 401
    other = program_of(stage.cast, "head")
    user = stage.cast.users["head"]
    user.is_active = False
    user.save()
    assert other.get("/registers/classes").status_code == 401


def test_a_posting_that_ended_ends_what_the_token_reads(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    assert len(program.every_row("classes")) == 1
    stage.cast.users["registrar"].postings.update(ended_on="2024-10-14")
    assert program.every_row("classes") == []
    assert program.get("/registers/pupils").status_code == 404


def test_a_token_is_used_from_its_networks_only(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar", networks=["10.1.0.0/16"], address="10.1.2.3")
    assert program.get("/registers/classes").status_code == 200
    outside = program_of(stage.cast, "registrar", address="10.2.0.1")
    outside.text = program.text
    assert outside.get("/registers/classes").status_code == 401
    refused = TokenAddress.objects.get(token=program.token, is_refused=True)
    assert refused.address == "10.2.0.1"


def test_nobody_gives_a_token_more_than_the_owner_has(stage: Stage) -> None:
    for wrong in (["write:codes"], ["read:users"], [], ["read:no-such"]):
        with pytest.raises(Refused):
            program_of(stage.cast, "registrar", wrong)
    with pytest.raises(Refused):
        program_of(stage.cast, "registrar", ["read:classes"], units=[stage.cast.second_primary.pk])
    for days in (0, 366):
        with pytest.raises(Refused):
            program_of(stage.cast, "registrar", ["read:classes"], days=days)


def test_scopes_narrow_what_the_owner_may(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar", ["read:classes"])
    assert program.get("/registers/classes").status_code == 200
    refused = program.get("/registers/pupils")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope")
    assert program.post("/registers/classes", {}).json()["code"] == "scope"
    grouped = program_of(stage.cast, "registrar", ["read:@registers"])
    assert grouped.get("/registers/pupils").status_code == 200


def test_units_narrow_the_reach(stage: Stage) -> None:
    wide = program_of(stage.cast, "county_officer", ["read:classes"])
    assert len(wide.every_row("classes")) == 2
    narrow = program_of(stage.cast, "county_officer", ["read:classes"], units=[stage.cast.first_primary.pk])
    assert [row["id"] for row in narrow.every_row("classes")] == [stage.cast.first_class.pk]
    assert narrow.get(f"/registers/classes/{stage.cast.second_class.pk}").status_code == 404


def test_a_token_that_asks_too_often_waits(stage: Stage, settings: object) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3  # type: ignore[attr-defined]  # pytest-django's settings
    program = program_of(stage.cast, "registrar")
    found = [program.get("/registers/classes") for _time in range(5)]
    assert [answer.status_code for answer in found] == [200, 200, 200, 429, 429]
    assert 1 <= int(found[-1].headers["Retry-After"]) <= 60


def test_only_an_account_that_no_person_used_becomes_a_service(stage: Stage) -> None:
    admin, user = stage.cast.users["system_admin"], stage.cast.users["stranger"]
    by = Actor(admin.pk, admin.name)
    with in_reach(stage.cast.reach("system_admin")), pytest.raises(Refused):
        issue_token(user, name="代办", scopes=["indicators"], days=1, by=by)
    make_service_account(user, purpose="数据交换", contact="", by=by)
    assert not user.has_usable_password()
    with in_reach(stage.cast.reach("system_admin")):
        token, _text = issue_token(user, name="代办", scopes=["indicators"], days=1, by=by)
    assert token.owner_id == user.pk
    person = stage.cast.users["head"]
    person.last_login = timezone.now()
    with pytest.raises(Refused):
        make_service_account(person, purpose="数据交换", contact="", by=by)
