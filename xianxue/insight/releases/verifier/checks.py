"""What the verifier of a release checks: the signature of the statement, and every file against it."""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from xianxue.kernel.evidence.verifier.primitives import Box, ed25519_verifies, sha256, sm3

FILES = {"root": "release.json", "docx": "report.docx", "html": "report.html", "parts": "parts.parquet"}


def faults_of(box: Box, key: str) -> list[str]:
    """What is wrong with a signed release; nothing when all agrees. Raises KeyError and ValueError for no release."""
    raw = box.read("statement.json")
    statement, signature = json.loads(raw), json.loads(box.read("signature.json"))
    public = bytes.fromhex(signature["public_key"])
    key_id = sha256(public).hex()[:16]
    found = []
    if not ed25519_verifies(public, raw, bytes.fromhex(signature["signature"])):
        found.append("statement.json：签名无效，声明被改过")
    if key and key.replace(" ", "").lower() != key_id:
        found.append(f"签名密钥：编号是 {key_id}，不是 {key}")
    hashes = statement["hashes"]
    for name, file in FILES.items():
        if sha256(box.read(file)).hex() != hashes[name]:
            found.append(f"{file}：内容与签名声明中的摘要不符")
    if sm3(box.read(FILES["root"])).hex() != hashes["root_sm3"]:
        found.append("release.json：SM3 摘要不符")
    return found or _contradictions(json.loads(box.read(FILES["root"])), statement)


def _contradictions(body: dict[str, Any], statement: dict[str, Any]) -> list[str]:
    pairs = (("number", body["number"]), ("released_at", body["released"]["at"]), ("as_of", body["as_of"]))
    return [f"release.json：{name} 与签名声明不一致" for name, value in pairs if statement[name] != value]


def facts_of(box: Box) -> list[str]:
    """What was checked, to be compared with the paper."""
    statement, signature = json.loads(box.read("statement.json")), json.loads(box.read("signature.json"))
    root = statement["hashes"]["root"][:16]
    printed = " ".join(root[at : at + 4] for at in range(0, 16, 4))
    return [
        f"标题：{statement['title']}".replace("\n", ""),
        f"发布编号 {statement['number']}，校验码 {printed}（请与公文末尾核对）",
        f"签名密钥编号 {sha256(bytes.fromhex(signature['public_key'])).hex()[:16]}（请向发布单位核对）",
    ]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(arguments: list[str]) -> int:
    """Check, print, and return 0 when all agrees, 1 when something does not, 2 when nothing can be read."""
    parser = argparse.ArgumentParser(description="核验县学发布的报告。")
    parser.add_argument("path", nargs="?")
    parser.add_argument("--key", default="", help="签名密钥编号（16 位）")
    given = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        box = Box(Path(given.path) if given.path else Path(__file__).resolve().parent)
        facts, faults = facts_of(box), faults_of(box, given.key)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        _say(f"无法核验：文件不全或被改坏（{type(error).__name__}: {error}）。")
        return 2
    for line in facts:
        _say(line)
    for fault in faults:
        _say(f"× {fault}。")
    _say(f"核验未通过：{len(faults)} 处不符。" if faults else "核验通过：全部相符。")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
