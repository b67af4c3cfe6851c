"""Roles as apps declare them, and grants that ask for what was declared."""

from typing import Any

import pytest

from xianxue.accounts.models import AccountRequest, Posting
from xianxue.kernel.access import (
    EVERY_UNIT,
    NO_UNIT,
    Reach,
    Trait,
    UnitScope,
    all_roles,
    declare_role,
    holds,
    holds_any,
    role_label,
    role_of,
    roles,
    roles_among,
    roles_with,
)
from xianxue.kernel.procedures.names import in_words

HERE, THERE = UnitScope(frozenset({1})), UnitScope(frozenset({2}))


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares is gone after it."""
    monkeypatch.setattr(roles, "_declared", dict(roles._declared))


@pytest.mark.usefixtures("declared")
def test_a_role_is_its_code_and_carries_what_was_declared() -> None:
    keeper = declare_role("keeper", "保管员", at=("school",), traits={Trait.WITNESSES})
    assert keeper == "keeper"
    assert {"keeper": 1}[keeper] == 1
    assert (repr(keeper), f"{keeper}") == ("'keeper'", "keeper")
    assert (role_of("keeper"), role_label("keeper"), keeper.unit_kinds) == (keeper, "保管员", ("school",))
    assert keeper.has(Trait.WITNESSES)
    assert not keeper.has(Trait.SEES_COUNTY)
    assert list(roles_among(["nobody", "keeper"])) == [keeper]
    assert [role for role in all_roles() if role.has(Trait.ADMINISTERS)] == list(all_roles())[-3:]


def test_a_role_that_no_app_declares_opens_nothing_and_has_its_code_for_a_name() -> None:
    assert (role_of("gone"), role_label("gone")) == (None, "gone")


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("declaration", "words"),
    [
        ({"code": "head", "at": ("school",)}, "taken"),
        ({"code": "x" * 21, "at": ("school",)}, "20 characters"),
        ({"code": "keeper", "at": ()}, "no kind of unit"),
        ({"code": "keeper", "at": ("school",), "traits": {Trait.OPENS_SEALED}}, "second_factor"),
        ({"code": "keeper", "at": ("school",), "traits": {Trait.TWO_PERSONS}}, "second_factor"),
        (
            {"code": "k", "at": ("c",), "second_factor": "甲", "traits": {Trait.ADMINISTERS, Trait.TWO_PERSONS}},
            "lent to nobody",
        ),
        (
            {"code": "k", "at": ("c",), "second_factor": "甲", "traits": {Trait.ADMINISTERS, Trait.NOT_LENT}},
            "two people",
        ),
    ],
)
def test_a_wrong_declaration_is_refused_and_leaves_nothing(declaration: dict[str, Any], words: str) -> None:
    before = all_roles()
    with pytest.raises(ValueError, match=words):
        declare_role(declaration.pop("code"), "保管员", **declaration)
    assert all_roles() == before


@pytest.mark.usefixtures("declared")
def test_a_trait_opens_to_roles_declared_later_and_to_no_other() -> None:
    grant = holds_any(Trait.WITNESSES)
    keeper = declare_role("keeper", "保管员", at=("school",), traits={Trait.WITNESSES})
    declare_role("porter", "门卫", at=("school",))
    assert grant.scope(Reach(roles={keeper: HERE, "porter": THERE})) == HERE
    assert grant.scope(Reach(roles={"porter": THERE})) == NO_UNIT
    assert (grant | holds("porter")).scope(Reach(roles={keeper: HERE, "porter": THERE})) == HERE | THERE
    assert grant.scope(Reach(roles={"*": EVERY_UNIT})) == EVERY_UNIT
    assert in_words(grant).endswith("、保管员、审计管理员")


@pytest.mark.parametrize("model", [Posting, AccountRequest])
@pytest.mark.usefixtures("declared")
def test_a_new_role_is_a_choice_of_the_tables_without_a_migration(model: type[Posting]) -> None:
    declare_role("keeper", "保管员", at=("school",))
    assert ("keeper", "保管员") in model._meta.get_field("role").flatchoices
    assert model(role="keeper").get_role_display() == "保管员"


def test_administrators_are_given_by_two_and_lent_to_nobody() -> None:
    assert set(roles_with(Trait.ADMINISTERS)) == {"system_admin", "security_admin", "audit_admin"}
    assert set(roles_with(Trait.TWO_PERSONS)) == {"system_admin", "security_admin", "audit_admin", "director"}
    assert set(roles_with(Trait.NOT_LENT)) == {"system_admin", "security_admin", "audit_admin", "auditor"}
