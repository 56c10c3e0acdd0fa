"""What the API's libraries are told, on every machine the same: how answers are made, and what OpenAPI says of all."""

from __future__ import annotations

from typing import Any

REST_FRAMEWORK = {
    # The public side knows nobody: no session, no cookie, no answer that depends on who asks.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": [
        "incidents_api.rest.renderers.JSONRenderer",
        "incidents_api.rest.renderers.BrowsableRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "incidents_api.rest.schema.HouseSchema",
    "DEFAULT_METADATA_CLASS": "incidents_api.rest.metadata.Metadata",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "incidents_api.rest.renderers.StrictNegotiation",
    "EXCEPTION_HANDLER": "incidents_api.rest.errors.problem_response",
    "URL_FORMAT_OVERRIDE": "format",
    "VIEW_NAME_FUNCTION": "incidents_api.rest.pages.view_name",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Incidents API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,
    # The usual hook would name enumerations by guesses; ours have names.
    "POSTPROCESSING_HOOKS": ["incidents_api.shared_parameters.share_parameters"],
    "DESCRIPTION": (
        "Structured incident data: who did what, where, when, and according to whom.\n\nThe "
        "[guide for developers](/guide/) starts with a first request.\n\nThe API is "
        "read-only and open to everybody, also to scripts of web pages of other sites. Separate list values with "
        "commas: `event_type=battle,strike`. "
        "`as_of` queries the data as of an earlier publication. Unknown parameters and invalid values "
        "return 400, naming each one and suggesting the closest match. `null` means unknown or not "
        "reported; `0` means reported as none. Send the `ETag` back in `If-None-Match`: unchanged data "
        "returns 304 without a body.\n\nRequests are rate-limited per client address, generously. "
        "`RateLimit-Policy` and `RateLimit` give the quota and the remaining units; 429 and 503 have "
        "`Retry-After`. A truncated download lacks its last chunk."
    ),
    "SERVERS": [{"url": "/", "description": "This server"}],
    "TAGS": [
        {"name": "incidents", "description": "Who did what, where, when, and according to whom."},
        {
            "name": "locations",
            "description": "Places, with their names in every script and the areas that contain them.",
        },
        {"name": "sources", "description": "Sources: outlets, offices, channels and organisations."},
        {"name": "actors", "description": "Actors: groups and offices that act or are acted on."},
        {
            "name": "datasets",
            "description": "Datasets: sets of incidents coded with the same rules, under one licence.",
        },
        {"name": "changes", "description": "All published changes, in order."},
        {"name": "releases", "description": "Named snapshots, with files to download and cite."},
        {"name": "codebook", "description": "Definitions of all codes and fields of the data."},
        {"name": "root", "description": "List of all resources."},
    ],
    "LICENSE": {"name": "Software: Apache-2.0; data: as each dataset says", "identifier": "Apache-2.0"},
}
