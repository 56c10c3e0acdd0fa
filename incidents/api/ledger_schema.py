"""What OpenAPI says of the ledger's viewsets; all of it follows from their kind, their form and their parameters."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, Protocol

from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample
from rest_framework.serializers import Serializer

from incidents.api import cite
from incidents.api.aggregate_shapes import EXAMPLE as AGGREGATE_EXAMPLE
from incidents.api.aggregate_shapes import AggregateShape
from incidents.api.export_schema import OF_FILES, OF_TABLES, forms_of, said_of
from incidents.api.form_shapes import JSON, FormShapes
from incidents.api.ledger_examples import (
    COUNT_EXAMPLE,
    EXAMPLES,
    HISTORY_EXAMPLE,
    TOMBSTONE_EXAMPLE,
    page_example,
)
from incidents.api.parameter_codes import codes_of
from incidents.api.record_examples import RECORDS
from incidents.api.representations import SHAPING, Representation
from incidents.api.response_shapes import CountShape, GoneProblem, HistoryShape, page_of
from incidents.api.search_schema import body_of
from incidents.documents import DOCUMENTS
from incidents.fields import PUBLIC_ID_PATTERN
from incidents.schema import PLURALS
from incidents_api.parameters.filtersets import StrictFilterSet, operation_parameter
from incidents_api.rest.header_schema import LIMITS
from incidents_api.rest.schema import IF_NONE_MATCH, PROBLEMS, Answer, HouseSchema, exemplified, problem_example

OWN_FIELDS = """

**Own fields of datasets.** Fields that a dataset brings itself are parameters too: `attr.weapon=rifle,knife` for codes
and `true`/`false`, `attr.crew_min` and `attr.crew_max` for figures, `attr.released_after` and
`attr.released_before` for days and times. They are data, so this schema does not list them, nor the orders, keys and
columns of such fields: `codebook/datasets/{id}/` has those of a dataset."""

PAGING = """

A page has `limit` records. `next` and `previous` link to the neighbouring pages and are null at the ends. Use these
links unchanged. They carry `as_of`, so following `next` reads a single snapshot, whatever is published in the meantime.
`count` is exact or null, never an estimate: null where counting would take much longer than the page.
`count_url` and `count=exact` always return it."""

MERGED = "The record was merged into another one; see `Location`."
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

QUERY_EXPIRED = Answer(
    "QueryExpired",
    "The stored query that `query` names has expired or never existed. Send its parameters to `incidents/search/` "
    "again.",
    example=problem_example(
        410,
        "query_expired",
        "The stored query has expired",
        "No query 5f0c9a61be7d5f0c9a61be7d5f0c9a61 is stored: it has expired, 30 days after its last use, or never "
        "was. Send its parameters to incidents/search/ again.",
    )
    | {"instance": "/api/v1/incidents/"},
)
TOO_LARGE = Answer("ContentTooLarge", "The body has more than 64,000 bytes.")
UNREAD = Answer("UnsupportedMediaType", "The body is neither JSON nor a form, in UTF-8.", headers=("Accept-Post",))


class LedgerView(Protocol):
    """What this schema reads of a viewset."""

    kind: str
    action: str

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """FilterSet class of the current action."""


class LedgerSchema(HouseSchema):
    """Describes an operation by the action and the kind of its viewset, and by the form of its answers."""

    view: LedgerView  # type: ignore[assignment]  # the only views that name this schema

    @property
    def form(self) -> Representation | None:
        """The form of the answers; None for JSON as it is."""
        return getattr(self.view, "representation", None)

    @property
    def takes(self) -> frozenset[str]:
        """Parameters of `SHAPING` that leave the form of the answer as it is."""
        return self.form.takes if self.form else frozenset()

    @property
    def plural(self) -> str:
        """The name of the list."""
        return PLURALS[self.view.kind]

    def get_operation_id(self) -> str:
        """Operation id: plural of the kind and action or form, such as incidents_list and incidents_csv."""
        return f"{self.plural}_{self.form.name if self.form else self.view.action}"

    def get_tags(self) -> list[str]:
        """Tag of the operation; paths with a suffix do not have it as their first segment."""
        return [self.plural] if self.form else super().get_tags()

    def get_summary(self) -> str:
        """Short title of the operation, as navigation shows it."""
        one, many = self.view.kind, self.plural
        said = {
            "list": f"List {many}",
            "search": f"Search {many} with parameters in a body",
            "retrieve": f"Get one {one}",
            "count": f"Count {many}",
            "cite": f"Cite {many}",
            "revisions": f"History of one {one}",
            "aggregate": f"Count {many} by group",
        }[self.view.action]
        return f"{said} {self.form.summary}" if self.form else said

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """The docstring of the action, how to paginate a list, and what the form is or which others there are."""
        said = cleandoc(str(getattr(self.view, self.view.action).__doc__))
        if self.form:
            return said + said_of(self.form, self.view.kind)
        own = OWN_FIELDS if self.view.kind == "incident" else ""
        said += own + PAGING if self.view.action == "list" else ""
        return said + forms_of(self.view.kind, self.view.action)

    def get_success_headers(self) -> tuple[str, ...]:
        """Headers of the 200 response besides those of all responses."""
        noticed = ("X-Notice",) if "as_of" in self.view.get_filterset_class().base_filters else ()
        if self.form and self.form.format and self.form.action != "retrieve":
            return (*noticed, *(OF_FILES if self.form.action == "list" else OF_TABLES))
        return (*noticed, "Link") if self.view.action in ("list", "search") else noticed

    def get_success(self) -> str:
        """Description of the 200 response."""
        if self.form and self.form.format:
            return "The file." if self.form.action == "list" else "The record."
        return {
            "list": "A page.",
            "search": "A page.",
            "retrieve": f"The {self.view.kind}.",
            "count": "The count.",
            "cite": "The citation.",
            "revisions": "All revisions.",
            "aggregate": "The groups.",
        }[self.view.action]

    def get_response_serializers(self) -> Any:
        """Serializer class of the 200 response, or the schema of its form."""
        shape = DOCUMENTS[self.view.kind]
        if self.form:
            return FormShapes(self, self.view.kind).answer(self.form)
        plain = {
            "list": page_of(shape, self.view.kind),
            "search": page_of(shape, self.view.kind),
            "retrieve": shape,
            "count": CountShape,
            "cite": cite.CitationShape,
            "revisions": HistoryShape,
            "aggregate": AggregateShape,
        }[self.view.action]
        return {(200, JSON): plain}

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Keep a page and a file as they are declared, instead of a bare array of them."""
        return False

    def get_serializer_name(self, serializer: Serializer[Any], direction: Any) -> str:
        """Name of the schema component: `Incident` for IncidentDocument."""
        return type(serializer).__name__.removesuffix("Shape").removesuffix("Document")

    def get_examples(self) -> list[OpenApiExample]:
        """Example of the 200 response, taken from the example dataset."""
        kind = self.view.kind
        if self.form:
            return FormShapes(self, kind).examples(self.form)
        value: dict[str, Any] = {
            "list": page_example(kind, PLURALS[kind]),
            "search": page_example(kind, PLURALS[kind]),
            "retrieve": RECORDS[kind],
            "count": COUNT_EXAMPLE,
            "cite": cite.EXAMPLE,
            "revisions": HISTORY_EXAMPLE,
            "aggregate": AGGREGATE_EXAMPLE,
        }[self.view.action]
        return [OpenApiExample("example", value=value)]

    def get_problems(self) -> dict[str, Answer]:
        """Error responses; of records only single ones have 410, because the history of an ended record remains."""
        if self.view.action == "retrieve":
            return PROBLEMS | {"410": GONE}
        searched = {"413": TOO_LARGE, "415": UNREAD} if self.view.action == "search" else {}
        return PROBLEMS | searched | ({"410": QUERY_EXPIRED} if self.takes_stored_queries else {})

    @property
    def takes_stored_queries(self) -> bool:
        """True if `query` may name a stored query."""
        return "query" in self.view.get_filterset_class().base_filters

    @property
    def may_lack(self) -> frozenset[str]:  # type: ignore[override]  # a plain value above, told by the action here
        """Of a time before the first publication there is nothing to cite."""
        lacking = {"404"} if self.view.action == "cite" else set()
        return frozenset(lacking | ({"410"} if self.takes_stored_queries else set()))

    def get_common_responses(self) -> dict[str, Any]:
        """Responses that all operations share, with the redirect of merged records."""
        found = super().get_common_responses()
        if self.view.action == "retrieve":
            headers = self.headers("Location", "Cache-Control", *LIMITS, "X-Notice")
            merged = {"description": MERGED, "headers": headers}
            found["308"] = self.component(ResolvedComponent.RESPONSE, "Merged", merged)
        return found

    def get_override_parameters(self) -> list[Any]:
        """Empty: the parameters come from the FilterSet."""
        return []

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        return body_of(self._in_query()) if self.view.action == "search" else None

    def _in_query(self) -> list[dict[str, Any]]:
        hidden = SHAPING - self.takes
        declared = self.view.get_filterset_class().base_filters
        return [self._parameter(name, each) for name, each in declared.items() if name not in hidden]

    def _get_parameters(self) -> list[dict[str, Any]]:
        in_path = [parameter for parameter in super()._get_parameters() if parameter["in"] == "path"]
        in_query = self._in_query() if self.view.action != "search" else []
        return [*in_path, *in_query, IF_NONE_MATCH]

    def _parameter(self, name: str, declared: Any) -> dict[str, Any]:
        """A parameter with its named enumeration, and an example if the filter declares none."""
        parameter = operation_parameter(name, declared)
        schema = parameter["schema"]
        if name == "fields":
            named = FormShapes(self, self.view.kind).fields(self.form)
        elif codes := codes_of(self.view.kind, self.view.action, name, schema):
            named = self.enumeration(codes)
        else:
            example = parameter.pop("example", None) or EXAMPLES.get(name)
            if name in ("id", "exclude_id"):
                example = [RECORDS[self.view.kind]["id"]]
            return exemplified(parameter, example) if example else parameter
        parameter.pop("example", None)
        parameter["schema"] = schema | {"items": named} if "items" in schema else named
        return parameter

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
