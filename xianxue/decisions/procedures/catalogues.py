"""The way of a list of matters: a school's own to the bureau's files; the county's model until it is issued."""

from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU, CONFIRMS, LEADS, OVERSEES, READS, RECORDS, SUPERVISES
from xianxue.decisions.models import CatalogueFiling
from xianxue.decisions.rules.limits import basis, days
from xianxue.kernel.procedures import Procedure, State, Step, register

"""Who gives force to what the bureau drafted; never who drafted it."""
DRAFTED = ("drafting", "returned")


@register
class FileCatalogue(Procedure):
    """Drafted from the model, changed as a register of its own, adopted by the school, filed by the bureau."""

    code = "decisions.catalogue"
    label = _("事项清单报送")
    about = _("学校按县局范本起草本校的三重一大事项清单，只能从严；会议通过后报县局备案，备案以后才能据以提出议题。")
    basis = (basis("catalogue_send"), basis("catalogue_file"))
    subject = CatalogueFiling
    read = READS
    order = 86
    system = "decisions"
    extend = BUREAU
    escalate = BUREAU | SUPERVISES
    places = {"school": _("学校"), "county": _("县局三重一大管理")}
    papers = {"resolution": _("审议通过的会议纪要"), "list": _("盖章的清单")}
    states = (
        State("drafting", _("起草中")),
        State("sent", _("待县局备案")),
        State("returned", _("退回修改"), tone="late"),
        State("filed", _("已备案"), is_final=True, tone="done"),
        State("dropped", _("已作废"), is_final=True),
    )

    draft = Step(
        _("起草事项清单"), None, "drafting", RECORDS | LEADS, "school", tone="primary",
        help=_("由县局范本复制一份，再在“事项清单”里打开这一版，逐项修改，也可以用 Excel 修改。"),
    )  # fmt: skip
    send = Step(
        _("报送备案"), DRAFTED, "sent", LEADS, "school", within=days("catalogue_send"), may_bring=("resolution", "list"),
        tone="primary", help=_("先在“事项清单”里改好这一版，会议通过以后报送。报送以后不能再修改。"),
    )  # fmt: skip
    file_list = Step(
        _("备案"), "sent", "filed", BUREAU, "county", not_by=("draft", "send"), within=days("catalogue_file"),
        tone="primary", help=_("自生效日期起用这一版，原来的一版在前一天失效。已经提出的议题仍按原来的一版办理。"),
    )  # fmt: skip
    send_back = Step(
        _("退回修改"), "sent", "returned", BUREAU, "county", not_by=("draft", "send"), optional=True,
        help=_("写明哪一项要改。"),
    )  # fmt: skip
    drop = Step(
        _("作废草稿"), DRAFTED, "dropped", RECORDS | LEADS, "school", needs_note=True, optional=True, tone="danger",
    )  # fmt: skip


@register
class IssueModel(Procedure):
    """The county's model for a kind of school: drafted by one, issued by another."""

    code = "decisions.model_catalogue"
    label = _("清单范本修订")
    about = _(
        "县局按学校类型制定三重一大事项清单的范本。由一人起草，另一人核对后发布；学校已经备案的清单不因此改变，下一次修订时按新范本起草。"
    )
    basis = (basis("catalogue_file"),)
    subject = CatalogueFiling
    read = OVERSEES
    order = 87
    system = "decisions"
    extend = BUREAU
    escalate = BUREAU
    places = {"county": _("县局三重一大管理")}
    papers = {"basis": _("修订依据")}
    states = (
        State("drafting", _("起草中")),
        State("ready", _("待发布")),
        State("issued", _("已发布"), is_final=True, tone="done"),
        State("dropped", _("已作废"), is_final=True),
    )

    draft = Step(
        _("起草清单范本"), None, "drafting", BUREAU, "county", may_bring=("basis",), tone="primary",
        help=_("由现行范本复制一份，再在“事项清单”里打开这一版，逐项修改，也可以用 Excel 修改。"),
    )  # fmt: skip
    propose = Step(
        _("提交发布"), "drafting", "ready", BUREAU, "county", needs_note=True, tone="primary",
        help=_("写明为什么修订。提交以后不能再修改。"),
    )  # fmt: skip
    issue = Step(
        _("发布范本"), "ready", "issued", CONFIRMS, "county", not_by=("draft", "propose"), within=days("catalogue_file"),
        tone="primary", help=_("由另一人逐项核对后发布。"),
    )  # fmt: skip
    send_back = Step(
        _("退回起草"), "ready", "drafting", CONFIRMS, "county", not_by=("draft", "propose"), needs_note=True, optional=True,
    )  # fmt: skip
    drop = Step(
        _("作废草稿"), "drafting", "dropped", BUREAU, "county", needs_note=True, optional=True, tone="danger",
    )  # fmt: skip
