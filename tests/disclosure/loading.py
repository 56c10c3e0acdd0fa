"""A file that names, in each row, a place, a source and an actor of which nobody has heard before."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.disclosure.world import LEVELS, PLACES, Candidate, Target
from tests.loading.parts_of_profiles import REPORTS

EVIDENCE = (
    """
[[incident.actors]]
name = "actor"
id = "{actor}"
kind = { constant = "partisans" }
role = { constant = "alleged_perpetrator" }
certainty = { constant = "claimed" }
"""
    + REPORTS
    + """id = "{title}"
name = "title"
kind = { constant = "news_outlet" }
"""
)
"""Columns of actors and reports, in every profile here."""


def profile_of(dataset: str, country: str, more: str) -> str:
    """A profile of rows without their evidence: the head, which is always the same, and more keys of the place."""
    return f"""
title = "Rows"
[file]
[dataset]
id = "{dataset.lower()}"
name = "{dataset}"
licence = "CC-BY-4.0"
[incident]
id = "{{id}}"
summary = "text"
event_type = {{ constant = "armed_attack" }}
[incident.date]
start = "day"
[incident.place]
name = "town"
kind = {{ constant = "settlement" }}
country = {{ constant = "{country}" }}
country_code = {{ constant = "UKR" }}
precision = {{ constant = "settlement" }}
{more}"""


PROFILE = profile_of(
    "Data",
    "Country",
    """admin1 = "region"
admin2 = "district"
[incident.killed]
low = "killed"
best = "killed"
high = "killed"
""",
)


def new_names(target: Target, candidate: Candidate) -> tuple[str, str, str]:
    """Names of the place, the source and the actor of an incident if a candidate is the right one."""
    said = f"{target.id} {candidate.key[-1]}"
    return f"Newtown {said}", f"Courier {said}", f"Greens {said}"


def load_rows(profile: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Load rows as a file, with a profile that lacks the columns of the evidence."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        described, file = Path(folder, "rows.toml"), Path(folder, "rows.csv")
        described.write_text(profile + EVIDENCE)
        file.write_text(text.getvalue())
        silent = {"stdout": io.StringIO(), "stderr": io.StringIO()}
        call_command("load_incidents", file, profile=str(described), **silent)


def load_new_names(held: Sequence[Target], bits: Mapping[str, int], prefix: str) -> None:
    """Load a correction of each incident; with a prefix they are other incidents, of which nothing is held back."""
    rows = []
    for target in held:
        right = target.candidates[bits[target.id]]
        place, source, actor = new_names(target, right)
        district = PLACES[right.place][1]
        rows.append(
            {
                "id": f"{prefix}{target.id}",
                "text": f"Shots in {right.name}.",
                "day": right.day.isoformat(),
                # What is held back by its day alone shows its place: it stays where it is.
                "town": place if LEVELS.index(target.level) < LEVELS.index("month") else right.name,
                "region": f"Region {1 + (district == 'district-3')}",
                "district": f"District {district[-1]}",
                "killed": 7,
                "actor": actor,
                "headline": source,
                "address": f"https://{right.key}.example.org/{target.id}",
            }
        )
    load_rows(PROFILE, rows)
