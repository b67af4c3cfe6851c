"""The forms of the procedures' steps."""

from xianxue.people.forms.entry import EntryForm, IncomingForm, StillMissingForm
from xianxue.people.forms.facts import KeyFactForm
from xianxue.people.forms.transfers import TransferForm

__all__ = ["EntryForm", "IncomingForm", "KeyFactForm", "StillMissingForm", "TransferForm"]
