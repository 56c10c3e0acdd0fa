"""Columns that point to a private person: they are never proposed for publication."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from incidents.loading.inspection.column_names import ROLES, name_score, spoken, without_number
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.text_sorts import REACHED

_DOCUMENT = tomllib.loads(Path(__file__).with_name("private.toml").read_text(encoding="utf-8"))
PERSONS = 0.7
"""Share of cells that look like names of persons, from which a column of parties is taken for one of persons."""

_ALONE = 0.5
"""The same share, beside columns that tell of persons by their names."""

_FEW = 3
"""Cells from which on content alone tells, under whatever name."""

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
_BARE_NAME = re.compile(
    r"(?:the )?(?:names?|nombres?|noms?|prénom|имя|имена|ім я|імена|ім'я|الاسم|اسم|naam|imię|nome|isim|ad|שם)(?: s)?"
)
_PERSONAL = {"killed", "injured", "actor", "target"}
"""Roles whose columns may hold the names of persons instead of figures and groups."""

YOUTH = 10
"""Years before the incidents by which days of birth are known where nothing else tells."""

_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
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
        if id(column) not in found and (_are_persons(column, least) or _are_alike(column)):
            found[id(column)] = "its cells look like names of persons"
        elif found and id(column) not in found and _BARE_NAME.fullmatch(spoken(column.name)) and column.type == "text":
            found[id(column)] = "beside others that tell of persons, a bare name is one of a person"
    numbered = {without_number(spoken(column.name)): found[id(column)] for column in columns if id(column) in found}
    for column in columns:
        if 2 * column.persons > column.filled and (kind := without_number(spoken(column.name))) in numbered:
            found.setdefault(id(column), numbered[kind])
    return found


def days_of_birth(columns: Iterable[ColumnFacts], start: ColumnFacts) -> dict[int, str]:
    """Return why columns without a name that says more hold days of birth: all lie a youth before the incidents."""
    begins = _years(start)
    return {
        id(column): f"its days lie {min(begins) - max(years)} years and more before those of {start.name}, as births do"
        for column in columns
        if column.type == "date" and column.filled >= _FEW and not _names_thing(column.name)
        if (years := _years(column)) and begins and max(years) <= min(begins) - YOUTH and len(set(years)) > 1
    }


def _years(column: ColumnFacts) -> list[int]:
    return [int(found[0]) for text in column.values if (found := _YEAR.search(text))]


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


def _names_thing(name: str) -> bool:
    """Tell whether a name says that its column holds something other than persons."""
    return any(name_score(name, role).score >= _ALONE for role in ROLES if role not in _PERSONAL)


def _by_content(column: ColumnFacts) -> str:
    for what in REACHED:
        is_mail = what == "addresses of mail"
        if not is_mail and _names_thing(column.name):
            continue
        least = 1 if is_mail else _FEW
        if column.filled >= least and column.reached[what] >= PERSONS * column.filled:
            return f"its cells look like {what}"
    return ""


def _are_persons(column: ColumnFacts, least: float) -> bool:
    said = spoken(column.name)
    if column.type not in ("text", "list") or not _PARTY.search(said) or _THINGS.search(said):
        return False
    distinct = least < PERSONS or column.many or len(column.values) > 0.6 * column.filled
    said_first = max(column.persons, column.led_by_persons, column.caseless)
    return distinct and said_first >= least * column.filled > 0


def _are_alike(column: ColumnFacts) -> bool:
    """Tell whether most cells look like names of persons under a name that says nothing else of them."""
    if column.type not in ("text", "list") or column.filled < _FEW or column.persons < PERSONS * column.filled:
        return False
    is_distinct = column.many or len(column.values) > 0.6 * column.filled
    return is_distinct and not _THINGS.search(spoken(column.name)) and not _names_thing(column.name)
