"""The forms of a meeting's steps."""

from xianxue.meetings.forms.steps import BeginForm, ConveneForm, EndForm, NoticeForm, PaperSignatureForm

__all__ = ["BeginForm", "ConveneForm", "EndForm", "NoticeForm", "PaperSignatureForm"]
