"""What the OpenAPI document says of every operation, so that views declare only what is their own."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from incidents_api.rest.errors import MEDIA_TYPE, ProblemSerializer

PROBLEMS = {
    "400": ("BadRequest", "A parameter is unknown or its value is not valid; `errors` names each."),
    "404": ("NotFound", "There never was a record of this id."),
    "406": ("NotAcceptable", "`Accept` leaves none of the formats; `offered` lists them."),
    "410": ("Gone", "The record has been withdrawn; `tombstone` says when and why."),
    "503": ("Unavailable", "The database cannot be reached just now; `Retry-After` says when to ask again."),
}
OF_ONE_RECORD = frozenset({"404", "410"})
"""Problems that only an address with an id has."""

NOT_MODIFIED = "The answer that `If-None-Match` names by its `ETag` is still right."
HEADERS = {
    "ETag": "Names this answer exactly; send it back in `If-None-Match`.",
    "Cache-Control": "How long the answer may be used without asking again.",
}


class HouseSchema(AutoSchema):
    """Documents the errors and the caching that all operations have in common."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, Any] | None:
        """Return the operation with the answers that it has in common with others."""
        operation: dict[str, Any] | None
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        responses: dict[str, Any] = operation["responses"]
        if "200" in responses:
            headers = {name: self._header(name) for name in HEADERS}
            responses["200"]["headers"] = headers | responses["200"].get("headers", {})
            responses.setdefault("304", self._component(ResolvedComponent.RESPONSE, "NotModified", _unmodified()))
        for status in PROBLEMS:
            if "{" in path or status not in OF_ONE_RECORD:
                responses.setdefault(status, self._problem(status))
        operation["responses"] = dict(sorted(responses.items()))
        return operation

    def get_tags(self) -> list[str]:
        """Return the resource that the path begins with."""
        return super().get_tags() or ["root"]

    def get_auth(self) -> list[dict[str, Any]]:
        """Return nothing: there is nobody to be."""
        return []

    def _problem(self, status: str) -> dict[str, Any]:
        name, description = PROBLEMS[status]
        schema = self.resolve_serializer(ProblemSerializer(), "response").ref
        response: dict[str, Any] = {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}
        if status == "503":
            response["headers"] = {"Retry-After": _text("Seconds to wait.", "integer")}
        return self._component(ResolvedComponent.RESPONSE, name, response)

    def _header(self, name: str) -> dict[str, Any]:
        return self._component(ResolvedComponent.HEADER, name, _text(HEADERS[name]))

    def _component(self, kind: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        """Return a reference to what is written once for all operations."""
        component = ResolvedComponent(name=name, type=kind, schema=schema, object=name)  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return dict(component.ref)


def _text(description: str, type_: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": type_}}


def _unmodified() -> dict[str, Any]:
    return {"description": NOT_MODIFIED}
