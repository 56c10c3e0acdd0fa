"""What there is of an incident before a load: its working record and what is public of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from incidents.ledger.embed import Document
from incidents.ledger.models import Revision
from incidents.loading.facts import IncidentFacts
from incidents.models import Dataset, Incident

GONE = "rows whose incident was merged or redacted; left out"
REJECTED = "rows whose incident the editors rejected; left out"


class Before(NamedTuple):
    """The state before a load; all empty for an incident that is new.

    `why_left_out` says why the row must not be loaded; `elsewhere` names the dataset that has the incident.
    """

    working: Incident | None = None
    digest: str = ""
    document: Document | None = None
    why_left_out: str = ""
    elsewhere: str = ""


NEW = Before()


class Past:
    """Looks up the state of the incidents of one dataset, a chunk at a time."""

    def __init__(self, dataset: Dataset, using: str) -> None:
        self._dataset, self._using = dataset, using

    def of(self, facts: Sequence[IncidentFacts]) -> dict[str, Before]:
        """Return the state of each incident of a chunk before it is written."""
        ids = [each.id for each in facts]
        revisions = Revision.objects.using(self._using).filter(kind="incident", record_id__in=ids)
        live = revisions.filter(retired__isnull=True).values_list("record_id", "digest", "document")
        public = {record_id: (digest, document) for record_id, digest, document in live}
        gone: set[str] = set()
        if len(public) < len(ids):
            buried = revisions.filter(change__in=("merged", "redacted"))
            gone.update(buried.values_list("record_id", flat=True))
        rows = Incident.objects.using(self._using).filter(public_id__in=ids)
        working = {row.public_id: row for row in rows}
        if not (public or gone or working):
            return dict.fromkeys(ids, NEW)
        return {each: self._before(working.get(each), public.get(each), each in gone) for each in ids}

    def _before(self, working: Incident | None, public: tuple[str, str] | None, gone: bool) -> Before:
        rejected = working is not None and working.editorial_status == "rejected"
        digest, text = public or ("", "")
        document: Document | None = orjson.loads(text) if text else None
        return Before(
            working=working,
            digest=digest,
            document=document,
            why_left_out=GONE if gone else REJECTED if rejected else "",
            elsewhere=self._elsewhere(working, document),
        )

    def _elsewhere(self, working: Incident | None, document: Document | None) -> str:
        if working is not None and working.dataset_id != self._dataset.pk:
            return str(working.dataset.public_id)
        if document is not None and document["dataset"] != self._dataset.public_id:
            return str(document["dataset"])
        return ""
