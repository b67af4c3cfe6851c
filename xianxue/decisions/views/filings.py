"""The page on which the bureau answers a filing."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU, READS
from xianxue.decisions.forms.filings import FilingForm
from xianxue.decisions.models import Proposal
from xianxue.decisions.services.filings import answer_filing
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.resources.command_view import CommandView


class AnswerFiling(CommandView):
    """Confirm, or return with a reason."""

    form_class, title, submit, done = FilingForm, _("答复会前报备"), _("提交答复"), _("已答复。")
    grant = BUREAU

    def found(self, **kwargs: Any) -> Proposal:
        rows = Proposal.objects.filter(READS.scope(current_reach()).q("unit_id"), pk=kwargs["pk"])
        proposal: Proposal | None = rows.select_related("matter", "unit", "rule_set").first()
        if proposal is None:
            raise Http404
        return proposal

    def allowed(self) -> bool:
        return self.subject.unit_id in self.grant.scope(current_reach())

    def run(self, data: dict[str, Any], by: Actor) -> Any:
        return answer_filing(self.subject, by=by, **data)

    def after(self, result: Any) -> str:
        return reverse("decisions-preflight", args=(self.subject.pk,))
