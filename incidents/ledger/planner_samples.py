"""What the planner of a database is told of rows that a publication has written, before it is committed."""

from __future__ import annotations

from django.db.models import Model

from incidents.ledger import store

FIRST_SAMPLE = 5000
"""Rows of one publication after which planner statistics are updated; again after eight times as many."""


class Samples:
    """Updates the statistics of a table while a publication grows."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        self._written, self._sample_at = 0, FIRST_SAMPLE

    def written(self, number: int) -> None:
        """Count rows, and update the statistics when they are many more than at the last time."""
        self._written += number
        if self._written >= self._sample_at:
            # A planner that takes the ledger for empty looks for a chunk of records by reading all of it.
            store.sample(self._model)
            self._sample_at *= 8
