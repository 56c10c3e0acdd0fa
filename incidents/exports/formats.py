"""What every format is: a name, a media type, and how documents become its bytes."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from rest_framework.renderers import BaseRenderer

from incidents.tables import TABLES, Column, Table

logger = logging.getLogger(__name__)

Documents = Iterable[Sequence[bytes]]
"""Stored documents, some at a time."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Parameters of an export: kind, number of rows, fields and options."""

    kind: str
    rows: int
    at: int
    fields: Sequence[str] | None = None
    hxl: bool = False
    bom: bool = False
    own: Sequence[Column] = ()
    """The columns of datasets' own fields."""
    of: Table | None = None
    """The table that is written; None: that of this version."""

    @property
    def title(self) -> str:
        """Plural of the kind, as in the URL of the list."""
        return f"{self.kind}s"

    @property
    def table(self) -> Table:
        """Table declaration of the exported kind of record."""
        table = self.of or TABLES[self.kind]
        return table.extended(self.own) if self.own else table

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns selected by `fields`, in the order of the table."""
        return self.table.chosen(self.fields)


class Format(BaseRenderer):
    """An export format: a DRF renderer for content negotiation, with a method `write` for records."""

    format: str
    media_type: str
    content_type: ClassVar[str]
    flat: ClassVar[bool] = False
    """It has columns, so that `fields` may name them."""
    takes: ClassVar[frozenset[str]] = frozenset()
    """Parameters that mean something in this format alone."""
    most: ClassVar[int | None] = None
    """Records that it can hold."""
    is_made_first: ClassVar[bool] = False
    """It is finished before its first byte is sent, and fails before that if it does."""
    is_light: ClassVar[bool] = True
    """A page of it takes no longer to write than one of JSON."""
    cost: ClassVar[int] = 10
    """What a file of it costs, in the units of the policy `work`."""
    bytes_a_row: ClassVar[int]
    """About how many bytes a record takes: more than most, so that a file fits where it is begun."""
    broken: ClassVar[bytes] = b""
    """What makes a file that could not be finished unreadable, where it would look whole."""
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Pass on the bytes of a single record; responses such as 304 have none, and lists are streamed."""
        return bytes(data or b"")

    @abstractmethod
    def write(self, documents: Documents, asked: ExportRequest) -> Iterator[bytes]:
        """Yield the bytes of a file."""


def guarded(pieces: Iterator[bytes], broken: bytes) -> Iterator[bytes]:
    """Pass a file on; if it fails, end it so that parsers detect that it is truncated, and raise.

    Granian ends a response normally if its iterator raises, so clients cannot detect the error from the connection.
    """
    try:
        yield from pieces
    except Exception:
        logger.exception("An export failed.")
        yield broken
        raise


def chosen(document: bytes, fields: Sequence[str] | None) -> bytes:
    """The document with only the selected fields, in its own order."""
    if not fields:
        return document
    wanted = {"id", *fields}
    parsed = orjson.loads(document)
    return orjson.dumps({name: value for name, value in parsed.items() if name in wanted})
