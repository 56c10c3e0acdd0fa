"""Who took part, and how many were killed or hurt."""

from __future__ import annotations

import itertools
from typing import Any

from incidents.loading.pipeline.row import RowCells
from incidents.loading.profiles.cell_values import ConstantValue, first_column
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.keys import ActorKeys, IncidentKeys
from incidents.loading.slugs import fitted, slug
from incidents.loading.staging.parsed import ActorFacts, ActorRole

AS_CODED = "rows whose low, best and high are not in order; kept as they are coded"
BOUNDS = ("low", "best", "high")


class CasualtyReader:
    """Reads low, best and high of the casualties: None where nothing is said, 0 where there were none."""

    def __init__(self, keys: IncidentKeys, columns: HeaderColumns) -> None:
        self._figures = [
            (
                each.out_of_order == "keep",
                [
                    (f"{name}_{bound}", first_column(value) or f"{name}.{bound}", value.bind(columns))
                    for bound in BOUNDS
                    if (value := getattr(each, bound)) != ConstantValue(None)
                ],
            )
            for name, each in (("killed", keys.killed), ("injured", keys.injured))
        ]

    def read(self, row: RowCells) -> dict[str, Any]:
        """Return the fields of the figures that the profile names."""
        fields: dict[str, Any] = {"figures_as_coded": False}
        for keep, values in self._figures:
            known = []
            for field, column, read in values:
                fields[field] = row.get(read)
                if fields[field] is not None:
                    known.append((column, fields[field]))
            for (lower, small), (higher, large) in itertools.pairwise(known):
                if small > large and not keep:
                    row.fault(higher, str(large), f"at least as many as {lower}, {small}")
            if keep and any(small > large for (_, small), (_, large) in itertools.pairwise(known)):
                fields["figures_as_coded"] = True
                row.remarks.append(AS_CODED)
        return fields


class ActorReader:
    """Reads one actor of a row and its role."""

    def __init__(self, keys: ActorKeys, columns: HeaderColumns) -> None:
        self._id = keys.id.bind_folded(columns, slug, required=True)
        self._name = keys.name.bind(columns)
        self._fields = keys.bind(columns, "kind", "country_code", "ucdp_id")
        self._role = keys.bind(columns, "role", "certainty")

    def read(self, row: RowCells) -> tuple[ActorFacts, ActorRole] | None:
        """Return the actor and its role, None where the row names nobody."""
        name = row.get(self._name)
        if not name:
            return None
        public_id = fitted(row.get(self._id) or "")
        actor = ActorFacts(public_id, name, **row.get_all(self._fields))
        return actor, ActorRole(public_id, **row.get_all(self._role))
