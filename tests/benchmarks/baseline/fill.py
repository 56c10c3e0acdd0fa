"""Fills the baseline's tables from what the loader made of the same file."""

from __future__ import annotations

from django.db import connection

COPIES = {
    "baseline_dataset": "SELECT id, public_id AS slug, name, licence FROM {from_}incidents_dataset",
    "baseline_location": (
        "SELECT place.id, place.public_id AS slug, place.name, place.kind, entry.admin1, entry.admin2, "
        "entry.country, place.latitude, place.longitude FROM {from_}incidents_location place "
        "JOIN {from_}ledger_locationentry entry ON entry.record_id = place.public_id AND entry.retired IS NULL"
    ),
    "baseline_source": "SELECT id, public_id AS slug, name, kind FROM {from_}incidents_source",
    "baseline_actor": "SELECT id, public_id AS slug, name, kind FROM {from_}incidents_actor",
    "baseline_report": (
        "SELECT id, public_id AS slug, source_id, title, url, language, published_on AS published "
        "FROM {from_}incidents_report"
    ),
    "baseline_incident": (
        "SELECT incident.id, incident.public_id AS slug, incident.dataset_id, incident.summary, "
        "incident.event_type, incident.event_subtype, incident.date_start, incident.date_end, "
        "incident.date_precision, incident.location_id, incident.location_as_reported, "
        "incident.location_precision, entry.latitude, entry.longitude, incident.radius_km, incident.targets, "
        "incident.killed_low, incident.killed_best, incident.killed_high, incident.injured_low, "
        "incident.injured_best, incident.injured_high, incident.tags, incident.extra, "
        "incident.created AS published FROM {from_}incidents_incident incident "
        "JOIN {from_}ledger_incidententry entry ON entry.record_id = incident.public_id "
        "AND entry.retired IS NULL"
    ),
    "baseline_participation": (
        "SELECT id, incident_id, actor_id, role, certainty, position FROM {from_}incidents_incidentactor"
    ),
    "baseline_evidence": "SELECT id, incident_id, report_id, position FROM {from_}incidents_incidentreport",
}


def fill(other: str = "") -> None:
    """Copy all rows, from the same database or, on SQLite, from the file `other`."""
    with connection.cursor() as cursor:
        if other:
            cursor.execute("ATTACH DATABASE %s AS ours", [other])
        for table, select in COPIES.items():
            sql = select.format(from_="ours." if other else "")
            cursor.execute(f"SELECT * FROM ({sql}) AS rows_ LIMIT 0")
            names = ", ".join(column[0] for column in cursor.description)
            cursor.execute(f"INSERT INTO {table} ({names}) {sql}")
        if other:
            cursor.execute("DETACH DATABASE ours")
