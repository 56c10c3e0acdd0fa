"""Whose address a request has, and which addresses count as one reader."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

IPV6_PREFIX = 64
"""Bits of an IPv6 address that count. A provider gives each customer at least a /64, and all addresses in it."""


def client_address(request: HttpRequest) -> str:
    """IP address of the client in canonical form; empty if the server does not know it."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """IP address of the client from a WSGI environ, as `client_address` returns it.

    With BEHIND_PROXY, this is the entry of X-Forwarded-For that the outermost of the TRUSTED_PROXIES proxies added:
    each proxy adds the address that it was asked from at the right. Entries left of that come from the client, who may
    write anything there. A request without the header, or with something else in that place, has the address of the
    connection.
    """
    if settings.TRUSTED_PROXIES:
        hops = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if found := _parse(hops[-min(settings.TRUSTED_PROXIES, len(hops))]):
            return str(found)
    return str(_parse(environ.get("REMOTE_ADDR", "")) or "")


def address_group(address: str) -> str:
    """Key for counting attempts: an IPv4 address, or the first address of the /64 of an IPv6 address.

    What is not an address is returned as it is, so that clients without a known address are counted as one.
    """
    found = _parse(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_PREFIX), strict=False).network_address)
    return str(found or address)


def client_group(request: HttpRequest) -> str | None:
    """Group of the client's address; None if the server does not know it."""
    return address_group(client_address(request)) or None


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address with or without a port, brackets and an interface: `192.0.2.1:80`, `[2001:db8::1]:443`."""
    host = text.strip().strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
