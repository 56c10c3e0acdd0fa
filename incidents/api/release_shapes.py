"""How releases and what differs between two of them look."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from incidents.documents import Shape, missing, public_id, record_kind, text
from incidents.exports import citation
from incidents.ledger.content import stamp
from incidents.query.differences import Difference, Span
from incidents.query.release_lookup import State
from incidents.releasing.cited_release import of_release
from incidents_api.enumerations import Enumeration, NamedChoiceField

NUMBERS = {
    "added": "Records that are only in the later snapshot.",
    "changed": "Records that are in both snapshots and differ.",
    "withdrawn": "Records that are only in the earlier snapshot: withdrawn in between.",
    "merged": "Records that are only in the earlier snapshot: merged into another record in between.",
    "redacted": "Records that were in one of the snapshots and were removed from the whole history, in between or "
    "since.",
}

DIFFERENCE = Enumeration("ReleaseChange", NUMBERS, "How a record differs between two snapshots.")

KINDS = {
    "dataset": "Datasets.",
    "location": "Locations.",
    "source": "Sources.",
    "actor": "Actors.",
    "incident": "Incidents.",
}


def number(help_text: str, **kwargs: Any) -> Any:
    """Serializer field for a count, 0 or more."""
    return serializers.IntegerField(help_text=help_text, min_value=0, **kwargs)


class ReleaseFile(Shape):
    """One file of a release."""

    path = text("Path within the directory of the release.")
    size = number("Bytes.")
    sha256 = text("SHA-256 of the file, in hexadecimal.")
    media_type = text("Media type.")
    url = serializers.URLField(help_text="URL of the download, which supports byte ranges.")


class ReplacedFile(Shape):
    """A file that was replaced because of a redaction; only its path and checksum are kept."""

    path = text("Path within the directory of the release.")
    size = number("Bytes; null: withheld, see sha256.", allow_null=True)
    sha256 = missing(
        "SHA-256 of the replaced file; null: withheld since a reduction, because it would prove a guess of what the "
        "file said."
    )


class Replacement(Shape):
    """Files that were replaced because of a redaction."""

    redaction = number("The publication that redacted a record in these files.")
    why = text("Always: replaced because of a redaction.")
    files = ReplacedFile(many=True, help_text="The replaced files.")


class RecordCounts(Shape):
    """Number of records of each kind in a release."""

    dataset = number(KINDS["dataset"])
    location = number(KINDS["location"])
    source = number(KINDS["source"])
    actor = number(KINDS["actor"])
    incident = number(KINDS["incident"])


class ReleaseShape(Shape):
    """A named publication, with its files."""

    name = text("Unique, permanent name; use it in `as_of`.")
    title = text("Title of the release.")
    notes = missing("Notes by the editors.")
    dataset = public_id("The dataset of the release; null: all data.", allow_null=True)
    as_of = number("Number of the publication that the release names. as_of=<this number> reads the same data.")
    published = serializers.DateTimeField(help_text="Time of that publication.")
    made = serializers.DateTimeField(help_text="Time at which the release was created.")
    licences = serializers.ListField(
        child=serializers.CharField(), help_text="Licences of the datasets in the release."
    )
    records = RecordCounts(help_text="Number of records of each kind.")
    citation = text("Citation. The files include the same for reference managers.")
    url = serializers.URLField(help_text="URL of the release in this API.")
    incidents_url = serializers.URLField(help_text="URL of its incidents in this API.")
    notice = missing("Why there are no files, if they were removed because of a redaction.")
    files = ReleaseFile(
        many=True, help_text="Files of the release, with the zip of all files last; empty if there is a notice."
    )
    replaced = Replacement(many=True, help_text="Files that were replaced because of redactions, oldest first.")


class ReleasePage(Shape):
    """A page of releases, newest first."""

    count = number("Number of matching releases.")
    next = serializers.URLField(allow_null=True, help_text="URL of the next page.")
    results = ReleaseShape(many=True)


class ComparedState(Shape):
    """One of the two compared snapshots."""

    name = missing("Name of the release, if one was given.")
    as_of = number("The publication.")
    published = serializers.DateTimeField(help_text="Time of the publication.")


class DifferenceCounts(Shape):
    """Number of records of a kind that differ, by type of change."""

    kind = record_kind()
    added = number(NUMBERS["added"])
    changed = number(NUMBERS["changed"])
    withdrawn = number(NUMBERS["withdrawn"])
    merged = number(NUMBERS["merged"])
    redacted = number(NUMBERS["redacted"])


class DifferenceShape(Shape):
    """How one record differs between the two snapshots."""

    id = public_id("The record.")
    kind = record_kind()
    change = NamedChoiceField(DIFFERENCE)
    as_of = number("The publication with the change; the last one if there were several.")
    # DRF takes fields off the class, so this hides nothing of the serializer's own.
    fields = serializers.ListField(  # type: ignore[assignment]  # DRF takes fields off the class
        child=serializers.CharField(), help_text="Top-level fields that differ; empty unless changed."
    )
    reason = missing("Reason for a withdrawal, a merge or a redaction.")
    target = public_id("The record that a merged record was merged into.", allow_null=True)
    earlier_url = serializers.URLField(allow_null=True, help_text="URL of the record in the earlier snapshot.")
    later_url = serializers.URLField(allow_null=True, help_text="URL of the record in the later snapshot.")


class ComparisonPage(Shape):
    """Differences between two snapshots, in the order of publication."""

    count = number("Number of differences; null if counting would take too long: use count=exact.", allow_null=True)
    counts = DifferenceCounts(
        many=True, allow_null=True, help_text="Number of differences by kind; null if count is null."
    )
    earlier = ComparedState()
    later = ComparedState()
    next = serializers.URLField(allow_null=True, help_text="URL of the next page.")
    results = DifferenceShape(many=True)


def release(request: Request, found: State) -> dict[str, Any]:
    """Convert a release to a dict in the shape of `ReleaseShape`."""
    kept = found.release
    address = request.build_absolute_uri(reverse("release-detail", args=[kept.name]))
    return {
        "name": kept.name,
        "title": kept.title,
        "notes": kept.notes or None,
        "dataset": kept.dataset or None,
        "as_of": kept.seq,
        "published": found.published,
        "made": stamp(kept.made_at),
        "licences": kept.licences,
        "records": {kind: kept.counts[kind] for kind in KINDS},
        "citation": citation.text(of_release(kept, found.published, address)),
        "url": address,
        "incidents_url": request.build_absolute_uri(reverse("incident-list"))
        + (f"?as_of={kept.name}&dataset={kept.dataset}" if kept.dataset else f"?as_of={kept.name}"),
        "notice": found.notice,
        "files": [] if found.notice else [_file(address, each) for each in kept.files],
        "replaced": [_replaced(each, found.reduction) for each in kept.replaced],
    }


# PostgreSQL hands objects back with their keys in another order; answers are the same on every database.
def _file(address: str, file: dict[str, Any]) -> dict[str, Any]:
    told = {name: file[name] for name in ("path", "size", "sha256", "media_type")}
    return told | {"url": f"{address}files/{quote(file['path'], safe='/=')}"}


def _replaced(each: dict[str, Any], reduction: int) -> dict[str, Any]:
    """A replacement. With a checksum, whoever guesses what a reduction took out of a file could prove the guess."""
    hidden = {"size": None, "sha256": None} if reduction >= each["redaction"] else {}
    files = [{name: file[name] for name in ("path", "size", "sha256")} | hidden for file in each["files"]]
    return {"redaction": each["redaction"], "why": each["why"], "files": files}


def difference(request: Request, each: Difference, span: Span) -> dict[str, Any]:
    """Convert a difference to a dict in the shape of `DifferenceShape`."""
    address = request.build_absolute_uri(reverse(f"{each.kind}-detail", args=[each.record_id]))
    return {
        "id": each.record_id,
        "kind": each.kind,
        "change": each.change,
        "as_of": each.position[0],
        "fields": each.fields,
        "reason": each.reason or None,
        "target": each.target or None,
        "earlier_url": f"{address}?as_of={span.after}" if each.before is not None else None,
        "later_url": f"{address}?as_of={span.upto}" if each.after is not None else None,
    }
