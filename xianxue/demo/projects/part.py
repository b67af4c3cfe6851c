"""The projects office's three files: projects, their money, their gates."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from xianxue.demo.parts import Part, Workbook
from xianxue.demo.plan import Plan
from xianxue.demo.projects.building import Project, build_projects
from xianxue.demo.pupils import Pupil
from xianxue.demo.rows import Row


class ProjectsPart(Part):
    """Capital projects of the plan."""

    code, order = "projects", 6
    headings = {
        "projects": {
            "code": "项目编号",
            "name": "项目名称",
            "unit": "所属单位",
            "kind": "建设类型",
            "is_livelihood": "民生实事",
            "approved": "批准概算",
            "places": "新增学位",
            "delivery_on": "计划交付日期",
            "built": "形象进度（%）",
            "listed_on": "立项日期",
        },
        "project_funding": {
            "project": "项目编号",
            "source": "资金来源",
            "planned": "计划",
            "received": "到位",
            "paid": "支付",
        },
        "project_gates": {
            "project": "项目编号",
            "gate": "节点",
            "planned_on": "计划日期",
            "reached_on": "完成日期",
        },
    }

    def invent(self, plan: Plan, pupils: Sequence[Pupil]) -> list[Project]:
        return build_projects(plan)

    def expected(self, plan: Plan, invented: Sequence[Project]) -> Mapping[str, int]:
        return {
            "projects": len(invented),
            "livelihood_projects": sum(project.plan.livelihood for project in invented),
            "new_places": _places(invented, plan.year),
            "new_places_before": _places(invented, plan.year - 1),
        }

    def workbooks(self, plan: Plan, invented: Sequence[Project]) -> Iterator[Workbook]:
        pages: tuple[tuple[str, str, list[Row]], ...] = (
            ("项目", "projects", [_in_yuan(project.row) for project in invented]),
            ("项目资金", "project_funding", [_in_yuan(row) for project in invented for row in project.money]),
            ("项目节点", "project_gates", [row for project in invented for row in project.gates]),
        )
        for title, sheet, rows in pages:
            yield Workbook(sheet, rows, f"6 项目办 {title}.xlsx", title)


def _places(projects: Sequence[Project], year: int) -> int:
    """Places delivered in a year, or promised for the school year that begins in it."""
    due = date(year + 1, 8, 31)
    return sum(
        project.plan.places
        for project in projects
        if project.plan.delivery and date(year, 1, 1) <= project.plan.delivery <= due
    )


def _in_yuan(row: Row) -> Row:
    """Return a row whose amounts in 分 stand in yuan, under the name without the unit."""
    return {name.removesuffix("_fen"): value / 100 if name.endswith("_fen") else value for name, value in row.items()}


PART = ProjectsPart()
