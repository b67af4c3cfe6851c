"""Entry and transfer: the commands of their steps."""

from xianxue.people.services.transfers.correcting import open_correction, undo
from xianxue.people.services.transfers.entering import (
    cancel_entry,
    open_entry,
    supply_entry,
    supply_later,
)
from xianxue.people.services.transfers.incoming import open_in
from xianxue.people.services.transfers.outgoing import open_out
from xianxue.people.services.transfers.within import open_transfer

__all__ = [
    "cancel_entry",
    "open_correction",
    "open_entry",
    "open_in",
    "open_out",
    "open_transfer",
    "supply_entry",
    "supply_later",
    "undo",
]
