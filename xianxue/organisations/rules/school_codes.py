"""学校（机构）标识码: ten digits, AA type + BB province + six of sequence (学校（机构）代码管理办法, 2011)."""

import re

from django.utils.translation import gettext as _

SCHOOL_CODE = re.compile(r"\d{10}", re.ASCII)
TYPES = frozenset(("11", "21", "22", "31", "32", "33", "34", "35", "36", "37", "41", "42", "51", "91", "92", "93"))
# GB/T 2260, first two digits.
PROVINCES = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for number in range(first, last + 1)
)
# The code's type is frozen at its birth; these types of school have commonly grown out of the code's type.
EXPECTED = {
    "111": {"11"},
    "211": {"21"},
    "218": {"21"},
    "311": {"31"},
    "312": {"31", "21"},
    "341": {"34", "31"},
    "342": {"34"},
    "345": {"34", "31", "21"},
    "361": {"36"},
}
SPECIAL = "51"


def school_code_fault(code: str) -> str | None:
    """Why this is no school code, or None."""
    if not SCHOOL_CODE.fullmatch(code):
        return _("学校标识码应为 10 位数字。请按学校（机构）代码核对。")
    if code[:2] not in TYPES:
        return _("学校标识码前 2 位“%(type)s”不是学校类型。请按学校（机构）代码核对。") % {"type": code[:2]}
    if code[2:4] not in PROVINCES:
        return _("学校标识码第 3、4 位“%(province)s”不是省份代码。请按学校（机构）代码核对。") % {"province": code[2:4]}
    return None


def school_code_warning(code: str, school_type: str) -> str | None:
    """What is odd about a code beside the school's type, or None: the code may be older than the type."""
    expected = {SPECIAL} if school_type.startswith(SPECIAL) else EXPECTED.get(school_type)
    if expected is None or code[:2] in expected:
        return None
    return _("学校标识码的类型“%(type)s”与办学类型不一致。学校改制后保留原标识码的可以不理会，否则请核对。") % {
        "type": code[:2]
    }
