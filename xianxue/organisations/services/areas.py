"""Commands on the upper levels of the tree: province, city, county and the offices of its bureau."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import Subject, record
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit

PARENT_KINDS = {
    UnitKind.PROVINCE: None,
    UnitKind.CITY: UnitKind.PROVINCE,
    UnitKind.COUNTY: UnitKind.CITY,
    UnitKind.OFFICE: UnitKind.COUNTY,
}


@command("organisations.open_area", label=gettext_lazy("登记行政区划或科室"))
def open_area(*, kind: UnitKind, name: str, code: str, parent: Unit | None, by: Actor, short_name: str = "") -> Unit:
    """A province, city, county or office under the level above it. Refuses a code in use and a wrong parent."""
    if kind not in PARENT_KINDS:
        raise Refused(_("未能登记“%(name)s”：这里只登记省、市、县和科室。请在“学校”中登记学校。") % {"name": name})
    if (parent.kind if parent else None) != PARENT_KINDS[kind]:
        raise Refused(_("未能登记“%(name)s”：上级机构不对。请选择它的上一级。") % {"name": name})
    if code and Unit.objects.filter(code=code).exists():
        raise Refused(_("未能登记“%(name)s”：代码 %(code)s 已有机构使用。请核对代码。") % {"name": name, "code": code})
    unit: Unit = Unit.objects.create(kind=kind, name=name, short_name=short_name, code=code, parent=parent, path="/")
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    changes = {"kind": [None, str(kind)], "name": [None, name], "code": [None, code or None]}
    record(Subject("organisations.unit", unit.pk, unit.name), changes, unit_id=unit.pk)
    return unit
