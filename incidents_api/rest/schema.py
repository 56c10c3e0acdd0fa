"""What the OpenAPI document says of every operation, so that views declare only what is their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent, is_jsonschema_compliant
from rest_framework import serializers

from incidents_api.enumerations import Enumeration, NamedChoiceField
from incidents_api.parameters.errors import parameter_error
from incidents_api.rest.errors import MEDIA_TYPE, ProblemSerializer
from incidents_api.rest.header_schema import HEADERS, LIMITS, SHARED
from incidents_api.rest.problem_codes import ProblemCode


class OfferedFormatSerializer(serializers.Serializer[dict[str, Any]]):
    """An available format."""

    # DRF takes fields off the class, so these hide nothing of the serializer's own.
    format = serializers.CharField(help_text="Name, as used in `format`.")
    media_type = serializers.CharField(help_text="Media type, as used in `Accept`.")


class NotAcceptableProblemSerializer(ProblemSerializer):
    """An error that lists the formats there are."""

    offered = OfferedFormatSerializer(many=True, help_text="Formats of this URL.")


class ServerErrorProblemSerializer(ProblemSerializer):
    """An error that has an id in the server's log."""

    error_id = serializers.CharField(help_text="Include this id when you report the error.")


class Answer(NamedTuple):
    """One way in which an operation may answer an error."""

    name: str
    """Of the component."""
    description: str
    shape: type[ProblemSerializer] = ProblemSerializer
    example: Mapping[str, Any] | None = None
    headers: tuple[str, ...] = ()
    """Those of `HEADERS` that only this error has."""


def problem_example(status: int, code: ProblemCode, title: str, detail: str, **members: Any) -> dict[str, Any]:
    """Body of an error, as an example."""
    kind = f"urn:incidents-api:problem:{code.replace('_', '-')}"
    path = "/api/v1/incidents/luhansk-2022-0002/"
    return {"type": kind, "title": title, "status": status, "detail": detail, "code": code, "instance": path} | members


PROBLEMS: dict[str, Answer] = {
    "400": Answer("BadRequest", "A parameter is unknown or its value is invalid; `errors` lists them all."),
    "404": Answer(
        "NotFound",
        "No record with this id exists, or none existed at `as_of`.",
        example=problem_example(404, "not_found", "Not found", "There is no incident 'luhansk-2022-0002'."),
    ),
    "406": Answer(
        "NotAcceptable",
        "`Accept` allows none of the available formats; `offered` lists them.",
        NotAcceptableProblemSerializer,
        problem_example(
            406,
            "not_acceptable",
            "No acceptable representation",
            "The Accept header allows none of: application/json.",
            offered=[{"format": "json", "media_type": "application/json"}],
        ),
    ),
    "429": Answer(
        "TooManyRequests",
        "Your address has used up its quota (see `RateLimit-Policy`). Retry after `Retry-After` seconds.",
        example=problem_example(
            429,
            "too_many_requests",
            "Too many requests",
            "Your address has used up its quota 'work'. Try again in 12 s.",
        ),
        headers=("Retry-After",),
    ),
    "500": Answer(
        "ServerError",
        "Internal error, logged with `error_id`.",
        ServerErrorProblemSerializer,
        problem_example(
            500,
            "server_error",
            "Internal server error",
            "The error was logged with the id 5f0c9a61be7d. Include this id when you report it.",
            error_id="5f0c9a61be7d",
        ),
    ),
    "503": Answer(
        "Unavailable",
        "Temporarily unavailable. Retry after `Retry-After` seconds. `code` is `unavailable` (the database "
        "cannot be reached), `busy` (too many queries are waiting), `took_too_long` (`errors` names the "
        "most expensive parameter) or `no_room` (the file is too large for the disk).",
        example=problem_example(
            503,
            "unavailable",
            "Temporarily unavailable",
            "The database is temporarily unavailable. Try again soon.",
        ),
        headers=("Retry-After",),
    ),
}
OF_ONE_RECORD = frozenset({"404", "410"})
"""Problems that only an address with an id has."""

PROBLEM_EXAMPLE = problem_example(
    400,
    "invalid_parameter",
    "A parameter is unknown or its value is invalid",
    "Invalid parameter: evnt_type.",
    instance="/api/v1/incidents/",
    errors=[
        parameter_error("evnt_type", "explosion", "Unknown parameter.", code="unknown_parameter")
        | {"suggestion": "event_type"}
    ],
)
"""What the shape itself shows; the commonest by far."""

SUCCESS = "The response."
NOT_MODIFIED = "Not modified: your copy with the `ETag` in `If-None-Match` is still valid."


def request_header(name: str, description: str) -> dict[str, Any]:
    """Request header as a parameter of the operation."""
    return {"name": name, "in": "header", "required": False, "description": description, "schema": {"type": "string"}}


IF_NONE_MATCH = request_header("If-None-Match", "`ETag` of your copy. 304 means that it is still valid.")


def speaks_json_schema() -> bool:
    """True while the document is built as 3.1, which supports all of JSON Schema."""
    return bool(is_jsonschema_compliant())  # type: ignore[no-untyped-call]  # spectacular has no types here


def exemplified(parameter: dict[str, Any], example: Any) -> dict[str, Any]:
    """A parameter with an example that Swagger UI does not prefill, if the version allows it.

    It would fill in all at once, also those that exclude each other, and the first request that people try would fail.
    """
    if speaks_json_schema():
        return parameter | {"schema": parameter["schema"] | {"examples": [example]}}
    return parameter | {"example": example}


class HouseSchema(AutoSchema):
    """Documents the formats, the errors and the caching that all operations have in common."""

    may_lack: frozenset[str] = frozenset()
    """Problems of one record that this address has without an id."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, Any] | None:
        """The operation with the responses that all operations share."""
        operation: dict[str, Any] | None
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        responses: dict[str, Any] = operation["responses"]
        success = responses["200"]
        success["description"] = success["description"] or self.get_success()
        success["headers"] = self.headers(*SHARED, *LIMITS, *self.get_success_headers())
        operation["responses"] = dict(sorted((self.get_common_responses() | responses).items()))
        return operation

    def get_success(self) -> str:
        """Description of the 200 response."""
        return SUCCESS

    def get_success_headers(self) -> tuple[str, ...]:
        """Headers of the 200 response besides those of all responses."""
        return ()

    def get_problems(self) -> dict[str, Answer]:
        """Error responses by status code."""
        return PROBLEMS

    def get_common_responses(self) -> dict[str, Any]:
        """Shared responses by status code."""
        found = {
            status: self._problem(answer)
            for status, answer in self.get_problems().items()
            if "{" in self.path or status not in OF_ONE_RECORD or status in self.may_lack
        }
        unmodified = {"description": NOT_MODIFIED, "headers": self.headers(*SHARED, *LIMITS, "X-Notice")}
        return found | {"304": self.component(ResolvedComponent.RESPONSE, "NotModified", unmodified)}

    def get_tags(self) -> list[str]:
        """Tag of the operation: the first segment of the path after the prefix."""
        return super().get_tags() or ["root"]

    def get_auth(self) -> list[dict[str, Any]]:
        """Empty: the API has no authentication."""
        return []

    def headers(self, *names: str) -> dict[str, Any]:
        """References to headers, by their names."""
        return {name: self.component(ResolvedComponent.HEADER, name, HEADERS[name].schema()) for name in names}

    def component(self, kind: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        """Reference to a component, which is written once."""
        component = ResolvedComponent(name=name, type=kind, schema=schema, object=name)  # type: ignore[no-untyped-call]  # spectacular has no types here
        if component in self.registry and self.registry[component].schema != schema:
            raise ValueError(f"Two different components of the document are called {name}.")
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def enumeration(self, of: Enumeration) -> dict[str, Any]:
        """Reference to the component of an enumeration."""
        return self.component(ResolvedComponent.SCHEMA, of.name, of.schema())

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        if isinstance(field, NamedChoiceField):
            named = self.enumeration(field.enumeration)
            return or_null(named) if field.allow_null else named
        schema = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]  # spectacular has no types here
        if schema.pop("nullable", False):  # which only 3.0 has
            (named,) = schema.pop("allOf", [None])
            return schema | (or_null(named) if named else {"nullable": True})
        return schema

    def _problem(self, answer: Answer) -> dict[str, Any]:
        resolved = self.resolve_serializer(answer.shape(), "response")
        if answer.shape is ProblemSerializer:
            resolved.schema |= {"examples": [PROBLEM_EXAMPLE]} if speaks_json_schema() else {"example": PROBLEM_EXAMPLE}
        response: dict[str, Any] = {
            "description": answer.description,
            "headers": self.headers("Cache-Control", *LIMITS, *answer.headers),
            "content": {MEDIA_TYPE: {"schema": resolved.ref}},
        }
        if answer.example:
            response["content"][MEDIA_TYPE]["example"] = answer.example
        return self.component(ResolvedComponent.RESPONSE, answer.name, response)

    def _get_format_parameters(self) -> list[dict[str, Any]]:
        """Empty: an operation has one format, and other formats are operations of their own."""
        return []

    def _get_parameters(self) -> list[dict[str, Any]]:
        return [*super()._get_parameters(), IF_NONE_MATCH]


def or_null(named: dict[str, Any]) -> dict[str, Any]:
    """A schema or null.

    In 3.0 `nullable` has no effect without a `type`, and generators of clients know no enumeration without one; so null
    is there the only value of a type that may be null.
    """
    null = {"type": "null"} if speaks_json_schema() else {"type": "object", "nullable": True, "enum": [None]}
    return {"oneOf": [named, null]}


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema or null, of a reference or of a plain type."""
    if "$ref" in schema:
        return or_null(schema)
    return schema | ({"type": [schema["type"], "null"]} if speaks_json_schema() else {"nullable": True})
