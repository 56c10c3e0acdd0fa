"""What forms take from the declarations of fields: help texts, and the fields that no section of a form names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from incidents.admin.form_fields import CodesField, WordsField
from incidents.schema import KINDS
from incidents.schema.records import stored_fields

FORM_TEXTS = {
    "Stable and readable; it is in every link to the record, so it cannot be given to another one.": (
        "Stable and readable. Every link to the record contains it, so it is never reused."
    ),
    "For the editors; never published.": "For editors, never published.",
    "For the editors; never published. At most a few sentences.": "For editors, never published. A few sentences only.",
    "An SPDX identifier such as CC-BY-4.0 or ODbL-1.0, or the address of the terms.": (
        "An SPDX identifier such as CC-BY-4.0 or ODbL-1.0, or the URL of the licence."
    ),
    "What whoever shows the data must say.": "The attribution that must be shown with the data.",
    "The edition of the origin, for example 22.1.": "Version of the original dataset, for example 22.1.",
    "First day that the dataset means to cover.": "First day that the dataset covers.",
    "Last day that it means to cover.": "Last day that the dataset covers.",
    "The area it means to cover, in words.": "Description of the area that the dataset covers.",
    "Empty while it is still watched, or not told.": "Last day of monitoring. Empty: ongoing or unknown.",
    "ISO 3166-1 alpha-3 of its seat.": "Country of its headquarters, ISO 3166-1 alpha-3.",
    "The party to the conflict it belongs to or speaks for; empty if none.": (
        "The party to the conflict that it belongs to or speaks for. Empty: none."
    ),
    "Published: what a reader should know about the source.": "Public. Notes for readers about the source.",
    "Whose words it passes on, for example an official's channel.": (
        "The source that it relays, for example an official's channel."
    ),
    "Empty when it is not known; do not guess.": "Leave empty if unknown; do not guess.",
    "A bound, when the day is not known: the latest day that the text speaks of.": (
        "If the day is unknown: the latest day that the text mentions."
    ),
    "sha256:… of the document as it was read.": "sha256:… hash of the document.",
    "ISO 3166-1 alpha-3, where it belongs to a state.": "ISO 3166-1 alpha-3, if it belongs to a state.",
    "Published: who is meant, and by whom the name is used.": "Public. Who is meant, and who uses the name.",
    "Empty: not reported. 0: reported that there were none.": "Empty: not reported. 0: reported as none.",
    "What happened, in neutral words, with who says so. No private names.": (
        "Neutral description of what happened and who reports it. Do not name private persons."
    ),
    "Earliest day it can have begun; empty if not told.": "The earliest possible start. Empty: unknown.",
    "Latest day it can have ended; empty if not told or ongoing.": "The latest possible end. Empty: unknown, ongoing.",
    "Published: what the bounds rest on.": "Public. How the dates were determined.",
    "Only where a report gives a point of its own; otherwise the point of the place is shown.": (
        "Only if a report gives its own point. Otherwise the point of the place is shown."
    ),
    "Likewise.": "As for latitude.",
    "It lies within this distance of the point.": "The incident happened within this distance of the point.",
    "Published: how the place was resolved, how surely.": (
        "Public. How the place was identified, and how certain that is."
    ),
    "Target kinds, for example railway, vehicle.": "Types of target, for example railway, vehicle.",
    "The origin's low, best and high are not in order; they are kept as they are, not put right.": (
        "The low, best and high figures of the original dataset are not in ascending order, and are kept as coded."
    ),
    "Free words in lower case, for example railway-war.": "Free keywords in lower case, for example railway-war.",
    "Published: columns of the origin that have no field here, by their own names.": (
        "Public. Columns of the original dataset that have no field here, with their original names."
    ),
    "Who says it, where that is not the one whom the report relays (or the report's own source).": (
        "The source that says it, if it is neither the source that the report relays nor the report's own source."
    ),
    "At most one sentence, in the words of the report.": "Quotation from the report, at most one sentence.",
    "The incident's own value follows this claim.": "The incident uses the value of this claim.",
    "The smallest listed place that holds this one.": "The smallest listed place that contains this one.",
    "Published: how the place was identified and how sure that is.": (
        "Public. How the place was identified, and how certain that is."
    ),
    "The area or state the place is said to belong to.": "The area or state that the place is claimed to belong to.",
    "Who says so, for example a government.": "Who claims it, for example a government.",
    "It is about who holds the place in fact, not in law.": "The claim is about actual control, not about law.",
}
"""Help text of a model field → the text that forms show instead. A new text in the model would need a migration."""


def form_text(help_text: str) -> str:
    """Reword the help text of a model field; texts that need no other words stay as they are."""
    return FORM_TEXTS.get(help_text, help_text)


@cache
def help_texts(kind: str) -> dict[str, str]:
    """Definitions of the fields of a working record, by name; only for kinds with declared fields."""
    if kind not in KINDS:
        return {}
    return {leaf.field.stored: leaf.field.meaning for leaf in KINDS[kind].stored}


def list_field(kind: str, name: str, help_text: str) -> CodesField | WordsField | None:
    """Form field for a list that the working record stores as JSON; None for other fields."""
    for leaf in KINDS[kind].stored if kind in KINDS else ():
        if leaf.field.stored == name and leaf.field.type == "codes" and leaf.field.vocabulary:
            return CodesField(leaf.field.vocabulary, help_text=help_text)
        if leaf.field.stored == name and leaf.field.type == "words":
            return WordsField(help_text=f"{help_text} Separate them with commas.")
    return None


def others(kind: str, sections: Iterable[Any]) -> tuple[str, ...]:
    """Fields of a working record that documents show and none of these fieldsets has."""
    named = {name for _, section in sections for name in _names(section["fields"])}
    return tuple(name for name in stored_fields(kind) if name not in named)


def _names(fields: Iterable[Any]) -> Iterator[str]:
    for each in fields:
        if isinstance(each, str):
            yield each
        else:
            yield from _names(each)
