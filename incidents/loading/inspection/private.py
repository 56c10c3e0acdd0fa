"""Columns that point to a private person: they are never proposed for publication."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from incidents.loading.inspection.column_names import spoken
from incidents.loading.inspection.column_statistics import ColumnFacts

_DOCUMENT = tomllib.loads(Path(__file__).with_name("private.toml").read_text(encoding="utf-8"))
PERSONS = 0.7
"""Share of cells that look like names of persons, from which a column of parties is taken for one of persons."""

_ALONE = 0.5
"""The same share, beside columns that tell of persons by their names."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_THINGS = re.compile(
    r"\b(vessel|ship|place|town|city|region|country|source|file|group|organi[sz]ation|dyad|conflict|actor|side|project|sheet|"
    r"event|incident|outlet|agency|column|field|street|facility|company|school|hospital|operation|asset|dog|station)\b"
)
"""What has a name and is no person."""


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    forms = "|".join(
        re.escape(" ".join(re.sub(r"[^\w*]+", " ", each.casefold()).split())).replace(r"\*", r"\w*") for each in words
    )
    return re.compile(rf"(?<!\w)(?:{forms.replace(chr(92) + ' ', ' ')})(?!\w)")


_KINDS = {name: (table["say"], _pattern(table["words"])) for name, table in _DOCUMENT.items() if name != "party"}
_WEAK = {name: _pattern(table["weak"]) for name, table in _DOCUMENT.items() if "weak" in table}
_APOSTROPHES = re.compile("['’ʼ`]")
_NAME_OF = re.compile(r"\b(name|names|nom|noms|имя|имена|фамилия|ім я|імена)\b")
_PERSONS = re.compile(
    r"\b(victims?|perpetrators?|suspects?|attackers?|deceased|detainees?|defendants?|accused|shooters?|killers?|hostages?|"
    r"survivors?|martyrs?|casualty|inmates?|prisoners?|offenders?|arrestees?|children|child|patients?|víctimas?|victimes?|"
    r"пострадавш\w*|потерпевш\w*|погибш\w*|подозреваем\w*|загибл\w*|постраждал\w*|підозрюван\w*)\b"
)
_BESIDE = re.compile(r"\b(of|the|in|years?|number|no|id|de|la|del|der|des|name|person|people|civilian)\b")
_PARTY = _pattern(_DOCUMENT["party"]["words"])
_NOT_WITHIN = {"age": re.compile(r"\b(average|mean)\b"), "body": _THINGS}


def private_columns(columns: Iterable[ColumnFacts]) -> dict[int, str]:
    """Return why columns point to a private person, by the identity of the column."""
    columns = list(columns)
    found = {id(column): why for column in columns if (why := why_private(column.name) or _by_content(column))}
    # Beside an age or a date of birth, a column of `name` is that of a person.
    least = _ALONE if found else PERSONS
    for column in columns:
        if id(column) not in found and _are_persons(column, least):
            found[id(column)] = "its cells look like names of persons"
    return found


def why_private(name: str) -> str:
    """Return why a column of this name points to a private person, "" if it does not."""
    said = _APOSTROPHES.sub(" ", spoken(name))
    for kind, (say, pattern) in _KINDS.items():
        match = pattern.search(said) or _alone(kind, said)
        if match is None or (kind in _NOT_WITHIN and _NOT_WITHIN[kind].search(said)):
            continue
        if kind in ("age", "body", "birth") and match[0] != said and len(said.split()) > len(match[0].split()) + 2:
            continue  # a longer phrase tells of something else
        return f"its name says {match[0]}: {say}"
    named, persons = _NAME_OF.search(said), _PERSONS.search(said)
    if named and persons and not _THINGS.search(said):
        return f"its name says {named[0]} and {persons[0]}: {_KINDS['name'][0]}"
    return ""


def _alone(kind: str, said: str) -> re.Match[str] | None:
    """Return a weak word of a kind if nothing else but parties is spoken of."""
    match = _WEAK[kind].search(said) if kind in _WEAK else None
    rest = _BESIDE.sub("", _PARTY.sub("", said[: match.start()] + said[match.end() :])) if match else ""
    return match if not rest.strip() else None


def _by_content(column: ColumnFacts) -> str:
    if column.type == "text" and column.sample and all(_EMAIL.fullmatch(text) for text in column.sample):
        return "its cells are addresses of mail"
    return ""


def _are_persons(column: ColumnFacts, least: float) -> bool:
    said = spoken(column.name)
    if column.type not in ("text", "list") or not _PARTY.search(said) or _THINGS.search(said):
        return False
    distinct = least < PERSONS or column.many or len(column.values) > 0.6 * column.filled
    return distinct and column.persons >= least * column.filled > 0
