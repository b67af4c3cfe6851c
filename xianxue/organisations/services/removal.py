"""Which rows must stay because others point at them."""

from collections.abc import Collection, Iterable

from django.db import models
from django.utils.translation import gettext as _


def referenced(
    model: type[models.Model], ids: Collection[int], *, apart_from: Iterable[type[models.Model]] = ()
) -> dict[int, str]:
    """Rows of the model that rows of other models point at: primary key → why they must stay, as a sentence.

    Runs in the reach now in force: use `whole_county`. One query for every model that points here.
    """
    kept: dict[int, str] = {}
    left_out = set(apart_from)
    for relation in model._meta.related_objects:
        pointing = relation.related_model
        if pointing in left_out:
            continue
        reason = _("已有“%(what)s”记录，不能撤回。请先处理那些记录。") % {"what": pointing._meta.verbose_name}
        field = relation.field
        rows = pointing._default_manager.filter(**{f"{field.attname}__among": ids}).order_by()
        kept.update(dict.fromkeys(rows.values_list(field.attname, flat=True).distinct(), reason))
    return kept
