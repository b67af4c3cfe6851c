"""May this child change schools: facts in, a reason or None out."""

from datetime import date

from django.utils.translation import gettext as _


def silence_not_over(due_on: date | None, today: date) -> str | None:
    """The county decides in the sending school's stead only once its limit has passed."""
    if due_on is None or due_on >= today:
        return _("未能直接核办：转出学校的办理期限还没有过。请等到期限届满，或请转出学校先办。")
    return None


def moving_day_wrong(day: date, *, entered_on: date, opened_on: date, today: date) -> str | None:
    """A child moves on a day that has come, not before the application, nor on the day of entry at the old school."""
    if day > today:
        return _("未能办理：转学日期在今天之后。请填学生实际到校的日期，到校当天再办。")
    if day < opened_on:
        return _("未能办理：转学日期早于转学申请的日期 %(day)s。请填申请之后学生实际到校的日期。") % {"day": opened_on}
    if day <= entered_on:
        return _("未能办理：转学日期不晚于学生进入原学校的日期 %(day)s。请核对日期。") % {"day": entered_on}
    return None


def class_full(pupils: int, *, large: int) -> str | None:
    """What to know before one more child sits in a class: a warning, never a refusal of the child."""
    if pupils + 1 >= large:
        return _(
            "编入后该班有 %(pupils)s 人，成为大班额（%(large)s 人起）。"
            "请改编人数较少的班；确需编入的，勾选“已知将成大班额”再提交。"
        ) % {"pupils": pupils + 1, "large": large}
    return None
