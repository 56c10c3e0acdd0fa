"""Faults of working records, for which they are not published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson
from django.core.exceptions import ValidationError

from incidents.ledger.content import RefusedError
from incidents.ledger.models import Revision
from incidents.models import Incident, PublicRecord
from incidents.publishing.dependencies import KIND_OF
from incidents.text_checks import leaves
from incidents.texts import NO_ADDRESS, TOO_LONG

STANDING = frozenset((TOO_LONG, NO_ADDRESS, "max_length"))
"""Codes of faults that do not stop the publication of a record whose public document has them already."""


def refuse_invalid(records: Sequence[PublicRecord]) -> None:
    """Raise RefusedError with all faults of these records, if any has one."""
    problems: list[str] = []
    for record in records:
        foreign = [each.name for each in record._meta.fields if each.is_relation]
        try:
            record.clean_fields(exclude=foreign)
            record.clean()
        except ValidationError as error:
            told = [f"{name}: {' '.join(texts)}" for name, texts in _new_faults(record, error).items()]
            problems += [f"{record.public_id} – {'; '.join(told)}"] if told else []
        if isinstance(record, Incident):
            problems += _incident_problems(record)
    if problems:
        raise RefusedError("\n".join(problems))


def _new_faults(record: PublicRecord, error: ValidationError) -> dict[str, list[str]]:
    """Validation errors of a record, without overlong texts that are already public."""
    faults = error.error_dict
    if not any(each.code in STANDING for errors in faults.values() for each in errors):
        return error.message_dict
    live = Revision.objects.live().of(KIND_OF[type(record)], [record.public_id])
    public = {orjson.dumps(text) for _, text in leaves(live.document() or {})}
    return {
        name: [text for each in errors for text in each.messages]
        for name, errors in faults.items()
        if not (
            all(each.code in STANDING for each in errors)
            and public.issuperset(orjson.dumps(text) for _, text in leaves(getattr(record, name, None)))
        )
    }


def _incident_problems(incident: Incident) -> Iterator[str]:
    reports = {evidence.report_id for evidence in incident.evidence.all()}
    for claim in incident.claims.all():
        if claim.report_id not in reports:
            yield f"{incident.public_id} – claims: {claim} is from {claim.report.public_id}, not one of its reports."
