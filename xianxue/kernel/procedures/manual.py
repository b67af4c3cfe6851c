"""The chapter of the manual about procedures, printed from the declarations."""

from collections.abc import Iterator

from xianxue.kernel.procedures.catalogue import limits, step_words
from xianxue.kernel.procedures.declaration import Procedure, all_procedures

HEAD = """# 办事流程

本页由程序按各流程的声明生成：`xianxue write-procedures`。用法见文末。
“工作日”按国务院公布的放假安排和本县“日历调整”计算，收到当天不算。注明“待核”的依据，条文尚未与原文核对。
"""
TAIL = """## 怎么用

- **我的待办**列出轮到您办的事，不限于办件，最急的在前；可以按期限和类别筛选，菜单上是件数。旁边的页签是“我发起的”“本单位在办”。
- 打开一个事项，“下一步”写明等谁办、到哪天；您能办的是按钮，不能办的写明原因。“流程”画出办到了哪里。
- 每一步都核对：状态、权限、应由不同的人办的是否同一人、必备材料、理由。打开页面以后别人已经办了，会提示您刷新。
- 表单有误退回时，已上传的材料暂存 20 小时，改好再提交即可，不必重新选择。
- 可以成批的步骤（如“核对通过”），等您的超过一件时，“我的待办”右上方有“批量……”：逐件看内容和材料，勾选后一次办理，每件各有结果。
- 同一步点两次只办一次。受托代办的，记录里同时写代办人和委托人；代办人和委托人按同一人核对回避。
- **两个时钟**：受理和办结分别计时。待补正等阶段暂停计时，恢复后办结期限按暂停的工作日顺延。
- **延期**：有权的人在事项页点“延期”，写明理由和新期限；次数和长度以本页所列为限。
- **提醒**在到期前、到期日、逾期后各一次，出现在“我的待办”；逾期后按本页所列上报一次，并留痕。要发到邮箱、企业微信、钉钉的，见[登录与账号](accounts.md)。
- **督办**一页列出各类逾期的事、等谁办、逾期几个工作日、是否已上报；学校只看到与本校有关的。
- **办理过程单**可打印存档；**证据包**可交给对方，在没有本系统的电脑上核验。
- 来年的放假安排公布以前，跨年的期限暂按周一至周五推算，事项页会写明。
"""


def as_markdown() -> str:
    """The whole chapter."""
    parts = [HEAD, *(line for item in all_procedures() for line in _chapter(item)), TAIL]
    return "\n".join(parts)


def _chapter(item: type[Procedure]) -> Iterator[str]:
    yield f"## {item.label}\n"
    if item.about:
        yield f"{item.about}\n"
    for basis in item.basis:
        yield f"- 依据：{basis}{'' if basis.is_checked else '（待核）'}"
    for label, text in limits(item):
        yield f"- {label}：{text}"
    if item.papers:
        yield f"- 材料：{'、'.join(str(name) for name in item.papers.values())}"
    yield "\n| 步骤 | 从 | 到 | 由谁 | 时限 | 要求 |\n|---|---|---|---|---|---|"
    for step in item.steps.values():
        yield f"| {' | '.join(text.replace('|', '／') for text in step_words(step))} |"
    yield ""
