"""A new version of the county's rules: drafted, changed, confirmed by another; what is in force stays as it is."""

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import state
from tests.factories.proposals import make_proposal
from xianxue.decisions.forms.revisions import ChecksForm, LimitsForm, MajoritiesForm
from xianxue.decisions.models import Proposal, RuleChange, RuleSet
from xianxue.decisions.procedures.revisions import ReviseRules
from xianxue.decisions.rules.revisions import Names, differences, fraction_words, told
from xianxue.decisions.selectors.rule_sets import book_of, book_on, rule_set_on
from xianxue.decisions.services import rule_sets
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import clock
from xianxue.organisations.models import Unit

Desks = dict[str, Desk]
NAMES = Names({"211": "小学"}, {"aid": "学生资助", "wages": "工资福利"})


@pytest.fixture
def base(db: None) -> RuleSet:
    """The version of the release."""
    found: RuleSet = RuleSet.objects.get()
    return found


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def drafted(desks: Desks, version: str = "2030-1", **given: Any) -> RuleChange:
    facts = {"valid_from": in_days(10), "source": "县局通知", "reason": "限额下调", **given}
    unit = Unit.objects.get(kind="county")
    made: RuleChange = desks["decisions_officer"].does(rule_sets.draft, unit=unit, version=version, **facts)
    return made


def lowered(desks: Desks, change: RuleChange, **limits: int) -> None:
    given = {**change.rules["thresholds"], **limits}
    excluded = list(change.rules["excluded"])
    filing = change.rules["filing_threshold_fen"]
    desks["decisions_officer"].does(
        rule_sets.set_limits, change, thresholds=given, filing_threshold_fen=filing, excluded=excluded
    )


def submitted(desks: Desks) -> RuleChange:
    change = drafted(desks)
    lowered(desks, change, **{"211": 300_000})
    desks["decisions_officer"].does(rule_sets.submit, change)
    return change


def test_a_version_is_confirmed_by_another_and_the_one_before_is_not_touched(desks: Desks, base: RuleSet) -> None:
    before = copy.deepcopy(base.rules)
    change = submitted(desks)
    officer = desks["decisions_officer"]
    with pytest.raises(Refused):
        officer.does(rule_sets.confirm, change)
    assert RuleSet.objects.count() == 1
    desks["director"].does(rule_sets.confirm, change)
    base.refresh_from_db()
    made = RuleSet.objects.get(version="2030-1")
    assert (base.rules, base.valid_to) == (before, in_days(9))
    assert (made.valid_from, made.valid_to, made.note) == (in_days(10), None, "限额下调")
    assert (made.made_by, RuleChange.objects.get().made) == (officer.by.label, made)
    assert (book_of(base).threshold_of("211"), book_of(made).threshold_of("211")) == (500_000, 300_000)
    assert (rule_set_on(in_days(9)), rule_set_on(in_days(10))) == (base, made)
    assert book_on(clock.today()).version == base.version


def test_what_differs_is_kept_in_words(desks: Desks, base: RuleSet) -> None:
    change = submitted(desks)
    kept = RuleChange.objects.get(pk=change.pk)
    assert kept.differences == [["限额 · 小学", "5,000.00 元", "3,000.00 元"]]
    assert ("限额 · 小学", "5,000.00 元 → 3,000.00 元") in kept.facts()


def test_a_proposal_keeps_its_version(cast: Cast, desks: Desks, base: RuleSet) -> None:
    old = make_proposal(cast)
    change = drafted(desks, valid_from=clock.today())
    lowered(desks, change, **{"211": 300_000})
    desks["decisions_officer"].does(rule_sets.submit, change)
    desks["director"].does(rule_sets.confirm, change)
    new = make_proposal(cast)
    assert Proposal.objects.get(pk=old.pk).rule_set == base
    assert new.rule_set.version == "2030-1"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"valid_from": date(2024, 1, 1)}, "生效日期早于今天"),
        ({"version": "2024-1", "valid_from": date(2999, 1, 1)}, "已经有这个版本号"),
    ],
)
def test_what_is_not_drafted(desks: Desks, base: RuleSet, given: dict[str, Any], words: str) -> None:
    assert base.version == "2024-1"
    with pytest.raises(Refused, match=words):
        drafted(desks, **given)


def test_one_at_a_time_and_never_without_a_difference(desks: Desks, base: RuleSet) -> None:
    change = drafted(desks)
    with pytest.raises(Refused, match="还有一个版本没有办完"):
        drafted(desks, "2030-2")
    with pytest.raises(Refused, match="没有任何不同"):
        desks["decisions_officer"].does(rule_sets.submit, change)
    desks["decisions_officer"].does(ReviseRules.drop.run, change, note="不改了")
    assert state(drafted(desks, "2030-2")) == "drafting"  # type: ignore[arg-type]  # any subject


def test_a_day_that_has_passed_is_not_confirmed(desks: Desks, base: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    change = submitted(desks)
    later = in_days(11)
    monkeypatch.setattr(clock, "today", lambda: later)
    with pytest.raises(Refused, match="生效日期早于今天"):
        desks["director"].does(rule_sets.confirm, change)


def test_a_draft_of_an_older_version_is_not_confirmed(desks: Desks, base: RuleSet) -> None:
    change = submitted(desks)
    RuleSet.objects.create(version="2029", source="县局", valid_from=in_days(1), rules=base.rules, made_at=clock.now())
    with pytest.raises(Refused, match="已有别的版本生效"):
        desks["director"].does(rule_sets.confirm, change)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_limit_is_more_than_nothing(desks: Desks, base: RuleSet, amount: int) -> None:
    with pytest.raises(Refused, match="限额应大于零"):
        lowered(desks, drafted(desks), **{"211": amount})


def test_a_fraction_can_be_reached(desks: Desks, base: RuleSet) -> None:
    change = drafted(desks)
    wrong = {"quorum": {"party": {"num": 3, "den": 2, "strict": False, "base": "roster"}}}
    with pytest.raises(Refused, match="互相矛盾"):
        desks["decisions_officer"].does(rule_sets.set_majorities, change, fractions=wrong)
    right = {"quorum": {"party": {"num": 2, "den": 3, "strict": False, "base": "roster"}}}
    desks["decisions_officer"].does(rule_sets.set_majorities, change, fractions=right)
    kept = RuleChange.objects.get(pk=change.pk)
    assert kept.differences == [["到会 · 党组织会议", "应到的 1/2 以上", "应到的 2/3 以上"]]
    assert kept.rules["quorum"]["administration"] == base.rules["quorum"]["administration"]


@pytest.mark.parametrize("part", ["secretary", "discipline", "county_officer"])
def test_nobody_else_writes_rules(desks: Desks, base: RuleSet, part: str) -> None:
    with pytest.raises(Refused):
        desks[part].does(
            rule_sets.draft, unit=Unit.objects.get(kind="county"), version="X", valid_from=in_days(1), source="—", reason="—",
        )  # fmt: skip
    assert not RuleChange.objects.exists()


# The forms: what they show goes back unchanged, and what is changed arrives as the command takes it.


def sent_back(form: Any, **changed: Any) -> dict[str, Any]:
    """What a browser sends of a form as it is shown, but for what was changed."""
    return {name: field.initial for name, field in form.fields.items()} | changed


@pytest.mark.parametrize("form_class", [LimitsForm, MajoritiesForm, ChecksForm])
def test_a_form_sent_back_as_it_is_changes_nothing(desks: Desks, base: RuleSet, form_class: Any) -> None:
    change = drafted(desks)
    form = form_class(sent_back(form_class(subject=change)), subject=change)
    assert form.is_valid(), form.errors
    run = {LimitsForm: "set_limits", MajoritiesForm: "set_majorities", ChecksForm: "set_checks"}[form_class]
    desks["decisions_officer"].does(getattr(rule_sets, run), change, **form.cleaned_data)
    kept = RuleChange.objects.get(pk=change.pk)
    assert (kept.differences, {**kept.rules, "excluded": 0}) == ([], {**base.rules, "excluded": 0})
    assert sorted(kept.rules["excluded"]) == sorted(base.rules["excluded"])


def test_what_is_typed_arrives(desks: Desks, base: RuleSet) -> None:
    change, officer = drafted(desks), desks["decisions_officer"]
    limits = LimitsForm(sent_back(LimitsForm(subject=change), limit_211="3000.50", excluded=["wages"]), subject=change)
    fractions = MajoritiesForm(
        sent_back(MajoritiesForm(subject=change), **{"majorities__default:party": "2/3/0/roster"}), subject=change
    )
    checks = ChecksForm(sent_back(ChecksForm(subject=change), C08="0", C08__hours=48, C15="3"), subject=change)
    for step, form in (("set_limits", limits), ("set_majorities", fractions), ("set_checks", checks)):
        assert form.is_valid(), form.errors
        officer.does(getattr(rule_sets, step), change, **form.cleaned_data)
        change = RuleChange.objects.get(pk=change.pk)
    assert [one for one in change.differences if "不需要" not in one[0]] == [
        ["赞成 · 党组织会议", "超过应到的 1/2", "应到的 2/3 以上"],
        ["限额 · 小学", "5,000.00 元", "3,000.50 元"],
        ["C08 材料告知不足", "较重", "停用"],
        ["C08 材料告知不足：提前多少小时通知", "24", "48"],
        ["C15 一把手未末位表态", "较重", "严重"],
    ]
    assert change.rules["excluded"] == ["wages"]
    assert change.rules["checks"]["C08"]["severity"] == 2


@pytest.mark.parametrize("wrong", [{"limit_211": "0"}, {"limit_211": ""}, {"excluded": ["nonsense"]}])
def test_what_is_not_taken(desks: Desks, base: RuleSet, wrong: dict[str, Any]) -> None:
    change = drafted(desks)
    assert not LimitsForm(sent_back(LimitsForm(subject=change), **wrong), subject=change).is_valid()


# Words.


def test_every_rule_is_told_once(base: RuleSet) -> None:
    names = [rule for rule, _text in told(base.rules, NAMES)]
    assert len(names) == len(set(names))
    settings = base.rules["checks"]
    fractions = sum(len(base.rules[part]) for part in ("quorum", "important_quorum", "majorities"))
    parameters = sum(len(one["parameters"]) for one in settings.values())
    assert len(names) == fractions + len(base.rules["thresholds"]) + 2 + len(settings) + parameters


def test_what_only_one_of_two_versions_has(base: RuleSet) -> None:
    new = {**base.rules, "thresholds": {"211": 500_000, "999": 100}}
    gone = {code for code in base.rules["thresholds"] if code != "211"}
    found = differences(base.rules, new, NAMES)
    assert len(found) == len(gone) + 1
    assert ("限额 · 999", "没有", "1.00 元") in found


def test_fractions_in_words() -> None:
    assert fraction_words({"num": 1, "den": 2, "strict": True, "base": "present"}) == "超过实到的 1/2"
    assert fraction_words({"num": 2, "den": 3, "strict": False, "base": "valid"}) == "有效票的 2/3 以上"
