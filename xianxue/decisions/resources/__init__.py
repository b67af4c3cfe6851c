"""Registers of major decisions: proposals, lists of matters, findings, letters, versions of the rules."""

from xianxue.decisions.resources.catalogues import EditionRegister, EntryRegister
from xianxue.decisions.resources.findings import FindingRegister, LetterRegister
from xianxue.decisions.resources.proposals import ProposalRegister
from xianxue.decisions.resources.rule_sets import RuleSetRegister

__all__ = [
    "EditionRegister",
    "EntryRegister",
    "FindingRegister",
    "LetterRegister",
    "ProposalRegister",
    "RuleSetRegister",
]
