"""HTTP client for the origin, with retries after broken connections, truncated responses, 5xx and 429."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
from django.utils import timezone

from incidents.mirroring import transport, validation
from incidents.mirroring.errors import MirrorError, RefusedError, UnreachableError
from incidents.mirroring.transport import CutError, TooLargeError, Watch

API = "/api/v1/"
TRIES = 8
LONGEST_WAIT = 60
LONGEST_RETRY_AFTER = 3600
ASKING_SECONDS = 7200
"""For one question, all its tries and waits together."""

LONGEST_LINK = 4000
MOST_PARAMETERS = 20
PAGE = 1000
BLOCK = 10_000

Query = dict[str, str]


class Part(NamedTuple):
    """One answer: its members, and the query of the one that follows."""

    said: Mapping[str, Any]
    next: Query | None


class Origin:
    """A server to mirror; `say` receives a message before each wait."""

    def __init__(self, url: str, say: Callable[[str], None], tries: int = TRIES) -> None:
        try:
            parts = urlsplit(url)
            known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            known = False
        if not known:
            raise MirrorError(f"{url} is not the URL of a server, such as https://incidents.example.org/.")
        path = parts.path.rstrip("/")
        self.url = f"{parts.scheme}://{parts.netloc}{path if path.endswith(API.rstrip('/')) else path + API[:-1]}/"
        self._say, self._tries, self._page = say, tries, PAGE

    def changes(self, query: Query) -> Part:
        """A validated part of the feed; raises MirrorError."""
        while True:
            try:
                part = self._part("changes/", query | {"limit": str(self._page)})
            except TooLargeError:
                if self._page == 1:
                    raise MirrorError(
                        f"One change of {self.url} is larger than {transport.MAX_ANSWER:,} bytes."
                    ) from None
                self._page //= 2
            else:
                self._refuse("changes/", validation.page_of_changes(part.said))
                return part

    def checksum(self, query: Query, limit: int = BLOCK) -> Part:
        """A validated checksum of a part of the feed; raises MirrorError."""
        try:
            part = self._part("changes/checksum/", query | {"limit": str(limit)})
        except TooLargeError:
            raise MirrorError(
                f"{self.url}changes/checksum/ answers more than {transport.MAX_ANSWER:,} bytes."
            ) from None
        self._refuse("changes/checksum/", validation.CHECKSUM(part.said))
        return part

    def _refuse(self, path: str, wrong: str) -> None:
        if wrong:
            raise MirrorError(
                f"{self.url}{path} sends data that this version cannot copy: {transport.plain(wrong).lstrip('.')}. "
                "If the origin is newer, update the mirror."
            )

    def _part(self, path: str, query: Query) -> Part:
        address = f"{self.url}{path}?{urlencode(query)}"
        said = self._ask(address)
        if not isinstance(said, dict) or "as_of" not in said:
            raise MirrorError(f"{address} is not an incidents server.")
        following = said.get("next")
        # Of its address only the query: behind a proxy the origin may know itself by another name than we do.
        return Part(said, query_of(following, address) if following else None)

    def _ask(self, address: str) -> Any:
        until = time.monotonic() + ASKING_SECONDS
        for number in range(self._tries):
            with Watch(transport.ANSWER_SECONDS) as watch:
                try:
                    return transport.read(address, watch)
                except HTTPError as error:
                    with error:
                        if error.code not in (408, 425, 429) and error.code < 500:
                            raise _refused(error, address) from None
                        why, asked = f"HTTP {error.code}", _retry_after(error)
                except (*transport.BROKEN, CutError) as error:
                    why, asked = transport.plain(str(error)) or type(error).__name__, None
                    why = "the response took too long" if watch.ended else why
            # By chance, so that mirrors that were cut off together do not come back together.
            wait = asked if asked is not None else min(LONGEST_WAIT, 2**number) * random.uniform(0.5, 1)  # noqa: S311 - how long to wait is no secret
            if number + 1 == self._tries or time.monotonic() + wait > until:
                break
            self._say(f"{self.url}: {why}; retrying in {wait:.0f} s")
            time.sleep(wait)
        raise UnreachableError(
            f"{address} cannot be read: {why}. The copied data is kept; run the command again later."
        )


def query_of(link: object, address: str = "") -> Query:
    """Parameters of a link without the limit, which we choose; raises MirrorError."""
    try:
        if not isinstance(link, str) or len(link) > LONGEST_LINK:
            raise ValueError
        found = parse_qs(urlsplit(link).query, strict_parsing=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        said = transport.plain(str(link))
        raise MirrorError(f"{address} has the invalid URL {said!r} for the next part.") from None
    return {name: values[-1] for name, values in found.items() if name != "limit"}


def _retry_after(error: HTTPError) -> float | None:
    """Seconds to wait according to `Retry-After`, within limits."""
    text = (error.headers.get("Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), LONGEST_RETRY_AFTER))
    try:
        seconds = (parsedate_to_datetime(text) - timezone.now()).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _refused(error: HTTPError, address: str) -> MirrorError:
    try:
        problem = orjson.loads(error.read(2**16))
        errors = problem.get("errors", ())
        parameters = frozenset(str(each["parameter"]) for each in errors)
        detail = " ".join(str(each["message"]) for each in errors) or str(problem["detail"])
    except (ValueError, KeyError, TypeError, AttributeError, OSError, HTTPException):
        return MirrorError(f"{address} answers HTTP {error.code}. Is this the URL of an incidents server?")
    return RefusedError(f"{address} answers HTTP {error.code}: {transport.plain(detail)}", parameters)
