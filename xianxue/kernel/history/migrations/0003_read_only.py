"""The tree over the events that are there, and the triggers that keep the log from being rewritten."""

import secrets

from django.conf import settings
from django.db import migrations

from xianxue.kernel.history import triggers
from xianxue.kernel.history.merkle import Frontier

BATCH = 5_000


def grow_tree(apps, editor):
    """The tree over all events so far; stops where the log has a gap, for then it has no tree."""
    Event, LogHead, TreeNode = (apps.get_model("history", name) for name in ("Event", "LogHead", "TreeNode"))
    frontier = Frontier("sm3" if settings.CRYPTO_PROFILE == "national" else "sha256")
    leaves = Event.objects.order_by("seq").values_list("seq", "leaf_hash")
    for seq, leaf in leaves.iterator(chunk_size=BATCH):
        if seq != frontier.size + 1:
            message = f"The log lacks event {frontier.size + 1}: run the previous release's `xianxue verify-history`."
            raise RuntimeError(message)
        frontier.append(bytes.fromhex(leaf))
    if not frontier.size:
        return
    nodes = [TreeNode(place=level << 48 | index, hash=node.hex()) for level, index, node in frontier.finished]
    TreeNode.objects.bulk_create(nodes, batch_size=500)
    LogHead.objects.create(
        pk=1,
        log_id=secrets.token_hex(8),
        algorithm=frontier.algorithm,
        size=frontier.size,
        frontier=b"".join(frontier.peaks).hex(),
    )


class Migration(migrations.Migration):
    dependencies = [("history", "0002_tree_and_checkpoints")]

    operations = [
        migrations.RunPython(grow_tree, migrations.RunPython.noop),
        triggers.read_only("history_event", key="seq"),
        triggers.read_only("history_treenode", key="place"),
        triggers.read_only("history_checkpoint"),
        triggers.read_only("history_erasure", key="event_id"),
        triggers.read_only(
            "history_payload",
            key="event_id",
            delete_if="EXISTS (SELECT 1 FROM history_erasure WHERE event_id = OLD.event_id)",
        ),
        triggers.read_only(
            "history_loghead",
            update_unless="NEW.size < OLD.size OR NEW.log_id <> OLD.log_id OR NEW.algorithm <> OLD.algorithm",
        ),
    ]
