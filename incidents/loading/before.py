"""What there is of an incident before a load: its working record and what is public of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from incidents.ledger.embed import Document
from incidents.ledger.models import Revision
from incidents.loading.rows import Among
from incidents.models import Dataset, Incident

GONE = "rows whose incident was merged or redacted; left out"
REJECTED = "rows whose incident the editors rejected; left out"

NOT_SHOWN = ("note", "created", "edited")
"""Fields that neither a file nor a public document has."""


class Before(NamedTuple):
    """The state before a load; all empty for an incident that is new.

    `working` holds the fields of the working record that no row tells, and its summary; `number`, `digest` and
    `document` are those of the live revision. `why_left_out` says why the
    row must not be loaded; `elsewhere` names the dataset that has the incident.
    """

    working: Mapping[str, Any] | None = None
    number: int = 0
    digest: str = ""
    document: Document | None = None
    why_left_out: str = ""
    elsewhere: str = ""


NEW = Before()


class Past:
    """Looks up the state of the incidents of one dataset, a chunk at a time."""

    def __init__(self, dataset: Dataset, using: str) -> None:
        self._dataset, self._using = dataset, using

    def of(self, ids: list[str], told: Iterable[str]) -> dict[str, Before]:
        """Return the state of each incident of a chunk before it is written; `told` are the fields that rows tell."""
        revisions = Revision.objects.using(self._using).filter(Among("record_id", ids), kind="incident")
        live = revisions.filter(retired__isnull=True).values_list("record_id", "number", "digest", "document")
        public = {record_id: (number, digest, document) for record_id, number, digest, document in live}
        gone: set[str] = set()
        if len(public) < len(ids):
            buried = revisions.filter(change__in=("merged", "redacted"))
            gone.update(buried.values_list("record_id", flat=True))
        working = self._working(ids, told)
        if not (public or gone or working):
            return dict.fromkeys(ids, NEW)
        return {each: self._before(working.get(each), public.get(each), each in gone) for each in ids}

    def _working(self, ids: list[str], told: Iterable[str]) -> dict[str, dict[str, Any]]:
        # Most of a row is told by the file: reading all of it back would take longer than all else in a reload.
        names = {field.attname for field in Incident._meta.concrete_fields}.difference(told, NOT_SHOWN) | {"summary"}
        rows = Incident.objects.using(self._using).filter(Among("public_id", ids)).values(*sorted(names))
        return {row["public_id"]: row for row in rows}

    def _before(self, working: dict[str, Any] | None, public: tuple[int, str, str] | None, gone: bool) -> Before:
        rejected = working is not None and working["editorial_status"] == "rejected"
        number, digest, text = public or (0, "", "")
        document: Document | None = orjson.loads(text) if text else None
        return Before(
            working=working,
            number=number,
            digest=digest,
            document=document,
            why_left_out=GONE if gone else REJECTED if rejected else "",
            elsewhere=self._elsewhere(working, document),
        )

    def _elsewhere(self, working: dict[str, Any] | None, document: Document | None) -> str:
        if working is not None and working["dataset_id"] != self._dataset.pk:
            return str(Dataset.objects.using(self._using).get(pk=working["dataset_id"]))
        if document is not None and document["dataset"] != self._dataset.public_id:
            return str(document["dataset"])
        return ""
