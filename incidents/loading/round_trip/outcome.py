"""What became of the rows of an export: counts, the batches that stay, and words for whoever runs the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from incidents.ledger.denormalisation import Document
from incidents.ledger.models import Head
from incidents.loading.preview import LoadDifference
from incidents.loading.round_trip.edits import Edit, Live, text_of
from incidents.models import Batch, Dataset

if TYPE_CHECKING:
    from incidents.loading.load import LoadOptions


@dataclass
class Counts:
    """What became of the rows of a file."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    datasets: dict[str, dict[str, int]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"added {self.added}, changed {self.changed}, withdrawn 0, unchanged {self.unchanged}"


def author(options: LoadOptions) -> str:
    """Return the name of who loads the file, "" where nobody is named."""
    return options.loaded_by.get_username() if options.loaded_by else ""


def described(edit: Edit) -> str:
    """Return an edit as a line."""
    if edit.is_new:
        return f"line {edit.line}: {edit.id} is new"
    return f"line {edit.line}: {edit.id}: " + "; ".join(f"{name} = {text_of(it)}" for name, it in edit.values.items())


def cell(edit: Edit, field_name: str) -> tuple[str, str]:
    """Return the column that a field of a working record comes from, and its text."""
    return ("id", edit.id) if field_name == "public_id" else (field_name, text_of(edit.values.get(field_name)))


def differ(difference: LoadDifference, before: Mapping[str, Document], after: Mapping[str, Live]) -> None:
    """Take up what edits make of documents."""
    for public_id, live in after.items():
        if live.document is not None:
            difference.take(before.get(public_id), live.document)


def leave_batches(path: Path, profile: str, digest: str, counts: Counts, options: LoadOptions) -> None:
    """Leave a batch in each dataset that the file changed, or one of none; what was the same is of the whole file."""
    head = Head.objects.get(id=1)
    of_all = {"added": counts.added, "changed": counts.changed}
    datasets = Dataset.objects.in_bulk(counts.datasets, field_name="public_id")
    for public_id, changes in counts.datasets.items() or [("", of_all)]:
        Batch.objects.create(
            dataset=datasets.get(public_id),
            file_name=path.name,
            file_hash=digest,
            profile=profile,
            counts={**changes, "withdrawn": 0, "unchanged": counts.unchanged, "skipped": counts.bad},
            publication=head.seq + 1 if counts.added + counts.changed else None,
            loaded_by=options.loaded_by,
        )
