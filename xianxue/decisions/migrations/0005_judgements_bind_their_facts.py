"""What was judged of a finding is bound by a digest of its facts; judgements made before are bound to what was kept."""

import hashlib
import json

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

BATCH = 1_000


def bind(apps, schema_editor):
    """As `kernel.checks.outcomes.facts_digest` had it with this version."""
    model = apps.get_model("decisions", "Finding")
    judged = model._base_manager.filter(Q(is_confirmed__isnull=False) | Q(matter__state="excepted"))
    # Of a certain one that was gone only the correction was judged: it says nothing of one that comes back.
    bound = judged.exclude(certainty="certain", gone_on__isnull=False).only("pk", "inputs")
    rows = []
    for finding in bound.iterator(chunk_size=BATCH):
        text = json.dumps(finding.inputs, sort_keys=True)
        finding.judged_digest = hashlib.sha256(text.encode()).hexdigest()
        rows.append(finding)
    model._base_manager.bulk_update(rows, ["judged_digest"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0004_first_rules")]
    operations = [
        migrations.AlterField(
            model_name="finding", name="check_code", field=models.CharField(max_length=12, verbose_name="检查项")
        ),
        migrations.AddField(
            model_name="finding",
            name="judged_digest",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="认定时的数据摘要"),
        ),
        migrations.AddField(
            model_name="finding",
            name="earlier",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="later",
                to="decisions.finding", verbose_name="以前的认定",
            ),
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
    ]
