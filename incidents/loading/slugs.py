"""Readable ids out of names, the same on every run and whatever the order of the rows."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

from incidents.fields import PUBLIC_ID_LENGTH, RESERVED_IDS
from incidents.text_folding import APOSTROPHES, in_ascii

_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Return a text folded to lower-case ASCII words joined by hyphens; "" if it has no letter or digit."""
    if text.isascii() and text.isalnum():  # numbers are, which are the most of what makes ids
        return text.lower()
    return _slug(text)


@lru_cache(maxsize=16_384)
def _slug(text: str) -> str:
    return _OTHER.sub("-", in_ascii(APOSTROPHES.sub("", text)).lower()).strip("-")


def fingerprint(text: str) -> str:
    """Return 16 hexadecimal digits that stand for a text."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def fitted(public_id: str) -> str:
    """Return an id that is allowed: one that is too long, or reserved, ends in a hash of the whole, so it is unique."""
    if len(public_id) <= PUBLIC_ID_LENGTH and public_id not in RESERVED_IDS:
        return public_id
    tail = fingerprint(public_id)[:10]
    return f"{public_id[: PUBLIC_ID_LENGTH - len(tail) - 1].rstrip('-._')}-{tail}"
