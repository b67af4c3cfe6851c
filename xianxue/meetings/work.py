"""Records that wait for the signature of a member who was there."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach
from xianxue.kernel.work import Line, WorkSource, source
from xianxue.meetings.access import READS, RECORDS
from xianxue.meetings.choices import AttendanceRole, Presence
from xianxue.meetings.models import Attendance, Signature


@source
class Signatures(WorkSource):
    """Each waits for the member; for one without an account, for the recorder, who notes the signature on paper."""

    code = "meetings.signatures"
    label = gettext_lazy("会议记录签名")
    system = "decisions"
    unit = "meeting__unit_id"
    acts = RECORDS
    sees = READS

    def waiting(self, today: date) -> QuerySet[Any]:
        """Members who came to a meeting that has ended, and have not signed its record."""
        del today
        signed = Signature.unguarded.filter(meeting=OuterRef("meeting"), person=OuterRef("person"))
        members = Attendance.unguarded.filter(role=AttendanceRole.MEMBER, presence=Presence.PRESENT)
        return members.filter(~Exists(signed), meeting__matter__state="held")

    def of_actor(self, reach: Reach) -> Q:
        """The own signature, and those on paper."""
        own = Q(user_id=reach.user_id) if reach.user_id is not None else Q(pk__in=[])
        return own | (Q(user_id=None) & super().of_actor(reach))

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """Meeting and member."""
        rows = Attendance.unguarded.filter(pk__in=keys).select_related("meeting__matter")
        return {one.pk: _line(one, reach) for one in rows}


def _line(one: Attendance, reach: Reach) -> Line:
    meeting, is_own = one.meeting.matter, one.user_id is not None and one.user_id == reach.user_id
    if one.user_id is None:
        asked, actor = _("登记%(name)s的纸质签名") % {"name": one.name}, _("会议记录人")
        return Line(meeting.title, asked, actor, reverse("matter-step", args=(meeting.pk, "sign_on_paper")))
    # Whoever merely sees that it waits is led to the meeting, not to a form that is not theirs.
    href = reverse("matter-step", args=(meeting.pk, "sign")) if is_own else reverse("matter", args=(meeting.pk,))
    return Line(meeting.title, _("看完会议记录后签名"), one.name, href)
