"""The forms of the procedures' steps."""

from xianxue.people.forms.dropout import SchoolAlertForm, TeacherAlertForm
from xianxue.people.forms.entry import EntryForm, IncomingForm, StillMissingForm
from xianxue.people.forms.facts import KeyFactForm
from xianxue.people.forms.graduation import GraduationForm
from xianxue.people.forms.standing import SuspensionForm
from xianxue.people.forms.transfers import TransferForm

__all__ = [
    "EntryForm",
    "GraduationForm",
    "IncomingForm",
    "KeyFactForm",
    "SchoolAlertForm",
    "StillMissingForm",
    "SuspensionForm",
    "TeacherAlertForm",
    "TransferForm",
]
