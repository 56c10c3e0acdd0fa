"""Asks the origin over HTTP, and asks again where that may help: cut lines, cut answers, 5xx, 429."""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import orjson
from django.utils import timezone

from incidents.mirroring.errors import MirrorError, RefusedError, UnreachableError
from incidents_api import __version__

API = "/api/v1/"
TIMEOUT = 60
"""Seconds without a byte."""

ANSWER_SECONDS = 900
"""For a whole answer, however steadily its bytes drip."""

TRIES = 8
LONGEST_WAIT = 60
LONGEST_RETRY_AFTER = 3600
MAX_ANSWER = 256 * 2**20
"""Bytes of an answer, unpacked; a page of so many is asked for in smaller ones."""

PAGE = 1000
BLOCK = 10_000

PUBLICATION = frozenset({"seq", "published", "message", "counts", "totals"})
CHANGE = frozenset(
    {"seq", "kind", "id", "revision", "change", "changed_fields", "reason", "target", "redacted", "document"}
)

Query = dict[str, str]


class _TooLargeError(Exception):
    """An answer does not fit; smaller ones may."""


class _CutError(Exception):
    """An answer has no end."""


class Part(NamedTuple):
    """One answer: its members, and the query of the one that follows."""

    said: Mapping[str, Any]
    next: Query | None


class Origin:
    """A server whose changes are copied; `say` is told of every wait."""

    def __init__(self, url: str, say: Callable[[str], None], tries: int = TRIES) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise MirrorError(f"{url} is not the address of a server, such as https://incidents.example.org/.")
        path = parts.path.rstrip("/")
        self.url = f"{parts.scheme}://{parts.netloc}{path if path.endswith(API.rstrip('/')) else path + API[:-1]}/"
        self._say, self._tries, self._page = say, tries, PAGE

    def changes(self, query: Query) -> Part:
        """Return a part of the feed; raises MirrorError."""
        while True:
            try:
                part = self._part("changes/", query | {"limit": str(self._page)})
            except _TooLargeError:
                if self._page == 1:
                    raise MirrorError(f"One change of {self.url} is larger than {MAX_ANSWER:,} bytes.") from None
                self._page //= 2
            else:
                if not _is_feed(part.said):
                    raise MirrorError(f"{self.url}changes/ sends what this version does not know; update the mirror.")
                return part

    def checksum(self, query: Query, limit: int = BLOCK) -> Part:
        """Return the checksum of a part of the feed; raises MirrorError."""
        return self._part("changes/checksum/", query | {"limit": str(limit)})

    def _part(self, path: str, query: Query) -> Part:
        said = self._ask(f"{self.url}{path}?{urlencode(query)}")
        following = said.get("next")
        # Of its address only the query: behind a proxy the origin may know itself by another name than we do.
        return Part(said, query_of(following) if following else None)

    def _ask(self, address: str) -> Mapping[str, Any]:
        for number in range(self._tries):
            try:
                return _read(address)
            except HTTPError as error:
                with error:
                    if error.code not in (408, 425, 429) and error.code < 500:
                        raise _refused(error, address) from None
                    why, asked = f"HTTP {error.code}", _retry_after(error)
            except (OSError, HTTPException, zlib.error, _CutError) as error:
                why, asked = str(error) or type(error).__name__, None
            if number + 1 < self._tries:
                # By chance, so that mirrors that were cut off together do not come back together.
                wait = asked if asked is not None else min(LONGEST_WAIT, 2**number) * random.uniform(0.5, 1)  # noqa: S311 - how long to wait is no secret
                self._say(f"{self.url}: {why}; asking again in {wait:.0f} s")
                time.sleep(wait)
        raise UnreachableError(f"{address} cannot be read: {why}. What was copied stays; run this again later.")


def _is_feed(said: Mapping[str, Any]) -> bool:
    """Tell whether an answer has all that a mirror reads of it."""
    return all(
        isinstance(said.get(name), list)
        and all(isinstance(each, dict) and needed <= each.keys() for each in said[name])
        for name, needed in (("publications", PUBLICATION), ("results", CHANGE))
    )


def query_of(address: str) -> Query:
    """Return the parameters of a link, without the limit, which is ours to choose."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items() if name != "limit"}


def _read(address: str) -> Mapping[str, Any]:
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "User-Agent": f"incidents-api-mirror/{__version__}",
    }
    with urlopen(Request(address, headers=headers), timeout=TIMEOUT) as response:  # noqa: S310 - http(s), see Origin
        packed = response.headers.get("Content-Encoding", "identity").lower() == "gzip"
        body = _unpacked(response) if packed else _all_of(response)
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _CutError("the answer was cut off") from None
    if not isinstance(said, dict) or "as_of" not in said:
        raise MirrorError(f"{address} does not answer like a server of incidents.")
    return said


def _pieces(response: Any) -> Any:
    until = time.monotonic() + ANSWER_SECONDS
    while piece := response.read1(2**18):
        if time.monotonic() > until:
            raise _CutError("the answer took too long")
        yield piece


def _all_of(response: Any) -> bytes:
    body = bytearray()
    for piece in _pieces(response):
        body += piece
        if len(body) > MAX_ANSWER:
            raise _TooLargeError
    return bytes(body)


def _unpacked(response: Any) -> bytes:
    """Unpack gzip as it comes, so that a small answer cannot become a large one unnoticed."""
    unpack, body = zlib.decompressobj(wbits=31), bytearray()
    for piece in _pieces(response):
        body += unpack.decompress(piece, MAX_ANSWER + 1 - len(body))
        if len(body) > MAX_ANSWER:
            raise _TooLargeError
    if not unpack.eof:
        raise _CutError("the answer was cut off")
    return bytes(body)


def _retry_after(error: HTTPError) -> float | None:
    """Return the seconds to wait that the origin asks for, within reason."""
    text = (error.headers.get("Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text), LONGEST_RETRY_AFTER))
    try:
        seconds = (parsedate_to_datetime(text) - timezone.now()).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _refused(error: HTTPError, address: str) -> MirrorError:
    try:
        problem = orjson.loads(error.read(2**16))
        errors = problem.get("errors", ())
        parameters = frozenset(str(each["parameter"]) for each in errors)
        detail = " ".join(str(each["message"]) for each in errors) or str(problem["detail"])
    except (ValueError, KeyError, TypeError, AttributeError, OSError, HTTPException):
        return MirrorError(f"{address} answers HTTP {error.code}. Is this the address of a server of incidents?")
    return RefusedError(f"{address} answers HTTP {error.code}: {detail}", parameters)
