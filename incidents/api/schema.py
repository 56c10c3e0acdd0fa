"""What OpenAPI says of the ledger's viewsets; all of it follows from their kind and their parameters."""

from __future__ import annotations

from typing import Any, Protocol

from incidents.api.shapes import CountShape, HistoryShape, page_of
from incidents.documents import DOCUMENTS
from incidents_api.rest.filtering import StrictFilterSet, operation_parameter
from incidents_api.rest.schema import HouseSchema

PLURALS = {
    "incident": "incidents",
    "location": "locations",
    "source": "sources",
    "actor": "actors",
    "dataset": "datasets",
}
REDIRECT = {
    "description": "The record was merged into another one, to which `Location` leads.",
    "headers": {"Location": {"description": "The record that it went into.", "schema": {"type": "string"}}},
}


class LedgerView(Protocol):
    """What this schema reads of a viewset."""

    kind: str
    action: str

    def get_filterset_class(self) -> type[StrictFilterSet]:
        """Return the parameters of the current action."""


class LedgerSchema(HouseSchema):
    """Describes an operation by the action and the kind of its viewset."""

    view: LedgerView  # type: ignore[assignment]  # the only views that name this schema

    def get_operation_id(self) -> str:
        """Return for example incidents_list."""
        return f"{PLURALS[self.view.kind]}_{self.view.action}"

    def get_summary(self) -> str:
        """Return the operation in a few words."""
        one, many = self.view.kind, PLURALS[self.view.kind]
        return {
            "list": f"List {many}",
            "retrieve": f"One {one}",
            "count": f"Count {many}",
            "revisions": f"History of one {one}",
        }[self.view.action]

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """Return what the action's docstring says."""
        return str(getattr(self.view, self.view.action).__doc__)

    def get_response_serializers(self) -> Any:
        """Return the shape of the answer."""
        shape = DOCUMENTS[self.view.kind]
        return {
            "list": page_of(shape, self.view.kind),
            "retrieve": shape,
            "count": CountShape,
            "revisions": HistoryShape,
        }[self.view.action]

    def get_override_parameters(self) -> list[Any]:
        """Return nothing; parameters come from the FilterSet below."""
        return []

    def _get_parameters(self) -> list[dict[str, Any]]:
        declared = self.view.get_filterset_class().base_filters
        in_path = [parameter for parameter in super()._get_parameters() if parameter["in"] == "path"]
        return in_path + [operation_parameter(name, each) for name, each in declared.items()]

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": f"The id of the {self.view.kind}.",
                "schema": {"type": "string"},
                "example": EXAMPLES[self.view.kind],
            }
            for name in variables
        ]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation, with the redirect that single records may answer."""
        operation = super().get_operation(*args, **kwargs)
        if operation and self.view.action == "retrieve":
            operation["responses"]["308"] = REDIRECT
        return operation


EXAMPLES = {
    "incident": "luhansk-2022-0002",
    "location": "bilovodsk",
    "source": "luhansk-oblast-head-telegram",
    "actor": "luhansk-partisans",
    "dataset": "luhansk-2022",
}
