"""The codebook as Markdown, for readers of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from incidents.releasing.edition import Edition
from incidents.releasing.texts import Texts


def page(edition: Edition, datasets: Iterable[dict[str, Any]] = ()) -> str:
    """Codebook as Markdown: the columns of each table, all vocabularies, and own fields of datasets."""
    return "\n".join([*_lines(edition.codebook, edition.texts), *_own(datasets, edition.texts)])


def _lines(told: dict[str, Any], texts: Texts) -> Iterator[str]:
    yield from ("# Codebook", "", texts.codebook, "")
    for note in told["table_notes"]:
        yield f"- {note}"
    for table in told["tables"]:
        yield from (
            "",
            f"## {table['kind']}s.csv",
            "",
            texts.columns,
            "|---|---|---|---|",
        )
        for column in table["columns"]:
            unit = texts.unit.format(**column) if column["unit"] else ""
            words = texts.codes.format(**column) if column["vocabulary"] else ""
            yield _row(f"`{column['name']}`", column["type"], f"{column['definition']}{unit}{words}", column["empty"])
    yield from ("", "## Types", "")
    yield from (f"- {name}: {meaning}" for name, meaning in told["types"].items())
    counterparts = told["counterparts"]
    yield from ("", "## Vocabularies", "", texts.vocabularies, "")
    yield from (f"- {name}: {title}" for name, title in counterparts.items())
    for each in told["vocabularies"]:
        yield from ("", f"### {each['name']}", "", each["definition"], "")
        yield _row("code", texts.terms, *counterparts)
        yield _row(*["---"] * (2 + len(counterparts)))
        for term in each["terms"]:
            yield _row(f"`{term['code']}`", term["definition"], *(term[name] or "" for name in counterparts))
    yield ""


def _own(datasets: Iterable[dict[str, Any]], texts: Texts) -> Iterator[str]:
    for dataset in datasets:
        yield from (f"## Own fields of {dataset['id']}", "", texts.own_columns)
        yield _row(*["---"] * 4)
        for field in dataset["fields"]:
            unit = texts.own_unit.format(**field) if field["unit"] else ""
            names = ", ".join(f"`{column}`" for column in field["columns"])
            said = f"{field['label']}. {field['definition']}{unit}"
            yield _row(names, field["type"], said, field["missing"] or texts.no_value)
        for field in dataset["fields"]:
            if field["codes"]:
                yield from ("", f"### {field['name']} of {dataset['id']}", "")
                yield from (f"- `{code['code']}`: {code['label']}. {code['definition']}" for code in field["codes"])
        yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"
