"""The permission matrix, computed from the declarations of the registers: what each role may do where."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xianxue.kernel import resources
from xianxue.kernel.access import EVERY_UNIT, Grant, Reach, all_roles
from xianxue.kernel.resources.register import Register
from xianxue.kernel.ui.systems import systems


@dataclass(frozen=True)
class Line:
    """One thing that can be done with a register, and for each role in order whether it may."""

    what: str
    allowed: tuple[bool, ...]

    @property
    def by_role(self) -> list[tuple[str, bool]]:
        """Each role's name with whether it may."""
        return list(zip(roles(), self.allowed, strict=True))


@dataclass(frozen=True)
class Group:
    """A register with its lines; `place` is the system in which it stands."""

    label: str
    place: str
    lines: tuple[Line, ...]


def roles() -> list[str]:
    """Names of the roles, in the order of the columns."""
    return [str(role.label) for role in all_roles()]


def allowed(grant: Grant, role: str) -> bool:
    """Whether the grant opens anything to a person who holds the role over every unit."""
    return bool(grant.scope(Reach(roles={role: EVERY_UNIT}, user_id=0)))


def _lines(item: Register) -> Iterator[Line]:
    grants = [(_("查看"), item.view)]
    if item.sheet:
        grants.append((_("新增、更改、导入"), item.change))
    if any(column.sealed for column in (*item.columns, *item.form_columns)):
        grants.append((_("查看证件号等原值"), item.reveal))
    grants += [(str(action.label), action.grant) for action in item.actions]
    for what, grant in grants:
        yield Line(what, tuple(allowed(grant, role) for role in all_roles()))


def groups() -> list[Group]:
    """Every register, in the order of the menu."""
    order = list(systems())
    registers = sorted(resources.all_registers(), key=lambda item: order.index(item.system))
    return [Group(str(item.label), systems()[item.system].label, tuple(_lines(item))) for item in registers]


def as_markdown() -> str:
    """The matrix as a page of the manual."""
    parts = [
        "# 权限表",
        "",
        "本页由程序按各登记的声明生成：`xianxue write-permissions`。",
        "✓ 表示可以，范围只限任职单位及其下级；空白表示不可以。范围以外的内容，一律如同不存在。",
        "",
        "| 登记 | 操作 | " + " | ".join(roles()) + " |",
        "|---|---|" + ":-:|" * len(all_roles()),
    ]
    for group in groups():
        for index, line in enumerate(group.lines):
            name = group.label if index == 0 else ""
            parts.append(f"| {name} | {line.what} | " + " | ".join("✓" if ok else "" for ok in line.allowed) + " |")
    return "\n".join(parts) + "\n"
