"""Major decisions as a Django app."""

from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """三重一大: catalogue, proposals, checks before, during and after the meeting, ledgers, findings, letters of notice."""

    name = "xianxue.decisions"
    label = "decisions"
    verbose_name = _("三重一大")

    def ready(self) -> None:
        """Put the pages into the menu, tell meetings what holds for proposals, and ledgers whose numbers their rows name."""
        from xianxue.decisions.access import OVERSEES, READS  # noqa: PLC0415 - app ready
        from xianxue.decisions.selectors.catalogues import draft_referents  # noqa: PLC0415 - app ready
        from xianxue.decisions.selectors.numbers import proposals_by_number  # noqa: PLC0415 - app ready
        from xianxue.decisions.services.checking import ledgers_changed  # noqa: PLC0415 - app ready
        from xianxue.decisions.services.missing import refresh_all  # noqa: PLC0415 - app ready
        from xianxue.decisions.services.tabling import (  # noqa: PLC0415 - app ready
            rules_of_item,
            when_changed,
            when_done,
            when_dropped,
            why_not_open,
        )
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.columns import provide_references  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready
        from xianxue.ledgers.rules import provided  # noqa: PLC0415 - app ready
        from xianxue.meetings.rules.provided import provide  # noqa: PLC0415 - app ready

        provide_references("catalogue-drafts", draft_referents)
        provide(
            rules=rules_of_item,
            when_done=when_done,
            when_dropped=when_dropped,
            when_changed=when_changed,
            blocks=why_not_open,
        )
        schedule.register("decisions.missing", _("核对会前缺项"), schedule.At(time(0, 40)), refresh_all)
        provided.provide_decisions(proposals_by_number)
        provided.provide_when_changed(ledgers_changed)
        menu.add("decisions", _("全县各校"), "decisions-overview", OVERSEES, 10)
        menu.add("decisions", _("检查项"), "decisions-checks", READS, 24, in_settings=True)
