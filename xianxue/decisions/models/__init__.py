"""Rules and catalogues by version, proposals with what surrounds them, findings and letters."""

from xianxue.decisions.models.findings import CheckRun, Finding, NightlyCheck, NoticeLetter
from xianxue.decisions.models.missing import MissingItem
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
    "CatalogueEdition",
    "CatalogueEntry",
    "CatalogueFiling",
    "CheckRun",
    "Feedback",
    "Finding",
    "MissingItem",
    "NightlyCheck",
    "NoticeLetter",
    "Objection",
    "Preparation",
    "Proposal",
    "Publication",
    "RuleChange",
    "RuleSet",
    "Tabling",
    "Task",
    "Waiver",
]
