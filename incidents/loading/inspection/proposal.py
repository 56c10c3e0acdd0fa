"""A profile to begin with, in TOML with remarks on what to look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from incidents.loading.inspection.column_roles import NUMBERS
from incidents.loading.inspection.column_statistics import ColumnFacts, fitting_formats
from incidents.loading.inspection.inspect import Inspection
from incidents.loading.pipeline.locations import NAME_LENGTH
from incidents.loading.slugs import slug
from incidents.vocabulary import EVENT_TYPES

Roles = dict[str, ColumnFacts]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
POINTS = ("latitude", "point")
PARTS = ("year", "month", "day")
SUSPECT = ("-9", "-99", "-999", "-9999")


def profile(seen: Inspection, roles: Roles) -> Iterator[str]:
    """Yield the lines of a profile that loads the file; LOOK marks what only a person can decide."""
    name = slug(seen.path.name.split(".")[0]) or "dataset"
    yield f"# Proposed for {seen.path.name} from its {seen.rows:,} rows. LOOK marks what only you can decide."
    yield "# What each key means: docs/loading.md. Try it: manage.py load_incidents FILE --profile THIS --dry-run"
    yield ""
    yield f"title = {_text(seen.path.name)}"
    yield ""
    yield from _file(seen, roles)
    yield ""
    yield "[dataset]"
    yield f"id = {_text(name)} # LOOK: it begins every public id"
    yield f"name = {_text(seen.path.name.split('.')[0])} # LOOK"
    yield 'licence = "LicenseRef-not-stated" # LOOK: an SPDX id such as CC-BY-4.0, or the address of the terms'
    yield 'attribution = "" # LOOK: whom to name, and how'
    yield ""
    if "id" not in roles:
        yield "[cells]"
        yield "# No column tells the rows apart. LOOK: leave out what a later edition may correct, as long as no two"
        yield "# rows that differ have one id then; the trial tells."
        yield f"said = {{ fingerprint = {_names(column for column in seen.columns if column.filled)} }}"
        yield ""
    yield "[incident]"
    yield from _incident(name, roles)
    yield ""
    yield from _date(roles)
    yield from _place(roles)
    for figure in ("killed", "injured"):
        if column := roles.get(figure):
            yield f"[incident.{figure}]"
            yield f"best = {_column(column)} # LOOK: low and high, if there are any"
            yield ""
    yield from _reports(roles)
    yield from _extra(seen, roles)


def _form(seen: Inspection) -> Iterator[str]:
    if seen.encoding and not seen.encoding.startswith(("utf-8", "utf-16 ")):
        yield f"encoding = {_text(seen.encoding.split(' ')[0])} # {seen.encoding}"
    if seen.sheet:
        yield f"sheet = {_text(seen.sheet)}"
    if seen.header_line:
        yield f"header_line = {seen.header_line}"


def _file(seen: Inspection, roles: Roles) -> Iterator[str]:
    yield "[file]"
    yield from _form(seen)
    markers = sorted({marker for column in seen.columns for marker in column.markers})
    if markers:
        yield f"missing = {json.dumps(markers, ensure_ascii=False)}{_namibia(markers, roles)}"
    if any(column.type == "number with decimal comma" for column in seen.columns):
        yield 'decimal = ","'
    if empty := [column for column in seen.columns if not column.filled]:
        yield f"ignored = {_names(empty)} # empty in this file"
    for column in seen.columns:
        if column.suspects:
            listing = ", ".join(text for text, _ in column.suspects)
            yield f"# LOOK: {column.name} has {listing}: perhaps nothing is meant."


def _namibia(markers: list[str], roles: Roles) -> str:
    code = roles.get("country_code")
    return " # LOOK: NA is Namibia in two-letter codes" if code and code.longest == 2 and "NA" in markers else ""


def _incident(name: str, roles: Roles) -> Iterator[str]:
    yield f"id = {_text(name + '-{' + (roles['id'].name if 'id' in roles else 'said') + '}')}"
    if "id" not in roles:
        yield 'repeated = "number" # rows that are equal in every column are kept, and told'
    others = [roles[role].name for role in ("event_type", "place") if role in roles]
    if summary := roles.get("summary"):
        words = "|".join([summary.name, *others, '"No text."'])
        yield "summary = { template = " + _literal("{" + words + "}") + " }"
    else:
        words = ", ".join("{" + each + "}" for each in others) or "No text"
        yield "# LOOK: no column has a text; say what is coded and no more."
        yield f"summary = {{ template = {_literal(words + '.')} }}"
    yield from _event_type(roles)
    if tags := roles.get("tags"):
        yield f"tags = {{ column = {_text(tags.name)}, separator = {_text(tags.separator)} }}"


def _event_type(roles: Roles) -> Iterator[str]:
    yield f"# LOOK: ours are {', '.join(EVENT_TYPES)}."
    if (column := roles.get("event_type")) is None:
        yield 'event_type = { constant = "unknown" }'
        return
    values = ", ".join(f"{_key(text)} = {_text(_code(text))}" for text, _ in column.vocabulary)
    yield "event_type = ["
    yield f"  {{ when = {{ {_key(column.name)} = '.' }}, column = {_text(column.name)}, values = {{ {values} }} }},"
    yield '  { constant = "unknown" }, # where nothing is said'
    yield "]"
    yield "# " + ", ".join(f"{' '.join(text.split())}: {number:,}" for text, number in column.vocabulary)


def _code(text: str) -> str:
    folded = slug(text).replace("-", "_")
    return next(
        (code for code in EVENT_TYPES if folded in (code, f"{code}s", slug(EVENT_TYPES[code].label))), "unknown"
    )


def _date(roles: Roles) -> Iterator[str]:
    yield "[incident.date]"
    if (start := roles.get("start")) is None:
        if "year" in roles:
            for part in PARTS:
                if column := roles.get(part):
                    yield f'{part} = {{ column = {_text(column.name)}, missing = ["0", "-9", "-99"] }}'
        else:
            yield 'start = "NAME OF THE COLUMN" # LOOK: no column was found that holds days'
        yield ""
        return
    columns = [start, *([roles["end"]] if "end" in roles else [])]
    yield f"start = {_text(start.name)}"
    if "end" in roles:
        yield from _end(start, roles["end"])
    formats = list(dict.fromkeys(form for column in columns for form in _formats(column)))
    yield f"formats = {json.dumps(formats)}"
    if start.mostly_days:
        yield f"# LOOK: not all are days, for example {_text(start.undated[0])}; the trial tells their lines."
    if rivals := [form for column in columns for form in column.date_formats[1]]:
        listing = json.dumps(sorted(set(rivals)))
        yield f"# LOOK: AMBIGUOUS. Every day could as well be {listing}: ask whoever made the file."
    yield ""


def _end(start: ColumnFacts, end: ColumnFacts) -> Iterator[str]:
    if end.filled < start.filled:
        yield f"end = {{ columns = {_names([end, start])} }} # LOOK: without an end it is over on the day it starts"
    else:
        yield f"end = {_text(end.name)}"


def _formats(column: ColumnFacts) -> list[str]:
    return column.date_formats[0] or fitting_formats(column.formats)


def _place(roles: Roles) -> Iterator[str]:
    known_roles = [role for role in ("place", "country", "country_code", "admin1", "admin2", *POINTS) if role in roles]
    if not known_roles:
        yield "# LOOK: no column was found that says where.\n"
        return
    yield "[incident.place]"
    for role, key in (("place", "name"), ("country", "country"), ("country_code", "country_code")):
        if column := roles.get(role):
            yield f"{key} = {_name(column)}"
    for role in ("admin1", "admin2"):
        if column := roles.get(role):
            yield f"{role} = {_text(column.name)}"
    yield 'kind = { constant = "settlement" } # LOOK: what the named places are'
    yield from _point(roles)
    known = next((roles[role] for role in ("place", *POINTS) if role in roles), None)
    yield "# LOOK: how precisely the place is known: exact, settlement, near_settlement, admin2, admin1, country …"
    if known:
        when = f"when = {{ {_key(known.name)} = '.' }}"
        yield f"precision = [{{ {when}, {_constant('settlement')} }}, {{ {_constant('unknown')} }}]"
    else:
        level = next((role for role in ("admin2", "admin1") if role in roles), "country")
        yield f"precision = {{ {_constant(level)} }}"
    yield ""


def _point(roles: Roles) -> Iterator[str]:
    if not any(role in roles for role in POINTS):
        return
    if "latitude" in roles:
        yield f"latitude = {_text(roles['latitude'].name)}"
        yield f"longitude = {_text(roles['longitude'].name)}"
    else:
        pair = _text(roles["point"].name)
        yield f"latitude = {{ column = {pair}, replace = {{ '[,;].*$' = '' }} }} # LOOK: or the other way round"
        yield f"longitude = {{ column = {pair}, replace = {{ '^.*[,;]\\s*' = '' }} }}"
    yield 'point_of = "event" # LOOK: "place", if the point is the same in all rows of a place'


def _reports(roles: Roles) -> Iterator[str]:
    source, url = roles.get("source"), roles.get("url")
    if source is None and url is None:
        return
    columns = [f"outlet = {_text(source.name)}"] if source else []
    columns += [f"link = {_text(url.name)}"] if url else []
    separators = {column.separator for column in (source, url) if column and column.separator}
    yield "[[incident.reports.lists]]"
    yield f"columns = {{ {', '.join(columns)} }}"
    if len(separators) == 1:
        yield f"separator = {_text(separators.pop())}"
        yield "repeat = true # one outlet goes with several links"
    yield ""
    yield "[incident.reports.report]"
    yield f"identity = {_text('|'.join(['{outlet}'] * bool(source) + ['{link}'] * bool(url)))}"
    if url:
        yield 'url = "link"'
    yield ""
    yield "[incident.reports.source]"
    yield "id = " + _literal('{outlet|"not-told"}' if source else '{"not-told"}')
    yield (
        'name = [{ when = { outlet = \'.\' }, column = "outlet" }, { constant = "Not told" }]'
        if source
        else ('name = { constant = "Not told" }')
    )
    yield 'kind = { constant = "unknown" } # LOOK: who speaks'
    yield ""


def _extra(seen: Inspection, roles: Roles) -> Iterator[str]:
    """What has no field of its own is published under its own name; numbers as numbers."""
    used = {id(column) for column in roles.values() if column is not roles.get("event_type")}
    left = [
        column
        for column in seen.columns
        if column.filled and column.name and id(column) not in used and column.name not in seen.twice
    ]
    if not left:
        return
    yield "[incident.extra] # LOOK: what need not be published goes to [file] ignored"
    sorts: dict[str, list[ColumnFacts]] = {}
    for column in left:
        small = column.type == "integer" and max(abs(column.low or 0), abs(column.high or 0)) < 2**31
        number = "integer" if small else "number" if column.type in NUMBERS and column.type != "integer" else "text"
        sorts.setdefault(number, []).append(column)
    for sort, columns in sorts.items():
        yield f"{sort} = {_names(columns)}"


def _name(column: ColumnFacts) -> str:
    """Return the value of a name, nothing where the text is too long for one."""
    if column.longest <= NAME_LENGTH:
        return _text(column.name)
    when = f"when = {{ {_key(column.name)} = '^.{{{NAME_LENGTH + 1}}}' }}"
    return f"[{{ {when}, {_constant('')} }}, {{ column = {_text(column.name)} }}]"


def _constant(code: str) -> str:
    return f'constant = "{code}"'


def _column(column: ColumnFacts) -> str:
    doubtful = [text for text, _ in column.suspects if text in SUSPECT]
    if not doubtful:
        return _text(column.name)
    return f"{{ column = {_text(column.name)}, missing = {json.dumps(doubtful)} }}"


def _names(columns: Iterable[ColumnFacts]) -> str:
    return json.dumps([column.name for column in columns], ensure_ascii=False)


def _text(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _literal(text: str) -> str:
    return f"'{text}'" if "'" not in text else _text(text)


def _key(text: str) -> str:
    return text if _BARE.fullmatch(text) else _text(text)
