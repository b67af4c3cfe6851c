"""What the verifier checks: an evidence pack, an export of the log, and that one checkpoint continues another."""

from __future__ import annotations

import argparse
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xianxue.kernel.evidence.verifier.primitives import (
    HASHES,
    Box,
    Note,
    Tree,
    canonical,
    ed25519_verifies,
    is_consistent,
    notes_in,
    root_from_inclusion,
    sha256,
    sm3,
)

USAGE = """核验证据包、留痕导出和一致性证明。只需 Python 3.8 以上，不联网，不装任何东西。

  python verify.py                    核验本文件所在文件夹里的证据包
  python verify.py 证据包.zip         核验证据包，或留痕导出，或一致性证明（.json）
    --checkpoint 检查点.txt           并与自己保存的检查点核对
    --key 编号                        并核对签名密钥的编号（16 位，印在见证单上）
    --keep                            全部相符后，用新的检查点换下自己保存的

退出码：0 全部相符，1 有不符之处，2 读不了或无法核对。"""
GENESIS = "0" * 64
PACK_MARK = b"xianxue-pack\n"
ERASED = "history.erase_payload"


class Unreadable(Exception):
    """Something cannot be read or compared at all."""


class Report:
    """What was found: faults by name, and what could not be compared."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.facts: list[str] = []

    def fault(self, kind: str, where: str, text: str) -> None:
        """Something is wrong: which kind, with what, and how."""
        self.faults.append(f"{kind}：{where}：{text}")

    def fact(self, text: str) -> None:
        """Something to be told."""
        self.facts.append(text)


def _lines(box: Box, name: str) -> Iterator[dict[str, Any]]:
    for line in box.read(name).splitlines():
        if line.strip():
            yield json.loads(line)


def _note(box: Box, report: Report, public: bytes) -> Note:
    found = notes_in(box.read("checkpoint.txt").decode())
    if not found:
        raise Unreadable("checkpoint.txt 里没有检查点")
    if not found[0].is_signed_by(public):
        report.fault("检查点不符", "checkpoint.txt", "签名无效")
    return found[0]


def _about(event: dict[str, Any]) -> str:
    return f"第 {event.get('seq')} 条（{event.get('subject_type')} {event.get('subject_id')}，{event.get('action')}）"


def _leaf(event: dict[str, Any]) -> bytes:
    return HASHES[event["algorithm"]](b"\x00" + canonical(event))


# Evidence pack


def check_pack(box: Box, report: Report) -> tuple[Note, bytes]:
    """Check a pack; returns its checkpoint and public key."""
    raw = box.read("pack.json")
    pack = json.loads(raw)
    public = bytes.fromhex(pack["public_key"])
    if not ed25519_verifies(public, PACK_MARK + raw, bytes.fromhex(box.read("pack.sig").decode().strip())):
        report.fault("篡改", "pack.json", "签名无效，目录被改过")
    _check_members(box, report, pack["members"])
    note = _note(box, report, public)
    events = _check_events(box, report, note)
    for seq in pack["events"]:
        if seq not in events:
            report.fault("缺失", f"第 {seq} 条", "目录里有，证据包里没有")
    files = _check_payloads(box, report, events)
    _check_files(box, report, files)
    report.fact(f"标题：{pack['title']}")
    report.fact(f"留痕 {len(events)} 条，文件 {len(files)} 个，检查点 {note.size} 条（{note.at}）")
    return note, public


def _check_members(box: Box, report: Report, members: dict[str, str]) -> None:
    names = set(box.names()) - {"pack.json", "pack.sig"}
    for name in sorted(set(members) - names):
        report.fault("缺失", name, "目录里有这个文件，证据包里没有")
    for name in sorted(names - set(members)):
        if box.is_packed or name.startswith("files/"):
            report.fault("插入", name, "目录里没有这个文件")
    for name in sorted(names & set(members)):
        if sha256(box.read(name)).hex() != members[name]:
            report.fault("文件被改", name, "内容与目录里的摘要不符")


def _check_events(box: Box, report: Report, note: Note) -> dict[int, dict[str, Any]]:
    events: dict[int, dict[str, Any]] = {}
    last = 0
    for line in _lines(box, "events.jsonl"):
        event, seq = line["event"], line["event"]["seq"]
        if seq <= last:
            report.fault("乱序", _about(event), "不在它该在的位置")
        last, events[seq] = seq, event
        proof = [bytes.fromhex(node) for node in line["proof"]]
        leaf = _leaf(event)
        if leaf.hex() != line["leaf_hash"]:
            report.fault("篡改", _about(event), "内容与它的摘要不符")
        elif root_from_inclusion(leaf, seq - 1, note.size, proof, note.algorithm) != note.root:
            report.fault("检查点不符", _about(event), "证明到不了检查点的摘要根，这一条不在签名的留痕里")
    return events


def _check_payloads(box: Box, report: Report, events: dict[int, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Check what the events say; returns the files that they speak of, by SHA-256."""
    left, files = dict(events), {}
    erased = {event["subject_id"] for event in events.values() if event["action"] == ERASED}
    for line in _lines(box, "payloads.jsonl"):
        event = left.pop(line["seq"], None)
        if event is None:
            report.fault("插入", f"第 {line['seq']} 条的内容", "没有这一条留痕，或内容重复")
            continue
        body = line["body"].encode()
        if HASHES[event["algorithm"]](bytes.fromhex(event["salt"]) + body).hex() != event["payload_hash"]:
            report.fault("内容被改", _about(event), "内容与留痕里的摘要不符")
            continue
        facts = json.loads(body).get("facts", {})
        if "attachment" in facts:
            files[facts["sha256"]] = {**facts, "event": event}
    for seq, event in sorted(left.items()):
        if seq in erased:
            report.fact(f"{_about(event)}的内容已依法删除")
        else:
            report.fault("缺失", _about(event), "内容不见了，也没有依法删除的留痕")
    return files


def _check_files(box: Box, report: Report, files: dict[str, dict[str, Any]]) -> None:
    there = {name.partition("/")[2].partition(".")[0]: name for name in box.names() if name.startswith("files/")}
    for digest, facts in sorted(files.items()):
        where = f"{facts['name']}（{_about(facts['event'])}）"
        if digest not in there:
            report.fault("缺失", where, "文件不在证据包里")
            continue
        content = box.read(there.pop(digest))
        if sha256(content).hex() != digest or sm3(content).hex() != facts["sm3"]:
            report.fault("文件被改", where, "内容与上传时的摘要不符")
    for name in sorted(there.values()):
        report.fault("插入", name, "没有一条留痕说到这个文件")


# Export of the whole log


class Log:
    """An export while it is read: the chain, and a tree for each algorithm of the checkpoints."""

    def __init__(self, notes: list[Note], report: Report) -> None:
        self.report, self.previous, self.seq = report, GENESIS, 0
        self.trees = {note.algorithm: Tree(note.algorithm) for note in notes}
        self.expected: dict[int, list[Note]] = {}
        for note in notes:
            self.expected.setdefault(note.size, []).append(note)

    def event(self, event: dict[str, Any], claimed: str) -> None:
        """Check the next event, and every checkpoint of the size reached."""
        self.seq += 1
        if event["seq"] != self.seq:
            kind = "缺失" if event["seq"] > self.seq else "乱序"
            self.report.fault(kind, _about(event), f"这里应是第 {self.seq} 条")
            self.seq = event["seq"]
        if _leaf(event).hex() != claimed:
            self.report.fault("篡改", _about(event), "内容与它的摘要不符")
        if event["prev_hash"] != self.previous:
            self.report.fault("乱序", _about(event), "不接在前一条之后")
        self.previous = claimed
        for tree in self.trees.values():
            tree.append(bytes.fromhex(claimed))
        for note in self.expected.pop(self.seq, []):
            if self.trees[note.algorithm].root() != note.root:
                self.report.fault("检查点不符", f"检查点 {note.size} 条（{note.at}）", "此前的留痕被改写过")

    def finish(self) -> None:
        """Name the checkpoints that the log is too short for."""
        for size in sorted(size for size in self.expected if size):
            self.report.fault("截断", f"检查点 {size} 条", f"导出的留痕只有 {self.seq} 条")


def check_log(box: Box, report: Report, kept: Note | None) -> tuple[Note, bytes]:
    """Check an export: the chain, and the root at every checkpoint; returns the last checkpoint and the public key."""
    public = bytes.fromhex(json.loads(box.read("log.json"))["public_key"])
    notes = notes_in(box.read("checkpoints.txt").decode())
    if not notes:
        raise Unreadable("checkpoints.txt 里没有检查点")
    for note in notes:
        if not note.is_signed_by(public):
            report.fact(f"检查点 {note.size} 条（{note.at}）不是这把密钥签的，未核对签名")
    if kept is not None and kept.origin != notes[0].origin:
        report.fault("检查点不符", "自己保存的检查点", "出自另一份留痕")
    log = Log([*notes, kept] if kept else notes, report)
    for line in _lines(box, "events.jsonl"):
        log.event(line["event"], line["leaf_hash"])
    log.finish()
    report.fact(f"留痕 {log.seq} 条，检查点 {len(notes)} 个")
    return max(notes, key=lambda note: note.size), public


# One checkpoint against another


def compare(proofs: dict[int, list[str]], kept: Note, new: Note, public: bytes, report: Report) -> None:
    """Check that the log of the kept checkpoint is the beginning of the new one's; `proofs` by the older size."""
    if kept.origin != new.origin:
        report.fault("检查点不符", "自己保存的检查点", "出自另一份留痕")
    if not kept.is_signed_by(public):
        report.fact("自己保存的检查点由另一把密钥签名：请向签发单位问明换密钥的经过")
    if kept.size > new.size:
        text = f"自己保存的有 {kept.size} 条，这里只有 {new.size} 条：这里的较早，或留痕被截断、恢复了旧备份"
        report.fault("截断", "自己保存的检查点", text)
        return
    given = [] if kept.size in (0, new.size) else proofs.get(kept.size)
    if given is None:
        raise Unreadable(f"没有从 {kept.size} 条到 {new.size} 条的一致性证明，请在系统里下载后再核对")
    if is_consistent(kept, new, [bytes.fromhex(node) for node in given]):
        report.fact(f"自己保存的 {kept.size} 条，是现在 {new.size} 条的开头：此前的留痕没有被改写")
    else:
        report.fault("检查点不符", "自己保存的检查点", f"前 {kept.size} 条与现在的不一致：留痕被改写过")


def check_consistency(raw: bytes, report: Report) -> tuple[Note, bytes, dict[int, list[str]]]:
    """Check a proof as witnesses get it; returns the new checkpoint, the public key, and the proof by its size."""
    given = json.loads(raw)
    found = notes_in(given["checkpoint"])
    if not found:
        raise Unreadable("文件里没有检查点")
    public = bytes.fromhex(given["public_key"])
    if not found[0].is_signed_by(public):
        report.fault("检查点不符", "新的检查点", "签名无效")
    return found[0], public, {given["size"]: given["proof"]}


def _checked(path: Path, kept: Note | None, report: Report) -> tuple[Note, bytes, dict[int, list[str]] | None]:
    """Check what the path holds; proofs to compare with are None where the comparison is done already."""
    if path.suffix.lower() == ".json":
        return check_consistency(path.read_bytes(), report)
    box = Box(path)
    if "log.json" in box.names():
        return (*check_log(box, report, kept), None)
    new, public = check_pack(box, report)
    return new, public, {line["size"]: line["proof"] for line in _lines(box, "consistency.jsonl")}


def run(given: argparse.Namespace, report: Report) -> None:
    """Check what was given; raises Unreadable."""
    path = Path(given.path) if given.path else Path(__file__).resolve().parent
    kept = None
    if given.checkpoint:
        found = notes_in(Path(given.checkpoint).read_text(encoding="utf-8-sig"))
        if not found:
            raise Unreadable(f"{given.checkpoint} 里没有检查点")
        kept = found[0]
    new, public, proofs = _checked(path, kept, report)
    if kept is not None and proofs is not None:
        compare(proofs, kept, new, public, report)
    key_id = sha256(public).hex()[:16]
    report.fact(f"签名密钥编号 {key_id}" + ("" if given.key else "：请与见证单上的编号核对"))
    if given.key and given.key.replace(" ", "").lower() != key_id:
        report.fault("检查点不符", "签名密钥", f"编号不是 {given.key}")
    if given.keep and given.checkpoint and not report.faults:
        Path(given.checkpoint).write_text(new.text, encoding="utf-8")
        report.fact(f"已保存新的检查点：{new.size} 条")


def main(arguments: list[str]) -> int:
    """Check, print, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?")
    parser.add_argument("--checkpoint")
    parser.add_argument("--key")
    parser.add_argument("--keep", action="store_true")
    report = Report()
    try:
        run(parser.parse_args(arguments), report)
    except Unreadable as error:
        print(f"无法核验：{error}。")
        return 2
    except (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, zipfile.BadZipFile) as error:
        report.fault("读不了", type(error).__name__, f"{error}，文件不全或被改坏")
    for fact in report.facts:
        print(fact)
    for fault in report.faults:
        print(f"× {fault}。")
    print(f"核验未通过：{len(report.faults)} 处不符。" if report.faults else "核验通过：全部相符。")
    return 1 if report.faults else 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    if os.name == "nt" and len(sys.argv) == 1:
        input("按回车键关闭")
    sys.exit(code)
