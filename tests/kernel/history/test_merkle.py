"""The tree is that of RFC 6962, in memory and in the database; its proofs prove, and nothing else passes for one."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import given, strategies
from pytest_django.fixtures import Settings

from tests.kernel.history.book import BY, write
from xianxue.kernel.evidence.verifier import primitives
from xianxue.kernel.history import tree
from xianxue.kernel.history.canonical import SHA256, SM3, canonical, event_texts, fast_canonical, hash_hex
from xianxue.kernel.history.merkle import (
    Frontier,
    Leaves,
    Nodes,
    consistency_proof,
    empty_root,
    inclusion_proof,
    is_consistent,
    root_at,
    root_from_inclusion,
)
from xianxue.kernel.history.models import Event, LogHead, TreeNode
from xianxue.kernel.history.records import COLUMNS
from xianxue.kernel.history.tree import StoredNodes
from xianxue.kernel.history.verification import verify

pytestmark = pytest.mark.postgres

# The test vector of the Certificate Transparency project for RFC 6962: eight inputs and their root.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
SM3_ROOT_OF_EIGHT = "bc48ba7a709184b5f2a631e1adeb8dc2a0d4c018c1d6cc89b5664fe154c93b38"
SIZES = 70


def leaves_of(count: int) -> list[bytes]:
    return [hashlib.sha256(b"\0%d" % number).digest() for number in range(count)]


def recursive_root(leaves: list[bytes], joined: Callable[[bytes], bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return joined(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = recursive_root(leaves[:half], joined), recursive_root(leaves[half:], joined)
    return joined(b"\x01" + left + right)


@pytest.mark.parametrize(("algorithm", "root"), [(SHA256, ROOT_OF_EIGHT), (SM3, SM3_ROOT_OF_EIGHT)])
def test_the_published_vector(algorithm: str, root: str) -> None:
    frontier = Frontier(algorithm)
    grown = primitives.Tree(algorithm)
    for data in INPUTS:
        leaf = bytes.fromhex(hash_hex(b"\0" + bytes.fromhex(data), algorithm))
        frontier.append(leaf)
        grown.append(leaf)
    assert frontier.root().hex() == grown.root().hex() == root


@pytest.mark.parametrize("algorithm", [SHA256, SM3])
def test_the_frontier_equals_the_recursive_tree(algorithm: str) -> None:
    leaves, frontier, grown = leaves_of(SIZES), Frontier(algorithm), primitives.Tree(algorithm)
    joined = primitives.HASHES[algorithm]
    for size in range(SIZES):
        expected = recursive_root(leaves[:size], joined)
        assert frontier.root() == grown.root() == root_at(Leaves(leaves, algorithm), size) == expected
        frontier.append(leaves[size])
        grown.append(leaves[size])
    assert empty_root(algorithm) == joined(b"")


def note(size: int, root: bytes, algorithm: str = SHA256) -> Any:
    made = primitives.Note.__new__(primitives.Note)
    made.size, made.root, made.algorithm = size, root, algorithm
    return made


def test_every_inclusion_proof_of_every_size_proves_its_leaf_alone() -> None:
    leaves = leaves_of(SIZES)
    nodes = Leaves(leaves)
    for size in range(1, SIZES):
        root = root_at(nodes, size)
        for index in range(size):
            proof = inclusion_proof(nodes, index, size)
            for prove in (root_from_inclusion, primitives.root_from_inclusion):
                assert prove(leaves[index], index, size, proof, SHA256) == root
                assert prove(leaves[(index + 1) % SIZES], index, size, proof, SHA256) != root
                assert prove(leaves[index], index, size, [*proof, root], SHA256) != root
                assert not proof or prove(leaves[index], index, size, proof[:-1], SHA256) != root
                assert size == 1 or prove(leaves[index], (index + 1) % size, size, proof, SHA256) != root


def test_every_consistency_proof_of_every_pair_of_sizes_proves_it_alone() -> None:
    leaves = leaves_of(SIZES)
    nodes, wrong = Leaves(leaves), b"w" * 32
    for new in range(SIZES):
        new_root = root_at(nodes, new)
        for old in range(new + 1):
            old_root, proof = root_at(nodes, old), consistency_proof(nodes, old, new)
            assert is_consistent((old, old_root), (new, new_root), proof, SHA256)
            assert primitives.is_consistent(note(old, old_root), note(new, new_root), proof)
            if not old:
                continue
            forgeries = [(old_root, wrong, proof), (wrong, new_root, proof), (old_root, new_root, [*proof, wrong])]
            if proof:
                forgeries.append((old_root, new_root, proof[:-1]))
                forgeries.append((old_root, new_root, [wrong, *proof[1:]]))
            for first, second, path in forgeries:
                assert not is_consistent((old, first), (new, second), path, SHA256)
                assert not primitives.is_consistent(note(old, first), note(new, second), path)


def test_a_shorter_log_continues_nothing() -> None:
    leaves = Leaves(leaves_of(8))
    longer, shorter = (7, root_at(leaves, 7)), (3, root_at(leaves, 3))
    assert not is_consistent(longer, shorter, [], SHA256)
    assert not primitives.is_consistent(note(*longer), note(*shorter), [])
    assert not primitives.is_consistent(note(*shorter), note(*longer, SM3), consistency_proof(leaves, 3, 7))
    with pytest.raises(ValueError, match="cannot contain"):
        consistency_proof(leaves, 7, 3)
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion_proof(leaves, 3, 3)


@given(strategies.integers(1, 5_000), strategies.data())
def test_proofs_of_larger_trees(size: int, data: strategies.DataObject) -> None:
    leaves = leaves_of(size)
    nodes, index = Leaves(leaves), data.draw(strategies.integers(0, size - 1))
    root = root_at(nodes, size)
    assert root_from_inclusion(leaves[index], index, size, inclusion_proof(nodes, index, size), SHA256) == root
    proof = consistency_proof(nodes, index, size)
    assert is_consistent((index, root_at(nodes, index)), (size, root), proof, SHA256)


@pytest.mark.django_db
def test_the_stored_tree_is_the_same_however_it_grew(settings: Settings) -> None:
    for count in (1, 1, 253, 1, 1, 255, 1, 700, 2):
        write(count, by=BY)
    leaves = [bytes.fromhex(leaf) for leaf in Event.objects.order_by("seq").values_list("leaf_hash", flat=True)]
    stored: Nodes = StoredNodes(SHA256)
    memory = Leaves(leaves)
    assert TreeNode.objects.count() == len(leaves) // 256
    for size in (1, 2, 255, 256, 257, 511, 512, 513, 1_000, len(leaves)):
        assert root_at(stored, size) == root_at(memory, size)
        for index in {0, size // 2, size - 1}:
            assert inclusion_proof(stored, index, size) == inclusion_proof(memory, index, size)
            assert consistency_proof(stored, index, size) == consistency_proof(memory, index, size)
    head = LogHead.objects.get()
    assert (head.size, tree.frontier_of(head).root()) == (len(leaves), root_at(memory, len(leaves)))
    with pytest.raises(KeyError):
        root_at(stored, len(leaves) + 1)


@pytest.mark.django_db
def test_a_proof_reads_a_few_tiles(django_assert_max_num_queries: Any) -> None:
    write(3_000, by=BY)
    with django_assert_max_num_queries(8):
        inclusion_proof(StoredNodes(SHA256), 1_234, 3_000)


@pytest.mark.django_db
def test_a_log_that_changes_its_profile_keeps_its_tree(settings: Settings) -> None:
    write(3, by=BY)
    settings.CRYPTO_PROFILE = "national"
    write(300, by=BY)
    assert (LogHead.objects.get().algorithm, verify().is_sound) == (SHA256, True)


@pytest.mark.django_db
def test_a_national_log_has_a_national_tree(settings: Settings) -> None:
    settings.CRYPTO_PROFILE = "national"
    write(300, by=BY)
    assert (LogHead.objects.get().algorithm, verify().is_sound) == (SM3, True)
    leaves = [bytes.fromhex(leaf) for leaf in Event.objects.order_by("seq").values_list("leaf_hash", flat=True)]
    assert verify().root == recursive_root(leaves, primitives.plain_sm3).hex()


texts = strategies.text(max_size=8)
numbers = strategies.none() | strategies.integers(-(2**63), 2**63 - 1)
columns = strategies.fixed_dictionaries(
    {name: texts | numbers if name in {"unit_id", "action"} else texts for name in COLUMNS[:-1]} | {"actor_id": numbers}
)


@given(columns)
def test_the_fast_form_of_an_event_is_the_canonical_one(event: dict[str, Any]) -> None:
    try:
        expected = canonical(event)
    except UnicodeEncodeError:
        with pytest.raises(UnicodeEncodeError):
            fast_canonical(event)
        return
    assert fast_canonical(event) == expected
    assert primitives.canonical(json.loads(expected)) == expected


plain = strategies.fixed_dictionaries({
    name: strategies.integers() if name in {"seq", "subject_id", "version"}
    else strategies.none() | strategies.integers() if name in {"actor_id", "unit_id"}
    else texts
    for name in COLUMNS[:-1]
})  # fmt: skip


@given(strategies.lists(plain | columns, min_size=1, max_size=4))
def test_the_form_of_many_events_is_the_canonical_one(events: list[dict[str, Any]]) -> None:
    """None, where a value is no plain one, sends every event the careful way."""
    together = event_texts(list(zip(*([event[name] for name in COLUMNS[:-1]] for event in events), strict=True)))
    if together is not None:
        assert together == [canonical(event) for event in events]


@given(plain)
def test_plain_events_go_the_fast_way(event: dict[str, Any]) -> None:
    together = event_texts([[event[name]] for name in COLUMNS[:-1]])
    assert (together is None) == any("\ud800" <= letter <= "\udfff" for text in event.values() for letter in str(text))


@pytest.mark.parametrize("algorithm", [SHA256, SM3])
def test_a_tree_that_grows_by_many_leaves_is_the_one_that_grows_by_each(algorithm: str) -> None:
    leaves = leaves_of(3_000)
    one, many, start = Frontier(algorithm), Frontier(algorithm), 0
    for amount in (1, 254, 1, 256, 700, 0, 5, 1_500, 283):
        many.extend(leaves[start : start + amount])
        for leaf in leaves[start : start + amount]:
            one.append(leaf)
        start += amount
        assert (many.size, many.peaks, many.finished) == (one.size, one.peaks, one.finished)
    assert start == 3_000


@pytest.mark.parametrize("value", [True, 1.5, [1], {"a": "b"}])
def test_strange_values_go_the_slow_way(value: Any) -> None:
    event = dict.fromkeys(COLUMNS[:-1], "x") | {"seq": value}
    assert fast_canonical(event) == canonical(event)


@pytest.mark.django_db(transaction=True)
def test_the_previous_releases_log_gets_its_tree() -> None:
    """Events of version 1, written before there was a tree, stay verifiable after the upgrade."""
    executor = MigrationExecutor(connection)
    executor.migrate([("history", "0001_initial")])
    try:
        old = executor.loader.project_state([("history", "0001_initial")]).apps
        _write_as_before(old.get_model("history", "Event"), old.get_model("history", "Payload"), 300)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert (LogHead.objects.get().size, TreeNode.objects.count()) == (300, 1)
    write(3, by=BY)
    verdict = verify()
    assert (verdict.events, verdict.faults) == (303, ())
    assert set(Event.objects.values_list("version", flat=True)) == {1, 2}


def _write_as_before(events: Any, payloads: Any, count: int) -> None:
    """As the first release wrote it."""
    previous = "0" * 64
    for seq in range(1, count + 1):
        body, salt = canonical({"actor": "刘", "label": "张", "changes": {}}), f"{seq:032x}"
        row = {
            "seq": seq, "at": f"2026-01-01T00:00:{seq % 60:02}.000000Z", "actor_id": 7, "via": "page", "unit_id": None,
            "action": "tests.old", "subject_type": "people.person", "subject_id": seq, "salt": salt,
            "payload_hash": hash_hex(bytes.fromhex(salt) + body, SHA256), "algorithm": SHA256, "version": 1,
            "prev_hash": previous,
        }  # fmt: skip
        previous = hash_hex(b"\0" + canonical(row), SHA256)
        events.objects.create(**row, leaf_hash=previous)
        payloads.objects.create(event_id=seq, body=body.decode())
