"""The WSGI entry point, for servers other than ours: without limits by address, and each reader holds a thread."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_api.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - they come first

from incidents_api.environment import refuse  # noqa: E402 - likewise
from incidents_api.serving.calls import Handler  # noqa: E402 - likewise

application = Handler()

refuse(settings.SETTINGS_PROBLEMS)
