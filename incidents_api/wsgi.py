"""The WSGI entry point, served by granian."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_api.settings")

application = get_wsgi_application()

# Commands run the system checks, a server does not: it must not go on with what was put in a value's place.
if settings.SETTINGS_PROBLEMS:
    raise ImproperlyConfigured(
        "\n".join(f"{id_}: {message} {hint}" for id_, message, hint in settings.SETTINGS_PROBLEMS)
    )
