"""Conditions on the word index: one small interface over FTS5 and tsvector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Expression, Model

from incidents.ledger.store import words_table


class Terms:
    """What an entry's tokens must hold: every group, where a group is any one of its tokens; `word*` is a prefix."""

    def __init__(self, groups: Sequence[Sequence[str]] = ()) -> None:
        self.groups: list[list[str]] = [list(group) for group in groups]

    def require(self, *tokens: str) -> None:
        """Require at least one of these tokens."""
        self.groups.append(list(tokens))

    def __bool__(self) -> bool:
        return bool(self.groups)

    def condition(self, model: type[Model], vendor: str) -> tuple[str, tuple[str]]:
        """Condition on entries: row ids of SQLite's word index, or PostgreSQL's tsvector."""
        table = model._meta.db_table
        if vendor == "sqlite":
            words = words_table(model)
            return f"{table}.key IN (SELECT rowid FROM {words} WHERE {words} MATCH %s)", (self.fts5(),)
        return f"{table}.words @@ %s::tsquery", (self.tsquery(),)

    def literal(self, model: type[Model], vendor: str) -> str:
        """The condition without parameters, for an expression to sort by; of tokens that are letters and digits."""
        condition, (text,) = self.condition(model, vendor)
        if not text.isascii() or "%" in text:
            raise ValueError(f"{text!r} cannot be part of a statement.")
        return condition.replace("%s", "'" + text.replace("'", "''") + "'")

    def fts5(self) -> str:
        """FTS5 query; tokens are quoted, so that they contain no operators."""
        return " AND ".join(f"({' OR '.join(_fts5_token(token) for token in group)})" for group in self.groups)

    def tsquery(self) -> str:
        """PostgreSQL tsquery; lexemes are quoted, so that they contain no operators."""
        return " & ".join(f"({' | '.join(_lexeme(token) for token in group)})" for group in self.groups)


def _fts5_token(token: str) -> str:
    return f'"{token[:-1]}"*' if token.endswith("*") else f'"{token}"'


def _lexeme(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"


class Matches(Expression):
    """The condition of `Terms.condition` for Django's querysets."""

    output_field = BooleanField()

    def __init__(self, model: type[Model], terms: Terms) -> None:
        super().__init__(output_field=BooleanField())
        self.model = model
        self.terms = terms

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """Compile for the vendor of the connection."""
        return self.terms.condition(self.model, connection.vendor)
