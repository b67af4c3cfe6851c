"""The list of what a backup holds: where it came from, how many rows, the head of the log, and a hash of each part."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from xianxue.config.operations.refusal import Stopped
from xianxue.kernel.history.signing import (
    NoSigningKey,
    Signature,
    is_signing_possible,
    public_keys,
    sign,
    verify_signature,
)

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig.json"
FORMAT = 1
# What is signed begins with what it is, so that no signature of another paper fits here.
SIGNED_AS = b"xianxue backup manifest\n"


@dataclass(frozen=True)
class Part:
    """A file of the backup, by its path inside the folder."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` holds.

    `tables` counts the rows of every table in the snapshot. `log` is the head of the history: `size` and `head` (the
    last leaf hash; empty where there is none). `keys` proves which keys the records need, without holding any.
    """

    made_at: str
    version: str
    engine: str
    server: str
    migrations: list[str]
    tables: dict[str, int]
    log: dict[str, Any]
    keys: dict[str, Any]
    parts: list[Part] = field(default_factory=list)
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)


def parts_of(folder: Path) -> Iterator[Part]:
    """Every file of the folder but the manifest and its signature, hashed."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in (MANIFEST, SIGNATURE):
            with path.open("rb") as file:
                yield Part(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(folder: Path, manifest: Manifest) -> bool:
    """Write the manifest, and sign it where there is a key; returns whether it is signed."""
    content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True).encode()
    (folder / MANIFEST).write_bytes(content)
    if not is_signing_possible():
        return False
    with suppress(NoSigningKey):
        mark = sign(SIGNED_AS + content)
        words = {"key_id": mark.key_id, "algorithm": mark.algorithm, "value": mark.value.hex()}
        (folder / SIGNATURE).write_text(json.dumps(words))
        return True
    return False


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Stopped where the folder holds none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        parts = [Part(**part) for part in found.pop("parts")]
        if found["format"] > FORMAT:
            message = f"未能读取：{folder} 是更新的版本做的备份。请用做备份的版本或更新的版本。"
            raise Stopped(message)
        return Manifest(**found, parts=parts)
    except FileNotFoundError:
        message = f"未能读取：{folder} 里没有 {MANIFEST}，不是一份完整的备份。请换一份备份。"
    except (ValueError, TypeError, KeyError):
        message = f"未能读取：{folder} 里的 {MANIFEST} 已损坏。请换一份备份。"
    raise Stopped(message)


def faults(folder: Path, manifest: Manifest) -> list[str]:
    """What in the folder differs from its manifest: parts missing, added or altered, or a signature that does not hold."""
    listed = {part.path: part for part in manifest.parts}
    present = {part.path: part for part in parts_of(folder)}
    found = [f"缺少 {path}" for path in sorted(set(listed) - set(present))]
    found += [f"多出 {path}" for path in sorted(set(present) - set(listed))]
    found += [f"{path} 与清单不符" for path in sorted(set(listed) & set(present)) if listed[path] != present[path]]
    if signature(folder) == "wrong":
        found.append("清单的签名不成立")
    return found


def signature(folder: Path) -> str:
    """`none`, `holds`, `wrong`, or `unknown`: signed by a key whose public half is not on this machine."""
    try:
        words = json.loads((folder / SIGNATURE).read_text())
        mark = Signature(words["key_id"], words["algorithm"], bytes.fromhex(words["value"]))
    except FileNotFoundError:
        return "none"
    except (ValueError, KeyError, TypeError):
        return "wrong"
    if mark.key_id not in public_keys():
        return "unknown"
    return "holds" if verify_signature(SIGNED_AS + (folder / MANIFEST).read_bytes(), mark) else "wrong"


def sync(folder: Path) -> None:
    """Have everything of the folder on the disk, and the folder's own entry."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
