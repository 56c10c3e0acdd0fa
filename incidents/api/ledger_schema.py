"""What OpenAPI says of the ledger's viewsets; all of it follows from their kind and their parameters."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, Protocol

from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample
from rest_framework.serializers import Serializer

from incidents.api import cite
from incidents.api.aggregate_shapes import EXAMPLE as AGGREGATE_EXAMPLE
from incidents.api.aggregate_shapes import TABLE as AGGREGATE_TABLE
from incidents.api.aggregate_shapes import AggregateShape
from incidents.api.export_schema import FILES, HEADERS, content
from incidents.api.response_shapes import RECORDS, CountShape, GoneProblem, HistoryShape, page_of
from incidents.documents import DOCUMENTS, enumeration, field_names
from incidents.fields import PUBLIC_ID_PATTERN
from incidents.schema import VOCABULARIES
from incidents_api.parameters.filtersets import StrictFilterSet, operation_parameter
from incidents_api.rest.schema import (
    IF_NONE_MATCH,
    PROBLEMS,
    Answer,
    HouseSchema,
    exemplified,
    problem_example,
)

PLURALS = {
    "incident": "incidents",
    "location": "locations",
    "source": "sources",
    "actor": "actors",
    "dataset": "datasets",
}
BY_CODES = {tuple(each): each for each in VOCABULARIES.values()}
"""By their codes, which is what a parameter knows of one."""

SITE = "https://incidents.example.org/api/v1/"
CURSOR_EXAMPLE = "45evkZRP0IACwFYnd3NHEFsxLDczODM3OCwibHVoYW5zay0yMDIyLTAwMDEiLDAsMTJd"

OWN_FIELDS = """

**Own fields of datasets.** Fields that a dataset brings itself are parameters too: `attr.weapon=rifle,knife` for codes
and `true`/`false`, `attr.crew_min` and `attr.crew_max` for figures, `attr.released_after` and
`attr.released_before` for days and times. They are data, so this schema does not list them:
`codebook/datasets/{id}/` has those of a dataset."""

PAGING = """

A page has `limit` records. `next` and `previous` link to the neighbouring pages and are null at the ends. Use these
links unchanged. They carry `as_of`, so following `next` reads a single snapshot, whatever is published in the meantime.
`count` is exact or null, never an estimate; `count_url` and `count=exact` always return it."""

FIELDS = " Fields the schema marks as required may then be missing."

EXAMPLES: dict[str, Any] = {
    "as_of": "1",
    "limit": 20,
    "cursor": CURSOR_EXAMPLE,
    "admin2": ["Sievierodonetsk Raion"],
    "parent": ["luhansk-oblast"],
    "source": ["luhansk-regional-head-telegram"],
    "min_sources": 1,
    "killed_min": 1,
    "killed_max": 10,
    "injured_min": 1,
    "injured_max": 10,
    "tag": ["partisans"],
}
"""Examples of parameters that are declared without one."""

HISTORY_EXAMPLE: dict[str, Any] = {
    "count": 2,
    "as_of": 7,
    "results": [
        {
            "revision": 1,
            "as_of": 1,
            "published": "2026-11-23T09:00:00Z",
            "change": "added",
            "reason": None,
            "target": None,
            "redacted": False,
            "reduced": None,
            "changes": [],
            "url": f"{SITE}incidents/luhansk-2022-0002/?as_of=1",
        },
        {
            "revision": 2,
            "as_of": 7,
            "published": "2026-12-01T12:30:00Z",
            "change": "withdrawn",
            "reason": "The report was retracted.",
            "target": None,
            "redacted": False,
            "reduced": None,
            "changes": [],
            "url": None,
        },
    ],
}
"""What became of a record."""

COUNT_EXAMPLE = {"count": 12, "as_of": 1}

TOMBSTONE_EXAMPLE = {
    "id": "luhansk-2022-0002",
    "change": "withdrawn",
    "revision": 2,
    "as_of": 7,
    "published": "2026-12-01T12:30:00Z",
    "reason": "The report was retracted.",
}

REDIRECT = {
    "description": "The record was merged into another one; see `Location`.",
    "headers": {
        "Location": {
            "description": "URL of the record that it was merged into.",
            "required": True,
            "schema": {"type": "string"},
        }
    },
}
GONE = Answer(
    "Gone",
    "The record has been withdrawn or redacted. `tombstone` has the time and the reason.",
    GoneProblem,
    problem_example(
        410,
        "gone",
        "Withdrawn",
        "The incident luhansk-2022-0002 has been withdrawn.",
        tombstone=TOMBSTONE_EXAMPLE,
    ),
)


def page_example(kind: str, path: str) -> dict[str, Any]:
    """Example of a page with one record, the first of several."""
    return {
        "count": 12,
        "count_url": f"{SITE}{path}/count/?as_of=1",
        "cite_url": f"{SITE}{path}/cite/?as_of=1",
        "next": f"{SITE}{path}/?as_of=1&cursor={CURSOR_EXAMPLE}&limit=1",
        "previous": None,
        "as_of": 1,
        "results": [RECORDS[kind]],
    }


class LedgerView(Protocol):
    """What this schema reads of a viewset."""

    kind: str
    action: str

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """FilterSet class of the current action."""


class LedgerSchema(HouseSchema):
    """Describes an operation by the action and the kind of its viewset."""

    view: LedgerView  # type: ignore[assignment]  # the only views that name this schema

    def get_operation_id(self) -> str:
        """Operation id: plural of the kind and action, such as incidents_list."""
        return f"{PLURALS[self.view.kind]}_{self.view.action}"

    def get_summary(self) -> str:
        """Short title of the operation, as navigation shows it."""
        one, many = self.view.kind, PLURALS[self.view.kind]
        return {
            "list": f"List {many}",
            "retrieve": f"Get one {one}",
            "count": f"Count {many}",
            "cite": f"Cite {many}",
            "revisions": f"History of one {one}",
            "aggregate": f"Count {many} by group",
        }[self.view.action]

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """The docstring of the action; for a list also how to paginate it."""
        said = cleandoc(str(getattr(self.view, self.view.action).__doc__))
        if self.view.action != "list":
            return said
        own = OWN_FIELDS if self.view.kind == "incident" else ""
        return said + own + PAGING + FILES.format(path=f"/api/v1/{PLURALS[self.view.kind]}")

    def get_operation(self, *where: Any) -> dict[str, Any] | None:
        """The operation; for a list also the export formats."""
        operation = super().get_operation(*where)
        formats = getattr(self.view, "formats", ())
        if operation is not None and self.view.action == "list" and formats:
            answer = operation["responses"]["200"]
            document = self.resolve_serializer(DOCUMENTS[self.view.kind](), "response").ref
            answer["content"] |= content(self.view.kind, formats, document)
            answer["headers"] |= HEADERS
        if operation is not None and self.view.action == "aggregate":
            operation["responses"]["200"]["content"] |= AGGREGATE_TABLE
        return operation

    def get_success(self) -> str:
        """Description of the 200 response."""
        return {
            "list": "A page.",
            "retrieve": f"The {self.view.kind}.",
            "count": "The count.",
            "cite": "The citation.",
            "revisions": "All revisions.",
            "aggregate": "The groups.",
        }[self.view.action]

    def get_response_serializers(self) -> Any:
        """Serializer class of the 200 response."""
        shape = DOCUMENTS[self.view.kind]
        return {
            "list": page_of(shape, self.view.kind),
            "retrieve": shape,
            "count": CountShape,
            "cite": cite.ANSWERS,
            "revisions": HistoryShape,
            "aggregate": AggregateShape,
        }[self.view.action]

    def get_serializer_name(self, serializer: Serializer[Any], direction: Any) -> str:
        """Name of the schema component: `Incident` for IncidentDocument."""
        return type(serializer).__name__.removesuffix("Shape").removesuffix("Document")

    def get_examples(self) -> list[OpenApiExample]:
        """Example of the 200 response, taken from the example dataset."""
        kind = self.view.kind
        if self.view.action == "cite":
            return cite.EXAMPLES
        value: dict[str, Any] = {
            "list": page_example(kind, PLURALS[kind]),
            "retrieve": RECORDS[kind],
            "count": COUNT_EXAMPLE,
            "revisions": HISTORY_EXAMPLE,
            "aggregate": AGGREGATE_EXAMPLE,
        }[self.view.action]
        return [OpenApiExample("example", value=value)]

    def get_problems(self) -> dict[str, Answer]:
        """Error responses; only single records have 410, because the history of an ended record remains."""
        problems = PROBLEMS | {"410": GONE}
        return {status: each for status, each in problems.items() if status != "410" or self.view.action == "retrieve"}

    @property
    def may_lack(self) -> frozenset[str]:  # type: ignore[override]  # a plain value above, told by the action here
        """Of a time before the first publication there is nothing to cite."""
        return frozenset({"404"} if self.view.action == "cite" else ())

    def get_common_responses(self) -> dict[str, Any]:
        """Responses that all operations share, with the redirect of merged records."""
        found = super().get_common_responses()
        if self.view.action == "retrieve":
            found["308"] = self.component(ResolvedComponent.RESPONSE, "Merged", REDIRECT)
        return found

    def get_override_parameters(self) -> list[Any]:
        """Empty: the parameters come from the FilterSet."""
        return []

    def _get_parameters(self) -> list[dict[str, Any]]:
        inherited = {parameter["name"]: parameter for parameter in super()._get_parameters()}
        in_path = [parameter for parameter in inherited.values() if parameter["in"] == "path"]
        declared = self.view.get_filterset_class().base_filters
        in_query = [inherited.get(name) or self._parameter(name, each) for name, each in declared.items()]
        return [*in_path, *in_query, IF_NONE_MATCH]

    def _parameter(self, name: str, declared: Any) -> dict[str, Any]:
        """A parameter with its named enum, and an example if the filter declares none."""
        parameter = operation_parameter(name, declared)
        schema = parameter["schema"]
        holder = schema.get("items", schema)
        if name == "fields":
            parameter["description"] += FIELDS
            ending = "Field" if tuple(holder["enum"]) == tuple(field_names(self.view.kind)) else "TableField"
            named = self._enumeration(f"{self.view.kind.capitalize()}{ending}", list(holder["enum"]))
        elif of := BY_CODES.get(tuple(holder.get("enum", ()))):
            named = self.enumeration(enumeration(of))
        else:
            example = parameter.pop("example", None) or EXAMPLES.get(name)
            if name in ("id", "exclude_id"):
                example = [RECORDS[self.view.kind]["id"]]
            return exemplified(parameter, example) if example else parameter
        parameter["schema"] = schema | {"items": named} if "items" in schema else named
        return parameter

    def _enumeration(self, name: str, values: list[str], description: str | None = None) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "enum": values}
        described = {"description": description} if description else {}
        return self.component(ResolvedComponent.SCHEMA, name, schema | described)

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": f"Id of the {self.view.kind}.",
                "schema": {"type": "string", "pattern": PUBLIC_ID_PATTERN, "maxLength": 80},
                "example": RECORDS[self.view.kind]["id"],
            }
            for name in variables
        ]
