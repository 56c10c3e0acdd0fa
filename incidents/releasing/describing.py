"""Descriptive files of a release: README, licences, citations, codebook, machine-readable metadata.

All of it follows from the ledger and the name, so the same release made again has the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from incidents.codebook.own_fields import own_fields
from incidents.exports import citation
from incidents.exports.citation import Citable, licence_url
from incidents.ledger.denormalisation import Document
from incidents.query.attributes import declared_at
from incidents.releasing.codebook_text import page
from incidents.releasing.contents import Contents
from incidents.releasing.edition import Edition
from incidents.releasing.paths import File
from incidents.tables import Column

CODEBOOK = "codebook.json"
INDENT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
TYPES = {
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "date"},
    "time": {"type": "datetime"},
}
"""Of Table Schema; every other type of a cell is a string there."""


@dataclass(frozen=True, slots=True)
class Described:
    """What the descriptions are made from."""

    cited: Citable
    notes: str
    contents: Contents
    datasets: Sequence[Document]
    counts: dict[str, int]

    @property
    def edition(self) -> Edition:
        """Edition of the release."""
        return self.contents.edition

    @property
    def licences(self) -> list[str]:
        """Licences of the datasets, without duplicates."""
        return list(dict.fromkeys(each["licence"] for each in self.datasets))


def texts(what: Described) -> Iterator[tuple[str, bytes]]:
    """Yield the files that do not speak of other files: path and content."""
    cited = what.cited
    yield CODEBOOK, codebook_of(what.contents, what.datasets)
    yield "CODEBOOK.md", page(what.edition, _own(what.contents, what.datasets)).encode()
    yield "LICENCE.txt", _licences(what).encode()
    yield "CITATION.txt", f"{citation.text(cited)}\n".encode()
    yield "CITATION.bib", citation.bibtex(cited).encode()
    yield "CITATION.csl.json", orjson.dumps(citation.csl(cited), option=INDENT)
    yield "CITATION.cff", citation.cff(cited, _authors(what)).encode()


def codebook_of(contents: Contents, datasets: Sequence[Document]) -> bytes:
    """Content of codebook.json: the codebook of the edition, and the own fields of datasets."""
    own = _own(contents, datasets)
    return orjson.dumps(contents.edition.codebook | ({"datasets": own} if own else {}), option=INDENT)


def _own(contents: Contents, datasets: Sequence[Document]) -> list[dict[str, Any]]:
    catalogue = declared_at(contents.moment)
    return [own_fields(each, catalogue[each["id"]]) for each in datasets if each.get("attributes")]


def descriptions(what: Described, files: Sequence[File]) -> Iterator[tuple[str, bytes]]:
    """Yield the files that speak of those which are there already."""
    yield "datapackage.json", orjson.dumps(_package(what, files), option=INDENT)
    yield "dataset.jsonld", orjson.dumps(_linked(what, files), option=INDENT)
    yield "README.md", _readme(what, files).encode()


def added_later(contents: Contents) -> str:
    """Sentence on the records that a release holds although they were published after it; empty if it has none."""
    added = [f"{kind}s.csv: {', '.join(of_kind)}" for kind, of_kind in contents.later.items()]
    if not added:
        return ""
    return (
        "Some incidents were made less precise after this release. The records that they show now are in it although "
        f"they were published later ({'; '.join(added)}); they are at the end of their files."
    )


def _authors(what: Described) -> list[str]:
    """Authors for formats that require some: the datasets, since no person is named."""
    return [each["name"] for each in what.datasets] or [what.cited.title]


def _licences(what: Described) -> str:
    texts = what.edition.texts
    parts = [texts.licences]
    for each in what.datasets:
        lines = [
            f"{each['name']} ({each['id']})",
            texts.licence.format(licence=each["licence"], url=licence_url(each["licence"])),
            *(
                getattr(texts, name).format(**{name: each[name]})
                for name in ("attribution", "citation", "homepage")
                if each[name]
            ),
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _field(column: Column) -> dict[str, Any]:
    description = " ".join(filter(None, [column.description, column.missing]))
    declared: dict[str, Any] = {"name": column.name, "description": description} | TYPES.get(
        column.type, {"type": "string"}
    )
    constraints: dict[str, Any] = {}
    if not column.missing:
        constraints["required"] = True
    if column.name == "id":
        constraints["unique"] = True
    if column.type == "code" and column.vocabulary is not None:
        constraints["enum"] = list(column.vocabulary)
    return (
        declared
        | ({"constraints": constraints} if constraints else {})
        | ({"unit": column.unit} if column.unit else {})
    )


def _package(what: Described, files: Sequence[File]) -> dict[str, Any]:
    by_path = {file["path"]: file for file in files}
    resources = []
    own = what.contents.own_columns()
    for kind, table in what.edition.tables.items():
        columns = (*table.columns, *own) if kind == "incident" else table.columns
        name = f"{kind}s"
        file = by_path[f"{name}.csv"]
        schema: dict[str, Any] = {
            "fields": [_field(column) for column in columns],
            "missingValues": [""],
            "primaryKey": ["id"],
        }
        keys = [
            {"fields": [column], "reference": {"resource": "" if target == name else target, "fields": ["id"]}}
            for column, target in what.edition.keys.get(kind, {}).items()
        ]
        resources.append(
            {
                "name": name,
                "type": "table",
                "path": file["path"],
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": file["size"],
                "hash": f"sha256:{file['sha256']}",
                "schema": schema | ({"foreignKeys": keys} if keys else {}),
            }
        )
    cited = what.cited
    return {
        "profile": "tabular-data-package",
        "name": cited.key,
        "title": cited.title,
        "description": " ".join(filter(None, [f"{cited.what}, as of publication {cited.seq}.", what.notes])),
        "version": cited.version,
        "created": cited.published,
        "licenses": [_licence(licence) for licence in what.licences],
        "sources": [
            {"title": each["name"], **({"path": each["homepage"]} if each["homepage"] else {})}
            for each in what.datasets
        ],
        "resources": resources,
    } | ({"homepage": cited.url} if cited.url else {})


def _licence(licence: str) -> dict[str, str]:
    return {"path": licence} if "://" in licence else {"name": licence, "path": licence_url(licence)}


def _linked(what: Described, files: Sequence[File]) -> dict[str, Any]:
    """The release as schema.org metadata, for dataset search engines."""
    cited = what.cited
    told: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": cited.title,
        "description": _abstract(what),
        "identifier": cited.url or cited.key,
        "version": cited.version,
        "datePublished": cited.day,
        "isAccessibleForFree": True,
        "license": [licence_url(licence) for licence in what.licences],
        "creditText": citation.text(cited),
    }
    if cited.url:
        told["url"] = cited.url
    starts, ends = ([each["coverage"][end] for each in what.datasets] for end in ("start", "end"))
    if starts and all(starts):
        told["temporalCoverage"] = f"{min(starts)}/{max(ends) if all(ends) else '..'}"
    if areas := list(dict.fromkeys(each["coverage"]["area"] for each in what.datasets if each["coverage"]["area"])):
        told["spatialCoverage"] = areas
    told["distribution"] = [
        {
            "@type": "DataDownload",
            "name": file["path"],
            "encodingFormat": file["media_type"].partition(";")[0],
            "contentUrl": f"{cited.url}files/{file['path']}" if cited.url else file["path"],
            "contentSize": f"{file['size']} B",
            "sha256": file["sha256"],
        }
        for file in files
    ]
    return told


def _abstract(what: Described) -> str:
    told = [each["description"] for each in what.datasets if each["description"]]
    return " ".join([*told[: citation.NAMED_AT_MOST], what.notes]).strip() or (
        "Structured incident data: who did what, where, when, and according to whom."
    )


def _readme(what: Described, files: Sequence[File]) -> str:
    cited = what.cited
    parted = any(file["path"].startswith("incidents/") for file in files)
    parquet = "incidents/**/*.parquet" if parted else "incidents.parquet"
    numbers = "\n".join(f"| {kind}s | {number} |" for kind, number in what.counts.items())
    named = "\n".join(
        f"| `{file['path']}` | {file['size']} | {file['media_type'].partition(';')[0]} |" for file in files
    )
    hive = ", hive_partitioning = true" if parted else ""
    texts = what.edition.texts
    return texts.readme.format(
        title=cited.title,
        what=cited.what,
        seq=cited.seq,
        day=cited.day,
        notes=f"\n{what.notes}\n" if what.notes else "",
        url=texts.url.format(url=cited.url) if cited.url else "",
        citation=citation.text(cited),
        numbers=numbers,
        files=named,
        parquet=parquet,
        hive=hive,
        version=cited.version,
    )
