"""Passwords that are refused beyond Django's own validators, and when one must be changed."""

import re
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts.models import User

# What people here take first; Django's list knows the English ones.
COMMON = (
    "woaini", "iloveyou", "jiaoyuju", "jiaotiju", "jiaoyu", "xuexiao", "xueji", "xianxue", "laoshi", "xiaozhang",
    "wodemima", "mima", "guanliyuan", "admin", "root", "test", "qwer", "asdf", "zxcv", "1qaz", "2wsx", "5201314",
    "1314", "520", "666", "888", "abc", "aaa", "passw0rd", "password", "p@ssw0rd", "p@ssword",
)  # fmt: skip
FILLER = re.compile(r"[\d!@#$%^&*._\-+=~?]+")

# Django's own texts are not all translated, and end without a full stop.
REASONS = {
    "password_too_short": gettext_lazy("至少要 10 个字符。"),
    "password_too_common": gettext_lazy("这个密码太常见。"),
    "password_entirely_numeric": gettext_lazy("不能全是数字。"),
    "password_too_similar": gettext_lazy("与用户名、姓名或工号太相近。"),
}


def reasons_of(error: ValidationError) -> str:
    """What the validators found wrong, in sentences."""
    return "".join(str(REASONS.get(one.code or "", one.messages[0])) for one in error.error_list)


class NotTheName:
    """Refuses a password that holds the person's name in pinyin, or the user name."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when the name is inside, whatever the case."""
        if user is None:
            return
        from pypinyin import lazy_pinyin  # noqa: PLC0415 - slow import: a quarter of a second of tables

        syllables = lazy_pinyin(user.name)
        spelt = {"".join(syllables), "".join(syllables[1:] + syllables[:1]), user.username, user.name}
        text = password.casefold()
        if any(len(one) >= 4 and one.casefold() in text for one in spelt) or (user.name and user.name in password):
            raise ValidationError(_("密码里不要有自己的姓名（包括拼音）或用户名。"), code="password_has_name")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("密码里不要有自己的姓名（包括拼音）或用户名。")


class NotOurCommonOnes:
    """Refuses a word that people here take first, filled up with digits and signs."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when nothing but common words, digits and signs is there."""
        rest = password.casefold()
        for word in sorted(COMMON, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(FILLER.sub("", rest)) < 3 and rest != password.casefold():
            raise ValidationError(_("这个密码太常见，只是常用词加数字。请换一个。"), code="password_of_common_words")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("不要用常用词加数字。")


def is_too_old(changed_at: datetime | None, *, days: int, now: datetime) -> bool:
    """Whether a password must be changed for its age; never when `days` is 0."""
    return bool(days and changed_at and changed_at + timedelta(days=days) < now)
