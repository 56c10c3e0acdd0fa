"""How OpenAPI describes the change feed: titles, descriptions, examples and errors."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from incidents.api.change_shapes import ChangesChecksum, ChangesPage
from incidents.api.ledger_examples import SITE
from incidents.api.ledger_schema import LedgerSchema
from incidents.api.record_examples import RECORDS
from incidents_api.rest.schema import Answer, problem_example

FEED = """

Publications are listed in order, and changes within a publication in the order of writing. New publications are only
appended: if you follow `next`, you miss nothing and get nothing twice, however long that takes. A publication may be
larger than a page; it is complete when a later one starts or `next` is null. If `next` is null, there are no more
changes for now: poll again with `since=<as_of>`.

Earlier changes of a redacted record are sent without their documents. If you have copied them, the change `redacted`
reports it, and you must delete every document of that record.

A reduction makes a record coarser in its whole history. It is sent as the change `redacted` and, in the same
publication, a new revision of the record, which goes on. Handle it like a redaction. `reductions` lists the changes
that belong to one: the server shows the content of the new revision in place of that of the earlier ones.

**With filters.** Any parameter of `incidents/` makes this the changes of that query, for a copy of its incidents.
`effect` says what to do: store the document of what `entered` or `changed`, delete what `left` or `ended`, and ignore
an id that you do not have. Documents are as `incidents/` returns them. To begin, read `incidents/` with these
parameters, then poll here with `since` set to its `as_of`; or begin with `since=0`. After each publication the copy is
equal to the query as of it. A page may have few results or none and still a `next`. Redactions and reductions are sent
whether or not the incident matched before, because the earlier content is removed. 410 with the code `query_changed`
says that the parameters have got another meaning: read `incidents/` again."""

SUMMARIES = {"list": "The change feed", "checksum": "Checksum of changes"}

EXAMPLES: dict[str, dict[str, Any]] = {
    "list": {
        "as_of": 1,
        "redacted": 0,
        "since": 0,
        "next": None,
        "publications": [
            {
                "seq": 1,
                "published": "2026-11-23T09:00:00Z",
                "message": "First edition",
                "counts": {"actor": {"added": 1, "changed": 0, "unchanged": 0}},
                "totals": {"dataset": 0, "location": 0, "source": 0, "actor": 1, "incident": 0},
            }
        ],
        "results": [
            {
                "seq": 1,
                "published": "2026-11-23T09:00:00Z",
                "kind": "actor",
                "id": RECORDS["actor"]["id"],
                "revision": 1,
                "change": "added",
                "changed_fields": [],
                "reason": None,
                "target": None,
                "redacted": False,
                "document": RECORDS["actor"],
            }
        ],
        "reductions": [],
    },
    "checksum": {
        "as_of": 1,
        "redacted": 0,
        "since": 0,
        "next": f"{SITE}changes/checksum/?cursor=WyJub3QgYSBjdXJzb3IiXQ&limit=1&since=0",
        "count": 1,
        "seq": 1,
        "checksum": "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
    },
}

QUERY_CHANGED = Answer(
    "QueryChanged",
    "A dataset or a place has changed what the parameters mean since `since`. Fetch `incidents/` again.",
    example=problem_example(
        410,
        "query_changed",
        "The parameters mean another query now",
        "Since publication 7, a dataset or a place has changed what these parameters mean. Fetch incidents/ with them "
        "again, then ask for changes since the `as_of` of that answer.",
    )
    | {"instance": "/api/v1/changes/"},
)


class ChangesSchema(LedgerSchema):
    """Describes the feed."""

    def get_operation_id(self) -> str:
        """Operation id: changes_list or changes_checksum."""
        return f"changes_{self.view.action}"

    def get_summary(self) -> str:
        """Short title of the operation, as navigation shows it."""
        return SUMMARIES[self.view.action]

    def get_description(self) -> str:  # type: ignore[override]  # spectacular's differs from DRF's
        """The docstring of the action; for the feed also how to follow it."""
        said = str(getattr(self.view, self.view.action).__doc__)
        return said + (FEED if self.view.action == "list" else "")

    def get_success(self) -> str:
        """Description of the 200 response."""
        return {"list": "A page of the change feed.", "checksum": "The checksum."}[self.view.action]

    @property
    def takes(self) -> frozenset[str]:
        """`fields` chooses among the members of documents, whose schema names none of them."""
        return frozenset({"fields"})

    def get_problems(self) -> dict[str, Answer]:
        """Error responses; a feed with filters may have to be begun again."""
        return super().get_problems() | ({"410": QUERY_CHANGED} if self.view.action == "list" else {})

    @property
    def may_lack(self) -> frozenset[str]:  # type: ignore[override]  # a plain value above, told by the action here
        """A feed with filters has 410 without an id."""
        return frozenset({"410"} if self.view.action == "list" else ())

    def get_response_serializers(self) -> Any:
        """Serializer class of the 200 response."""
        return {"list": ChangesPage, "checksum": ChangesChecksum}[self.view.action]

    def get_examples(self) -> list[OpenApiExample]:
        """Example of the 200 response."""
        return [OpenApiExample("example", value=EXAMPLES[self.view.action])]
