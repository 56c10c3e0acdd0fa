"""What OpenAPI says of releases."""

from __future__ import annotations

from typing import Any, Protocol

from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample
from rest_framework.serializers import Serializer

from incidents.api import release_shapes as shapes
from incidents.query.release_lookup import NAME_LENGTH, NAME_PATTERN
from incidents.releasing.paths import MEDIA_TYPES
from incidents_api.parameters.filtersets import StrictFilterSet, operation_parameter
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
NAMES = {
    "name": "The name of the release.",
    "earlier": "The earlier release, or the number of a publication.",
    "later": "The later release, or the number of a publication.",
    "path": "The file, as the release lists it.",
}

TAKEN_DOWN = Answer(
    "TakenDown",
    "The files are taken down or withdrawn because of a redaction; `detail` says which.",
    example=problem_example(
        410,
        "gone",
        "Withdrawn",
        "The files are taken down: publication 9 redacted, for safety, a record that they hold. They come back without "
        "it once they are made anew.",
    ),
)
NO_RELEASE = Answer(
    "NoRelease",
    "There is no such release, publication or file.",
    example=problem_example(404, "not_found", "Not found", "There is no release 'luhansk-2022-v9'."),
)


class View(Protocol):
    """What this schema reads of a view."""

    action: str

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """Return the parameters of the current action."""


class ReleaseSchema(HouseSchema):
    """Describes an operation by the action of its view."""

    view: View  # type: ignore[assignment]  # the only views that name this schema

    def get_operation_id(self) -> str:
        """Return for example releases_list."""
        return f"releases_{self.view.action}"

    def get_summary(self) -> str:
        """Return the operation in a few words."""
        return SUMMARIES[self.view.action]

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """Return what the action's docstring says."""
        return str(getattr(self.view, self.view.action).__doc__)

    def get_success(self) -> str:
        """Return what an answer holds."""
        return {"list": "A page.", "retrieve": "The release.", "compare": "A page.", "download": "The file."}[
            self.view.action
        ]

    def get_response_serializers(self) -> Any:
        """Return the shape of the answer."""
        return SHAPES[self.view.action]

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Keep the page as it is declared, instead of a bare array of it."""
        return False

    def get_serializer_name(self, serializer: Serializer[Any], direction: Any) -> str:
        """Return what clients call a shape."""
        return type(serializer).__name__.removesuffix("Shape")

    def get_examples(self) -> list[OpenApiExample]:
        """Return an answer."""
        return [OpenApiExample("example", value=EXAMPLES[self.view.action])]

    def get_problems(self) -> dict[str, Answer]:
        """Return the errors; only files go."""
        problems = PROBLEMS | {"404": NO_RELEASE}
        return {status: each for status, each in problems.items() if status != "410"}

    def _get_parameters(self) -> list[dict[str, Any]]:
        inherited = {each["name"]: each for each in super()._get_parameters()}
        in_path = [each for each in inherited.values() if each["in"] == "path"]
        declared = self.view.get_filterset_class().base_filters
        in_query = [inherited.get(name) or self._parameter(name, each) for name, each in declared.items()]
        return [*in_path, *in_query, IF_NONE_MATCH]

    def _parameter(self, name: str, declared: Any) -> dict[str, Any]:
        parameter = operation_parameter(name, declared)
        schema = parameter["schema"]
        if "enum" in schema.get("items", {}):
            values = schema["items"]
            title = f"Release{name.capitalize()}"
            parameter["schema"] = schema | {"items": self.component(ResolvedComponent.SCHEMA, title, _told(values))}
            parameter.pop("example", None)
            return parameter
        example = parameter.pop("example", None) or PARAMETER_EXAMPLES.get(name)
        return exemplified(parameter, example) if example else parameter

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "path", "required": True, "description": NAMES[name], "schema": _of_path(name)}
            for name in variables
        ]


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """Return an enumeration with its words explained."""
    meanings = shapes.NUMBERS if set(values["enum"]) == set(shapes.NUMBERS) else shapes.KINDS
    terms = "\n".join(f"- `{code}`: {meanings[code]}" for code in values["enum"])
    return {**values, "description": terms}


def _of_path(name: str) -> dict[str, Any]:
    if name == "name":
        return {"type": "string", "pattern": NAME_PATTERN, "maxLength": NAME_LENGTH}
    if name == "path":
        return {"type": "string", "pattern": "^[A-Za-z0-9_=-][A-Za-z0-9_.=/-]*$", "maxLength": 200}
    return {"type": "string", "pattern": f"({NAME_PATTERN})|(^[0-9]{{1,12}}$)", "maxLength": NAME_LENGTH}


class DownloadSchema(ReleaseSchema):
    """Describes the downloads: any media type, ranges, and files that have gone."""

    def get_response_serializers(self) -> Any:
        """Return bytes of every type that there is."""
        return {(200, media_type): OpenApiTypes.BINARY for media_type in dict.fromkeys(MEDIA_TYPES.values())}

    def get_examples(self) -> list[OpenApiExample]:
        """Return what a small file begins with."""
        return [OpenApiExample("example", value=f"{SHA256}  incidents.csv\n", media_type="text/plain; charset=utf-8")]

    def get_problems(self) -> dict[str, Answer]:
        """Return the errors."""
        return super().get_problems() | {"410": TAKEN_DOWN, "412": ANOTHER, "416": OUTSIDE}

    def get_common_responses(self) -> dict[str, Any]:
        """Return the other answers, with the part that a range asks for."""
        binary = {"schema": {"type": "string", "format": "binary"}}
        part = {
            "description": "The part that `Range` asks for.",
            "headers": self._headers(),
            "content": dict.fromkeys(MEDIA_TYPES.values(), binary),
        }
        found = super().get_common_responses()
        found.pop("406")  # a file has one form, and whoever asks for it by its name takes it
        return found | {"206": self.component(ResolvedComponent.RESPONSE, "Part", part)}

    def _get_parameters(self) -> list[dict[str, Any]]:
        return [*super()._get_parameters(), RANGE, IF_RANGE, IF_MATCH]


ANOTHER = Answer(
    "Another",
    "`If-Match` names another file than there is now, whose `ETag` this has.",
    example=problem_example(
        412,
        "precondition_failed",
        "Precondition failed",
        "If-Match names another file than there is now; download it anew.",
    ),
)
OUTSIDE = Answer(
    "Outside",
    "The range begins beyond the end of the file; `Content-Range` tells its size.",
    example=problem_example(416, "range_not_satisfiable", "Range not satisfiable", "The file has 18000 bytes."),
)
RANGE = request_header(
    "Range", "One range of bytes, such as `bytes=1000-`. Several, and other units, answer the whole file."
)
IF_RANGE = request_header("If-Range", "The `ETag` of the part that you have: another file than that is answered whole.")
IF_MATCH = request_header("If-Match", "The `ETag` of the file that you mean: 412 if there is another one by now.")
