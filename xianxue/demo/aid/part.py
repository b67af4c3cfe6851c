"""The aid office's ledgers, a file a term."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from xianxue.demo.aid.grants import Grant, pay_aid
from xianxue.demo.parts import Part, Workbook
from xianxue.demo.plan import Plan
from xianxue.demo.pupils import Pupil
from xianxue.demo.rows import HARDSHIPS, Row, term_title


class AidPart(Part):
    """Grants of the year and of the year before."""

    code, order = "aid", 5
    headings = {
        "aid_grants": {
            "school": "学校标识码",
            "student_no": "学籍号",
            "name": "姓名",
            "programme": "项目",
            "term": "学期",
            "tier": "档次",
            "hardship": "困难类型",
            "amount": "金额（元）",
            "paid_on": "发放日期",
        },
    }

    def invent(self, plan: Plan, pupils: Sequence[Pupil]) -> list[Grant]:
        return pay_aid(plan, pupils)

    def expected(self, plan: Plan, invented: Sequence[Grant]) -> Mapping[str, int]:
        year, before = (
            [grant for grant in invented if grant.term.startswith(str(number))] for number in (plan.year, plan.year - 1)
        )
        return {
            "aid_grants": len(year),
            "aid_fen": sum(grant.fen for grant in year),
            "aid_pupils": len({id(grant.pupil) for grant in year}),
            "aid_grants_before": len(before),
            "aid_fen_before": sum(grant.fen for grant in before),
        }

    def workbooks(self, plan: Plan, invented: Sequence[Grant]) -> Iterator[Workbook]:
        for term, grants in groupby(invented, key=lambda grant: grant.term):
            title, rows = term_title(term), [grant_row(grant) for grant in grants]
            yield Workbook("aid_grants", rows, f"5 资助中心 发放明细 {title}.xlsx", "发放明细")


def grant_row(grant: Grant) -> Row:
    """Return one line of the aid office's ledger."""
    row: dict[str, Any] = {
        "school": grant.pupil.seat.school.code,
        "student_no": grant.pupil.student_no,
        "name": grant.pupil.name,
        "programme": grant.line.programme,
        "term": term_title(grant.term),
        "tier": grant.line.tier or None,
        "hardship": HARDSHIPS[grant.hardship],
        "amount": grant.fen / 100,
        "paid_on": grant.paid_on,
    }
    return row


PART = AidPart()
