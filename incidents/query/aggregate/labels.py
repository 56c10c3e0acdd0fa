"""What the codes and ids that incidents are grouped by are called, for charts and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from incidents.batches import batched
from incidents.ledger.models import ENTRIES
from incidents.ledger.store import CHUNK
from incidents.query.entries import database, entries, fetch
from incidents.query.filters.meanings import placeholders
from incidents.query.moment import Moment
from incidents.vocabulary import EVENT_SUBTYPES, EVENT_TYPES, Vocabulary
from incidents.vocabulary.countries import countries

CODED: Mapping[str, Vocabulary] = {"event_type": EVENT_TYPES, "event_subtype": EVENT_SUBTYPES}
NAMED = ("dataset", "actor", "source", "location")
"""Keys whose values are ids of records that have names."""
LABELLED = (*CODED, "country", *NAMED)
"""Keys of groups that have labels; the others are names already."""


def labels(key: str, values: Iterable[str], moment: Moment) -> dict[str, str]:
    """Value → what it is called at a moment; a value that has no name is left out."""
    wanted = sorted({value for value in values if value})
    if key in CODED:
        return {code: CODED[key][code].label for code in wanted if code in CODED[key]}
    if key == "country":
        names = {country.alpha3: country.name for country in countries().values()}
        return {code: names[code] for code in wanted if code in names}
    return _names(key, wanted, moment)


def _names(kind: str, ids: list[str], moment: Moment) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in batched(ids, CHUNK // 2):
        chosen = entries(ENTRIES[kind]).where(f"record_id IN ({placeholders(list(some))})", *some).valid_at(moment.at)
        sql = f"SELECT record_id, CAST(name AS varchar(1000)) FROM {chosen.table} WHERE {chosen.sql()}"  # noqa: S608 - ours
        found |= dict(fetch(database(), sql, chosen.params))
    return dict(sorted(found.items()))
