"""The codes of all errors that the API answers with; they do not change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

ProblemCode = Literal[
    "invalid_parameter",
    "bad_request",
    "not_authenticated",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "not_acceptable",
    "request_timeout",
    "gone",
    "query_changed",
    "query_expired",
    "precondition_failed",
    "content_too_large",
    "uri_too_long",
    "unsupported_media_type",
    "range_not_satisfiable",
    "too_many_requests",
    "headers_too_large",
    "server_error",
    "unavailable",
    "busy",
    "took_too_long",
    "no_room",
    "file_missing",
]

PROBLEM_CODES: Mapping[str, str] = {
    "invalid_parameter": "400. Parameters are unknown, or their values are invalid; `errors` lists all of them.",
    "bad_request": "400. The request is malformed.",
    "not_authenticated": "401. The URL requires a login.",
    "forbidden": "403. The request is not allowed.",
    "not_found": "404. Nothing exists at this URL, or no record with this id.",
    "method_not_allowed": "405. The URL does not support this method; `Allow` lists those that it does.",
    "not_acceptable": "406. `Accept` allows none of the formats of this URL; `offered` lists them.",
    "request_timeout": "408. The body of the request did not arrive in time.",
    "gone": "410. The record or the file has been withdrawn or redacted.",
    "query_changed": "410. Parameters of `changes/` mean another query than at `since`; fetch the list again.",
    "query_expired": "410. The stored query that `query` names has expired or never was; send its parameters again.",
    "precondition_failed": "412. The file is not the one that `If-Match` expects.",
    "content_too_large": "413. The body of the request is too large.",
    "uri_too_long": "414. The URL has more than 60,000 bytes; send a long list in parts.",
    "unsupported_media_type": "415. The body of the request has a media type that is not read here.",
    "range_not_satisfiable": "416. The range starts beyond the end of the file.",
    "too_many_requests": "429. Your address has used up its quota; `Retry-After` says when to ask again.",
    "headers_too_large": "431. The request has more than 90 headers, or more than 60,000 bytes of them.",
    "server_error": "500. An internal error, logged with `error_id`.",
    "unavailable": "503. The database or a dependency cannot be reached; ask again after `Retry-After`.",
    "busy": "503. Too many queries are waiting; ask again after `Retry-After`.",
    "took_too_long": "503. The query exceeded its time limit; `errors` names the most expensive parameter.",
    "no_room": "503. The disk has no room for a file of this size.",
    "file_missing": "503. This machine does not have the file of the release.",
}
"""Code → HTTP status and meaning."""
