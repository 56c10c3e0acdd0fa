"""Finding working records by words, names in any script included.

Words fold as in the public search, through the ledger's index, for what is published; what is not is compared as
it is written. Every word of a search must be found, each anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils.text import smart_split, unescape_string_literal

from incidents.admin.date_hierarchy import DatedChangeList
from incidents.admin.state import kind_of
from incidents.ledger.models import ENTRIES, Entry
from incidents.ledger.search import Terms
from incidents.text_folding import words

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


def asked(text: str) -> list[str]:
    """Words of a search; text in quotes is one word."""
    parts = smart_split(text.replace("\x00", " "))
    plain = (
        unescape_string_literal(part) if len(part) > 1 and part[0] == part[-1] and part[0] in "\"'" else part
        for part in parts
    )
    return [part for part in plain if part]


def spellings(word: str) -> set[str]:
    """Spellings of a word in upper and lower case: SQLite folds only the case of ASCII."""
    if word.isascii() or connection.vendor != "sqlite":
        return {word}
    return {word, word.lower(), word.upper(), word.capitalize(), word.title()}


def written(fields: Iterable[str], word: str) -> Q:
    """Condition (Q): one of the fields contains the word."""
    found = Q()
    for field in fields:
        for spelling in spellings(word):
            found |= Q(**{f"{field}__icontains": spelling})
    return found


def published_with(kind: str, word: str) -> Q:
    """Condition (Q): the published record contains the word, in any script or accent."""
    folded = words(word)
    if not folded:
        return Q()
    return Q(public_id__in=RawSQL(*_ids(kind, folded)))  # noqa: S611 - compiled by Django, words as parameters


def _ids(kind: str, folded: Iterable[str]) -> tuple[str, tuple[Any, ...]]:
    entries = _matching(kind, folded).values("record_id").query
    sql, params = entries.sql_with_params()
    return sql, tuple(params)


def published_ids(kind: str, text: str, limit: int) -> list[str]:
    """At most `limit` ids of published records that contain all words of a text."""
    folded = words(text)
    if not folded:
        return []
    return list(_matching(kind, folded).order_by("-key").values_list("record_id", flat=True)[:limit])


def _matching(kind: str, folded: Iterable[str]) -> QuerySet[Entry]:
    model = ENTRIES[kind]
    terms = Terms([[f"{word}*"] for word in folded])
    return model.objects.live().holding(terms)


class Searching(_ModelAdmin):
    """Searches every word in the fields written here and in what is published, whatever its script."""

    show_full_result_count = False
    list_per_page = 100
    change_list_template = "admin/incidents/change_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Class of the list, which reads its date filter from the index."""
        return DatedChangeList

    def word_condition(self, word: str) -> Q:
        """Condition (Q) for a word in the working record or in its published document."""
        kind = kind_of(self.model)
        found = written(self.search_fields, word)
        return found | published_with(kind, word) if kind else found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Records that contain all words, without duplicates."""
        for word in asked(search_term):
            queryset = queryset.filter(self.word_condition(word))
        return queryset, False
