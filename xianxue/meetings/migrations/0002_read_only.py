"""Closed votes, locked meetings and corrections: the database itself keeps them from being rewritten."""

from django.db import migrations

from xianxue.kernel.history import triggers


class Migration(migrations.Migration):
    dependencies = (("meetings", "0001_initial"),)
    operations = (
        triggers.read_only("meetings_vote", update_unless="OLD.closed_at IS NOT NULL", delete_if="OLD.closed_at IS NULL"),
        triggers.read_only(
            "meetings_meeting", update_unless="OLD.locked_at IS NOT NULL", delete_if="OLD.locked_at IS NULL"
        ),
        triggers.read_only("meetings_amendment"),
    )
