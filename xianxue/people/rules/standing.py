"""Days of suspension and return: facts in, a reason or None out."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from xianxue.people.rules.limits import limit, months_after


def longest_from(day: date) -> date:
    """The last day on which a pupil who leaves (or goes on staying away) on the day may be expected back."""
    return months_after(day, limit("suspension").count)


def suspension_days_wrong(started_on: date, expected_on: date, *, entered_on: date, today: date) -> str | None:
    """Leave begins on a day that has come, not before entry, and lasts no longer than the limit."""
    if started_on > today:
        return _("未能申请休学：开始日期在今天之后。请填学生实际停课的第一天，到当天再办。")
    if started_on <= entered_on:
        return _("未能申请休学：开始日期不晚于入学日期 %(day)s。请核对日期。") % {"day": _day(entered_on)}
    if expected_on <= started_on:
        return _("未能申请休学：应复学日期不晚于开始日期。请核对日期。")
    return _too_long(_("申请休学"), started_on, expected_on)


def renewal_wrong(now_until: date, wanted_until: date) -> str | None:
    """A renewal is for at most the same time again, counted from the day on which the pupil was expected."""
    if wanted_until <= now_until:
        return _("未能申请续休：新的应复学日期不晚于原定的 %(day)s。请核对日期。") % {"day": _day(now_until)}
    return _too_long(_("申请续休"), now_until, wanted_until)


def _too_long(what: str, start: date, end: date) -> str | None:
    last = longest_from(start)
    if end <= last:
        return None
    words = {"what": what, "months": limit("suspension").count, "last": _day(last)}
    return _("未能%(what)s：一次最长 %(months)s 个月，应复学日期不得晚于 %(last)s。期满可以再申请续休。") % words


def return_day_wrong(returned_on: date, *, started_on: date, today: date) -> str | None:
    """A pupil comes back on a day that has come, after the leave began."""
    if returned_on > today:
        return _("未能申请复学：复学日期在今天之后。请填学生实际到校的日期，到校当天再办。")
    if returned_on <= started_on:
        return _("未能申请复学：复学日期不晚于休学开始日期 %(day)s。请核对日期。") % {"day": _day(started_on)}
    return None


def _day(day: date) -> str:
    return date_format(day, "Y 年 n 月 j 日")
