"""Lists of reports in a cell: told apart, checked against the number given, never dropped silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial

import regex

from incidents.loading.dates.readings import DateReading
from incidents.loading.files.flattening import split_list
from incidents.loading.pipeline.row import RowCells, RowReader, cached
from incidents.loading.profiles.cell_values import CACHE_SIZE, Cells, ColumnValue
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.keys import ReportListKeys, ReportsKeys, SourceKeys
from incidents.loading.profiles.patterns import Pattern
from incidents.loading.slugs import fingerprint, fitted, slug
from incidents.loading.staging.parsed import ReportFacts, SourceFacts
from incidents.models import Report
from incidents.text_checks import is_web_address

Pieces = tuple[str, ...]
_Items = tuple[list[Pieces], dict[str, str]]
ParsedReport = tuple[ReportFacts, SourceFacts]

UNEVEN = "rows that list another number of reports than they say; those were taken, the text is in extra"
UNREAD = "rows whose list of reports cannot be told apart; it is kept as text in extra"
JOINED = "rows where one column lists several reports and another one only; taken as one report, texts as they are"
PARTLY = "rows with a column that lists another number of reports than the others; it is kept as text in extra"
TWICE = "rows that list one report more than once; it was taken once"
_HOST = re.compile("https?://[^/?#]+", re.IGNORECASE)
TITLE_LENGTH = Report._meta.get_field("title").max_length or 500


class ReportListReader:
    """One way in which a row lists its reports; `read` returns None where the row is not of that way."""

    def __init__(
        self, keys: ReportListKeys, pieces: Sequence[str], columns: HeaderColumns, titles: Sequence[str] = ()
    ) -> None:
        self._keys, self._pieces, self._titles = keys, pieces, titles
        self._order = [list(keys.columns).index(piece) if piece in keys.columns else None for piece in pieces]
        self._texts = {column: columns.text(column, "incident.reports.lists") for column in keys.columns.values()}
        self._missing = columns.missing
        mark = re.escape(keys.quote)
        self._separator = re.compile(rf"{mark}\s*{re.escape(keys.separator)}\s*{mark}")

    def raw(self, cells: Cells) -> dict[str, str]:
        """Return the texts that list the reports, by column; none where all columns are empty."""
        texts = {column: text(cells) for column, text in self._texts.items()}
        return {column: text for column, text in texts.items() if text not in self._missing}

    def read(self, cells: Cells) -> list[Pieces] | None:
        """Return the pieces of each report of a row, in the order of the pieces asked for."""
        raw = self.raw(cells)
        if self._keys.pattern is not None:
            return self._matched(next(iter(raw.values())), self._keys.pattern)
        return self._in_step([raw.get(column, "") for column in self._texts])

    def is_joined(self, cells: Cells) -> bool:
        """Tell whether the columns of a row are taken whole though one lists several; a title may hold separators."""
        if self._keys.pattern is not None:
            return False
        raw = self.raw(cells)
        counts = {piece: len(self._split(raw[column])) for piece, column in self._keys.columns.items() if column in raw}
        if self._keys.repeat or 1 not in counts.values():
            return False
        return any(count > 1 and piece not in self._titles for piece, count in counts.items())

    def _matched(self, text: str, pattern: Pattern) -> list[Pieces] | None:
        """Cut at separators; a part that is no report by itself belongs to the title before it."""
        quote, found = self._keys.quote, list[list[str]]()
        quoted = bool(quote) and len(text) > 1 and text.startswith(quote) and text.endswith(quote)
        parts = self._separator.split(text[1:-1]) if quoted else self._split(text)
        matches = [pattern.fullmatch(part.strip()) for part in parts]
        if all(matches):
            return [self._pieces_of(match) for match in matches if match]
        between = f"{quote}{self._keys.separator}{quote}" if quoted else self._keys.separator
        for part, match in zip(parts, matches, strict=True):
            if match:
                found.append([part])
            elif found:
                found[-1].append(part)
            else:
                return None
        joined = [pattern.fullmatch(between.join(some).strip()) for some in found]
        return [self._pieces_of(match) for match in joined if match]

    def _split(self, text: str) -> list[str]:
        return split_list(text, self._keys.separator) if self._keys.separator else [text]

    def _pieces_of(self, match: regex.Match[str]) -> Pieces:
        groups = match.groupdict("")
        return tuple([groups.get(piece, "").strip() for piece in self._pieces])

    def _in_step(self, texts: list[str]) -> list[Pieces] | None:
        said = {piece for piece, text in zip(self._keys.columns, texts, strict=True) if text}
        if len(texts) > 1 and said <= set(self._titles):  # nothing else tells how many there are
            return [tuple("" if index is None else texts[index] for index in self._order)]
        lists = [[part.strip() for part in self._split(text)] if text else [] for text in texts]
        longest, shortest = max(map(len, lists)), min(len(some) for some in lists if some)
        if self._keys.repeat:
            lists = [some * longest if len(some) == 1 else some for some in lists]
            shortest = min(len(some) for some in lists if some)
        if shortest == 1 < longest:  # a title may hold a separator
            lists = [[text] for text in texts]
        elif shortest != longest:
            return None
        lists = [some or [""] * longest for some in lists]  # an empty column says nothing of any of them
        return [tuple("" if index is None else row[index] for index in self._order) for row in zip(*lists, strict=True)]


def source_reader(keys: SourceKeys, columns: HeaderColumns) -> RowReader[SourceFacts]:
    """Return what reads who speaks in a report."""
    own_id = keys.id.bind_folded(columns, slug, required=True)
    fields = keys.bind(columns, "name", "kind", "url", "language")
    return lambda row: SourceFacts(fitted(row.get(own_id) or ""), **row.get_all(fields))


class ReportReader:
    """Reads the reports of a row and their sources."""

    def __init__(self, keys: ReportsKeys, columns: HeaderColumns) -> None:
        self._column_of = {piece: column for each in keys.lists for piece, column in _columns_of(each).items()}
        self._pieces = sorted(self._column_of)
        longer = columns.with_pieces(self._pieces)
        titles = keys.report.title.columns if isinstance(keys.report.title, ColumnValue) else ()
        self._lists = [ReportListReader(each, self._pieces, columns, titles) for each in keys.lists]
        self._in_step = any(len(each.columns) > 1 for each in keys.lists)
        self._count, self._takes_every = keys.count.bind(columns), keys.take == "every"
        self._identity = keys.report.identity.bind_folded(longer, _spelled)
        self._folded = keys.report.identity.bind_folded(longer, _folded)
        self._fields = keys.report.bind(longer, "title", "url", "language", "published_on")
        self._source = cached(longer, partial(source_reader, keys.source))
        # A report that is told by its pieces alone is made once, however many rows list it.
        self._caches = not longer.reads_rows
        self._cache: dict[Pieces, ParsedReport] = {}

    def read(self, row: RowCells, public_id: str) -> tuple[list[ParsedReport], dict[str, str]]:
        """Return the reports of a row, each once, with sources; and the texts that could not be told apart, by column.

        `public_id` is the incident's.
        """
        items, kept = self._items(row)
        reports: dict[str, ParsedReport] = {}
        for pieces in items:
            each = self._cache.get(pieces) or self._made(row, pieces, public_id)
            reports[each[0].id] = each
        if len(reports) < len(items):
            row.remarks.append(TWICE)
        return list(reports.values()), kept

    def _items(self, row: RowCells) -> tuple[list[Pieces], dict[str, str]]:
        cells, count, best = row.cells, row.get(self._count), None
        listings = [listing for listing in self._lists if listing.raw(cells)]
        if self._takes_every:
            return self._every(row, listings, count)
        if count is None:
            return self._uncounted(row, listings)
        for listing in listings:
            items = listing.read(cells)
            if items is not None and count == len(items):
                return items, {}
            best = best or items
        kept = listings[0].raw(cells) if listings else {}
        if kept or count:
            row.remarks.append(UNEVEN if best or not kept else UNREAD)
        return best or [], kept

    def _every(self, row: RowCells, listings: Sequence[ReportListReader], count: int | None) -> _Items:
        """Take the reports of all lists; those that cannot be told apart are kept as text."""
        found: list[Pieces] = []
        kept: dict[str, str] = {}
        for listing in listings:
            items = listing.read(row.cells)
            found += items or []
            kept |= listing.raw(row.cells) if items is None else {}
        row.remarks += [UNREAD] * bool(kept)
        if count is not None and count != len(found) and not kept:
            row.remarks.append(UNEVEN)
            kept = {column: text for listing in listings for column, text in listing.raw(row.cells).items()}
        return found, kept

    def _uncounted(self, row: RowCells, listings: Sequence[ReportListReader]) -> tuple[list[Pieces], dict[str, str]]:
        """Take the first way of which all columns list as many; else the row is one report, or all is kept as text."""
        joined: list[Pieces] | None = None
        said: dict[str, str] = {}  # by what could not be taken
        for listing in listings:
            items, texts = listing.read(row.cells), listing.raw(row.cells)
            lost = {column: text for column, text in said.items() if column not in texts}
            if items is None or listing.is_joined(row.cells):
                joined = joined or items
                said |= texts
            elif not lost or joined is None:
                row.remarks += [PARTLY] * bool(lost)
                return items, lost
        if joined is not None:
            row.remarks.append(JOINED)
            return joined, {}
        row.remarks += [UNREAD] * bool(said)
        return [], listings[0].raw(row.cells) if listings else {}

    def _made(self, row: RowCells, pieces: Pieces, public_id: str) -> ParsedReport:
        longer = RowCells(row.line, [*row.cells, *pieces])
        source = self._source(longer)
        fields = longer.get_all(self._fields)
        fields["title"] = longer.fitting(fields["title"], TITLE_LENGTH, "title of a report")
        published: DateReading | None = fields.pop("published_on")
        fields |= _published(published)
        identity, folded = (longer.get(read) or "" for read in (self._identity, self._folded))
        # Where a row has the outlet and nothing of the document, nothing tells that another row means the same one.
        is_own = self._in_step and not all(pieces) and not (fields["title"] or fields["url"] or published)
        if is_own:
            identity = folded = f"{public_id} {identity}"
        for problem in longer.problems:
            row.fault(self._column_of.get(problem.column, problem.column), problem.value, problem.expected)
        row.remarks += longer.remarks
        ids = _public_ids(identity, folded) if fields["url"] or identity != folded else ("", "")
        made = ReportFacts(_report_id(identity), source.id, **fields, folded=ids[0], spelled=ids[1]), source
        if self._caches and not is_own and not longer.problems and not longer.remarks:
            if len(self._cache) >= CACHE_SIZE:
                self._cache.clear()
            self._cache[pieces] = made
        return made


def _report_id(identity: str) -> str:
    return f"report-{fingerprint(identity)}"


def _public_ids(identity: str, folded: str) -> tuple[str, str]:
    """Return the public ids that a report with an address can have; see `ReportFacts`."""
    return _report_id(folded), _report_id(identity if identity != folded else f"{identity}\n")


def differ_in_case(url: str, other: str) -> bool:
    """Tell whether two addresses differ in letter case alone, where it matters."""
    return url.casefold() == other.casefold() and _spelled(url) != _spelled(other)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _spelled(text: str) -> str:
    """Return a part of the identity of a report: letter case and white space do not matter, but in addresses.

    Of an address, scheme and host are the same in any letter case, the rest is not.
    """
    if (found := _HOST.match(text)) and is_web_address(text):
        return found[0].casefold() + text[found.end() :]
    return _folded(text)


def _published(reading: DateReading | None) -> dict[str, date | None]:
    """Return the day of publication, or where only a month or a year is told, the day before which it was not."""
    is_day = reading is not None and reading.start == reading.end
    start = reading.start if reading else None
    return {"published_on": start if is_day else None, "published_not_before": None if is_day else start}


def _columns_of(keys: ReportListKeys) -> dict[str, str]:
    """Return the column that each piece of a list is in."""
    if keys.pattern is None:
        return dict(keys.columns)
    return dict.fromkeys(keys.pattern.groupindex, keys.columns[""])
