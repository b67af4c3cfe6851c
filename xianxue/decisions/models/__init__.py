"""Rules and catalogues by version, proposals with what surrounds them, ledgers, findings and letters."""

from xianxue.decisions.models.findings import CheckRun, Finding, NightlyCheck, NoticeLetter
from xianxue.decisions.models.ledgers import Appointment, Contract, Payment
from xianxue.decisions.models.proposals import (
    Feedback,
    Objection,
    Preparation,
    Proposal,
    Publication,
    Tabling,
    Task,
    Waiver,
)
from xianxue.decisions.models.rules import CatalogueEdition, CatalogueEntry, CatalogueFiling, RuleChange, RuleSet

__all__ = [
    "Appointment",
    "CatalogueEdition",
    "CatalogueEntry",
    "CatalogueFiling",
    "CheckRun",
    "Contract",
    "Feedback",
    "Finding",
    "NightlyCheck",
    "NoticeLetter",
    "Objection",
    "Payment",
    "Preparation",
    "Proposal",
    "Publication",
    "RuleChange",
    "RuleSet",
    "Tabling",
    "Task",
    "Waiver",
]
