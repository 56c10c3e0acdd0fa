"""The one settings file; everything that differs between machines comes from the environment.

A wrong value is noted, not raised: `manage.py check` names each, with an id and a hint.
docs/operating.md lists the variables.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe

from incidents_api import api_settings, browser_settings
from incidents_api.database_settings import with_options
from incidents_api.environment import Environment
from incidents_api.representation import PUBLIC_BYTES
from incidents_api.secret import development_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
SETTINGS_PROBLEMS = env.problems
"""What the readers below could not take."""

# --- The machine --------------------------------------------------------------------------------------------
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var"))).absolute()
"""Where the server keeps what is its own: the SQLite file, the generated key."""

PUBLIC_URL = env.address("PUBLIC_URL")
"""Where readers reach the server; releases name it in their citations. Empty: they name no address."""

DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.addresses("CSRF_TRUSTED_ORIGINS", default=[])
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", default=[])
SECRET_KEY_IS_GENERATED = not SECRET_KEY
if not env.text("DATABASE_URL"):
    with suppress(OSError):  # a check says so, when the database file cannot be kept there
        VAR_DIR.mkdir(parents=True, exist_ok=True)
if SECRET_KEY_IS_GENERATED:
    try:
        SECRET_KEY = development_key(VAR_DIR)
    except OSError as error:
        env.note(
            "E016",
            f"The generated SECRET_KEY cannot be stored in {VAR_DIR}: {error.strerror}.",
            "Set SECRET_KEY, or set VAR_DIR to a writable directory.",
        )
        SECRET_KEY = token_urlsafe(64)

# --- What runs ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "incidents_api.apps.SiteConfig",
    "incidents.apps.IncidentsConfig",
    "incidents.ledger.apps.LedgerConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "incidents_api.apps.LoginsConfig",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "incidents_api.health.Probes",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "incidents_api.middleware.ContentSecurityPolicy",
    # After those, whose headers a refusal has too; before all that would look anything up.
    "incidents_api.middleware.RefuseUnreadable",
    "incidents_api.middleware.DayNotice",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "incidents_api.staff_middleware.AuthenticationMiddleware",
    "incidents_api.staff_middleware.MessageMiddleware",
    "incidents_api.admin_bounds.AdminBounds",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "incidents_api.logins.DeviceCookie",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "incidents_api.urls"
WSGI_APPLICATION = "incidents_api.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "incidents_api" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Databases ----------------------------------------------------------------------------------------------
DATABASE_POOL = env.number("DATABASE_POOL", default=0)
"""Connections to PostgreSQL that a process shares out; 0 gives each thread one of its own, which is a quarter of a
millisecond faster a request and takes no more of them, since granian has a fixed number of threads."""

DATABASE_PREPARE = env.flag("DATABASE_PREPARE", default=True)
"""Prepared statements for the most common queries on PostgreSQL. Off behind a pooler in transaction mode that does not
support them."""

DATABASES = {
    "default": with_options(
        env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'incidents.sqlite3'}"),
        timeout=env.number("SQLITE_TIMEOUT", default=30),
        pool=DATABASE_POOL,
        prepare=DATABASE_PREPARE,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", "locmemcache://?max_entries=2000")}

# --- How much readers may ask for ---------------------------------------------------------------------------
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WEB_THREADS = env.number("WEB_THREADS", min(DATABASE_POOL or 8, 2 * CORES + 1), least=1)
"""Requests of readers that a worker answers at once; no more than the pool has connections."""

STAFF_THREADS = env.number("STAFF_THREADS", 2, least=1)
"""Requests for the admin and the site's pages that a worker answers at once, apart from those of readers."""

QUICK_SECONDS = env.seconds("QUICK_SECONDS", 0.1)
"""How long a question may keep the database at work in a thread; then a process of its own answers it."""

REQUEST_SECONDS = env.seconds("REQUEST_SECONDS", 60)
"""Seconds until the first byte of a response."""

CHUNK_SECONDS = env.seconds("CHUNK_SECONDS", 30)
"""How long each later piece of an answer may take."""

QUEUE_SECONDS = env.seconds("QUEUE_SECONDS", 1)
"""How long a question may wait for its turn; then it is answered with 503."""

IDLE_SECONDS = env.seconds("IDLE_SECONDS", 300)
"""How long a reader may take none of an answer; then the connection is ended."""

BODY_SECONDS = env.seconds("BODY_SECONDS", 30)
"""How long the body of a request may take to arrive."""

FILE_JOBS = env.number("FILE_JOBS", 2 * CORES, least=1)
"""Files of all matches that are written at once, on this machine; they take what time nothing else needs."""

QUESTION_JOBS = env.number("QUESTION_JOBS", CORES, least=1)
"""Maximum number of concurrent jobs for slow queries on this machine."""

ANSWER_FILES_DIR = Path(env.text("ANSWER_FILES_DIR", str(VAR_DIR / "answers"))).absolute()
"""Where files are kept while they are written and sent."""

ANSWER_FILES_MB = env.number("ANSWER_FILES_MB", 20_000, least=1)
"""How much room they may take; a twentieth of the disk is left free in any case."""

RATE_LIMIT = env.rate("RATE_LIMIT", (30_000, 60))
"""Units that an address has for requests, and the seconds in which they come back: 1 a request, and with `limit` 1 for
each 100 records."""

RATE_LIMIT_WORK = env.rate("RATE_LIMIT_WORK", (1_200, 60))
"""The same for what takes a process: 1 a question, 10 a file, 20 a workbook."""

# --- People and security ------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours; locked.html says so
AXES_LOCKOUT_TEMPLATE = "locked.html"
AXES_HANDLER = "incidents_api.logins.DeviceHandler"
AXES_LOCKOUT_PARAMETERS = "incidents_api.logins.lockout_parameters"
# Attempts while locked out are not written: they cannot fill the database, nor keep the lock on for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "incidents_api.addresses.client_group"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

HTTPS = env.flag("HTTPS", default=False)
"""The server is reached by https: cookies are secure, http is redirected, HSTS is sent."""

HSTS_SECONDS = env.number("HSTS_SECONDS", default=31_536_000)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = HSTS_SECONDS if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
"""A proxy in front sets X-Forwarded-Proto and X-Forwarded-For, and clients cannot reach the server directly."""

TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=1, least=1) if BEHIND_PROXY else 0
"""How many proxies add to X-Forwarded-For; `addresses.client_address` reads the entry of the outermost."""

if env.text("TRUSTED_PROXIES") and not BEHIND_PROXY:
    env.note(
        "E030", "TRUSTED_PROXIES is set, but BEHIND_PROXY is off.", "Set BEHIND_PROXY=on, or unset TRUSTED_PROXIES."
    )

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = browser_settings.CONTENT_SECURITY_POLICY

API_PREFIXES = ("/api/", "/ogc/")
"""Addresses for programs: errors are problem+json there, and pages of other sites may read the answers."""

CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/(api|ogc)/.*$"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]  # POST only for searches; it reads no cookie
CORS_ALLOW_HEADERS = browser_settings.CORS_ALLOW_HEADERS
CORS_EXPOSE_HEADERS = browser_settings.CORS_EXPOSE_HEADERS
CORS_PREFLIGHT_MAX_AGE = 86_400

# --- Words, numbers, files ----------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "incidents_api.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT") or None
"""Where `collectstatic` puts files for a web server in front; else WhiteNoise finds them where they are."""

STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
SERIALIZATION_MODULES = {"json": "incidents.serialization"}

# --- API ----------------------------------------------------------------------------------------------------
REST_FRAMEWORK = api_settings.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_settings.SPECTACULAR_SETTINGS
CODE_VERSION = PUBLIC_BYTES
"""Part of every ETag: an answer rendered by other code is another answer."""

# --- Logs ---------------------------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"unknown_host": {"()": "incidents_api.hosts.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # An address that does not exist is the business of an access log.
        "django.request": {"level": "ERROR"},
        # A wrong Host header is one line, without a traceback.
        "django.security.DisallowedHost": {"filters": ["unknown_host"]},
    },
}
