"""How to cite a release or a query, in the forms that papers and reference managers take.

The day on which a reader took it is theirs to add: the state that is cited does not change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

NAMED_AT_MOST = 10
"""Datasets that a title names; more are counted, and the citation's own address lists them."""

SPDX = re.compile(
    r"CC0-1\.0|CC-PDM-1\.0|CC-BY(-NC)?(-ND|-SA)?-[1-4]\.[05]|PDDL-1\.0|ODC-By-1\.0|ODbL-1\.0|O-UDA-1\.0|CDLA-[A-Za-z]+-[12]\.0"
    r"|etalab-2\.0|OGL-UK-[123]\.0|dl-de-(by|zero)-2\.0|MIT|Apache-2\.0"
)
"""Licences of data that are certain to be on SPDX's list; CITATION.cff takes no id that is not."""

_TEX = re.compile(r"[&%$#_{}~^\\]")
_TEX_WORDS = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}


@dataclass(frozen=True, slots=True)
class Citable:
    """What is cited: words of its own, and a state of the ledger."""

    key: str
    """Letters, digits, - and . only."""
    title: str
    what: str
    """For example: Release v1, 10 incidents."""
    version: str
    seq: int
    published: str
    """When that publication was made, as documents write times."""
    url: str
    """Empty where the server does not know its own address."""
    licences: Sequence[str]

    @property
    def day(self) -> str:
        """Day of the publication, UTC, as YYYY-MM-DD."""
        return self.published[:10]


def title_of(names: Sequence[str]) -> str:
    """Join the names of datasets to one title; a long list ends with "and N more datasets"."""
    more = len(names) - NAMED_AT_MOST
    return "; ".join([*names[:NAMED_AT_MOST], *([f"and {more} more datasets"] if more > 0 else [])]) or "Incidents"


def licence_url(licence: str) -> str:
    """URL of a licence; a licence that is a URL is returned unchanged."""
    return licence if "://" in licence else f"https://spdx.org/licenses/{licence}.html"


def text(cited: Citable) -> str:
    """Citation as one sentence, for a list of references."""
    terms = f" Licence: {', '.join(cited.licences)}." if cited.licences else ""
    where = f" {cited.url}" if cited.url else ""
    return f"{cited.title} [dataset]. {cited.what}, as of publication {cited.seq} ({cited.day}).{where}{terms}"


def bibtex(cited: Citable) -> str:
    """The citation as one BibTeX entry of type `misc`, with special characters escaped."""
    year, month, _ = cited.day.split("-")
    fields = {
        "title": f"{{{{{_tex(cited.title)}}}}}",
        "year": f"{{{year}}}",
        "month": f"{{{month}}}",
        "version": f"{{{_tex(cited.version)}}}",
        "url": f"{{{cited.url}}}" if cited.url else "",
        "note": f"{{{_tex(_note(cited))}}}",
    }
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@misc{{{cited.key},\n{lines}}}\n"


def csl(cited: Citable) -> list[dict[str, Any]]:
    """Citation as CSL-JSON, for Zotero, Mendeley and pandoc."""
    item = {
        "id": cited.key,
        "type": "dataset",
        "title": cited.title,
        "version": cited.version,
        "issued": {"date-parts": [[int(part) for part in cited.day.split("-")]]},
        "note": _note(cited),
    }
    return [item | ({"URL": cited.url} if cited.url else {})]


def cff(cited: Citable, authors: Sequence[str]) -> str:
    """CITATION.cff 1.2.0, for GitHub and Zenodo; every value is a JSON string, which is valid YAML."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use this dataset, please cite it as below.",
        "type: dataset",
        f"title: {_quoted(cited.title)}",
        "authors:",
        *(f"  - name: {_quoted(name)}" for name in authors),
        f"version: {_quoted(cited.version)}",
        f"date-released: {_quoted(cited.day)}",
        f"abstract: {_quoted(_note(cited))}",
    ]
    listed = [licence for licence in cited.licences if SPDX.fullmatch(licence)]
    if listed:
        lines += ["license:", *(f"  - {_quoted(licence)}" for licence in listed)]
    elif len(cited.licences) == 1 and "://" in cited.licences[0]:
        lines.append(f"license-url: {_quoted(cited.licences[0])}")
    if cited.url:
        lines.append(f"url: {_quoted(cited.url)}")
    return "\n".join(lines) + "\n"


def _note(cited: Citable) -> str:
    terms = f" Licence: {', '.join(cited.licences)}." if cited.licences else ""
    return f"{cited.what}, as of publication {cited.seq}.{terms}"


def _tex(words: str) -> str:
    return _TEX.sub(lambda found: _TEX_WORDS.get(found[0], f"\\{found[0]}"), words)


def _quoted(words: str) -> str:
    return orjson.dumps(words).decode()
