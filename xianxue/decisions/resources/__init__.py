"""Registers of major decisions: proposals, lists of matters, findings, what was paid, contracted, appointed."""

from xianxue.decisions.resources.catalogues import EditionRegister, EntryRegister
from xianxue.decisions.resources.findings import FindingRegister, LetterRegister
from xianxue.decisions.resources.ledgers import AppointmentRegister, ContractRegister, PaymentRegister
from xianxue.decisions.resources.proposals import ProposalRegister
from xianxue.decisions.resources.rule_sets import RuleSetRegister

__all__ = [
    "AppointmentRegister",
    "ContractRegister",
    "EditionRegister",
    "EntryRegister",
    "FindingRegister",
    "LetterRegister",
    "PaymentRegister",
    "ProposalRegister",
    "RuleSetRegister",
]
