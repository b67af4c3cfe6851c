"""The procedures of a record's life: data only."""

from xianxue.people.procedures.dropout import DropOut
from xianxue.people.procedures.entry import NewEntry
from xianxue.people.procedures.facts import KeyFacts
from xianxue.people.procedures.graduation import Graduate
from xianxue.people.procedures.standing import Suspend
from xianxue.people.procedures.transfers import TransferCorrection, TransferIn, TransferOut, TransferWithin

__all__ = [
    "DropOut",
    "Graduate",
    "KeyFacts",
    "NewEntry",
    "Suspend",
    "TransferCorrection",
    "TransferIn",
    "TransferOut",
    "TransferWithin",
]
