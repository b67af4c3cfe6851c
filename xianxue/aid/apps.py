"""Aid as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AidConfig(AppConfig):
    """Pupil aid: programmes, rates, the ledger of grants."""

    name = "xianxue.aid"
    label = "aid"
    verbose_name = _("学生资助")

    def ready(self) -> None:
        """Say what a cell that names a programme or a term can mean, and what the file of a pupil shows of aid."""
        from xianxue.aid import selectors  # noqa: PLC0415 - app ready
        from xianxue.kernel import dossier  # noqa: PLC0415 - app ready
        from xianxue.kernel.columns import provide_references  # noqa: PLC0415 - app ready

        provide_references("aid_programmes", selectors.programme_referents)
        provide_references("terms", selectors.term_referents)
        dossier.register(selectors.DOSSIER)
