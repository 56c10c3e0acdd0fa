"""What the name of a column says: words of many languages, and the words beside them that speak against a role."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from incidents.data_files import toml_beside

_DOCUMENT = toml_beside(__file__, "names.toml")
BOUNDS = ("low", "high")
ROLES = tuple(name for name, value in _DOCUMENT.items() if isinstance(value, dict) and name not in BOUNDS)

EXACT, KNOWN, UNKNOWN_WORD, QUALIFIED = 1.0, 0.9, 0.35, 0.6
"""Score of a name that is the role's word, of one with known words beside it; what each unknown word takes away, and
one that says of what, as in `source of fire`."""

_CAMEL = re.compile(r"(?<=[a-zа-яіїєґ])(?=[A-ZА-ЯІЇЄҐ])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLURAL = re.compile(r"\((s|es|n|en|e|и|ы|і)\)", re.IGNORECASE)
_ALTERNATIVES = re.compile(r"[/(),;:\[\]]+")
_NO_WORD = re.compile(r"[^\w№]+|_+")
_NUMBERED = re.compile(r"(?<=[a-z])[ ](?=[0-9](?: |$))")
_LAST_NUMBER = re.compile(r"(?<=\w)[ _.-]*[0-9]{1,2}$")
_OF = re.compile(r"(?:^| )(?:of|de|du|del|von|der) $")


class NameScore(NamedTuple):
    """How much a name speaks for a role, from 0 to 1, and in which words."""

    score: float
    why: str


NOTHING = NameScore(0.0, "")


class _Words(NamedTuple):
    words: re.Pattern[str]
    beside: re.Pattern[str]
    never: re.Pattern[str] | None


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    listing = sorted({_folded(each) for each in words}, key=len, reverse=True)
    forms = "|".join(re.escape(each).replace(r"\*", r"\w*") for each in listing)
    return re.compile(rf"(?<![\w№])(?:{forms})(?![\w№])")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


@cache
def _words_of(role: str) -> _Words:
    table: Mapping[str, list[str]] = _DOCUMENT[role]
    never = table.get("never")
    beside = [*table.get("with", ()), *_DOCUMENT["neutral"]]
    return _Words(_pattern(table["words"]), _pattern(beside), _pattern(never) if never else None)


def spoken(name: str) -> str:
    """Return a name of a column as lower-case words: `Admin_1`, `admin 1` and `Admin1` are one."""
    path = name.rpartition("properties.")[2].rpartition("geometry.")[2]
    words = _NO_WORD.sub(" ", _CAMEL.sub(" ", path)).casefold().strip()
    return _NUMBERED.sub("", unicodedata.normalize("NFC", " ".join(words.split())))


@lru_cache(50_000)
def name_score(name: str, role: str) -> NameScore:
    """Return how much the name of a column speaks for a role; alternatives in it, as in `Station / line`, may too."""
    name = _PLURAL.sub("", name)
    whole = _spoken_score(spoken(name), role)
    parts = [_spoken_score(spoken(each), role) for each in _ALTERNATIVES.split(name) if each.strip()]
    if len(parts) < 2 or _rules_out(spoken(name), role):
        return whole
    best = max(parts, key=lambda each: each.score)
    return max(whole, best._replace(score=best.score * 0.95), key=lambda each: each.score)


def without_number(name: str) -> str:
    """Return a name without the number at its end: `source 1` and `source 2` are of one kind."""
    return _LAST_NUMBER.sub("", name)


def bound_of(name: str) -> str:
    """Return `low` or `high` if a name says so, else ""."""
    said = spoken(name)
    return next((bound for bound in BOUNDS if _words_of(bound).words.search(said)), "")


def without_bound(name: str) -> str:
    """Return a name without the words that say which figure of several it is."""
    said = spoken(name)
    for bound in BOUNDS:
        said = _words_of(bound).words.sub(" ", said)
    return " ".join(said.split())


def rules_out(name: str, role: str) -> bool:
    """Tell whether a name speaks against a role."""
    return _rules_out(spoken(name), role)


def _rules_out(said: str, role: str) -> bool:
    words = _words_of(role)
    rest = _rest(words.words, said)
    return bool(words.never and words.never.search(rest))


def _rest(pattern: re.Pattern[str], said: str) -> str:
    return " ".join(pattern.sub(" ", said).split())


def _spoken_score(said: str, role: str) -> NameScore:
    words = _words_of(role)
    match = words.words.search(said)
    if match is None:
        return NOTHING
    if _rules_out(said, role):
        return NOTHING
    rest = _rest(words.words, said)
    why = f"its name says {match[0]}"
    if not rest:
        return NameScore(EXACT, why)
    unknown = _rest(words.beside, rest).split()
    if not unknown:
        return NameScore(KNOWN, why)
    after = said[match.end() :].strip()
    # What follows `of` says of what: the source of a fire is no source of news.
    qualified = after.split()[:1] in (["of"], ["de"], ["du"]) and _rest(words.beside, after) != ""
    lost = QUALIFIED if qualified else UNKNOWN_WORD * len(unknown)
    return NameScore(max(KNOWN - lost, 0.1), f"{why}, and {' '.join(unknown)}")
