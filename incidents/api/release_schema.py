"""What OpenAPI says of releases."""

from __future__ import annotations

from typing import Any, Protocol

from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample
from rest_framework.serializers import Serializer

from incidents.api import parameter_codes
from incidents.api import release_shapes as shapes
from incidents.api.export_answers import OCTETS
from incidents.api.form_shapes import BINARY
from incidents.documents import RECORD_KIND
from incidents.query.release_lookup import NAME_LENGTH, NAME_PATTERN
from incidents.releasing.paths import MEDIA_TYPES
from incidents_api.parameters.filtersets import StrictFilterSet, operation_parameter
from incidents_api.rest.header_schema import LIMITS, SHARED
from incidents_api.rest.schema import (
    IF_NONE_MATCH,
    PROBLEMS,
    Answer,
    HouseSchema,
    exemplified,
    problem_example,
    request_header,
)

SITE = "https://incidents.example.org/api/v1/"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

RELEASE: dict[str, Any] = {
    "name": "luhansk-2022-v1",
    "title": "Sabotage and partisan attacks in Luhansk oblast, summer of 2022",
    "notes": None,
    "dataset": "luhansk-2022",
    "as_of": 1,
    "published": "2026-11-23T09:00:00Z",
    "made": "2026-11-23T10:00:00Z",
    "licences": ["CC-BY-4.0"],
    "records": {"dataset": 1, "location": 9, "source": 4, "actor": 5, "incident": 12},
    "citation": (
        "Sabotage and partisan attacks in Luhansk oblast, summer of 2022 [dataset]. Release luhansk-2022-v1, 12 "
        "incidents, as of publication 1 (2026-11-23). https://incidents.example.org/api/v1/releases/luhansk-2022-v1/ "
        "Licence: CC-BY-4.0."
    ),
    "url": f"{SITE}releases/luhansk-2022-v1/",
    "incidents_url": f"{SITE}incidents/?as_of=luhansk-2022-v1&dataset=luhansk-2022",
    "notice": None,
    "files": [
        {
            "path": "incidents.csv",
            "size": 18000,
            "sha256": SHA256,
            "media_type": "text/csv; charset=utf-8",
            "url": f"{SITE}releases/luhansk-2022-v1/files/incidents.csv",
        }
    ],
    "replaced": [],
}
COMPARISON: dict[str, Any] = {
    "count": 1,
    "counts": [{"kind": "incident", "added": 0, "changed": 1, "withdrawn": 0, "merged": 0, "redacted": 0}],
    "earlier": {"name": "luhansk-2022-v1", "as_of": 1, "published": "2026-11-23T09:00:00Z"},
    "later": {"name": "luhansk-2022-v2", "as_of": 7, "published": "2026-12-01T12:30:00Z"},
    "next": None,
    "results": [
        {
            "id": "luhansk-2022-0002",
            "kind": "incident",
            "change": "changed",
            "as_of": 7,
            "fields": ["casualties"],
            "reason": None,
            "target": None,
            "earlier_url": f"{SITE}incidents/luhansk-2022-0002/?as_of=1",
            "later_url": f"{SITE}incidents/luhansk-2022-0002/?as_of=7",
        }
    ],
}
EXAMPLES: dict[str, Any] = {
    "list": {"count": 1, "next": None, "results": [RELEASE]},
    "retrieve": RELEASE,
    "compare": COMPARISON,
}
SHAPES = {"list": shapes.ReleasePage, "retrieve": shapes.ReleaseShape, "compare": shapes.ComparisonPage}
SUMMARIES = {
    "list": "List releases",
    "retrieve": "One release",
    "compare": "Compare two releases",
    "download": "Download a file of a release",
}
PARAMETER_EXAMPLES = {"limit": 20}
ENUMERATIONS = {"kind": RECORD_KIND, "change": shapes.DIFFERENCE, "count": parameter_codes.ENUMERATIONS["count"]}
"""By parameter."""
NAMES = {
    "name": "Name of the release.",
    "earlier": "Name of the earlier release, or number of a publication.",
    "later": "Name of the later release, or number of a publication.",
    "path": "Path of the file, as listed in the release.",
}

TAKEN_DOWN = Answer(
    "TakenDown",
    "The files are unavailable or withdrawn because of a redaction; see `detail`.",
    example=problem_example(
        410,
        "gone",
        "Withdrawn",
        "The files are unavailable: publication 9 redacted a record in them. They will be "
        "available again, without this record, when they have been rebuilt.",
    ),
)
NO_RELEASE = Answer(
    "NoRelease",
    "The release, publication or file does not exist.",
    example=problem_example(404, "not_found", "Not found", "There is no release 'luhansk-2022-v9'."),
)


OF_DOWNLOADS = ("Accept-Ranges", "Content-Disposition", "Repr-Digest")
"""Headers of a file of a release, or of a part of it."""


class View(Protocol):
    """What this schema reads of a view."""

    action: str

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """FilterSet class of the current action."""


class ReleaseSchema(HouseSchema):
    """Describes an operation by the action of its view."""

    view: View  # type: ignore[assignment]  # the only views that name this schema

    def get_operation_id(self) -> str:
        """Operation id, such as releases_list."""
        return f"releases_{self.view.action}"

    def get_summary(self) -> str:
        """Short title of the operation, as navigation shows it."""
        return SUMMARIES[self.view.action]

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """Description: the docstring of the action."""
        return str(getattr(self.view, self.view.action).__doc__)

    def get_success(self) -> str:
        """Description of the 200 response."""
        return {"list": "A page.", "retrieve": "The release.", "compare": "A page.", "download": "The file."}[
            self.view.action
        ]

    def get_response_serializers(self) -> Any:
        """Serializer class of the 200 response."""
        return SHAPES[self.view.action]

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Keep the page as it is declared, instead of a bare array of it."""
        return False

    def get_serializer_name(self, serializer: Serializer[Any], direction: Any) -> str:
        """Name of the schema component: the class name without "Shape"."""
        return type(serializer).__name__.removesuffix("Shape")

    def get_examples(self) -> list[OpenApiExample]:
        """Example of the 200 response."""
        return [OpenApiExample("example", value=EXAMPLES[self.view.action])]

    def get_problems(self) -> dict[str, Answer]:
        """Error responses; 410 only occurs for files."""
        return PROBLEMS | {"404": NO_RELEASE}

    def _get_parameters(self) -> list[dict[str, Any]]:
        inherited = {each["name"]: each for each in super()._get_parameters()}
        in_path = [each for each in inherited.values() if each["in"] == "path"]
        declared = self.view.get_filterset_class().base_filters
        in_query = [self._parameter(name, each) for name, each in declared.items() if name != "format"]
        return [*in_path, *in_query, IF_NONE_MATCH]

    def _parameter(self, name: str, declared: Any) -> dict[str, Any]:
        parameter = operation_parameter(name, declared)
        schema = parameter["schema"]
        if named := ENUMERATIONS.get(name):
            code = self.enumeration(named)
            parameter["schema"] = schema | {"items": code} if "items" in schema else code
            parameter.pop("example", None)
            return parameter
        example = parameter.pop("example", None) or PARAMETER_EXAMPLES.get(name)
        return exemplified(parameter, example) if example else parameter

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "path", "required": True, "description": NAMES[name], "schema": _of_path(name)}
            for name in variables
        ]


def _of_path(name: str) -> dict[str, Any]:
    if name == "name":
        return {"type": "string", "pattern": NAME_PATTERN, "maxLength": NAME_LENGTH}
    if name == "path":
        return {"type": "string", "pattern": "^[A-Za-z0-9_=-][A-Za-z0-9_.=/-]*$", "maxLength": 200}
    return {"type": "string", "pattern": f"({NAME_PATTERN})|(^[0-9]{{1,12}}$)", "maxLength": NAME_LENGTH}


class DownloadSchema(ReleaseSchema):
    """Describes the downloads: any media type, ranges, and files that have gone."""

    def get_response_serializers(self) -> Any:
        """Bytes, whatever the media type of the file is."""
        return {(200, OCTETS, *dict.fromkeys(MEDIA_TYPES.values())): BINARY}

    def get_examples(self) -> list[OpenApiExample]:
        """Empty: bytes have no example."""
        return []

    def get_success_headers(self) -> tuple[str, ...]:
        """Headers of the 200 response besides those of all responses."""
        return OF_DOWNLOADS

    def get_problems(self) -> dict[str, Answer]:
        """Error responses by status code."""
        return super().get_problems() | {"410": TAKEN_DOWN, "412": ANOTHER, "416": OUTSIDE}

    def get_common_responses(self) -> dict[str, Any]:
        """Responses that all operations share, with the partial content of a range."""
        part = {
            "description": "The part requested with `Range`.",
            "headers": self.headers(*SHARED, *LIMITS, *OF_DOWNLOADS, "Content-Range"),
            "content": {media_type: {"schema": BINARY} for media_type in (OCTETS, *MEDIA_TYPES.values())},
        }
        found = super().get_common_responses()
        found.pop("406")  # a file has one form, and whoever asks for it by its name takes it
        return found | {"206": self.component(ResolvedComponent.RESPONSE, "Part", part)}

    def _get_parameters(self) -> list[dict[str, Any]]:
        return [*super()._get_parameters(), RANGE, IF_RANGE, IF_MATCH]


ANOTHER = Answer(
    "Another",
    "`If-Match` does not match the current file. The response has the current `ETag`.",
    example=problem_example(
        412,
        "precondition_failed",
        "Precondition failed",
        "The file has changed since your download (If-Match). Download it again.",
    ),
    headers=("ETag",),
)
OUTSIDE = Answer(
    "Outside",
    "The range starts beyond the end of the file. `Content-Range` has its size.",
    example=problem_example(416, "range_not_satisfiable", "Range not satisfiable", "The file has 18000 bytes."),
    headers=("Content-Range", "Accept-Ranges"),
)
RANGE = request_header(
    "Range", "A single byte range, such as `bytes=1000-`. For several ranges or other units, the whole file is sent."
)
IF_RANGE = request_header(
    "If-Range", "`ETag` of the part that you have. If the file has changed, the whole file is sent."
)
IF_MATCH = request_header("If-Match", "`ETag` of the file that you expect: 412 if the file has changed.")
