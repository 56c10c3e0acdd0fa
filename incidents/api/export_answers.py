"""The answer of a list in a format of files: all matches, or one page of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Protocol

import orjson
from django.http import StreamingHttpResponse
from rest_framework.request import Request

from incidents.api.representations import FORMATS
from incidents.api.warnings import say
from incidents.documents import field_names
from incidents.exports.formats import Documents, ExportRequest, Format, guarded
from incidents.exports.text_formats import FeatureFormat, GeoJSON
from incidents.exports.workbook import XLSX
from incidents.query.filters.attributes import PREFIX
from incidents.query.filters.incidents import own_columns
from incidents.query.moment import Moment
from incidents.query.stream import CutError
from incidents.query.unknown_values import UnknownValue
from incidents.tables import TABLES
from incidents_api.parameters.errors import ParameterError, parameter_error
from incidents_api.rest import caching
from incidents_api.rest.errors import bad_parameters, unavailable

OCTETS = "application/octet-stream"
"""What a file is for who asks for nothing more of it."""

OF_SOME_FORMATS = frozenset({"hxl", "bom", "fields"})
"""Parameters that, or some values of which, mean nothing in some formats."""


def refuse_what_means_nothing(kind: str, written: Format | None, values: dict[str, Any]) -> None:
    """Raise a 400 problem for parameters that the format has no use for; None stands for JSON and the page."""
    errors: list[ParameterError] = []
    name = written.format if written else "json"
    for each in ("hxl", "bom"):
        if each in values and each not in (written.takes if written else ()):
            takers = [one.format for one in FORMATS if each in one.takes]
            message = f"Cannot be used with {name}; only with {' and '.join(takers)}."
            error = parameter_error(each, values[each], message, code="not_in_format")
            errors.append({**error, "suggestion": None})
    fields = values.get("fields") or ()
    if not (written and written.flat):
        errors += _columns_in_documents(kind, name, fields)
    elif isinstance(written, GeoJSON):
        errors += _nested_in_properties(kind, fields)
    if errors:
        raise bad_parameters(errors)


def _columns_in_documents(kind: str, name: str, fields: Iterable[str]) -> Iterator[ParameterError]:
    known = field_names(kind)
    for field in fields:
        if field not in known:
            message = f"Is a table column, which {name} does not have. Use fields of the document."
            error = parameter_error("fields", field, message, code="not_in_format")
            column = TABLES[kind].by_name.get(field)
            yield {**error, "suggestion": column.top if column else "attributes"}


def _nested_in_properties(kind: str, fields: Iterable[str]) -> Iterator[ParameterError]:
    known = property_fields(kind)
    for field in fields:
        if field not in known and not field.startswith(PREFIX):
            message = "Is nested, which properties of geojson are not. Use nested.geojson, ndjson or json."
            error = parameter_error("fields", field, message, code="not_in_format")
            yield {**error, "suggestion": None}


@cache
def property_fields(kind: str) -> tuple[str, ...]:
    """Fields and columns that properties of flat GeoJSON have something of, in the order of the documents."""
    columns = [column for column in TABLES[kind].columns if not column.is_nested]
    tops = [name for name in field_names(kind) if any(column.top == name for column in columns)]
    own = ["attributes"] if "attributes" in field_names(kind) and kind == "incident" else []
    return tuple(dict.fromkeys([*tops, *own, *(column.name for column in columns)]))


def refuse_unknown_columns(asked: ExportRequest) -> None:
    """Raise a 400 problem for a column of an own field that no dataset in the table declares."""
    own = [column.name for column in asked.own]
    unknown = [name for name in asked.fields or () if name.startswith(PREFIX) and name not in own]
    if unknown:
        message = "No dataset that this table is of declares such a field."
        raise bad_parameters([parameter_error("fields", name, message, own, code="unknown_value") for name in unknown])


def refuse_too_many(written: Format, rows: int) -> None:
    """Raise a 400 problem if the format has a maximum and there are more records."""
    if written.most is not None and rows > written.most:
        message = (
            f"A sheet can have at most {written.most:,} records, but {rows:,} match. Narrow the query, set limit, "
            "or use csv or parquet."
        )
        error = parameter_error("format", written.format, message, code="too_many_results")
        raise bad_parameters([{**error, "suggestion": "csv"}])


class Found(Protocol):
    """The records to be written: a page of them or all."""

    asked: Any
    view: Any
    moment: Moment
    rows: int
    next_url: str | None
    previous_url: str | None

    @property
    def warnings(self) -> list[UnknownValue]:
        """Values that were asked for and that no public record has had."""

    @property
    def cite_links(self) -> str:
        """Value of the `Link` header with the permanent URL and the citation."""

    @property
    def total(self) -> int | None:
        """Number of matches, if it is known."""

    def documents(self) -> Documents:
        """Iterator of the documents as bytes of JSON, in batches."""


def file_answer(request: Request, written: Format, found: Found, etag: str) -> StreamingHttpResponse:
    """The streaming response, without a body for HEAD; raises a 400 problem for too many records."""
    refuse_too_many(written, found.rows)
    values = found.asked.filterset.values
    asked = ExportRequest(
        found.view.kind,
        found.rows,
        found.moment.at,
        found.asked.fields,
        hxl="hxl" in values,
        bom="bom" in values,
        own=found.asked.filterset.own_columns(found.moment) if written.flat else (),
    )
    refuse_unknown_columns(asked)
    pieces: Iterable[bytes] = () if request.method == "HEAD" else _begun(written, asked, found.documents())
    response = StreamingHttpResponse(pieces, content_type=content_type(request, written))
    response.expected_bytes = found.rows * written.bytes_a_row  # type: ignore[attr-defined]  # for whoever keeps room for it
    response["Content-Disposition"] = f'attachment; filename="{asked.title}-{asked.at}.{written.format}"'
    response["X-Row-Count"] = str(found.rows)
    if found.total is not None:
        response["X-Total-Count"] = str(found.total)
    response["X-As-Of"] = str(found.moment.at)
    if found.warnings:
        say(response, found.warnings)
    beside = {"next": found.next_url, "prev": found.previous_url}
    links = [f'<{address}>; rel="{relation}"' for relation, address in beside.items() if address]
    if links := [*links, *filter(None, [found.cite_links])]:
        response["Link"] = ", ".join(links)
    response["ETag"] = etag
    response["Cache-Control"] = caching.PINNED if found.moment.pinned else caching.LATEST
    return response


def feature(written: Format, kind: str, document: bytes, moment: Moment, fields: Sequence[str] | None) -> bytes:
    """One record as a Feature of GeoJSON."""
    if not isinstance(written, FeatureFormat):
        raise TypeError(f"{written.format} has no features.")
    own = own_columns(moment, [orjson.loads(document)["dataset"]]) if kind == "incident" and written.flat else ()
    asked = ExportRequest(kind, 1, moment.at, fields, own=own)
    if written.flat:
        refuse_unknown_columns(asked)
    return next(written.features(asked)([document]))


def content_type(request: Request, written: Format) -> str:
    """Media type of a file; an Accept header may ask for plain bytes."""
    return OCTETS if OCTETS in request.META.get("HTTP_ACCEPT", "") else written.content_type


def _begun(written: Format, asked: ExportRequest, documents: Documents) -> Iterator[bytes]:
    try:
        pieces = written.write(documents, asked)
        return pieces if written.is_made_first else guarded(pieces, written.broken)
    except CutError as error:  # of a format that is made before it is sent
        raise unavailable("A record was removed while the file was being made. Try again.") from error


def etag_of(written: Format, etag: str) -> str:
    """ETag for a format: weak for a workbook, which contains its time of creation."""
    return f"W/{etag}" if isinstance(written, XLSX) else etag
