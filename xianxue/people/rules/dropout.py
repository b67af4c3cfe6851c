"""When a child counts as perhaps out of school: facts in, an answer or a reason out."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from xianxue.organisations.choices import Stage
from xianxue.people.choices import DropOutGround, ExitReason
from xianxue.people.rules.limits import limit

COMPULSORY = (Stage.PRIMARY, Stage.JUNIOR)
# Whoever leaves for one of these reasons is not looked for: finished, gone abroad, dead, or never there.
EXPLAINED = (
    ExitReason.GRADUATED, ExitReason.COMPLETED, ExitReason.WENT_ABROAD, ExitReason.DECEASED, ExitReason.INVALID,
)  # fmt: skip


def is_of_school_age(born_on: date | None, today: date) -> bool:
    """Whether a child is of compulsory school age; an unknown birth date counts as being so: nobody is overlooked."""
    if born_on is None:
        return True
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return limit("school_age_from").count <= age < limit("school_age_to").count


def alert_wrong(ground: str, since: date, *, missed: int, today: date) -> str | None:
    """Why an alert cannot be raised by hand; `missed` are the school days from `since` to today, both included."""
    if since > today:
        return _("未能登记预警：开始日期在今天之后。请核对日期。")
    least = limit("drop_out_absence").count
    if ground == DropOutGround.ABSENT and missed < least:
        return _(
            "未能登记预警：无故缺课 %(missed)s 天，未满 %(least)s 天。请先联系家长；有其他失学风险的，原因选“其他失学风险”。"
        ) % {"missed": missed, "least": least}
    return None


def visit_day_wrong(day: date, *, since: date, today: date) -> str | None:
    """A visit is made on a day that has come, once the child was missed."""
    if since <= day <= today:
        return None
    words = {"since": date_format(since, "Y 年 n 月 j 日")}
    return _("未能登记劝返：日期应在 %(since)s 到今天之间。请核对日期。") % words
