"""A file of a few invented rows and the profile that reads it: a test states only what it is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.loading.files import load, public

PROFILE = """
title = "Small"
[file]
{file}
[dataset]
id = "small"
name = "Small"
licence = "CC-BY-4.0"
attribution = "Nobody"
{dataset}
[incident]
id = "small-{{n}}"
summary = {summary}
event_type = {{ constant = "explosion" }}
{incident}
[incident.date]
{date}
{rest}
"""

REPORTS = """
[[incident.reports.lists]]
columns = {{ link = "url", outlet = "outlet" }}
{lists}
[incident.reports.report]
identity = "{{outlet}}|{{link}}"
url = "link"
[incident.reports.source]
id = '{{outlet|"not-told"}}'
name = [{{ when = {{ outlet = "." }}, column = "outlet" }}, {{ constant = "Not told" }}]
kind = {{ constant = "unknown" }}
"""


def profile(
    folder: Path,
    *,
    file: str = "",
    dataset: str = "",
    summary: str = '{ constant = "Something happened." }',
    incident: str = "",
    date: str = 'start = "day"',
    rest: str = "",
) -> str:
    """Write a profile; returns its path."""
    path = folder / "small.toml"
    path.write_text(
        PROFILE.format(file=file, dataset=dataset, summary=summary, incident=incident, date=date, rest=rest),
        encoding="utf-8",
    )
    return str(path)


def rows(folder: Path, text: str, name: str = "rows.csv") -> Path:
    """Write a file of rows."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str, **parts: str) -> dict[str, dict[str, Any]]:
    """Load rows by a profile with these parts; returns the public incidents by the number in their ids."""
    load(rows(folder, text), profile=profile(folder, **parts))
    return {public_id.removeprefix("small-"): document for public_id, document in public().items()}


def said(folder: Path, text: str, **parts: str) -> str:
    """Load rows by a profile with these parts; returns what the command says."""
    lines, errors = load(rows(folder, text), profile=profile(folder, **parts))
    return "\n".join([*lines, errors])
