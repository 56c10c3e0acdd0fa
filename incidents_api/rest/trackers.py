"""Parameters that mail, chats and advertisers add to links: a page ignores them, data refuses them as unknown."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from rest_framework.request import Request

TRACKER = re.compile(
    "utm_.+|_|_g[al]|_hs(enc|mi)|(fb|g|d|tw|tt|y|ms|rdt_)cl(id|kid)|[gw]braid|gclsrc|igshi?d?|mc_[ce]id|mkt_tok|"
    "li_fat_id|vero_(id|conv)|oly_(anon|enc)_id|ref_(src|url)|s_cid|_openstat|wt_mc|srsltid"
)
"""Matches the whole name of a parameter."""


def is_tracker(name: str) -> bool:
    """True if a parameter says where a reader comes from, and nothing about what they ask for."""
    return bool(TRACKER.fullmatch(name.lower()))


def drop_trackers(request: Request) -> None:
    """Take trackers out of the query of a request, so that neither filters nor links have them."""
    query = request.META.get("QUERY_STRING", "")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not is_tracker(unquote_plus(pair.partition("=")[0]))]
    if len(kept) < len(pairs):
        request.META["QUERY_STRING"] = "&".join(kept)
        vars(request._request).pop("GET", None)  # read from it already
