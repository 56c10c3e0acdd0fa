"""The reports that rows list: those in the database, and those that are being made, with their keys and public ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from incidents.loading.bulk_rows import BulkTable, InTexts
from incidents.loading.pipeline.reports import differ_in_case
from incidents.loading.staging.parsed import StagedRow
from incidents.models import Report, Source


class NewReport(NamedTuple):
    """A report that is not in the database yet, and the facts that told of it first, in an earlier chunk or in this."""

    key: int
    public_id: str
    facts: bytes
    is_earlier: bool


class ReportRecords:
    """Finds reports by the ids of facts, and makes keys for new ones; `sources` are those of the file."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._speakers: dict[int, Source] = {source.pk: source for source in sources}
        self._table = BulkTable(Report)
        self._new: dict[str, NewReport] = {}
        self._chosen: dict[str, str] = {}
        """The public ids of reports with addresses that are being made, by the ids of their facts …"""
        self._taken: dict[str, str] = {}
        """… and the other way round."""

    def known(self, rows: Sequence[StagedRow], listed: Collection[str]) -> dict[str, Report]:
        """Return the reports that are in the database; notes of others with an address which public id they get.

        An address has the id that it has in any letter case, unless a report with another spelling has that.
        """
        addresses = {each: (ids, url) for row in rows for each, *ids, url in row.addresses}
        candidates = {each for ids, _ in addresses.values() for each in ids}
        found = {row.public_id: row for row in self._of({*listed, *candidates})}
        reports = {each: found[each] for each in listed if each in found and each not in addresses}
        for each, (ids, url) in addresses.items():
            for public_id in ids:
                row = found.get(public_id)
                if row is not None and not differ_in_case(row.url, url):
                    reports[each] = row
                elif row is not None or self._taken.get(public_id, each) != each:
                    continue
                else:
                    self._chosen[each], self._taken[public_id] = public_id, each
                break
        return reports

    def fresh(self, rows: Sequence[StagedRow], ids: Collection[str]) -> dict[str, NewReport]:
        """Return those of some reports that are in no database, with keys."""
        made = [each for each in ids if each not in self._new]
        earlier = {each: self._new[each]._replace(is_earlier=True) for each in ids if each in self._new}
        keys = dict(zip(made, self._table.ids(len(made)), strict=True))
        for row in rows:
            for each in row.reports:
                if each in keys and each not in self._new:
                    self._new[each] = NewReport(keys[each], self._chosen.get(each, each), row.facts, is_earlier=False)
        return earlier | {each: self._new[each] for each in made}

    def save(self, waiting: Mapping[str, list[Any]], made: Iterable[str]) -> None:
        """Write reports that an earlier chunk was to make, unless that has; `made` are written with their chunk."""
        self._table.insert([row for each, row in waiting.items() if self._is_new(each)])
        for each in made:
            self._is_new(each)

    def _is_new(self, report: str) -> bool:
        """Tell whether a report is still to be written, which it is not from now on."""
        self._taken.pop(self._chosen.pop(report, report), None)
        return self._new.pop(report, None) is not None

    def _of(self, ids: Iterable[str]) -> list[Report]:
        """Return the reports that are in the database, with who speaks in them."""
        rows = list(Report.objects.filter(InTexts("public_id", ids)))
        wanted = {speaker for row in rows for speaker in (row.source_id, row.relays_id) if speaker}
        unknown = wanted.difference(self._speakers)
        self._speakers |= Source.objects.in_bulk(unknown) if unknown else {}
        for row in rows:
            row.source = self._speakers[row.source_id]
            row.relays = self._speakers[row.relays_id] if row.relays_id else None
        return rows
