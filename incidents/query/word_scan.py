"""The plan for a search on SQLite, in the order of days: its word index returns the rows of a page itself."""

from __future__ import annotations

from abc import ABC, abstractmethod

from incidents.ledger.index import ENTRY_BITS
from incidents.ledger.models import LONG_DAYS, Entry
from incidents.ledger.store import words_table
from incidents.query.entries import EntryQuery, Order, Position, Statement
from incidents.text_folding import LONG


class WordScan(ABC):
    """The part of a page's statement that goes by words; the page says what its rows and their order are."""

    model: type[Entry]
    entry: str
    order: Order
    direction: str
    after: Position | None
    limit: int

    @abstractmethod
    def columns(self) -> str:
        """SQL of the columns of a row."""

    @abstractmethod
    def in_order(self) -> str:
        """SQL of the order and of the limit."""

    @abstractmethod
    def first_of(self, parts: list[Statement]) -> Statement:
        """Take the first rows of statements that share no row."""

    def by_words_in_window(self, query: EntryQuery) -> Statement:
        """Rows of a page of a search, within its window of days if it has one."""
        if query.after is None:
            return self._by_words(query)
        long = query.long().with_any_token(LONG)
        return self.first_of([self._by_words(query.short(), query.after - LONG_DAYS), self._by_words(long)])

    def _by_words(self, query: EntryQuery, first_day: int | None = None) -> Statement:
        """Scan SQLite's word index, whose row ids start with the day, and stop when the page is full.

        Ties within a day go by id, so the page is cut at the day where it becomes full, and that day is sorted.
        """
        where, params = query.sql(), query.params
        words = words_table(self.model)
        begin, begin_params = self._words_between(query, words, first_day)
        joined = f"{words} CROSS JOIN {self.entry} ON {self.entry}.key = {words}.rowid"
        found = f"FROM {joined} WHERE {begin} AND {where} ORDER BY {words}.rowid {self.direction} LIMIT {self.limit}"
        end = "min" if self.order.descending else "max"
        last_day = f"(SELECT {end}(day) FROM (SELECT {words}.rowid >> {ENTRY_BITS} AS day {found}))"
        bound = ">= ({})" if self.order.descending else "< (({}) + 1)"
        cut = f"{words}.rowid {bound.format(last_day)} << {ENTRY_BITS}"
        sql = f"SELECT {self.columns()} FROM {joined} WHERE {begin} AND {cut} AND {where} {self.in_order()}"
        return sql, [*begin_params, *begin_params, *params, *params]

    def _words_between(self, query: EntryQuery, words: str, first_day: int | None) -> Statement:
        """Words to match and the range of row ids: cursor and window limit them by day."""
        last_day = query.before
        if self.after:
            day = int(self.after[0])
            if self.order.descending:
                last_day = day if last_day is None else min(day, last_day)
            else:
                first_day = day if first_day is None else max(day, first_day)
        sql, params = f"{words} MATCH %s", [query.terms().fts5()]
        bounds: list[int] = []
        if last_day is not None:
            sql, bounds = f"{sql} AND {words}.rowid < %s", [(last_day + 1) << ENTRY_BITS]
        if first_day is not None:
            sql, bounds = f"{sql} AND {words}.rowid >= %s", [*bounds, first_day << ENTRY_BITS]
        return sql, [*params, *bounds]
