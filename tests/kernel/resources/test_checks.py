"""A wrong declaration stops the server, and the message says how it is mended."""

from typing import Any

import pytest

from xianxue.accounts.models import Posting, User
from xianxue.kernel.access import holds, nobody
from xianxue.kernel.columns import Column, Money, Name, Text, YesNo
from xianxue.kernel.resources import Fields, Grid, Register
from xianxue.kernel.resources.checks import check_registers, faults


def declared(**given: Any) -> Register:
    """A sound register, with one thing changed."""
    sound: dict[str, Any] = {
        "code": "people-of-test",
        "model": User,
        "label": "用户",
        "system": "accounts",
        "columns": (Column("name", "姓名", Name()), Column("username", "用户名", Text(40))),
        "search": ("name",),
        "order": ("username",),
        "view": holds("system_admin"),
    }
    made: Register = type("Sample", (Register,), {**sound, **given})()
    return made


def grid(**given: Any) -> Grid:
    """A sound form of a unit over the calendar's sheet, with one thing changed."""
    sound: dict[str, Any] = {
        "label": "成批填写", "unit_label": "用户", "units": lambda _scope: User.objects.none(), "path": "last_login",
        "fixed": ("name",), "columns": ("reason",),
    }  # fmt: skip
    return Grid(**{**sound, **given})


def test_a_sound_declaration_has_no_fault() -> None:
    assert list(faults(declared())) == []


def test_all_registers_are_sound() -> None:
    assert check_registers(None) == []


@pytest.mark.parametrize(
    ("given", "number", "message"),
    [
        ({"columns": ()}, "E001", "Sample.columns is empty; name at least one column."),
        (
            {"view": nobody},
            "E002",
            "Sample.view is missing: nobody could see the register. Give a grant, such as holds(…).",
        ),
        ({"system": "student_ade"}, "E003", 'Sample.system "student_ade" is no system (did you mean "student_aid"?).'),
        (
            {"list_columns": ("nam",)},
            "E012",
            'Sample.list_columns names "nam", which is no column (did you mean "name"?).',
        ),
        (
            {"filters": ("usernam",)},
            "E021",
            'Sample.filters names "usernam", which is no column (did you mean "username"?).',
        ),
        (
            {"search": ("nme",)},
            "E030",
            'Sample.search names "nme", but User has no "nme" there (did you mean "name"?).',
        ),
        (
            {"order": ("-usrname",)},
            "E030",
            'Sample.order names "usrname", but User has no "usrname" there (did you mean "username"?).',
        ),
        (
            {"panels": (Fields("username", "phone"),)},
            "E040",
            'Sample.panels: Fields names "phone", which is no column.',
        ),
        (
            {"sheet": "school"},
            "E051",
            'Sample.sheet "school" is not registered (did you mean "schools"?).',
        ),
        (
            {"change": holds("system_admin")},
            "E050",
            "Sample.change is given, but there is no .sheet that could make the form.",
        ),
        ({"grid": grid()}, "E060", "Sample.grid is given, but there is no .sheet that could write its rows."),
        (
            {"sheet": "calendar", "grid": grid(columns=("resaon",))},
            "E061",
            'Sample.grid.columns names "resaon", no column of its sheet (did you mean "reason"?).',
        ),
        (
            {"sheet": "pupils", "grid": grid(columns=("sex", "health"))},
            "E062",
            'Sample.grid.columns has "sex", which is restricted or changed by a procedure alone.',
        ),
        (
            {"sheet": "calendar", "grid": grid(fixed=("nam",))},
            "E063",
            'Sample.grid.fixed names "nam", which is no open column (did you mean "name"?).',
        ),
        (
            {"sheet": "calendar", "grid": grid(columns=())},
            "E064",
            "Sample.grid needs a column that names the line and one that is filled.",
        ),
        (
            {"sheet": "calendar", "grid": grid(filter="class")},
            "E065",
            'Sample.grid.filter names "class", no filter.',
        ),
        (
            {"sheet": "calendar", "grid": grid(path="klass")},
            "E066",
            'Sample.grid.path names "klass", which User has not.',
        ),
        (
            {"sheet": "calendar", "grid": grid(home="pupls")},
            "E067",
            'Sample.grid.home names "pupls", no register (did you mean "pupils"?).',
        ),
        ({"code": "search"}, "E004", 'Sample.code "search" cannot stand in an address; use letters, digits and "-".'),
        (
            {"columns": (Column("q", "字", Text(4), path="name"),), "order": ("pk",)},
            "E011",
            'Sample.columns has "q", a word that the address of a list uses; rename it.',
        ),
    ],
)
def test_a_fault_is_named_with_its_mend(given: dict[str, Any], number: str, message: str) -> None:
    found = [(fault.id, fault.msg) for fault in faults(declared(**given))]
    assert (f"resources.{number}", message) in found


def test_a_broken_path_names_what_could_stand_there() -> None:
    columns = (Column("unit", "单位", Text(60), path="unit__nam"),)
    found = [fault.msg for fault in faults(declared(model=Posting, columns=columns, search=(), order=("pk",)))]
    assert found == [
        (
            'Sample.columns: the path "unit__nam" breaks at "nam"; Posting has no such field or property'
            ' (did you mean "name"?).'
        )
    ]


def test_a_sealed_column_and_one_without_a_natural_filter_need_a_filter_of_their_own() -> None:
    columns = (
        Column("name", "姓名", Name(), sealed=True),
        Column("amount", "金额", Money(), path="username"),
        Column("active", "启用", YesNo(), path="is_active"),
    )
    found = {fault.id: fault.msg for fault in faults(declared(columns=columns, filters=("name", "amount", "active")))}
    assert list(found) == ["resources.E023"]
    assert found["resources.E023"] == "Sample.filters: amount: no filter follows from Money; declare a Filter."
