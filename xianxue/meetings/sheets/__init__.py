"""The workbook of rosters: who sits in which body of a school, from when to when."""

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.sheets import Rule, Sheet, register
from xianxue.meetings.sheets import problems as problems  # makes the codes below known
from xianxue.meetings.sheets.rosters import KEY, SEAT, SeatWriter

SEATS = register(
    Sheet(
        code="seats",
        label=_("议事机构成员"),
        columns=SEAT,
        key=KEY,
        writer=SeatWriter(),
        rules=(
            Rule(
                "P644",
                ("ended_on", "started_on"),
                lambda: pl.col("ended_on") < pl.col("started_on"),
                other=lambda: pl.col("started_on"),
            ),
        ),
        unit_column="unit",
        headings=("议事机构成员", "党组织成员", "班子成员名单", "校长办公会成员", "成员名单"),
        held=("unit", "body", "staff_no"),
        held_by=_("登记免职，再登记任职"),
        order=79,
    )
)
