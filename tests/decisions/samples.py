"""Samples of major decisions: what the contracts try them with."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.cast import Cast
from tests.contracts.declared import Opener, Sample, Work
from tests.factories.findings import make_finding, make_letter
from tests.factories.proposals import make_edition, make_entry, make_model, make_proposal
from xianxue.decisions.models import (
    CatalogueEdition,
    Finding,
    MissingItem,
    NoticeLetter,
    Proposal,
    Publication,
    RuleSet,
)
from xianxue.decisions.procedures import (
    DecisionProposal,
    FileCatalogue,
    FollowFinding,
    IssueModel,
    ReviseRules,
    SendLetter,
)
from xianxue.decisions.selectors.catalogues import label_of
from xianxue.kernel.access import Actor
from xianxue.kernel.procedures.models import Matter
from xianxue.organisations.models import School


def _entry_cells(cast: Cast) -> dict[str, str]:
    """A new entry of a model that the county drafts: whoever reaches everything writes that, and no school's list."""
    draft, _new = CatalogueEdition.unguarded.get_or_create(unit=cast.county, school_type="211", number="草稿")
    return {
        "edition": label_of(draft),
        "code": "Z01",
        "name": "校园开放日方案",
        "category": "重大决策",
        "chain": "校长办公会议 → 党组织会议",
        "preparations": "调研论证、征求意见",
        "is_important": "否",
        "is_staff_interest": "否",
        "threshold": "5000",
        "payment_kinds": "活动",
    }


def _notice_letter(cast: Cast, school: School, _number: int) -> Any:
    user = cast.users["discipline"]
    # The county numbers its letters in one row, whichever school they go to.
    number = 1 + NoticeLetter.unguarded.count()
    return make_letter(school.unit, number, by=Actor(user.pk, user.name), reach=cast.reach("discipline"))


def _finding(cast: Cast, number: int) -> dict[str, Any]:
    facts = {"check_code": "C01", "severity": 3, "certainty": "suspected", "reason": f"第 {number} 笔支出没有议题。"}
    rules = RuleSet.objects.get()
    unit = cast.first_primary.unit
    finding = Finding(
        unit=unit, county=cast.county, rule_set=rules, key=f"P{number}", found_on=date(2024, 10, 15), **facts
    )
    return {"finding": finding}


def _letter(cast: Cast, number: int) -> dict[str, Any]:
    finding = make_finding(cast.first_primary.unit, 500 + number)
    return {"finding": finding, "number": f"提示〔2024〕{number}号", "demand": "补办程序。", "reply_days": 5}


def _proposal(cast: Cast, number: int) -> dict[str, Any]:
    school = cast.first_primary
    return {"unit": school.unit, "title": f"购置第 {number} 批书架", "entry": make_entry(school)}


def _catalogue(cast: Cast, number: int) -> dict[str, Any]:
    make_model(cast)
    return {"unit": cast.first_primary.unit, "number": f"{2030 + number}"}


def _model(cast: Cast, number: int) -> dict[str, Any]:
    return {"unit": cast.county, "school_type": "311", "number": f"{2030 + number}"}


def _revision(cast: Cast, number: int) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {"unit": cast.county, "version": f"R{number}", "valid_from": day, "source": "县局通知", "reason": "调整限额"}


SAMPLES: dict[str, Sample] = {
    "findings": Sample(lambda _cast, school, number: make_finding(school.unit, number)),
    "notice-letters": Sample(_notice_letter),
    "proposals": Sample(lambda cast, school, number: make_proposal(cast, school, title=f"购置第 {number} 批书架")),
    "catalogue-editions": Sample(lambda _cast, school, number: make_edition(school, f"{2010 + number}")),
    "catalogue-entries": Sample(
        lambda _cast, school, number: make_entry(school, name=f"第 {number} 类事项"),
        cells=_entry_cells,
        changed={"chain": "党组织会议、教职工代表大会"},
        wrong=("preparations", "拍脑袋"),
    ),
    "rule-sets": Sample(
        lambda _cast, _school, number: RuleSet.objects.create(
            version=f"S{number}",
            source="县局通知",
            valid_from=date(2000 + number, 1, 1),
            rules=RuleSet.objects.order_by("pk").values_list("rules", flat=True)[0],
            made_at=timezone.now(),
        )
    ),
}
OPENERS: dict[str, Opener] = {
    DecisionProposal.code: Opener(DecisionProposal.propose, "recorder", _proposal),
    FileCatalogue.code: Opener(FileCatalogue.draft, "recorder", _catalogue),
    IssueModel.code: Opener(IssueModel.draft, "decisions_officer", _model),
    ReviseRules.code: Opener(ReviseRules.draft, "decisions_officer", _revision),
    FollowFinding.code: Opener(FollowFinding.open_finding, "system", _finding),
    SendLetter.code: Opener(SendLetter.issue, "discipline", _letter),
}


def counted(cast: Cast) -> None:
    """Two proposals of 2024, one of them passed, published and archived in time; a finding that is open."""
    entry = make_entry(cast.first_primary, publication_days=5)
    for _number in range(2):
        done = make_proposal(cast, entry=entry)
    rows = Proposal.unguarded.all()
    rows.update(proposed_on=date(2024, 10, 8))
    rows.filter(pk=done.pk).update(is_passed=True, decided_on=date(2024, 10, 20), archived_on=date(2024, 12, 2))
    Publication.unguarded.create(proposal=done, started_on=date(2024, 10, 21), due_on=date(2024, 10, 28))
    make_finding(cast.first_primary.unit)


def _missing(stage: Any) -> int:
    """A legal review that waits for whoever did not propose."""
    proposal = make_proposal(stage.cast)
    Matter.unguarded.filter(pk=proposal.matter_id).update(state="preparing")
    key: int = MissingItem.unguarded.create(
        proposal=proposal, code="other", label="合法性审查", text="缺：还没有办理。", whose="reviewer"
    ).pk
    return key


WORK = {
    "decisions.missing": Work(
        _missing,
        mine=("head", "inspector", "member", "secretary"),
        seen=("auditor", "decisions_officer", "director", "discipline", "recorder"),
    ),
}
