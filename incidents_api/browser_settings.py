"""What browsers may load for pages of this server, and what pages of other sites may send and read."""

from __future__ import annotations

from corsheaders.defaults import default_headers
from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# So that a page can keep answers and ask again, and go on with a download; and for those that libraries which trace
# requests add to each.
CORS_ALLOW_HEADERS = [
    *default_headers,
    *("if-none-match", "range", "if-range"),
    *("traceparent", "tracestate", "baggage", "sentry-trace"),
]
CORS_EXPOSE_HEADERS = [
    *("ETag", "Link", "Last-Modified", "Retry-After", "Accept-Post"),
    *("Accept-Ranges", "Content-Range", "Content-Disposition", "Repr-Digest"),
    *("RateLimit", "RateLimit-Policy"),
    *("X-Row-Count", "X-Total-Count", "X-As-Of", "X-Notice", "X-Warnings"),
]
