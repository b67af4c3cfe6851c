"""The whole log for auditors, and proofs for witnesses, checked by the stand-alone verifier; altered ones are named."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tests.kernel.evidence.matter import BY, MATTER, Told, as_lines, lines_of, repacked, step, unpacked, work
from xianxue.kernel.evidence.exports import consistency_of, is_root_of
from xianxue.kernel.history import signing
from xianxue.kernel.history.checkpoints import note_of
from xianxue.kernel.history.models import Checkpoint
from xianxue.kernel.history.services import checkpoint_now

pytestmark = pytest.mark.django_db
Members = dict[str, bytes]
Tell = Callable[..., Told]


@pytest.fixture
def exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    work()
    checkpoint_now("测试", by=BY)
    step(MATTER, "后来的", by=BY)
    path = tmp_path / "留痕.zip"
    call_command("export_history", str(path))
    assert capsys.readouterr().out.startswith("已导出 9 条留痕：")
    return path


def test_an_export_verifies(profile: str, exported: Path, tell: Tell) -> None:
    told = tell(exported)
    assert (told.code, told.faults) == (0, [])
    assert told.lines[0] == "留痕 9 条，检查点 2 个"
    assert "张三" not in "".join(content.decode() for content in unpacked(exported.read_bytes()).values())


def test_nothing_is_written_over_an_export(exported: Path) -> None:
    with pytest.raises(CommandError, match="已经存在"):
        call_command("export_history", str(exported))


def change(members: Members, number: int, **columns: object) -> None:
    rows = lines_of(members["events.jsonl"])
    rows[number]["event"].update(columns)
    members["events.jsonl"] = as_lines(rows)


def edit(members: Members) -> None:
    change(members, 2, actor_id=8)


def leave_out(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    members["events.jsonl"] = as_lines([*rows[:2], *rows[3:]])


def swap(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    rows[2], rows[3] = rows[3], rows[2]
    members["events.jsonl"] = as_lines(rows)


def cut(members: Members) -> None:
    members["events.jsonl"] = as_lines(lines_of(members["events.jsonl"])[:-1])


def change_leaf(members: Members) -> None:
    rows = lines_of(members["events.jsonl"])
    rows[2]["leaf_hash"] = "0" * 64
    members["events.jsonl"] = as_lines(rows)


def lose_checkpoints(members: Members) -> None:
    members["checkpoints.txt"] = b""


PAPER, STEP = "第 3 条（tests.matter 5，tests.paper）", "第 4 条（tests.matter 6，tests.step）"
ALTERATIONS: dict[Callable[[Members], None], tuple[int, list[str]]] = {
    edit: (1, [f"篡改：{PAPER}：内容与它的摘要不符。"]),
    leave_out: (1, [f"缺失：{STEP}：这里应是第 3 条。", f"乱序：{STEP}：不接在前一条之后。"]),
    swap: (1, [f"缺失：{STEP}：这里应是第 3 条。", f"乱序：{PAPER}：这里应是第 5 条。"]),
    cut: (1, ["截断：检查点 9 条：导出的留痕只有 8 条。"]),
    change_leaf: (
        1,
        [f"篡改：{PAPER}：内容与它的摘要不符。", f"乱序：{STEP}：不接在前一条之后。", "检查点不符：检查点 8 条"],
    ),
    lose_checkpoints: (2, []),
}


@pytest.mark.parametrize("alter", ALTERATIONS, ids=lambda alter: alter.__name__)
def test_what_is_altered_in_an_export_is_named(
    exported: Path, tell: Tell, tmp_path: Path, alter: Callable[[Members], None]
) -> None:
    members = unpacked(exported.read_bytes())
    alter(members)
    told = tell(repacked(members, tmp_path / "x.zip"))
    code, faults = ALTERATIONS[alter]
    assert told.code == code, told.lines
    for fault in faults:
        assert [line for line in told.faults if line.startswith(fault)], told.lines


def kept(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "检查点.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_export_is_compared_with_a_kept_checkpoint(exported: Path, tell: Tell, tmp_path: Path) -> None:
    first = Checkpoint.objects.order_by("pk").first()
    assert first
    assert tell(exported, "--checkpoint", kept(tmp_path, note_of(first))).code == 0
    other = note_of(first).replace(first.origin, "xianxue/" + "0" * 16)
    told = tell(exported, "--checkpoint", kept(tmp_path, other))
    assert told.faults == ["检查点不符：自己保存的检查点：出自另一份留痕。"]
    step(MATTER, "更后来的", by=BY)
    later = note_of(checkpoint_now("测试", by=BY))
    told = tell(exported, "--checkpoint", kept(tmp_path, later))
    assert told.faults == ["截断：检查点 10 条：导出的留痕只有 9 条。"]


def test_an_older_key_of_an_export_is_told(exported: Path, tell: Tell, settings: Settings) -> None:
    Path(settings.SIGNING_KEY).unlink()
    signing.make_key(Path(settings.SIGNING_KEY))
    exported.unlink()
    call_command("export_history", str(exported))
    told = tell(exported)
    assert told.code == 0
    assert sum("不是这把密钥签的，未核对签名" in line for line in told.lines) == 2


def test_a_witness_follows_the_log_by_proofs(tell: Tell, tmp_path: Path) -> None:
    work()
    path = kept(tmp_path, note_of(checkpoint_now("测试", by=BY)))
    proof = tmp_path / "一致性.json"
    for size in (8, 13, 30):
        step(MATTER, "x", by=BY)
        while checkpoint_now("测试", by=BY).size < {8: 13, 13: 30, 30: 31}[size]:
            step(MATTER, "x", by=BY)
        made = checkpoint_now("测试", by=BY)
        proof.write_bytes(consistency_of(size, made))
        told = tell(proof, "--checkpoint", path, "--keep")
        assert told.code == 0, told.lines
        assert f"\n{made.size}\n" in path.read_text(encoding="utf-8")
    told = tell(proof, "--checkpoint", path)
    assert told.code == 0, "the proof again"
    assert tell(proof).code == 0, "the signature alone"


@pytest.mark.parametrize("part", ["proof", "size", "checkpoint", "public_key"])
def test_an_altered_proof_is_named(tell: Tell, tmp_path: Path, part: str) -> None:
    work()
    path = kept(tmp_path, note_of(checkpoint_now("测试", by=BY)))
    step(MATTER, "x", by=BY)
    given = json.loads(consistency_of(8, checkpoint_now("测试", by=BY)))
    given[part] = {
        "proof": ["0" * 64],
        "size": 7,
        "checkpoint": given["checkpoint"].replace("\n9\n", "\n10\n"),
        "public_key": "0" * 64,
    }[part]
    proof = tmp_path / "x.json"
    proof.write_text(json.dumps(given), encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    assert tell(proof, "--checkpoint", path, "--keep").code == (2 if part == "size" else 1)
    assert path.read_text(encoding="utf-8") == before


def test_a_proof_without_a_checkpoint_is_told(tell: Tell, tmp_path: Path) -> None:
    proof = tmp_path / "x.json"
    proof.write_text(json.dumps({"size": 1, "checkpoint": "", "public_key": "", "proof": []}), encoding="utf-8")
    assert tell(proof).lines == ["无法核验：文件里没有检查点。"]


def test_a_short_root_is_answered_as_long_as_the_log_has_it(profile: str) -> None:
    work()
    made = checkpoint_now("测试", by=BY)
    assert is_root_of(made.size, made.root[:16])
    assert not is_root_of(made.size, "0" * 16)
    assert not is_root_of(made.size + 1, made.root[:16])


def test_the_signing_key_is_readable_by_its_owner_alone_and_never_replaced_silently(settings: Settings) -> None:
    path = Path(settings.SIGNING_KEY)
    assert signing.is_signing_possible()
    signature = signing.sign(b"x")
    assert signing.verify_signature(b"x", signature)
    assert not signing.verify_signature(b"y", signature)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing.make_key(path) == signature.key_id, "a key that is there stays"
    path.unlink()
    assert not signing.is_signing_possible()
    with pytest.raises(signing.NoSigningKey):
        signing.sign(b"x")
    signing.make_key(path)
    assert signing.verify_signature(b"x", signature), "what the lost key signed can still be checked"
    assert signing.sign(b"x").key_id != signature.key_id


def test_a_key_at_a_named_place_is_not_made_by_itself(settings: Settings) -> None:
    settings.SIGNING_KEY_IS_NAMED = True
    with pytest.raises(signing.NoSigningKey):
        signing.sign(b"x")
