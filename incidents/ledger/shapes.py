"""The versions of the shape of documents: what each one added, and how older documents are brought up to date.

A revision stays as it was written, in the shape of the code that wrote it; its row knows which one. Whatever reads a
document reads it through this module, so the rest of the code knows the latest shape alone.

A new field says in its declaration (`incidents.schema`) since which shape it is there, and `ADDED` follows. Where more
changes than that, a new shape takes a function in `UPGRADES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any, NamedTuple

import orjson

from incidents.schema import KINDS
from incidents.schema.fields import FIRST_SHAPE
from incidents.schema.kinds import EVERY

Document = dict[str, Any]

FIRST = FIRST_SHAPE
"""The shape of 0.1.0."""


class Added(NamedTuple):
    """A field that a shape added to documents of a kind.

    `path` is dotted, with * for each item of a list; `after` is the member that it follows. Documents of older shapes
    get the default, and a field that has its default adds nothing to a document's digest.
    """

    kind: str
    path: str
    after: str
    default: Any = None


def _added() -> dict[int, tuple[Added, ...]]:
    """Fields added after the first document format, by kind."""
    added: dict[int, tuple[Added, ...]] = {}
    for kind in KINDS.values():
        for leaf in kind.every:
            field = leaf.field
            if field.since > FIRST_SHAPE:
                each = Added(kind.name, leaf.dotted, field.after, field.default)
                added[field.since] = (*added.get(field.since, ()), each)
    return dict(sorted(added.items()))


Upgrade = Callable[[str, Document], Document]
"""Converts a document of a kind to the next format, without changing the given one."""

ADDED: Mapping[int, tuple[Added, ...]] = _added()
"""Shape → the fields that it added to the one before."""

UPGRADES: Mapping[int, Upgrade] = {}
"""Shape → what else has to be done with a document of the one before, once the fields are added."""


class NewerShapeError(ValueError):
    """A document is of a shape that only a newer version of this software knows."""


class IrreversibleShapeError(ValueError):
    """A document cannot be converted to an older format."""


@cache
def latest() -> int:
    """Number of the latest document format, which new revisions use; kept, since every row asks for it."""
    return max((FIRST, *ADDED, *UPGRADES))


@cache
def stored(shape: int) -> int | None:
    """Format number as stored: null for the first one, as in rows written before there were others."""
    return None if shape == FIRST else shape


def parsed(kind: str, shape: int | None, text: str | bytes) -> Document:
    """Document of a revision in the latest format; raises NewerShapeError."""
    return upgraded(kind, shape, orjson.loads(text))


def current(kind: str, shape: int | None, document: bytes) -> bytes:
    """Document of a revision in the latest format, as JSON bytes; unchanged if it already is.

    Nothing stays nothing. Raises NewerShapeError.
    """
    if not document or shape == stored(latest()):
        return document
    return orjson.dumps(parsed(kind, shape, document))


def upgraded(kind: str, shape: int | None, document: Document, target: int | None = None) -> Document:
    """A document converted to the format `target`, the latest if None; one of a newer format stays as it is.

    Raises NewerShapeError for a format that this version does not know.
    """
    now, last = shape or FIRST, latest()
    if now > last:
        raise NewerShapeError(
            f"A document has format version {now}, but this software supports versions up to {last}. Upgrade it."
        )
    for step in range(now + 1, (target or last) + 1):
        for field in ADDED.get(step, ()):
            if field.kind == kind:
                document = _changed(document, field.path.split("."), partial(_with, field=field))
        if step in UPGRADES:
            document = UPGRADES[step](kind, document)
    return document


def rewritten(kind: str, shape: int | None, text: bytes, target: int) -> bytes:
    """Document of a revision in the format `target`, whether it is older or newer than that of the revision.

    Of a newer one, fields that came later are left out. Nothing stays nothing. Raises NewerShapeError and
    IrreversibleShapeError.
    """
    now = shape or FIRST
    if not text or now == target:
        return text
    document = upgraded(kind, shape, orjson.loads(text), target)
    for step in range(now, target, -1):
        if step in UPGRADES:
            raise IrreversibleShapeError(
                f"A document has format version {now}, which cannot be converted to version {target}."
            )
        for field in ADDED.get(step, ()):
            if field.kind == kind:
                document = _changed(document, field.path.split("."), _lacking)
    return orjson.dumps(document)


def without_defaults(kind: str, document: Document) -> Document:
    """A document without the later fields that have their default.

    So the digest of a record is the same in every version of the code in which it says the same.
    """
    for fields in ADDED.values():
        for field in fields:
            if field.kind == kind:
                document = _changed(document, field.path.split("."), partial(_without, field=field))
    return document


def _changed(value: Any, path: list[str], change: Callable[[Document, str], Document]) -> Any:
    """A value with each object at the end of the path changed; objects may be null."""
    name, *rest = path
    if name == EVERY:
        return [_changed(item, rest, change) for item in value]
    if not rest:
        return change(value, name)
    return {**value, name: _changed(value[name], rest, change)} if value.get(name) is not None else value


def _with(value: Document, name: str, field: Added) -> Document:
    if name in value:
        return value
    return dict(_followed(value, field.after, (name, field.default)))


def _followed(value: Document, after: str, member: tuple[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the members of an object with a new one inserted after a named one, or at the end."""
    for each in value.items():
        yield each
        if each[0] == after:
            yield member
    if after not in value:
        yield member


def _without(value: Document, name: str, field: Added) -> Document:
    return _lacking(value, name) if name in value and value[name] == field.default else value


def _lacking(value: Document, name: str) -> Document:
    return {key: each for key, each in value.items() if key != name}
