"""What is cited when a release is."""

from __future__ import annotations

from incidents.exports.citation import Citable
from incidents.ledger.models import Release


def of_release(release: Release, published: str, url: str) -> Citable:
    """Citation of a release; `published` is the time of its publication, `url` may be empty."""
    number = release.counts["incident"]
    return Citable(
        key=release.name,
        title=release.title,
        what=f"Release {release.name}, {number} incident{'' if number == 1 else 's'}",
        version=release.name,
        seq=release.seq,
        published=published,
        url=url,
        licences=release.licences,
    )
