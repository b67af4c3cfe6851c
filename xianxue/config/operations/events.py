"""What operations leave in the history."""

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.kernel.history.records import Subject, record

INSTALLATION = Subject("operations.installation", 1, "本系统")


@command("operations.restored", label=_("从备份恢复"))
def restored(*, made_at: str, size: int, by: Actor) -> None:
    """Record that this database was restored; everybody has to sign in again, for sessions that ended may be back."""
    Session.objects.all().delete()
    record(INSTALLATION, facts={"backup_made_at": made_at, "log_size": size})
