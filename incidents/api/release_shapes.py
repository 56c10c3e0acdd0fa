"""How releases and what differs between two of them look."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from incidents.documents import Shape, missing, public_id, text
from incidents.exports import citation
from incidents.ledger.content import stamp
from incidents.query.differences import Difference, Span
from incidents.query.release_lookup import State
from incidents.releasing.cited_release import of_release

NUMBERS = {
    "added": "Records that only the later state holds.",
    "changed": "Records that both hold and that differ.",
    "withdrawn": "Records that only the earlier state holds: withdrawn in between.",
    "merged": "Records that only the earlier state holds: merged into another in between.",
    "redacted": "Records that one of them held and that were taken out of all history, in between or since.",
}

KINDS = {
    "dataset": "Datasets.",
    "location": "Locations.",
    "source": "Sources.",
    "actor": "Actors.",
    "incident": "Incidents.",
}


def number(help_text: str, **kwargs: Any) -> Any:
    """Return a whole number."""
    return serializers.IntegerField(help_text=help_text, min_value=0, **kwargs)


class ReleaseFile(Shape):
    """One file of a release."""

    path = text("Within the folder of the release.")
    size = number("Bytes.")
    sha256 = text("The SHA-256 of its bytes, in hexadecimal.")
    media_type = text("What it is.")
    url = serializers.URLField(help_text="The download; it takes ranges.")


class ReplacedFile(Shape):
    """A file that a redaction replaced; only its name and checksum are kept."""

    path = text("Within the folder of the release.")
    size = number("Bytes.")
    sha256 = text("The SHA-256 that it had.")


class Replacement(Shape):
    """The files before a redaction."""

    redaction = number("The publication that redacted what they held.")
    why = text("Always that it was replaced because of a redaction.")
    files = ReplacedFile(many=True, help_text="What the files were.")


class RecordCounts(Shape):
    """How many records of each kind a release holds."""

    dataset = number(KINDS["dataset"])
    location = number(KINDS["location"])
    source = number(KINDS["source"])
    actor = number(KINDS["actor"])
    incident = number(KINDS["incident"])


class ReleaseShape(Shape):
    """A publication under a name, with files that were made of it."""

    name = text("Its name, which `as_of` takes; never given to another.")
    title = text("Its title.")
    notes = missing("What the editors say of it.")
    dataset = public_id("The one dataset that it is of; null: it is of everything.", allow_null=True)
    as_of = number("The publication that it names; it reads the same with as_of=<this>.")
    published = serializers.DateTimeField(help_text="When that publication was made.")
    made = serializers.DateTimeField(help_text="When the release was made of it.")
    licences = serializers.ListField(child=serializers.CharField(), help_text="The terms of the datasets in it.")
    records = RecordCounts(help_text="How many records of each kind it holds.")
    citation = text("How to cite it; its files have the same for reference managers.")
    url = serializers.URLField(help_text="Its address.")
    incidents_url = serializers.URLField(help_text="Its incidents, by this API.")
    notice = missing("Why there are no files, where a redaction has taken them down.")
    files = ReleaseFile(many=True, help_text="Its files, the zip of all of them last; none where there is a notice.")
    replaced = Replacement(many=True, help_text="Files of before a redaction, oldest first.")


class ReleasePage(Shape):
    """A page of releases, newest first."""

    count = number("All releases that match.")
    next = serializers.URLField(allow_null=True, help_text="The next page.")
    results = ReleaseShape(many=True)


class ComparedState(Shape):
    """One of the two states that are compared."""

    name = missing("The release, where one was named.")
    as_of = number("The publication.")
    published = serializers.DateTimeField(help_text="When it was made.")


class DifferenceCounts(Shape):
    """How many records of a kind differ, by how."""

    kind = text("The kind of record.")
    added = number(NUMBERS["added"])
    changed = number(NUMBERS["changed"])
    withdrawn = number(NUMBERS["withdrawn"])
    merged = number(NUMBERS["merged"])
    redacted = number(NUMBERS["redacted"])


class DifferenceShape(Shape):
    """How one record differs between the two."""

    id = public_id("The record.")
    kind = text("The kind of record.")
    change = text(f"One of: {', '.join(NUMBERS)}.")
    as_of = number("The publication that did it, the last one if several did.")
    # DRF takes fields off the class, so this hides nothing of the serializer's own.
    fields = serializers.ListField(  # type: ignore[assignment]  # DRF takes fields off the class
        child=serializers.CharField(), help_text="Top-level names whose values differ; empty unless changed."
    )
    reason = missing("Why it ended.")
    target = public_id("The record that a merged one went into.", allow_null=True)
    earlier_url = serializers.URLField(allow_null=True, help_text="The record in the earlier state.")
    later_url = serializers.URLField(allow_null=True, help_text="The record in the later state.")


class ComparisonPage(Shape):
    """What differs between two states, in the order in which it was published."""

    count = number("All differences; null where counting would take long: ask with count=exact.", allow_null=True)
    counts = DifferenceCounts(many=True, allow_null=True, help_text="The same by kind; null as count is.")
    earlier = ComparedState()
    later = ComparedState()
    next = serializers.URLField(allow_null=True, help_text="The next page.")
    results = DifferenceShape(many=True)


def release(request: Request, found: State) -> dict[str, Any]:
    """Return a release as answers show it."""
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
        "replaced": [_replaced(each) for each in kept.replaced],
    }


# PostgreSQL hands objects back with their keys in another order; answers are the same on every database.
def _file(address: str, file: dict[str, Any]) -> dict[str, Any]:
    told = {name: file[name] for name in ("path", "size", "sha256", "media_type")}
    return told | {"url": f"{address}files/{quote(file['path'], safe='/=')}"}


def _replaced(each: dict[str, Any]) -> dict[str, Any]:
    files = [{name: file[name] for name in ("path", "size", "sha256")} for file in each["files"]]
    return {"redaction": each["redaction"], "why": each["why"], "files": files}


def difference(request: Request, each: Difference, span: Span) -> dict[str, Any]:
    """Return a difference as answers show it."""
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
