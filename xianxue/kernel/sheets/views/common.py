"""What the pages of imports share."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect

from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.sheets import imports, restricting, senders
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.models import ImportBatch, ImportJob
from xianxue.kernel.sheets.sheet import Sheet


def actor() -> Actor:
    """The signed-in person."""
    reach = current_reach()
    return Actor(user_id=reach.user_id, label=reach.label, via="page")


def sheets_to_send() -> list[Sheet]:
    """Sheets of which the person may send workbooks."""
    reach = current_reach()
    return [sheet for sheet in registry.all() if imports.may_send(sheet, reach)]


def found_job(pk: int) -> ImportJob:
    """The import with that number; absent and out of reach are the same 404."""
    job = senders.jobs_in_reach().select_related("batch").filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def found_batch(pk: int) -> ImportBatch:
    """The batch with that number; absent and out of reach are the same 404."""
    batch = senders.batches_in_reach().filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


def led_to_a_purpose(request: HttpRequest, job: ImportJob) -> HttpResponseRedirect | None:
    """The way to the page that asks why, where the rows tell restricted facts; None where they may be shown, which is noted.

    Raises PermissionDenied for whoever may not read such facts at all.
    """
    sheet = registry.get(job.sheet)
    href = restricting.way_in(job, sheet, request.get_full_path() if request.method == "GET" else "")
    if href == "":
        raise PermissionDenied
    if href is not None:
        return HttpResponseRedirect(href)
    restricting.note_looked_at(job, sheet)
    return None


def job_to_handle(pk: int) -> ImportJob:
    """An import that the person may decide about: the sender's own, or one whose units the person may write."""
    job = found_job(pk)
    if not imports.may_handle(job):
        raise Http404
    return job
