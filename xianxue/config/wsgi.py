"""The application as granian serves it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianxue.config.settings")
# A request makes some ten thousand objects that die with it: looking for circles every 700 of them finds nothing.
BETWEEN_COLLECTIONS = (20_000, 20, 20)

application = get_wsgi_application()
gc.freeze()
gc.set_threshold(*BETWEEN_COLLECTIONS)
