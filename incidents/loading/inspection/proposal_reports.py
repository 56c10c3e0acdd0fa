"""The part of a proposal on who says so: sources, links, headlines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from incidents.loading.files.flattening import split_list
from incidents.loading.inspection.column_names import spoken, without_number
from incidents.loading.inspection.column_statistics import ColumnFacts
from incidents.loading.inspection.day_formats import formats_of
from incidents.loading.inspection.plan import Plan
from incidents.loading.inspection.toml_text import in_comment, listing, quoted
from incidents.loading.pipeline.locations import NAME_LENGTH
from incidents.loading.slugs import slug

PIECES = (("url", "link"), ("source", "outlet"), ("report_title", "title"), ("report_date", "day"))
WEB = r"'^https?://\S+$'"


def reports(plan: Plan) -> Iterator[str]:
    """Yield [incident.reports], nothing where no column tells of a source or a link."""
    found = {piece: column for role, piece in PIECES if (column := plan.column(role))}
    if "link" not in found and "outlet" not in found:
        return
    days = _days(found.get("day"))
    if not days:
        found.pop("day", None)
    for role, piece in PIECES:
        if piece in found:
            yield f"# {piece}: {plan.remark(role)}"
    if groups := _numbered(plan, found, days):
        yield from _every_list(groups)
    else:
        yield from _lists(found)
    yield from _report(plan, found, days)
    yield ""
    yield "[incident.reports.source]"
    yield from _source(plan, found.get("outlet"))
    yield 'kind = { constant = "unknown" } # LOOK: who speaks'
    yield ""


def _report(plan: Plan, found: Mapping[str, ColumnFacts], days: list[str]) -> Iterator[str]:
    yield "[incident.reports.report]"
    yield f"identity = {quoted('|'.join('{' + piece + '}' for piece in found))}"
    if "link" in found:
        is_web = found["link"].share_of_links == 1
        yield 'url = "link"' if is_web else f'url = [{{ when = {{ link = {WEB} }}, column = "link" }}]'
    if "title" in found:
        yield 'title = "title"'
    if language := plan.column("language"):
        yield f"language = {quoted(language.name)} # {plan.remark('language')}"
    if days:
        yield f"formats = {listing(days)}"
        yield 'published_on = "day"'


def _numbered(plan: Plan, found: Mapping[str, ColumnFacts], days: list[str]) -> list[dict[str, ColumnFacts]]:
    """Return the columns of each report where their names have numbers: `source 1`, `link 1`, `source 2`, `link 2`."""
    others = {id(each.column) for each in plan.roles.values()} - {id(column) for column in found.values()}
    taken = others | plan.private.keys() | plan.technical.keys()
    by_number: defaultdict[str, dict[str, ColumnFacts]] = defaultdict(dict)
    for piece, column in found.items():
        kind = without_number(spoken(column.name))
        for other in plan.readable:
            said = spoken(other.name)
            if other.filled and id(other) not in taken and without_number(said) == kind:
                by_number[said.removeprefix(kind)][piece] = other
    groups = [by_number[number] for number in sorted(by_number, key=lambda text: (len(text), text))]
    if _separator(found) or not all(_is_alike(group, days) for group in groups):
        return []
    groups = [group for group in groups if "link" in group or "outlet" in group]
    return groups if len(groups) > 1 else []


def _every_list(groups: Iterable[Mapping[str, ColumnFacts]]) -> Iterator[str]:
    yield "[incident.reports]"
    yield 'take = "every" # each list is of a report of its own'
    yield ""
    for group in groups:
        yield "[[incident.reports.lists]]"
        yield f"columns = {_columns(group)}"
        yield ""


def _is_alike(group: Mapping[str, ColumnFacts], days: list[str]) -> bool:
    link, day = group.get("link"), group.get("day")
    return (link is None or link.share("link") == 1) and (day is None or _days(day) == days)


def _lists(found: Mapping[str, ColumnFacts]) -> Iterator[str]:
    """Yield the lists: all pieces in step, else links and outlets, else the first of them alone."""
    separator = _separator(found)
    first = next(iter(found))
    groups: list[tuple[list[str], bool]] = [(list(found), False)]
    if separator:
        main = [piece for piece in ("link", "outlet") if piece in found]
        groups = [(list(found), False)] * (len(found) > len(main)) + [(main, len(main) > 1)]
        groups += [([first], False)] * (len(main) > 1)
    for pieces, repeat in groups:
        yield "[[incident.reports.lists]]"
        yield f"columns = {_columns({piece: found[piece] for piece in pieces})}"
        if separator:
            yield f"separator = {quoted(separator)}"
        if repeat:
            yield "repeat = true # one outlet goes with several links, or one link with several outlets"
        yield ""


def _columns(pieces: Mapping[str, ColumnFacts]) -> str:
    return f"{{ {', '.join(f'{piece} = {quoted(column.name)}' for piece, column in pieces.items())} }}"


def _separator(found: Mapping[str, ColumnFacts]) -> str:
    """Return the separator of the links, else that of the outlets."""
    columns = [found[piece] for piece in ("link", "outlet") if piece in found]
    return next((column.separator for column in columns if column.separator), "")


def _items(column: ColumnFacts) -> Iterator[str]:
    for text in column.values:
        yield from split_list(text, column.separator) if column.separator else [text]


def _days(column: ColumnFacts | None) -> list[str]:
    """Return the formats of the days of reports, none if some are no days."""
    if column is None:
        return []
    found: list[str] = []
    for item in filter(None, _items(column)):
        formats = formats_of(item)
        if not formats or len({each.replace("%d", "").replace("%m", "") for each in formats}) > 1:
            return []
        found += [formats[0]] if formats[0] not in found else []
    return found if len(found) == 1 else []


def _source(plan: Plan, outlet: ColumnFacts | None) -> Iterator[str]:
    if outlet is None:
        yield "id = '{\"not-told\"}'"
        yield 'name = { constant = "Not told" }'
        return
    alike = folded_alike(_items(outlet))
    for names in alike[:5]:
        yield f"# LOOK: {in_comment(' and '.join(names))} make one id; they are taken for one source"
    yield "id = '{outlet|\"not-told\"}'"
    too_long = ""
    if outlet.longest > NAME_LENGTH:
        too_long = f"{{ when = {{ outlet = '(?s)^.{{{NAME_LENGTH + 1}}}' }}, constant = \"Not told\" }}, "
    yield f'name = [{too_long}{{ when = {{ outlet = \'.\' }}, column = "outlet" }}, {{ constant = "Not told" }}]'


def folded_alike(names: Iterable[str]) -> list[list[str]]:
    """Return the names that make one id though they differ in more than letter case and spaces."""
    by_id: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        by_id[slug(name)].setdefault(" ".join(name.casefold().split()), name)
    return [list(each.values()) for each in by_id.values() if len(each) > 1]
