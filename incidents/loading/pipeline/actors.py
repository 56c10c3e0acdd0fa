"""Who took part, and how many were killed or hurt."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from incidents.loading.files.header import Columns
from incidents.loading.pipeline.parsed import ActorFacts, Part
from incidents.loading.pipeline.row import Row
from incidents.loading.pipeline.slugs import fitted, slug
from incidents.loading.profiles.expressions import Constant, first_column
from incidents.loading.profiles.parts import ActorForm, Figures

AS_CODED = "rows whose low, best and high are not in order; kept as they are coded"


class CasualtyFigures:
    """Reads low, best and high of the casualties: None where nothing is said, 0 where there were none."""

    def __init__(self, forms: Mapping[str, Figures], columns: Columns) -> None:
        self._figures = [
            (
                form.keep,
                [
                    (f"{what}_{which}", first_column(value) or f"{what}.{which}", value.bind(columns))
                    for which, value in (("low", form.low), ("best", form.best), ("high", form.high))
                    if value != Constant(None)
                ],
            )
            for what, form in forms.items()
        ]

    def read(self, row: Row) -> dict[str, Any]:
        """Return the fields of the figures that the profile names."""
        fields: dict[str, Any] = {"figures_as_coded": False}
        for keep, values in self._figures:
            numbers = [row.get(read) for _, _, read in values]
            fields |= {field: number for (field, _, _), number in zip(values, numbers, strict=True)}
            told = [(column, number) for (_, column, _), number in zip(values, numbers, strict=True)]
            if not self._in_order(row, [each for each in told if each[1] is not None], keep):
                fields["figures_as_coded"] = True
                row.remarks.append(AS_CODED)
        return fields

    @staticmethod
    def _in_order(row: Row, told: list[tuple[str, int]], keep: bool) -> bool:
        for (lower, small), (higher, large) in itertools.pairwise(told):
            if small > large:
                if keep:
                    return False
                row.fault(higher, str(large), f"at least as many as {lower}, {small}")
        return True


Took = tuple[ActorFacts, Part]


class Party:
    """Reads one actor of a row and its part."""

    def __init__(self, form: ActorForm, columns: Columns) -> None:
        self._id = form.id.bind_with(columns, slug, whole=True)
        self._name = form.name.bind(columns)
        self._about = [form.kind.bind(columns), form.country_code.bind(columns), form.ucdp_id.bind(columns)]
        self._role, self._certainty = form.role.bind(columns), form.certainty.bind(columns)

    def read(self, row: Row) -> Took | None:
        """Return the actor and its part, None where the row names nobody."""
        name = row.get(self._name)
        if not name:
            return None
        public_id = fitted(row.get(self._id) or "")
        kind, country_code, ucdp_id = [row.get(read) for read in self._about]
        part = Part(public_id, row.get(self._role), row.get(self._certainty))
        return ActorFacts(public_id, name, kind, country_code, ucdp_id), part
