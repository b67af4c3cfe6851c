"""Pages of one's own channels; their list stands on the page of the account."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xianxue.kernel.access import Actor, current_reach, everyone_signed_in
from xianxue.kernel.channels import services, telling
from xianxue.kernel.channels.forms import ChannelForm
from xianxue.kernel.channels.models import Channel
from xianxue.kernel.channels.selectors import channels_of
from xianxue.kernel.resources.command_view import CommandView, actor_of


class AddChannel(CommandView):
    """A new channel of the reader's own."""

    form_class = ChannelForm
    grant = everyone_signed_in
    title = gettext_lazy("添加提醒渠道")
    submit = gettext_lazy("添加")
    done = gettext_lazy("已添加。请点“发一条试试”，收到再离开。")

    def run(self, data: dict[str, Any], by: Actor) -> Channel:
        return services.add_channel(**data, by=by)

    def after(self, result: Any) -> str:
        return reverse("account")


def _own(pk: int) -> Channel:
    channel = channels_of(current_reach().user_id).filter(pk=pk).first()
    if channel is None:
        raise Http404
    return channel


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of one's own channels away."""
    services.end_channel(_own(pk), by=actor_of(request))
    messages.success(request, _("已停用，地址已删除。"))
    return HttpResponseRedirect(reverse("account"))


@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message, and say what came of it."""
    outcome = telling.test(_own(pk), timezone.now())
    if outcome.is_received:
        messages.success(request, _("测试提醒已送出。没有收到的，请核对地址。"))
    else:
        messages.error(request, _("测试提醒没有送到：%(note)s。请核对地址后重新添加。") % {"note": outcome.note})
    return HttpResponseRedirect(reverse("account"))
