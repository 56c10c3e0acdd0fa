"""List places that are one: they have the same id of the world outside, or the same name in the same area."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Q, QuerySet

from incidents.ledger.models import Revision
from incidents.models import Location

GROUPS = (
    ("the same GeoNames id", ("geonames_id",), Q(geonames_id__isnull=False)),
    ("the same KATOTTH", ("katotth",), ~Q(katotth="")),
    ("the same P-code", ("pcode",), ~Q(pcode="")),
    ("the same Wikidata id", ("wikidata_id",), ~Q(wikidata_id="")),
    ("the same name in the same area", ("parent", "kind", "name_key"), ~Q(name_key="")),
)


class Command(BaseCommand):
    """Looks through the working records; editors merge in the admin."""

    help = "List places that may be duplicates. To merge them, select them in the admin (Places)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a line for each group, then how many there are."""
        gone = Revision.objects.filter(kind="location", change="merged")
        places: QuerySet[Location] = Location.objects.exclude(public_id__in=gone.values("record_id"))
        number = 0
        for why, fields, condition in GROUPS:
            for values, same in _groups(places.filter(condition), fields):
                number += 1
                told = ", ".join(f"{place.public_id} ({place.name})" for place in same)
                self.stdout.write(f"{why}{f' {values[0]}' if len(values) == 1 else ''}: {told}")
        self.stdout.write(f"groups of possible duplicates: {number:,}")


def _groups(places: QuerySet[Location], fields: tuple[str, ...]) -> Iterator[tuple[list[Any], list[Location]]]:
    """Yield the values that more than one place has, and those places."""
    shared = places.order_by(*fields).values(*fields).annotate(number=Count("pk")).filter(number__gt=1)
    for row in shared.iterator():
        values = {field: row[field] for field in fields}
        yield list(values.values()), list(places.filter(**values).order_by("public_id"))
