"""Pages for witnesses: the checkpoints, comparing with a kept one, the sheet to sign, and the public check."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from xianxue.kernel.access import Actor, Trait, current_reach, holds_any
from xianxue.kernel.commands import Refused
from xianxue.kernel.documents import qr
from xianxue.kernel.evidence.exports import consistency_of, is_root_of
from xianxue.kernel.evidence.forms import KeptForm
from xianxue.kernel.evidence.witness import Comparison, check_address, compared
from xianxue.kernel.history import checkpoints
from xianxue.kernel.history.models import Checkpoint, LogHead
from xianxue.kernel.history.records import moment_of
from xianxue.kernel.history.services import checkpoint_now

WITNESSES = holds_any(Trait.WITNESSES)
SHOWN = 50


class WitnessView(View):
    """A page for those who keep checkpoints; others find nothing here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_answered = hasattr(self, str(request.method).lower())
        if is_answered and not WITNESSES.scope(current_reach()):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class EvidenceView(WitnessView):
    """The latest checkpoints, and the comparison with one that the reader kept."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, KeptForm(), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Compare; nothing is kept."""
        form = KeptForm(request.POST, request.FILES)
        return self._page(request, form, compared(form.note) if form.is_valid() else None)

    def _page(self, request: HttpRequest, form: KeptForm, result: Comparison | None) -> HttpResponse:
        made = list(Checkpoint.objects.order_by("-pk")[:SHOWN])
        head = LogHead.objects.first()
        context = {
            "form": form,
            "result": result,
            "rows": [
                {"checkpoint": item, "root": checkpoints.short_root(item.root), "at": moment_of(item.at)}
                for item in made
            ],
            "latest": made[0] if made else None,
            "since": (head.size if head else 0) - (made[0].size if made else 0),
        }
        return render(request, "evidence/checkpoints.html", context)


class SignView(WitnessView):
    """Sign a checkpoint now."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponseBase:
        reach = current_reach()
        try:
            made = checkpoint_now(_("见证人要求"), by=Actor(reach.user_id, reach.label))
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("已签发：%(size)s 条。请下载保存。") % {"size": made.size})
        return redirect("evidence")


class CheckpointView(WitnessView):
    """A checkpoint's text, to be kept outside."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(Checkpoint, pk=pk)
        name = f'attachment; filename="checkpoint-{made.size}.txt"'
        return HttpResponse(
            checkpoints.note_of(made), content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name}
        )


class ConsistencyView(WitnessView):
    """The proof that the latest checkpoint continues an earlier one, for the stand-alone verifier."""

    def get(self, request: HttpRequest, size: int) -> HttpResponse:
        made = checkpoints.latest()
        if made is None or not 0 < size <= made.size:
            raise Http404
        name = f'attachment; filename="consistency-{size}-{made.size}.json"'
        return HttpResponse(
            consistency_of(size, made), content_type="application/json", headers={"Content-Disposition": name}
        )


class SheetView(WitnessView):
    """The sheet that a witness signs and keeps on paper."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(Checkpoint, pk=pk)
        address = check_address(made)
        context = {
            "checkpoint": made,
            "at": moment_of(made.at),
            "root": checkpoints.short_root(made.root),
            "key": " ".join(made.key_id[at : at + 4] for at in range(0, 16, 4)),
            "address": address,
            "code": qr.data_address(address),
        }
        return render(request, "evidence/sheet.html", context)


@method_decorator(login_not_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class CheckView(View):
    """Whether the short root on a paper is that of this log at that size; answers nothing else, to anybody."""

    def get(self, request: HttpRequest, size: int, root: str) -> HttpResponse:
        short = "".join(letter for letter in root.lower() if letter in "0123456789abcdef")
        is_ours = len(short) == len(root) == 16 and size < 1 << 62 and is_root_of(size, short)
        context = {"is_ours": is_ours, "size": size, "root": checkpoints.short_root(short)}
        return render(request, "evidence/check.html", context)
