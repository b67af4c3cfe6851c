"""Serve the gallery on the given port of this machine: python -m tests.kernel.ui.serve_gallery 8001."""

import os
import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.kernel.ui.gallery_settings"
    django.setup()
    from tests.kernel.ui.gallery_urls import add_menu

    add_menu()
    call_command("runserver", f"127.0.0.1:{sys.argv[1]}", use_reloader=False, skip_checks=True)
