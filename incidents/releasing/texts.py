"""Texts of the descriptive files of a release, as templates for `str.format`.

They are part of its edition, so a change here leaves the files of earlier releases as they are.
"""

from __future__ import annotations

from typing import NamedTuple


class Texts(NamedTuple):
    """The texts of one edition."""

    licences: str
    licence: str
    attribution: str
    citation: str
    homepage: str
    codebook: str
    columns: str
    unit: str
    codes: str
    vocabularies: str
    terms: str
    own_columns: str
    own_unit: str
    no_value: str
    url: str
    readme: str


README = """# {title}

{what}: the data as of publication {seq}, made on {day}.
{notes}{url}
Please cite it: {citation}

Other citation formats: `CITATION.bib`, `CITATION.csl.json`, `CITATION.cff`. Licences: `LICENCE.txt`.

| kind | records |
|---|---|
{numbers}

## Files

| file | bytes | media type |
|---|---|---|
{files}

`SHA256SUMS` has the checksum of each: `sha256sum --check SHA256SUMS`.

## Reading the files

```python
pd.read_csv("incidents.csv", dtype={{"id": str}})
```

```sql
SELECT event_type, count(*) FROM read_parquet('{parquet}'{hive}) GROUP BY 1;  -- DuckDB
```

- An empty cell means unknown or not reported; 0 means reported as none. `CODEBOOK.md` defines every column and every
  code; `codebook.json` has the same for programs.
- Dates are intervals from `date_start` to `date_end`, inclusive; `date_precision` is their precision. Places have a
  precision and a radius.
- Lists are joined by `|`; nested values are JSON.
- A cell that a spreadsheet would run as a formula starts with an apostrophe; see the codebook.
- Incidents are sorted by their first day, then by id; other records by name. If Parquet is partitioned by year,
  `year=__HIVE_DEFAULT_PARTITION__` has the incidents without a known first day.

`as_of={version}` reads the same data on the server. If a record is redacted for safety, the files are rebuilt
without it, and the server lists the checksums of the replaced files.
"""

TEXTS = Texts(
    licences="Each dataset in this release has its own licence. If you show the data, you must show its attribution.\n",
    licence="  Licence: {licence} ({url})",
    attribution="  Attribution: {attribution}",
    citation="  Citation: {citation}",
    homepage="  Homepage: {homepage}",
    codebook="Definitions of all columns and codes in this release.",
    columns="| column | type | definition | empty cell |",
    unit=" Unit: {unit}.",
    codes=" Codes: `{vocabulary}`.",
    vocabularies="Each code is listed with its nearest equivalents in:",
    terms="definition",
    own_columns="| columns | type | what it says | an empty cell |",
    own_unit=" In {unit}.",
    no_value="No value.",
    url="\nURL: <{url}>\n",
    readme=README,
)
