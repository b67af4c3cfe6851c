"""What a file is, by its content; its name is never asked."""

import io
import zipfile
from typing import Any, BinaryIO

from django.core.files import File

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
HEADS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "doc": OLE}
OFFICE = "application/vnd.openxmlformats-officedocument."
# Kind (as in the setting) → media type; OLE holds doc, xls and ppt alike.
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "doc": "application/x-ole-storage",
}
FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
# The lists of contents of office files are small; more is a bomb.
CONTENTS_LIMIT = 1_000_000


def kind_of(file: BinaryIO | File[Any]) -> str:
    """Kind of the file (a key of MEDIA_TYPES), or "" for anything else, macros included. Reads from the start."""
    file.seek(0)
    head = file.read(16)
    for kind, magic in HEADS.items():
        if head.startswith(magic):
            return kind
    return _kind_of_zip(file) if head.startswith(ZIP) else ""


def _kind_of_zip(file: BinaryIO | File[Any]) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "OFD.xml" in names:
                return "ofd"
            if "[Content_Types].xml" not in names or _has_macros(archive):
                return ""
            return next((kind for folder, kind in FOLDERS.items() if any(n.startswith(folder) for n in names)), "")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return ""


def _has_macros(archive: zipfile.ZipFile) -> bool:
    info = archive.getinfo("[Content_Types].xml")
    if info.file_size > CONTENTS_LIMIT:
        return True
    with archive.open(info) as contents:
        listed = io.BytesIO(contents.read(CONTENTS_LIMIT)).getvalue().lower()
    return b"macroenabled" in listed or b"vbaproject" in listed
