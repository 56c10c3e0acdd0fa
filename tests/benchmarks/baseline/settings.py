"""The same server, middleware and database options, with an ordinary DRF project behind them."""

from incidents_api.settings import *  # noqa: F403 - settings are made from settings
from incidents_api.settings import INSTALLED_APPS as ALL_APPS
from incidents_api.settings import MIDDLEWARE as ALL_MIDDLEWARE

INSTALLED_APPS = [
    "tests.benchmarks.baseline.apps.BaselineConfig",
    *(name for name in ALL_APPS if not name.startswith(("incidents", "drf_spectacular"))),
    "axes",  # ours gives it another name
]
MIDDLEWARE = [
    "tests.benchmarks.baseline.alive.Alive",
    *(name for name in ALL_MIDDLEWARE if name != "incidents_api.health.Probes"),
]
ROOT_URLCONF = "tests.benchmarks.baseline.urls"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.BrowsableAPIRenderer",
    ],
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.SearchFilter",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_PAGINATION_CLASS": "tests.benchmarks.baseline.pagination.Pagination",
    "SEARCH_PARAM": "q",
}
