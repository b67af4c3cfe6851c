"""Files of a record as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.kernel.files.models import Attachment
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.details import TablePanel
from xianxue.kernel.ui.tables import Cell, HeadCell, Row

HASH_SHOWN = 12


def files_panel(attachments: Sequence[Attachment], kinds: Mapping[str, Any]) -> TablePanel:
    """The files with their kinds (code → label), sizes and hashes; each name leads to its download."""
    heads = (("kind", _("材料")), ("name", _("文件")), ("size", _("大小")), ("at", _("上传")), ("hash", _("SHA-256")))
    return TablePanel(
        _("材料"),
        columns=[HeadCell(name, label) for name, label in heads],
        rows=[_row(item, kinds) for item in attachments],
        empty=_("没有上传材料。"),
    )


def _row(item: Attachment, kinds: Mapping[str, Any]) -> Row:
    digest = item.file.sha256
    cells = [
        Cell(str(kinds.get(item.kind, item.kind))),
        Cell(item.name, href=reverse("file", args=(item.pk,))),
        Cell(_("%(size)s KB") % {"size": formats.grouped(-(-item.file.size // 1024))}),
        Cell(formats.china_moment(item.at)),
        Cell(f"{digest[:HASH_SHOWN]}…", "code", title=digest),
    ]
    return Row(cells, pk=str(item.pk))
