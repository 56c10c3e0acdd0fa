"""The ASGI entry point, served by granian."""

import logging
import os

import django

from incidents_api.garbage import search_less

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_api.settings")
search_less()
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - they come first

from incidents_api.environment import refuse  # noqa: E402 - likewise
from incidents_api.serving.application import Application  # noqa: E402 - likewise
from incidents_api.serving.calls import Handler  # noqa: E402 - likewise
from incidents_api.serving.sending import is_no_cut  # noqa: E402 - likewise

refuse(settings.SETTINGS_PROBLEMS)
logging.getLogger("_granian").addFilter(is_no_cut)
application = Application(Handler())
