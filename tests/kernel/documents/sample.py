"""A paper with every kind of block; run this file to write it out and look at it.

python -m tests.kernel.documents.sample FOLDER
"""

import sys
from datetime import date
from pathlib import Path

from xianxue.kernel.documents import (
    AttachmentNote,
    Column,
    Document,
    FigureRun,
    Heading,
    ListItem,
    Paragraph,
    Signature,
    Table,
    Text,
    article,
    docx_bytes,
    fragment,
)

BASE_URL = "https://county.example"
BOATS = FigureRun("1,204艘", "/figures/boats/", "boats")
LOADS = FigureRun("3,300余万元", "/figures/loads/", "loads")
NETS = FigureRun("尚无记录", "/figures/nets/", "nets", missing=True)
LONG = (
    "今年以来，各渡口按照“先检查、后开船”的要求，逐船逐项登记，遇有大风、大雾和涨水一律停航，"
    "并把停航时间、原因和复航条件及时告知两岸群众，做到有记录、可查询、能追溯。"
)


def paper(*, masthead: str | None = None, doc_number: str | None = None, pages: int = 2) -> Document:
    """An invented paper about ferries, some pages long."""
    return Document(
        title="清河县渡口管理所关于\n年度渡运工作情况的报告",
        issuer="清河县渡口管理所",
        date=date(2024, 12, 31),
        masthead=masthead,
        doc_number=doc_number,
        blocks=(
            Paragraph([Text("县人民政府：")], addressee=True),
            Paragraph([Text("现将有关情况报告如下。")]),
            Heading(1, "渡运秩序平稳有序"),
            Paragraph(
                [Text("全年登记渡船"), BOATS, Text("，渡运收入"), LOADS, Text("；"), Text("渔网", strong=True), NETS]
            ),
            Heading(2, "健全检查制度"),
            Heading(3, "开船之前"),
            ListItem([Text("查看救生衣；")]),
            ListItem([Text("查看“载重线”——不得没入水中。")]),
            *(Paragraph([Text(LONG)]) for _ in range(pages * 5)),
            Heading(1, "下一步打算"),
            Table(
                (Column("渡口", weight=2), Column("渡船", numeric=True), Column("备注", weight=3)),
                [(Text("上游渡口"), BOATS, Text("汛期每日报告")), (Text("下游渡口"), NETS, Text("<待修>"))],
                caption="各渡口渡船情况",
            ),
            Paragraph([Text(LONG)]),
            AttachmentNote(("渡船登记表", "停航记录汇总及有关说明材料")),
            Signature(),
        ),
    )


def write_all(folder: Path) -> None:
    """Write the paper in all its forms."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plain.docx").write_bytes(docx_bytes(paper(), base_url=BASE_URL))
    sent = paper(masthead="清河县渡口管理所文件", doc_number="清渡〔2024〕7号")
    (folder / "sent.docx").write_bytes(docx_bytes(sent, base_url=BASE_URL))
    (folder / "article.html").write_text(article(paper()), encoding="utf-8")
    (folder / "fragment.html").write_text(fragment(paper()), encoding="utf-8")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
