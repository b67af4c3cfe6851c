"""What is refused before anything is read: too large, a bomb, macros, a password, no workbook at all."""

import io
import zipfile
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from xianxue.kernel.commands import Refused

Kind = Literal["xlsx", "xls", "ods", "csv", "zip"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
BOM_16 = (b"\xff\xfe", b"\xfe\xff")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# A real workbook of 100 MB holds well under 2 GB of XML, and XML of cells shrinks about 10:1, at most some 60:1.
UNPACKED_LIMIT = 2 * 1024**3
RATIO_LIMIT = 200
RATIO_FROM = 50 * 1024**2
MEMBER_LIMIT = 5_000
MB = 1024**2


def check_size(name: str, size: int) -> None:
    """Refuse a file above the limit of the settings, and one without content."""
    limit = settings.UPLOAD_LIMIT_MB
    if size > limit * MB:
        facts = {"name": name, "size": f"{size / MB:.0f}", "limit": limit}
        raise Refused(
            _(
                "未能导入“%(name)s”：文件有 %(size)s MB，超过上限 %(limit)s MB。请删去图片和多余的工作表，或分成几个文件再发送。"
            )
            % facts
        )
    if not size:
        raise Refused(_("未能导入“%(name)s”：文件是空的。请确认选对了文件。") % {"name": name})


def kind_of(name: str, content: bytes) -> Kind:
    """What the file is, by its content first and its name second. Refuses what cannot be read safely."""
    suffix = name.rpartition(".")[2].lower()
    if suffix in {"et", "ett", "wps", "numbers"}:
        raise Refused(
            _("未能导入“%(name)s”：这是 .%(suffix)s 格式，读不了。请在 WPS 里另存为 .xlsx 后再发送。")
            % {"name": name, "suffix": suffix}
        )
    if content.startswith(ZIP):
        return _kind_of_zip(name, suffix, content)
    if content.startswith(OLE):
        return _kind_of_ole(name, content)
    if suffix in {"csv", "txt", "tsv"} and (content.startswith(BOM_16) or b"\0" not in content[:4096]):
        return "csv"
    raise _not_a_workbook(name)


def _not_a_workbook(name: str) -> Refused:
    return Refused(
        _("未能导入“%(name)s”：这不是工作簿。请发送 .xlsx、.xls 或 .csv 文件，或把多个工作簿打成一个 .zip。")
        % {"name": name}
    )


def _kind_of_ole(name: str, content: bytes) -> Kind:
    if ENCRYPTED in content:
        raise Refused(
            _(
                "未能导入“%(name)s”：工作簿有打开密码，读不了。请在 Excel 的“文件 → 信息 → 保护工作簿”里去掉密码，保存后再发送。"
            )
            % {"name": name}
        )
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _with_macros(name)
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    raise _not_a_workbook(name)


def _with_macros(name: str) -> Refused:
    return Refused(
        _("未能导入“%(name)s”：工作簿里有宏，为安全起见不读取。请另存为“Excel 工作簿（.xlsx）”后再发送。")
        % {"name": name}
    )


def _kind_of_zip(name: str, suffix: str, content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Refused(
            _("未能导入“%(name)s”：文件已损坏，打不开。请重新保存或重新下载后再发送。") % {"name": name}
        ) from error
    _check_bomb(name, members, len(content))
    names = {member.filename for member in members}
    if any(part.lower().endswith("vbaproject.bin") for part in names) or suffix == "xlsm":
        raise _with_macros(name)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Refused(
            _("未能导入“%(name)s”：这是二进制工作簿（.xlsb），读不了。请另存为 .xlsx 后再发送。") % {"name": name}
        )
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if suffix == "zip":
        return "zip"
    raise _not_a_workbook(name)


def _check_bomb(name: str, members: list[zipfile.ZipInfo], size: int) -> None:
    """Judge by the directory of the archive, before one byte is unpacked."""
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked / max(size, 1)
    if unpacked > UNPACKED_LIMIT or (unpacked > RATIO_FROM and ratio > RATIO_LIMIT) or len(members) > MEMBER_LIMIT:
        raise Refused(
            _(
                "未能导入“%(name)s”：解开后有 %(size)s MB，远大于正常的工作簿，可能是恶意文件，没有打开。请用 Excel 重新另存后再发送。"
            )
            % {"name": name, "size": f"{unpacked / MB:.0f}"}
        )
