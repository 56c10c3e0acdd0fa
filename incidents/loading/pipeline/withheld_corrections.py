"""What a file corrects of that which is withheld of incidents: told, since no public document changes by it.

Whether the file or an editor brought the difference cannot be known, since no public document has the earlier value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model

from incidents.loading.pipeline.chunk import UnchangedRow
from incidents.loading.pipeline.reloading import merged_attributes, merged_extra
from incidents.loading.profiles.authority import Authority
from incidents.models import Incident, IncidentActor, IncidentReport

NOT_WRITTEN = (
    "rows that differ from an incident only in what is withheld of it; the incident is left as it is: "
    "correct it in the admin if the file is right"
)


def lines_not_written(rows: Sequence[UnchangedRow], authority: Authority) -> Iterator[int]:
    """Yield the lines of rows whose working record has other values of what the profile sets."""
    if not rows:
        return
    keys = [row.incident.fields["id"] for row in rows]
    stored = {each["id"]: each for each in Incident.objects.filter(pk__in=keys).values()}
    actors = _links(IncidentActor, keys, "actor_id", "role") if authority.actors else {}
    reports = _links(IncidentReport, keys, "report_id") if authority.reports else {}
    for line, (_, fields, of_actors, of_reports) in rows:
        key = fields["id"]
        if (
            _differs(fields, stored[key], authority)
            or not actors.get(key, set()).issuperset(_rows(of_actors, "actor_id", "role") if authority.actors else ())
            or not reports.get(key, set()).issuperset(_rows(of_reports, "report_id") if authority.reports else ())
        ):
            yield line


def _differs(of_file: Mapping[str, Any], stored: Mapping[str, Any], authority: Authority) -> bool:
    named = authority.fields - {"extra", "attributes"}
    return (
        any(str(of_file[name]) != str(stored[name]) for name in named)
        or (authority.sets("extra") and merged_extra(of_file["extra"], stored["extra"], authority) != stored["extra"])
        or merged_attributes(of_file["attributes"], stored["attributes"], authority) != stored["attributes"]
    )


def _links(model: type[Model], keys: Iterable[int], *columns: str) -> dict[int, set[tuple[Any, ...]]]:
    """Return what incidents list, by their keys."""
    found: dict[int, set[tuple[Any, ...]]] = {}
    for key, *values in model._default_manager.filter(incident__in=list(keys)).values_list("incident_id", *columns):
        found.setdefault(key, set()).add(tuple(values))
    return found


def _rows(rows: Iterable[Mapping[str, Any]], *columns: str) -> set[tuple[Any, ...]]:
    return {tuple(row[column] for column in columns) for row in rows}
