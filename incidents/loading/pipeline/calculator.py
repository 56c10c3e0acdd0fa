"""What a load calculates without a database: facts of rows, and drafts of incidents; each process has a calculator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from incidents.loading.errors import BadRow
from incidents.loading.pipeline.chunk import Chunk, Drafted
from incidents.loading.pipeline.drafting import Drafter
from incidents.loading.pipeline.row_parser import RowParser
from incidents.loading.profiles.profile import Profile
from incidents.loading.staging.parsed import SharedRecords, StagedRow, staged


class ParsedRows(NamedTuple):
    """What became of rows, in their order, without those that the profile leaves out; `remarks` are on lines.

    A good row comes with its content hash.
    """

    rows: list[tuple[StagedRow, str] | BadRow]
    remarks: list[tuple[str, int]]


class Calculator:
    """Parses rows and drafts incidents; raises LoadError if the header lacks columns that the profile needs."""

    def __init__(self, profile: Profile, header: Sequence[str], begins: date | None = None) -> None:
        self._remarks: list[tuple[str, int]] = []
        self.shared = SharedRecords()
        self.parser = RowParser(profile, header, self.shared, lambda *remark: self._remarks.append(remark), begins)
        self._drafter = Drafter()

    def parse(self, rows: Sequence[tuple[int, list[str]]]) -> ParsedRows:
        """Return the facts of rows, each given by its line and cells, or what is wrong with them."""
        self._remarks = []
        parsed = ParsedRows([], self._remarks)
        for line, cells in rows:
            try:
                if (facts := self.parser.parse(line, cells)) is not None:
                    parsed.rows.append((staged(facts), self.parser.content_hash(cells)))
            except BadRow as bad:
                parsed.rows.append(bad)
        return parsed

    def shared_records(self) -> SharedRecords:
        """Return what all rows parsed here say of places, sources and actors."""
        return self.shared

    def draft(self, chunk: Chunk) -> Drafted:
        """Return the incidents of a chunk as they are to be written."""
        return self._drafter.draft(chunk)
