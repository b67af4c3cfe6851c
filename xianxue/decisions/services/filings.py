"""会前报备 at the bureau: a filing is received and confirmed, or returned with its reason."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.decisions.access import BUREAU, LEADS, RECORDS
from xianxue.decisions.choices import PreparationKind, PreparationResult
from xianxue.decisions.models import Preparation, Proposal
from xianxue.decisions.rules.facts import Case
from xianxue.decisions.rules.preparing import filed
from xianxue.decisions.selectors.cases import case_of
from xianxue.decisions.selectors.filings import STATES
from xianxue.decisions.services import checking
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.models import Matter
from xianxue.kernel.procedures.notices import notice


def tell_bureau(proposal: Proposal) -> None:
    """Tell the bureau that something was filed; inside the command that filed it."""
    words = {"school": proposal.unit.shown_name, "title": proposal.title}
    text = _("%(school)s报备议题“%(title)s”，请确认或者退回。") % words
    notice(text, to=BUREAU, unit_id=proposal.unit_id, href=_page(proposal), tone="due").save()


def may_answer(proposal: Proposal, case: Case) -> bool:
    """Whether whoever looks may answer a filing of the proposal now."""
    is_open = proposal.matter.state in STATES and filed(case, None).waits
    return is_open and proposal.unit_id in BUREAU.scope(current_reach())


@command("decisions.filing_answered", label=gettext_lazy("答复会前报备"))
def answer_filing(proposal: Proposal, *, by: Actor, agrees: bool, text: str = "") -> Preparation:
    """Confirm the filing that waits, or return it with a reason; the school is told. Neither holds a meeting up."""
    if proposal.unit_id not in BUREAU.scope(current_reach()):
        raise Refused(_("未能答复：您没有这项权限。报备由县局三重一大管理人员答复。"))
    matter = Matter.objects.select_for_update().get(pk=proposal.matter_id)
    if matter.state not in STATES or not filed(case_of(proposal, clock.today()), None).waits:
        raise Refused(_("未能答复：没有等待答复的报备，或者议题已经议决。请刷新页面后核对。"))
    if not agrees and not text.strip():
        raise Refused(_("未能退回：没有写明退回的理由。请填写。"), field="text")
    result = PreparationResult.AGREED if agrees else PreparationResult.REFUSED
    made: Preparation = Preparation.objects.create(
        proposal=proposal, kind=PreparationKind.FILING, done_on=clock.today(), recorded_at=clock.now(), name=by.label,
        user_id=by.user_id, result=result, text=text.strip(),
    )  # fmt: skip
    record(
        Subject("decisions.proposal", proposal.pk, proposal.number),
        {"filing": [None, result]},
        unit_id=proposal.unit_id,
        note=text.strip(),
    )
    words = {"title": proposal.title, "text": text.strip()}
    told = _("县局确认了议题“%(title)s”的报备。") if agrees else _("县局退回了议题“%(title)s”的报备：%(text)s")
    tone = "now" if agrees else "late"
    notice(told % words, to=LEADS | RECORDS, unit_id=proposal.unit_id, href=_page(proposal), tone=tone).save()
    checking.changed(proposal, by)
    return made


def _page(proposal: Proposal) -> str:
    return reverse("decisions-preflight", args=(proposal.pk,))
