"""A pack is checked by its own verifier, alone in an empty folder; whatever is altered in it is named."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.kernel.evidence.matter import (
    BY,
    MATTER,
    OTHER,
    PDF,
    Told,
    as_lines,
    lines_of,
    repacked,
    step,
    unpacked,
    work,
)
from xianxue.kernel.commands import Refused
from xianxue.kernel.evidence import packs
from xianxue.kernel.evidence.packs import pack_of, pack_response
from xianxue.kernel.evidence.verifier import verifier_source
from xianxue.kernel.files import store
from xianxue.kernel.history import signing
from xianxue.kernel.history.checkpoints import body_of, note_of
from xianxue.kernel.history.models import Checkpoint
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.history.services import checkpoint_now
from xianxue.kernel.history.verification import verify

pytestmark = pytest.mark.django_db
Members = dict[str, bytes]
Tell = Callable[..., Told]


def test_a_pack_verifies_alone_in_an_empty_folder(profile: str, packed: bytes, tell: Tell, tmp_path: Path) -> None:
    path = tmp_path / "证据包.zip"
    path.write_bytes(packed)
    told = tell(path)
    assert (told.code, told.faults, told.lines[-1]) == (0, [], "核验通过：全部相符。")
    assert told.lines[0] == "第 5 条（tests.matter 5，tests.step）的内容已依法删除"
    assert told.lines[1:3] == ["标题：张三转学", f"留痕 6 条，文件 1 个，检查点 8 条（{Checkpoint.objects.get().at}）"]


def test_an_unpacked_pack_verifies_itself(packed: bytes, tmp_path: Path, tell: Tell) -> None:
    folder = tmp_path / "解开"
    with zipfile.ZipFile(repacked(unpacked(packed), tmp_path / "x.zip")) as archive:
        archive.extractall(folder)
    assert tell(folder).code == 0
    assert (folder / "verify.py").read_text(encoding="utf-8") == verifier_source()


def test_a_pack_discloses_its_subjects_and_nothing_else(packed: bytes) -> None:
    members = unpacked(packed)
    seen = [(row["event"]["seq"], row["event"]["subject_type"]) for row in lines_of(members["events.jsonl"])]
    assert seen == [
        (1, "tests.matter"), (3, "tests.matter"), (5, "tests.matter"), (6, "tests.matter"), (7, "tests.matter"),
        (8, "history.event"),
    ]  # fmt: skip
    assert [row["seq"] for row in lines_of(members["payloads.jsonl"])] == [1, 3, 6, 7, 8]
    assert members[f"files/{hashlib.sha256(PDF).hexdigest()}.pdf"] == PDF
    assert members["说明.txt"].decode("utf-8-sig").startswith("证据包：张三转学\r\n")
    key_id = signing.key_id_of(signing.public_key())
    assert key_id in members["说明.txt"].decode()


def test_the_export_is_recorded_with_the_packs_hash(packed: bytes) -> None:
    event = events_of(*MATTER)[0]
    assert (event.action_label, event.facts["sha256"]) == ("导出证据包", hashlib.sha256(packed).hexdigest())
    assert verify().is_sound


def test_events_can_be_asked_for_by_number() -> None:
    work()
    members = unpacked(pack_of([], "两件事", by=BY, numbers=[2, 3]))
    assert [row["event"]["seq"] for row in lines_of(members["events.jsonl"])] == [2, 3]
    assert events_of(*OTHER)[0].action == "evidence.export_pack"


def test_a_pack_of_nothing_is_refused() -> None:
    work()
    with pytest.raises(Refused, match="没有留痕"):
        pack_of([("tests.matter", 99)], "没有", by=BY)


def test_a_damaged_file_is_not_packed(packed: bytes) -> None:
    path = store.path_of(hashlib.sha256(PDF).hexdigest())
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Refused, match="张三的证明"):
        pack_of([MATTER], "张三转学", by=BY)


def test_too_many_files_are_refused(packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "FILES_LIMIT", 10)
    with pytest.raises(Refused, match="附件合计超过"):
        pack_of([MATTER], "张三转学", by=BY)


def test_a_pack_is_downloaded_under_a_name_that_windows_takes() -> None:
    work()
    answer = pack_response([MATTER], 'a/b:*?"<>| 转学', by=BY)
    assert answer.headers["Content-Type"] == "application/zip"
    assert "%E8%AF%81%E6%8D%AE%E5%8C%85%20a%20b%20%E8%BD%AC%E5%AD%A6" in answer.headers["Content-Disposition"]


def change_event(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    rows[1]["event"]["actor_id"] = 8
    members["events.jsonl"] = as_lines(rows)


def change_event_and_hash(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    event = rows[1]["event"]
    event["actor_id"] = 8
    text = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    rows[1]["leaf_hash"] = hashlib.sha256(b"\0" + text.encode()).hexdigest()
    members["events.jsonl"] = as_lines(rows)


def change_proof(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    rows[1]["proof"][0] = "0" * 64
    members["events.jsonl"] = as_lines(rows)


def shorten_proof(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    rows[1]["proof"].pop()
    members["events.jsonl"] = as_lines(rows)


def lengthen_proof(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    rows[1]["proof"].append("0" * 64)
    members["events.jsonl"] = as_lines(rows)


def leave_out_event(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    members["events.jsonl"] = as_lines([rows[0], *rows[2:]])


def swap_events(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    members["events.jsonl"] = as_lines([rows[1], rows[0], *rows[2:]])


def change_payload(members: Members) -> None:
    members["payloads.jsonl"] = members["payloads.jsonl"].replace("批准".encode(), "驳回".encode())


def leave_out_payload(members: Members) -> None:
    rows = lines_of(members["payloads.jsonl"])
    members["payloads.jsonl"] = as_lines([row for row in rows if row["seq"] != 6])


def strange_payload(members: Members) -> None:
    rows = lines_of(members["payloads.jsonl"])
    members["payloads.jsonl"] = as_lines([*rows, {"seq": 4, "body": "{}"}])


def change_file(members: Members) -> None:
    name = next(name for name in members if name.startswith("files/"))
    members[name] = members[name][:-1] + b"x"


def lose_file(members: Members) -> None:
    del members[next(name for name in members if name.startswith("files/"))]


def add_file(members: Members) -> None:
    members["files/" + "0" * 64 + ".pdf"] = b"%PDF"


def add_paper(members: Members) -> None:
    members["决定.docx"] = b"PK"


def change_readme(members: Members) -> None:
    members["说明.txt"] += b"x"


def change_contents(members: Members) -> None:
    contents = json.loads(members["pack.json"])
    contents["title"] = "李四转学"
    members["pack.json"] = json.dumps(contents).encode()


def change_checkpoint(members: Members) -> None:
    members["checkpoint.txt"] = members["checkpoint.txt"].replace(b"\n8\n", b"\n9\n")


def lose_checkpoint(members: Members) -> None:
    members["checkpoint.txt"] = b"nothing"


def lose_events(members: Members) -> None:
    del members["events.jsonl"]


def break_contents(members: Members) -> None:
    members["pack.json"] = b"{"


def lose_key(members: Members) -> None:
    members["pack.json"] = b"{}"


THIRD = "第 3 条（tests.matter 5，tests.paper）"
ALTERATIONS: dict[Callable[[Members], None], list[str]] = {
    change_event: [f"篡改：{THIRD}：内容与它的摘要不符。"],
    change_event_and_hash: [f"检查点不符：{THIRD}：证明到不了检查点的摘要根，这一条不在签名的留痕里。"],
    change_proof: [f"检查点不符：{THIRD}"],
    shorten_proof: [f"检查点不符：{THIRD}"],
    lengthen_proof: [f"检查点不符：{THIRD}"],
    leave_out_event: ["缺失：第 3 条：目录里有，证据包里没有。", "插入：第 3 条的内容：没有这一条留痕，或内容重复。"],
    swap_events: ["乱序：第 1 条（tests.matter 5，tests.step）：不在它该在的位置。"],
    change_payload: ["内容被改：第 6 条（tests.matter 5，tests.step）：内容与留痕里的摘要不符。"],
    leave_out_payload: ["缺失：第 6 条（tests.matter 5，tests.step）：内容不见了，也没有依法删除的留痕。"],
    strange_payload: ["插入：第 4 条的内容：没有这一条留痕，或内容重复。"],
    change_file: [f"文件被改：张三的证明.pdf（{THIRD}）：内容与上传时的摘要不符。"],
    lose_file: [f"缺失：张三的证明.pdf（{THIRD}）：文件不在证据包里。"],
    add_file: [f"插入：files/{'0' * 64}.pdf：没有一条留痕说到这个文件。"],
    add_paper: ["插入：决定.docx：目录里没有这个文件。"],
    change_readme: ["文件被改：说明.txt：内容与目录里的摘要不符。"],
    change_contents: ["篡改：pack.json：签名无效，目录被改过。"],
    change_checkpoint: ["检查点不符：checkpoint.txt：签名无效。"],
    lose_events: ["缺失：events.jsonl：目录里有这个文件，证据包里没有。", "读不了：KeyError"],
    break_contents: ["读不了：JSONDecodeError"],
    lose_key: ["读不了：KeyError"],
}


@pytest.mark.parametrize("alter", ALTERATIONS, ids=lambda alter: alter.__name__)
def test_what_is_altered_in_a_pack_is_named(
    packed: bytes, tell: Tell, tmp_path: Path, alter: Callable[[Members], None]
) -> None:
    members = unpacked(packed)
    alter(members)
    told = tell(repacked(members, tmp_path / "x.zip"))
    assert told.code == 1
    assert told.lines[-1].startswith("核验未通过：")
    for fault in ALTERATIONS[alter]:
        assert [line for line in told.faults if line.startswith(fault)], told.lines


def test_a_pack_signed_by_somebody_else_does_not_have_our_keys_number(
    packed: bytes, tell: Tell, tmp_path: Path
) -> None:
    """Whoever forges everything with a key of his own is betrayed by the number printed on the witness's sheet."""
    members = unpacked(packed)
    ours = signing.key_id_of(signing.public_key())
    forger = Ed25519PrivateKey.generate()
    contents = json.loads(members["pack.json"]) | {"public_key": forger.public_key().public_bytes_raw().hex()}
    members["pack.json"] = json.dumps(contents).encode()
    members["pack.sig"] = forger.sign(b"xianxue-pack\n" + members["pack.json"]).hex().encode()
    told = tell(repacked(members, tmp_path / "x.zip"), "--key", ours)
    assert f"检查点不符：签名密钥：编号不是 {ours}。" in told.faults


def test_our_keys_number_fits(packed: bytes, tell: Tell, tmp_path: Path) -> None:
    ours = signing.key_id_of(signing.public_key())
    grouped = f"{ours[:4]} {ours[4:8].upper()} {ours[8:12]} {ours[12:]}"
    told = tell(repacked(unpacked(packed), tmp_path / "x.zip"), "--key", grouped)
    assert told.code == 0
    assert f"签名密钥编号 {ours}" in told.lines


def kept_file(tmp_path: Path, checkpoint: Checkpoint, **changed: Any) -> Path:
    text = note_of(checkpoint)
    for old, new in changed.items():
        text = text.replace(old, new)
    path = tmp_path / "检查点.txt"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_pack_continues_the_checkpoint_that_the_school_kept(tell: Tell, tmp_path: Path) -> None:
    work()
    path = kept_file(tmp_path, checkpoint_now("测试", by=BY))
    for number in range(20):
        step(MATTER, str(number), by=BY)
    pack = repacked(unpacked(pack_of([MATTER], "转学", by=BY)), tmp_path / "x.zip")
    told = tell(pack, "--checkpoint", path, "--keep")
    assert told.code == 0, told.lines
    assert "自己保存的 8 条，是现在 28 条的开头：此前的留痕没有被改写" in told.lines
    assert "\n28\n" in path.read_text(encoding="utf-8")
    assert tell(pack, "--checkpoint", path).code == 0


def test_a_log_that_was_rewritten_does_not_continue_the_kept_checkpoint(tell: Tell, tmp_path: Path) -> None:
    step(MATTER, "原来的", by=BY)
    step(MATTER, "原来的", by=BY)
    kept = checkpoint_now("测试", by=BY)
    step(MATTER, "后来的", by=BY)
    members = unpacked(pack_of([MATTER], "转学", by=BY))
    forged = Checkpoint(**{field.attname: getattr(kept, field.attname) for field in Checkpoint._meta.concrete_fields})
    forged.root = "0" * 64
    forged.signature = signing.sign(body_of(forged)).value.hex()
    told = tell(repacked(members, tmp_path / "x.zip"), "--checkpoint", kept_file(tmp_path, forged))
    assert told.faults == ["检查点不符：自己保存的检查点：前 2 条与现在的不一致：留痕被改写过。"]


def test_a_pack_older_than_the_kept_checkpoint_is_told(packed: bytes, tell: Tell, tmp_path: Path) -> None:
    step(MATTER, "后来的", by=BY)
    path = kept_file(tmp_path, checkpoint_now("测试", by=BY))
    told = tell(repacked(unpacked(packed), tmp_path / "x.zip"), "--checkpoint", path, "--keep")
    assert told.code == 1
    assert told.faults[0].startswith("截断：自己保存的检查点：自己保存的有 10 条，这里只有 8 条")
    assert "\n10\n" in path.read_text(encoding="utf-8-sig"), "what was kept stays"


def test_without_a_proof_nothing_is_claimed(tell: Tell, tmp_path: Path) -> None:
    work()
    path = kept_file(tmp_path, checkpoint_now("测试", by=BY))
    step(MATTER, "x", by=BY)
    members = unpacked(pack_of([MATTER], "转学", by=BY))
    members["consistency.jsonl"] = b""
    told = tell(repacked(members, tmp_path / "x.zip"), "--checkpoint", path)
    assert (told.code, told.lines) == (
        2,
        ["无法核验：没有从 8 条到 9 条的一致性证明，请在系统里下载后再核对。"],
    )


def test_a_checkpoint_of_another_log_or_key_is_told(packed: bytes, tell: Tell, tmp_path: Path) -> None:
    made = Checkpoint.objects.get()
    pack = repacked(unpacked(packed), tmp_path / "x.zip")
    other = kept_file(tmp_path, made, **{made.origin: "xianxue/" + "0" * 16})
    told = tell(pack, "--checkpoint", other)
    assert told.faults == ["检查点不符：自己保存的检查点：出自另一份留痕。"]
    assert any("由另一把密钥签名" in line for line in told.lines)
    other.write_text("nothing", encoding="utf-8")
    assert tell(pack, "--checkpoint", other).code == 2


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_what_is_no_pack_is_told(tell: Tell, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    told = tell(path)
    assert (told.code, told.faults[0].partition("：")[0]) == (1, "读不了")


def test_nothing_given_is_looked_for_beside_the_verifier(tell: Tell) -> None:
    told = tell()
    assert (told.code, told.faults[0].partition("：")[0]) == (1, "读不了")
