"""Working records that were there before a load, written: the fields that the profile sets, and what editors added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from incidents.ledger import store
from incidents.loading.bulk_rows import BulkTable, RowShape
from incidents.loading.pipeline.chunk import EditedIncident
from incidents.loading.pipeline.existing import entries_of_files, with_kept
from incidents.loading.pipeline.reloading import merged_attributes, merged_extra
from incidents.loading.profiles.authority import BESIDE_DATES, DERIVED, Authority
from incidents.models import Claim, Incident, IncidentActor, IncidentReport

Merge = Callable[[Any, Any, Authority], dict[str, Any]]

Rows = dict[int, list[dict[str, Any]]]
"""Parts of incidents, by the incidents' keys."""


def write_edited(edited: Sequence[EditedIncident], authority: Authority) -> None:
    """Write the fields and lists that the profile sets of incidents that were there; nothing else of them changes.

    The caller holds the lock of the publication.
    """
    if not edited:
        return
    if authority.sets("extra"):
        _keep("extra", merged_extra, edited, authority)
    if authority.attributes:
        _keep("attributes", merged_attributes, edited, authority)
    fields = sorted({*authority.fields, *DERIVED, *BESIDE_DATES, "figures_as_coded", "edited"})
    BulkTable(Incident).update([each.fields for each in edited], fields)
    if authority.actors:
        _write_list(IncidentActor, "actor", "actors", edited)
    if authority.reports:
        _write_list(IncidentReport, "report", "reports", edited)


def _keep(name: str, merged: Merge, edited: Sequence[EditedIncident], authority: Authority) -> None:
    """Keep the names in an object that the profile does not set."""
    kept = dict(Incident.objects.filter(pk__in=[each.fields["id"] for each in edited]).values_list("pk", name))
    for each in edited:
        each.fields[name] = merged(each.fields[name], kept[each.fields["id"]], authority)


def _write_list(
    model: type[IncidentActor | IncidentReport], link: str, name: str, edited: Sequence[EditedIncident]
) -> None:
    """Put what a file lists in place of what files listed before; what editors added stays where it stood."""
    column, of_list = f"{link}_id", attrgetter(name)
    of_file: Rows = {each.fields["id"]: of_list(each) for each in edited}
    before = _rows_before(model, link, of_file)
    ids = {each.fields["id"]: each.id for each in edited}
    listed = {key: {row[column] for row in rows} for key, rows in of_file.items()}
    unsure = [ids[key] for key, rows in before.items() if any(row[column] not in listed[key] for row in rows)]
    of_files = entries_of_files(unsure) if unsure else {}
    rested_on = _rested_on(ids) if link == "report" and unsure else set()
    shape, written = RowShape(model, keyless=True), []

    def stays(key: int) -> Callable[[Mapping[str, Any]], bool]:
        gone = of_list(of_files[ids[key]]) if ids[key] in of_files else frozenset()
        return lambda row: (
            row[column] not in listed[key] and (row["public_id"] not in gone or (key, row[column]) in rested_on)
        )

    for key, rows in of_file.items():
        entries = with_kept(rows, before.get(key, []), stays(key))
        written += [shape.row({**row, "position": at}) for at, row in enumerate(entries)]
    model._default_manager.filter(incident__in=list(of_file)).delete()
    store.write(shape.sheet(written))


def _rows_before(model: type[IncidentActor | IncidentReport], link: str, keys: Rows) -> Rows:
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    rows = model._default_manager.filter(incident__in=list(keys)).order_by("incident_id", "position", "id")
    found = [{**row, "public_id": row[f"{link}__public_id"]} for row in rows.values(*names, f"{link}__public_id")]
    return {key: list(some) for key, some in groupby(found, key=itemgetter("incident_id"))}


def _rested_on(keys: Mapping[int, str]) -> set[tuple[int, int]]:
    """Return the reports that claims of incidents rest on."""
    claims = Claim.objects.filter(incident__in=list(keys))
    return set(claims.values_list("incident_id", "report_id"))
