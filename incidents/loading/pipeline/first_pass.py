"""The first pass: the whole file is read and checked before anything is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from incidents.batches import batched
from incidents.loading.errors import BadRow, LoadError, RowFault
from incidents.loading.files import TableFile
from incidents.loading.load_report import LoadReport, Progress, rate
from incidents.loading.pipeline.calculator import Calculator, ParsedRows
from incidents.loading.pipeline.gathering import Gatherer, Part
from incidents.loading.pipeline.refused_names import RefusedNames
from incidents.loading.pipeline.worker import Workers
from incidents.loading.profiles.authority import Authority
from incidents.loading.profiles.profile import Profile
from incidents.loading.slugs import fitted
from incidents.loading.staging.parsed import StagedRow
from incidents.loading.staging.staging_file import StagingFile

ONCE = "rows that say what another row says, in every column; left out"
NUMBERED = "rows that say what another row says, in every column; each is an incident of its own"
UNREPORTED = "rows without any report of their incident"
MIDNIGHT = "note: {:,} dates have the time 00:00, read as days without a time of day"
MERGED = "note: merged cells, of which only the first has the value; unmerge them and fill all in: {}"
ROWS_AT_ONCE = 500


class FirstPass:
    """Reads a file into a staging file; then it knows how many rows are bad, and what the good ones share."""

    def __init__(
        self,
        profile: Profile,
        staging: StagingFile,
        workers: Workers,
        report: LoadReport,
        begins: date | None = None,
    ) -> None:
        self._profile, self._workers, self._report = profile, workers, report
        self.staging, self._begins = staging, begins
        self._names = RefusedNames()
        self.digest = ""
        self.rows = self.bad = 0
        self.nameless = 0
        """Bad rows of which not even the id can be told."""

    def read(self, path: Path, sheet: str = "") -> None:
        """Read a file to its end and report every row that is wrong; raises LoadError for what is no such file.

        `sheet` is that of a workbook, if it is not the profile's own.
        """
        began, keys = time.monotonic(), self._profile.keys.file
        with TableFile(
            path,
            encoding=keys.encoding,
            delimiter=keys.delimiter or None,
            sheet=sheet or keys.sheet,
            header_line=keys.header_line,
        ) as file:
            file.expect_workbook(sheet)
            for note in file.notes:
                self._report.say(f"note: {note}")
            calculator = Calculator(self._profile, file.header, self._begins)
            self._parser = calculator.parser
            self._workers.prepare(calculator, self._profile.made_from, file.header, self._begins)
            if unread := self._parser.columns.unread():
                self._report.say(f"note: columns that the profile does not know, not loaded: {', '.join(unread)}")
            if lacking := self._parser.columns.left_empty:
                self._report.say(f"note: columns that the file lacks, left as they are: {', '.join(lacking)}")
            self._take_all(file)
            self.digest = file.digest
        self.shared = calculator.shared
        if (elsewhere := self._workers.ask("shared_records")) is not None:
            self.shared.add_all(elsewhere)
        self._names.forget(self.shared, self.staging.chunks())
        if self.shared.times and self.shared.midnights:
            self._report.say(MIDNIGHT.format(self.shared.midnights))
        self._report_passed_over(file)
        if not self.rows:
            raise LoadError(f"{path} has a header and no rows.")
        self._report.say(f"read {rate(self.rows, time.monotonic() - began)}")

    @property
    def columns_read(self) -> list[str]:
        """The columns of the file that the profile reads."""
        columns = self._parser.columns
        return [columns.header[index] for index in columns.read if index < len(columns.header)]

    @property
    def authority(self) -> Authority:
        """What the profile sets by this file: not the names in `extra` whose columns the file lacks."""
        authority = self._profile.authority
        return authority._replace(extra=authority.extra.difference(self._parser.columns.left_empty))

    def report_unreported(self) -> None:
        """Report the incidents for which the file has no report."""
        if self._profile.keys.incident.reports is None:
            self._report.say(
                "warning: the profile has no [incident.reports]: the file brings no report of any incident"
            )
        self._report.write_remark(UNREPORTED)

    def _keep(self, row: StagedRow) -> None:
        if not row.reports and self._profile.keys.incident.reports is not None:
            self._report.note(UNREPORTED, row.line)
        self.staging.add(row)

    def _report_passed_over(self, file: TableFile) -> None:
        """Report what is in the file and in no row."""
        if file.tags:
            self._report.say(f"note: line {file.tags} is a row of HXL tags, no data")
        if file.merged:
            self._report.say(MERGED.format(", ".join(file.merged)))

    def _take_all(self, file: TableFile) -> None:
        with self._report.progress("reading", file.size, "B") as progress:
            for parsed in self._workers.each("parse", self._pieces(file, progress)):
                self._take(parsed)
        if self._parser.repeated == "gather":
            self._gather()

    def _pieces(self, file: TableFile, progress: Progress) -> Iterator[list[tuple[int, list[str]]]]:
        for piece in batched(file.rows(), ROWS_AT_ONCE):
            self.rows += len(piece)
            progress.reach(file.position)
            yield piece

    def _take(self, parsed: ParsedRows) -> None:
        for remark, line in parsed.remarks:
            self._report.note(remark, line)
        if self._parser.repeated == "gather":
            self._take_parts(parsed)
            return
        good = [row for row in parsed.rows if not isinstance(row, BadRow)]
        # Most rows are good and have ids that no row had yet: those are noted at once.
        if len(good) == len(parsed.rows) and self.staging.add_ids([(row.id, row.line, hashed) for row, hashed in good]):
            for row, _ in good:
                self._count_point(row)
                self._keep(row)
            return
        for each in parsed.rows:
            try:
                if isinstance(each, BadRow):
                    raise each
                self._add(*each)
            except BadRow as bad:
                self._refuse(bad)

    def _take_parts(self, parsed: ParsedRows) -> None:
        """Keep rows until all of their incidents are there; one that is bad spoils its incident."""
        parts: list[tuple[str, int, StagedRow | None]] = []
        for each in parsed.rows:
            if isinstance(each, BadRow):
                self._refuse(each)
                if each.public_id:
                    parts.append((each.public_id, each.problems[0].line, None))
            else:
                row, _ = each
                parts.append((row.id, row.line, row))
        self.staging.add_parts(parts)

    def _gather(self) -> None:
        """Make one row of those that belong together."""
        parts = (Part(line, public_id, row) for public_id, line, row in self.staging.parts())
        for rows, gathered in Gatherer(self._profile.keys.incident, self._names).each(parts):
            if isinstance(gathered, BadRow):
                self._refuse(gathered, rows)
                continue
            self.staging.add_id(gathered.id, gathered.line)
            self._count_point(gathered)
            self._keep(gathered)
        self.staging.forget_parts()
        self._report.say(f"gathered {self.rows - self.bad:,} rows into {self.staging.count:,} incidents")

    def _refuse(self, bad: BadRow, rows: int = 1) -> None:
        self.bad += rows
        if bad.public_id:
            self.staging.add_id(bad.public_id, bad.problems[0].line)  # the file does hold it: it must not be withdrawn
        else:
            self.nameless += 1
        for problem in bad.problems:
            self._report.problem(problem)

    def _count_point(self, row: StagedRow) -> None:
        if row.place and row.point:
            self.staging.points.widen(row.place, row.point)
            if self._parser.point_is_of_place:
                self.staging.points.add(row.place, row.point)

    def _add(self, row: StagedRow, content_hash: str) -> None:
        """Keep a row, under an id of its own if it repeats an earlier one that the profile does not drop.

        Raises BadRow for another row that merely has the same id.
        """
        self._count_point(row)
        if (earlier := self.staging.add_id(row.id, row.line, content_hash)) is None:
            self._keep(row)
            return
        line, earlier_hash = earlier
        if not content_hash or content_hash != earlier_hash:
            raise self._taken(row, f"line {line} has it too")
        if self._parser.repeated == "once":
            self._report.note(ONCE, row.line)
            return
        public_id = fitted(f"{row.id}-{self.staging.repeat_id(row.id)}")
        if self.staging.add_id(public_id, row.line) is not None:
            raise self._taken(row, f"{public_id} is one")
        self._report.note(NUMBERED, row.line)
        self._keep(row._replace(id=public_id))

    def _taken(self, row: StagedRow, which: str) -> BadRow:
        self._names.add(row)
        expected = f"an id that no other row has; {which}"
        return BadRow([RowFault(row.line, self._parser.id_column, row.id, expected)], row.id)
