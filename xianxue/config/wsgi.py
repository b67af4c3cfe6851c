"""The application as granian serves it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianxue.config.settings")
# A request makes some ten thousand objects that die with it: looking for circles every 700 of them finds nothing.
BETWEEN_COLLECTIONS = (20_000, 20, 20)


def _made_ready() -> None:
    """Read all addresses now, not while the first person waits; then leave what stays out of every collection."""
    from django.urls import get_resolver  # noqa: PLC0415 - app ready

    get_resolver().reverse_dict  # noqa: B018 - reading it imports every view
    gc.collect()
    gc.freeze()
    gc.set_threshold(*BETWEEN_COLLECTIONS)


application = get_wsgi_application()
_made_ready()
