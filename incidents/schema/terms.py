"""The terms of a dataset: its licence, with the address of its text, and what it does not state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
NOT_STATED = frozenset({"", "licenseref-not-stated", "noassertion", "none"})
"""What stands where a licence should, in small letters."""


class Licence(NamedTuple):
    """A licence, with the address of its text if it has one."""

    name: str
    url: str


def licence_of(text: str) -> Licence:
    """Licence of a dataset, from an SPDX identifier or an address; without a name if it is not stated."""
    if text.lower() in NOT_STATED:
        return Licence("", "")
    if text.startswith(("http://", "https://")):
        return Licence(text, text)
    known = SPDX.fullmatch(text) and not text.startswith("LicenseRef-")
    return Licence(text, f"https://spdx.org/licenses/{text}.html" if known else "")


def not_stated(dataset: Mapping[str, Any]) -> list[str]:
    """Names of the terms that a dataset's document does not state: licence, attribution."""
    found = [] if licence_of(dataset.get("licence") or "").name else ["licence"]
    return found if (dataset.get("attribution") or "").strip() else [*found, "attribution"]
