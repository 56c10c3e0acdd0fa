"""Working records that were there before a load, written: the fields that the profile sets, and what editors added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from incidents.ledger import store
from incidents.loading.pipeline.bulk_rows import Shape, Table
from incidents.loading.pipeline.chunk import Edited
from incidents.loading.pipeline.reloading import merged_extra
from incidents.loading.pipeline.shared_lists import Listed, listed_by_files, with_kept
from incidents.loading.profiles.authority import DERIVED, Authority
from incidents.models import Claim, Incident, IncidentActor, IncidentReport

Rows = dict[int, list[dict[str, Any]]]
"""Parts of incidents, by the incidents' keys."""


class EditedRecords:
    """Writes incidents that were there; the caller holds the lock of the publication."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        fields = (*authority.fields, *DERIVED, "figures_as_coded", "edited")
        self._fields = tuple(dict.fromkeys(sorted(fields)))
        self._incidents = Table(Incident)
        self._actors, self._evidence = Table(IncidentActor), Table(IncidentReport)

    def write(self, edited: Sequence[Edited]) -> None:
        """Write the fields and lists that the profile sets; nothing else of a record changes."""
        if not edited:
            return
        if self._authority.sets("extra"):
            self._keep_extra(edited)
        self._incidents.update([each.fields for each in edited], self._fields)
        if self._authority.actors:
            told = {each.fields["id"]: each.actors for each in edited}
            self._write(self._actors, IncidentActor, "actor", told, edited, lambda listed: listed.actors)
        if self._authority.reports:
            told = {each.fields["id"]: each.reports for each in edited}
            self._write(self._evidence, IncidentReport, "report", told, edited, lambda listed: listed.reports)

    def _keep_extra(self, edited: Sequence[Edited]) -> None:
        rows = Incident.objects.filter(pk__in=[each.fields["id"] for each in edited])
        kept = dict(rows.values_list("pk", "extra"))
        for each in edited:
            each.fields["extra"] = merged_extra(each.fields["extra"], kept[each.fields["id"]], self._authority)

    def _write(
        self,
        table: Table,
        model: type[IncidentActor | IncidentReport],
        link: str,
        told: Rows,
        edited: Sequence[Edited],
        pick: Callable[[Listed], frozenset[str]],
    ) -> None:
        """Put what a file lists in place of what files listed before; what editors added stays where it stood."""
        before = self._parts(model, link, told)
        ids = {each.fields["id"]: each.id for each in edited}
        here = {key: {row[f"{link}_id"] for row in rows} for key, rows in told.items()}
        unsure = [ids[key] for key, rows in before.items() if any(row[f"{link}_id"] not in here[key] for row in rows)]
        listed = listed_by_files(unsure) if unsure else {}
        rested_on = self._rested_on(ids) if link == "report" and unsure else set()
        shape, written = Shape(model, keyless=True), []
        for key, rows in told.items():
            gone = pick(listed[ids[key]]) if ids[key] in listed else frozenset()

            def stays(row: Mapping[str, Any], key: int = key, gone: frozenset[str] = gone) -> bool:
                if row[f"{link}_id"] in here[key]:
                    return False
                return row["public_id"] not in gone or (key, row[f"{link}_id"]) in rested_on

            entries = with_kept(rows, before.get(key, []), stays)
            written += [shape.row({**row, "position": at}) for at, row in enumerate(entries)]
        table.delete_of(list(told), "incident_id")
        store.write(shape.sheet(written))

    def _parts(self, model: type[IncidentActor | IncidentReport], link: str, told: Rows) -> Rows:
        names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        rows = model._default_manager.filter(incident__in=list(told))
        ordered = rows.order_by("incident_id", "position", "id").values(*names, f"{link}__public_id")
        found = [{**row, "public_id": row[f"{link}__public_id"]} for row in ordered]
        return {key: list(some) for key, some in groupby(found, key=itemgetter("incident_id"))}

    def _rested_on(self, keys: Mapping[int, str]) -> set[tuple[int, int]]:
        """Return the reports that claims of incidents rest on."""
        claims = Claim.objects.filter(incident__in=list(keys))
        return set(claims.values_list("incident_id", "report_id"))
