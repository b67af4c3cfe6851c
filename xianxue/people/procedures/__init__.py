"""The procedures of a record's life: data only."""

from xianxue.people.procedures.entry import NewEntry
from xianxue.people.procedures.facts import KeyFacts
from xianxue.people.procedures.transfers import TransferCorrection, TransferIn, TransferOut, TransferWithin

__all__ = ["KeyFacts", "NewEntry", "TransferCorrection", "TransferIn", "TransferOut", "TransferWithin"]
