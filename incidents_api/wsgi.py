"""The WSGI entry point, for servers other than ours: without limits by address, and each reader holds a thread."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from incidents_api.environment import refuse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_api.settings")

application = get_wsgi_application()

refuse(settings.SETTINGS_PROBLEMS)
