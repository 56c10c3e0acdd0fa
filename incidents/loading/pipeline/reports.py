"""Lists of reports in a cell: told apart, checked against the number given, never dropped silently."""

from __future__ import annotations

import re
from collections.abc import Sequence

import regex

from incidents.loading.files.header import Columns
from incidents.loading.pipeline.parsed import ReportFacts, SourceFacts
from incidents.loading.pipeline.row import Row, remembering
from incidents.loading.pipeline.slugs import fingerprint, fitted, slug
from incidents.loading.profiles.expressions import REMEMBERED, Cells, cut
from incidents.loading.profiles.parts import ListForm, ReportsForm
from incidents.loading.profiles.patterns import Pattern
from incidents.models import Report

Pieces = tuple[str, ...]
Told = tuple[ReportFacts, SourceFacts]

UNEVEN = "rows that list another number of reports than they say; those were taken, the text is in extra"
UNREAD = "rows whose list of reports cannot be told apart; it is kept as text in extra"
TWICE = "rows that list one report more than once; it was taken once"
TITLE_LENGTH = Report._meta.get_field("title").max_length or 500


class Listing:
    """One way in which a row lists its reports; `read` returns None where the row is not of that way."""

    def __init__(self, form: ListForm, pieces: Sequence[str], columns: Columns, key: str) -> None:
        self._form = form
        self._order = [list(form.columns).index(piece) if piece in form.columns else None for piece in pieces]
        self._pieces = pieces
        self._texts = [columns.text(column, key) for column in form.columns.values()]
        mark = re.escape(form.quote)
        self._separator = re.compile(rf"{mark}\s*{re.escape(form.separator)}\s*{mark}")

    def raw(self, cells: Cells) -> str:
        """Return the text that lists the reports, of several columns the first."""
        return self._texts[0](cells)

    def read(self, cells: Cells) -> list[Pieces] | None:
        """Return the pieces of each report of a row, in the order of the pieces asked for."""
        if self._form.pattern is not None:
            return self._matched(self.raw(cells), self._form.pattern)
        return self._in_step([text(cells) for text in self._texts])

    def _matched(self, text: str, pattern: Pattern) -> list[Pieces] | None:
        """Cut at separators; a part that is no report by itself belongs to the title before it."""
        quote, found = self._form.quote, list[list[str]]()
        quoted = bool(quote) and len(text) > 1 and text.startswith(quote) and text.endswith(quote)
        parts = self._separator.split(text[1:-1]) if quoted else self._cut(text)
        matches = [pattern.fullmatch(part.strip()) for part in parts]
        if all(matches):
            return [self._pieces_of(match) for match in matches if match]
        between = f"{quote}{self._form.separator}{quote}" if quoted else self._form.separator
        for part, match in zip(parts, matches, strict=True):
            if match:
                found.append([part])
            elif found:
                found[-1].append(part)
            else:
                return None
        joined = [pattern.fullmatch(between.join(some).strip()) for some in found]
        return [self._pieces_of(match) for match in joined if match]

    def _cut(self, text: str) -> list[str]:
        return cut(text, self._form.separator) if self._form.separator else [text]

    def _pieces_of(self, match: regex.Match[str]) -> Pieces:
        said = match.groupdict("")
        return tuple([said.get(piece, "").strip() for piece in self._pieces])

    def _in_step(self, texts: list[str]) -> list[Pieces] | None:
        lists = [[part.strip() for part in self._cut(text)] if text else [] for text in texts]
        if self._form.repeat:
            longest = max(map(len, lists))
            lists = [some * longest if len(some) == 1 else some for some in lists]
        shortest = min(map(len, lists))
        if shortest == 1:  # a title may hold a separator
            lists = [[text] for text in texts]
        elif shortest != max(map(len, lists)):
            return None
        return [tuple("" if index is None else row[index] for index in self._order) for row in zip(*lists, strict=True)]


class Sources:
    """Reads who speaks in a report."""

    def __init__(self, form: ReportsForm, columns: Columns) -> None:
        self._id = form.source_id.bind_with(columns, slug, whole=True)
        self._fields = [(name, value.bind(columns)) for name, value in form.source_fields.items()]

    def read(self, row: Row) -> SourceFacts:
        """Return the source."""
        return SourceFacts(fitted(row.get(self._id) or ""), **row.get_all(self._fields))


class Articles:
    """Reads the reports of a row and their sources."""

    def __init__(self, form: ReportsForm, columns: Columns) -> None:
        names = [set(each.pattern.groupindex) if each.pattern else set(each.columns) for each in form.lists]
        self._pieces = sorted(set().union(*names))
        longer = columns.with_pieces(self._pieces)
        self._lists = [Listing(each, self._pieces, columns, "incident.reports.lists") for each in form.lists]
        self._listed_in = {piece: column for each in form.lists for piece, column in _columns_of(each).items()}
        self._kept_as = next(iter(form.kept_as), "")
        self._count = form.count.bind(columns)
        self._identity = form.identity.bind_with(longer, lambda text: " ".join(text.casefold().split()))
        self._fields = [(name, value.bind(longer)) for name, value in form.fields.items()]
        self._source = remembering(longer, lambda names: Sources(form, names).read)
        # A report that is told by its pieces alone is made once, however many rows list it.
        self._remembers = not longer.reads_rows
        self._known: dict[Pieces, Told] = {}

    def read(self, row: Row) -> tuple[list[Told], dict[str, str]]:
        """Return the reports of a row, each once, with sources; and the text that could not be told apart."""
        items, kept = self._items(row)
        told: dict[str, Told] = {}
        for pieces in items:
            each = self._known.get(pieces) or self._made(row, pieces)
            told[each[0].id] = each
        if len(told) < len(items):
            row.remarks.append(TWICE)
        return list(told.values()), kept

    def _items(self, row: Row) -> tuple[list[Pieces], dict[str, str]]:
        cells, count, best = row.cells, row.get(self._count), None
        for listing in self._lists:
            if not listing.raw(cells):
                continue
            items = listing.read(cells)
            if items is not None and count in (None, len(items)):
                return items, {}
            best = best or items
        text = next((text for listing in self._lists if (text := listing.raw(cells))), "")
        if text or count:
            row.remarks.append(UNEVEN if best or not text else UNREAD)
        return best or [], {self._kept_as: text} if text else {}

    def _made(self, row: Row, pieces: Pieces) -> Told:
        longer = Row(row.line, [*row.cells, *pieces])
        source = self._source(longer)
        fields = longer.get_all(self._fields)
        fields["title"] = longer.fitting(fields["title"], TITLE_LENGTH, "title of a report")
        identity = longer.get(self._identity) or ""
        for problem in longer.problems:
            row.fault(self._listed_in.get(problem.column, problem.column), problem.value, problem.expected)
        row.remarks += longer.remarks
        told = ReportFacts(f"report-{fingerprint(identity)}", source.id, **fields), source
        if self._remembers and not longer.problems and not longer.remarks:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[pieces] = told
        return told


def _columns_of(form: ListForm) -> dict[str, str]:
    """Return the column that each piece of a list is in."""
    if form.pattern is None:
        return dict(form.columns)
    return dict.fromkeys(form.pattern.groupindex, form.columns[""])
