"""What OpenAPI says of the forms in which a list can be had, and of the headers of files."""

from __future__ import annotations

from incidents.api.representations import Representation, representations
from incidents.codebook.profiles import EXPORT_PROFILES

WHOLE = """

Without `limit` and `cursor` the file has all matching records from one snapshot. With them it has that page, and `Link`
links to the next and previous pages. `X-Row-Count` gives the number of records. If your file has fewer, the download
was cut short."""

OF_FILES = ("X-Row-Count", "X-Total-Count", "X-As-Of", "X-Warnings", "Link", "Content-Disposition")
"""Headers of lists as files."""
OF_TABLES = ("X-As-Of", "X-Warnings", "Content-Disposition")
"""Headers of aggregates as files."""

SAID = {
    "list_fields": "Every field but the id may be missing: `fields` chooses them.",
    "retrieve_fields": "Every field but the id may be missing: `fields` chooses them.",
    "csv": "A table: a header, then one line per record. docs/exports.md describes the columns.",
    "ndjson": "One document per line, as it was published.",
    "parquet": "The table with types; GeoParquet 1.1 if records have points.",
    "xlsx": "One sheet with the cells of the CSV.",
    "geojson": "Properties are the columns of the table, without those that are nested: words, numbers and dates, as "
    "GDAL, QGIS and MapLibre read them.",
    "geojson_nested": "Properties are the whole documents.",
    "retrieve_geojson": "A Feature; its properties are the columns of the table, without those that are nested.",
    "retrieve_geojson_nested": "A Feature; its properties are the whole document.",
    "aggregate_csv": "A table: a header, then one line per group. A missing value is empty.",
    "aggregate_xlsx": "One sheet with the cells of the CSV.",
}
"""By the names of forms."""


def said_of(form: Representation, kind: str) -> str:
    """Paragraphs about a form: what it is, and how much a file has."""
    said = EXPORT_PROFILES[form.profile].definition if form.profile else SAID[form.name]
    if form.profile:
        said += " For existing scripts; the codebook defines each column."
    return f"\n\n{said}" + (WHOLE if form.action == "list" and form.format else "")


def forms_of(kind: str, action: str) -> str:
    """Paragraph about the other forms of what an action answers; empty if there are none."""
    found = [each for each in representations(kind) if each.action == action]
    if not found:
        return ""
    path = {"list": f"{kind}s", "retrieve": f"{kind}s/{{id}}", "aggregate": f"{kind}s/aggregate"}[action]
    lines = "\n".join(f"- `{path}.{each.suffix}`: {each.summary}" for each in found)
    return f"\n\nThe same in other forms:\n\n{lines}"
