"""Public ids for records that staff create without one."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, Func, Max, QuerySet, Value
from django.db.models.functions import Cast, Length, Substr

from incidents.fields import PUBLIC_ID_LENGTH, RESERVED_IDS, withheld_id_fault
from incidents.ledger.models import Revision
from incidents.models import Dataset, Incident, PublicRecord, Source
from incidents.models.base import PublicRecordManager
from incidents.text_folding import words

SLUG_LENGTH = 60


def was_ever_published(kind: str, public_id: str) -> bool:
    """True if the ledger has ever had the id: then it belongs to that record permanently."""
    return Revision.objects.filter(kind=kind, record_id=public_id).exists()


def slug(text: str) -> str:
    """Convert a text in any script to an ASCII slug for a public id; "" if it has no word."""
    short = "-".join(words(text))[: SLUG_LENGTH + 1]
    return short.rpartition("-")[0] if len(short) > SLUG_LENGTH and "-" in short else short[:SLUG_LENGTH]


def free_slug(model: type[PublicRecord], kind: str, text: str) -> str:
    """Slug of a text, with a number appended if the id is or was in use; "" if there is no slug."""
    base = slug(text)
    if not base:
        return ""
    base = f"name-{base}" if withheld_id_fault(base) else base
    taken = RESERVED_IDS | _beginning_with(model.objects.all(), "public_id", base)
    taken |= _beginning_with(Revision.objects.filter(kind=kind), "record_id", base)
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def next_incident_id(dataset: Dataset) -> str:
    """Id after the highest number in the dataset, including unpublished and withdrawn incidents.

    Call it inside a transaction: the dataset is locked, so that two editors do not get the same number.
    """
    Dataset.objects.select_for_update().get(pk=dataset.pk)
    prefix = f"{dataset.public_id}-"
    working = _highest(Incident.objects.filter(dataset=dataset), "public_id", prefix)
    published = _highest(Revision.objects.filter(kind="incident"), "record_id", prefix)
    return f"{prefix}{max(working, published) + 1:04}"


def next_report_id(source: Source) -> str:
    """Id after the highest number among the reports of this source."""
    Source.objects.select_for_update().get(pk=source.pk)
    stem = source.public_id[: PUBLIC_ID_LENGTH - 16].rstrip("-_.")
    reports: PublicRecordManager = source.reports.model.objects
    return f"{stem}-{_highest(reports.all(), 'public_id', f'{stem}-') + 1:04}"


def _beginning_with(rows: QuerySet[Any], field: str, base: str) -> set[str]:
    return set(rows.filter(**_range(field, base)).values_list(field, flat=True))


def _highest(rows: QuerySet[Any], field: str, prefix: str) -> int:
    """Highest number after a prefix; texts that are not numbers are skipped, on both databases."""
    numbered = rows.filter(**_range(field, prefix)).annotate(rest=Substr(field, len(prefix) + 1))
    digits = numbered.annotate(
        others=Func("rest", Value("0123456789"), function="LTRIM", output_field=CharField()), digits=Length("rest")
    ).filter(others="", digits__range=(1, 15))
    numbers = digits.annotate(counted=Cast("rest", BigIntegerField()))
    return numbers.aggregate(highest=Max("counted"))["highest"] or 0


def _range(field: str, prefix: str) -> dict[str, str]:
    """Range lookups for a prefix, which use an index in byte order on every database, unlike LIKE."""
    return {f"{field}__gte": prefix, f"{field}__lt": f"{prefix}~"}
