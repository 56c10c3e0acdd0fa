"""Who took part, and how many were killed or hurt."""

from __future__ import annotations

import itertools
from typing import Any

from incidents.loading.pipeline.row import RowCells, RowReader
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


def actor_reader(keys: ActorKeys, columns: HeaderColumns) -> RowReader[tuple[ActorFacts, ActorRole] | None]:
    """Return what reads one actor of a row and its role, None where the row names nobody."""
    own_id, called = keys.id.bind_folded(columns, slug, required=True), keys.name.bind(columns)
    fields, role = keys.bind(columns, "kind", "country_code", "ucdp_id"), keys.bind(columns, "role", "certainty")

    def read(row: RowCells) -> tuple[ActorFacts, ActorRole] | None:
        name = row.get(called)
        if not name:
            return None
        public_id = fitted(row.get(own_id) or "")
        return ActorFacts(public_id, name, **row.get_all(fields)), ActorRole(public_id, **row.get_all(role))

    return read
