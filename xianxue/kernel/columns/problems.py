"""The catalogue of problems: every code with its severity, sentence, rule and mend.

P1xx form of a cell, P2xx code lists and references, P3xx cells of one row against each other, P4xx rows of one file
against each other, P5xx against the county's records, W… warnings, which block nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem.

    `title` names it in a list of groups, `message` is the sentence about one cell. Placeholders of both: `label` (the
    column), `value` (the cell, masked where sealed), `expected` (what may stand there), `other` (the other cell, row
    or record). `rule` says why, `mend` what to do. `severity` follows from the code.
    """

    code: str
    title: Any
    message: Any
    rule: Any
    mend: Any

    @property
    def severity(self) -> Severity:
        """Errors keep their row from being written, warnings do not."""
        return "warning" if self.code.startswith("W") else "error"

    def sentence(self, **facts: str) -> str:
        """The sentence about one cell."""
        return str(self.message) % _Facts(facts)

    def heading(self, **facts: str) -> str:
        """The name of the group."""
        return str(self.title) % _Facts(facts)

    def advice(self, **facts: str) -> str:
        """What to do."""
        return str(self.mend) % _Facts(facts)


class _Facts(dict[str, str]):
    """Facts of a sentence; one that is not known reads as nothing."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        super().__init__(facts)

    def __missing__(self, _key: str) -> str:
        return ""


_kinds: dict[str, ProblemKind] = {}


def register_problems(kinds: Iterable[ProblemKind]) -> None:
    """Add kinds of problems. Raises ValueError where a code is taken by another kind."""
    for kind in kinds:
        known = _kinds.setdefault(kind.code, kind)
        if known != kind:
            message = f"Two kinds of problems have the code {kind.code}."
            raise ValueError(message)


def problem_kind(code: str) -> ProblemKind:
    """The kind of that code. Raises KeyError."""
    return _kinds[code]


def problem_kinds() -> list[ProblemKind]:
    """All kinds, by code."""
    return sorted(_kinds.values(), key=lambda kind: kind.code)


register_problems(
    (
        ProblemKind(
            "P100",
            _("“%(label)s”没有填"),
            _("“%(label)s”是必填项，没有填。"),
            _("必填项不能为空。"),
            _("补填这一格。"),
        ),
        ProblemKind(
            "P101",
            _("“%(label)s”写法看不懂"),
            _("“%(label)s”写成“%(value)s”，看不懂。应填：%(expected)s。"),
            _("每一格须符合本列的格式。"),
            _("按“%(expected)s”改写。"),
        ),
        ProblemKind(
            "P102",
            _("“%(label)s”太长"),
            _("“%(label)s”太长，放不下。应填：%(expected)s。"),
            _("文字长度有上限。"),
            _("缩短后重填。"),
        ),
        ProblemKind(
            "P103",
            _("“%(label)s”不是有效日期"),
            _("“%(label)s”写成“%(value)s”，不是有效日期。应填如 2015-09-01。"),
            _("日期须是日历上有的一天，写明年月日。"),
            _("改为年-月-日，如 2015-09-01。"),
        ),
        ProblemKind(
            "P104",
            _("%(label)s被 Excel 变成了数字，末三位已丢失"),
            _("“%(label)s”被 Excel 变成了数字“%(value)s”，末三位已丢失，无法还原。"),
            _("Excel 的数字只有 15 位有效数字，18 位号码须存为文本。"),
            _("把这一列设为“文本”后对照证件重新填写，不能自动补。"),
        ),
        ProblemKind(
            "P105",
            _("%(label)s的校验位不对"),
            _("“%(label)s”“%(value)s”的校验位不对，通常是某一位抄错。"),
            _("末位由前 17 位按 GB 11643（ISO 7064 MOD 11-2）算出。"),
            _("对照证件改正。"),
        ),
        ProblemKind(
            "P106",
            _("%(label)s里的出生日期不存在"),
            _("“%(label)s”“%(value)s”的第 7 至 14 位不是存在的日期。"),
            _("身份证号第 7 至 14 位是出生日期。"),
            _("对照证件改正。"),
        ),
        ProblemKind(
            "P107",
            _("%(label)s是 15 位旧号"),
            _("“%(label)s”“%(value)s”是 15 位旧号，2013 年起已停用。"),
            _("居民身份证号为 18 位。"),
            _("填写现用的 18 位号码。"),
        ),
        ProblemKind(
            "P108",
            _("“%(label)s”分不清是 1 月还是 10 月"),
            _("“%(label)s”写成“%(value)s”，可能是 1 月，也可能是 10 月（Excel 会去掉末尾的 0）。"),
            _("年月须写明两位月份。"),
            _("改为 2015-01 或 2015-10 这样的写法。"),
        ),
        ProblemKind(
            "P109",
            _("“%(label)s”超出范围"),
            _("“%(label)s”填了 %(value)s，超出范围。应填：%(expected)s。"),
            _("数值须在规定范围内。"),
            _("核对后改正。"),
        ),
        ProblemKind(
            "P110",
            _("“%(label)s”不是学籍号"),
            _("“%(label)s”写成“%(value)s”，不是学籍号。学籍号是字母 G、L 或 J 加 18 位号码。"),
            _("学籍号以 G、L 或 J 开头，后接 18 位，末位可为 X。"),
            _("按国家学籍系统里的学籍号填写。"),
        ),
        ProblemKind(
            "P111",
            _("“%(label)s”不是身份证号"),
            _("“%(label)s”写成“%(value)s”，不是身份证号。身份证号是 17 位数字加 1 位数字或 X。"),
            _("居民身份证号为 18 位（GB 11643）。"),
            _("对照证件改正；没有身份证的，请改填证件类型。"),
        ),
        ProblemKind(
            "P112",
            _("“%(label)s”不是电话号码"),
            _("“%(label)s”写成“%(value)s”，不是电话号码。应填：%(expected)s。"),
            _("手机 11 位，固定电话带区号。"),
            _("核对后改正；有两个号码的只填一个。"),
        ),
        ProblemKind(
            "P113",
            _("“%(label)s”里有公式错误"),
            _("“%(label)s”里是公式错误“%(value)s”，没有值。"),
            _("公式出错的格没有可用的值。"),
            _("把公式改对，或改填数值。"),
        ),
        ProblemKind(
            "P201",
            _("%(label)s写法不在代码表里"),
            _("“%(label)s”没有“%(value)s”，可填：%(expected)s。"),
            _("须填代码表里的名称或代码。"),
            _("改为代码表里的一项。"),
        ),
        ProblemKind(
            "P202",
            _("找不到%(label)s“%(value)s”"),
            _("“%(label)s”没有“%(value)s”，或者不在您的范围内。"),
            _("须是已登记、且在您权限范围内的名称或代码。"),
            _("核对名称或代码；确需新增的，请先登记或联系上级。"),
        ),
        ProblemKind(
            "P203",
            _("%(label)s“%(value)s”不止一个"),
            _("“%(label)s”“%(value)s”不止一个，分不清是哪一个：%(other)s。"),
            _("名称须能确定唯一一个。"),
            _("改填代码。"),
        ),
    )
)
