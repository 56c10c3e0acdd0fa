from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from incidents_api.addresses import address_group, client_address, client_group


def asked(address: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


def test_without_a_proxy_the_header_is_ignored(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0

    assert asked("192.0.2.1", "198.51.100.7") == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1, 198.51.100.7", "198.51.100.7"),  # the client wrote the first entry
        (1, "1.1.1.1,2.2.2.2,3.3.3.3,198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1, 198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "198.51.100.7", "198.51.100.7"),  # asked past the outer proxy
        (1, "198.51.100.7:50123", "198.51.100.7"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, '"[2001:db8::1]"', "2001:db8::1"),
        (1, "2001:0DB8:0::0:1", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_behind_proxies_the_address_is_what_the_outermost_added(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert asked("127.0.0.1", forwarded) == address


@pytest.mark.parametrize(
    "forwarded", [None, "", ",", "unknown", "198.51.100.7, unknown", "198.51.100.7,", "1.2.3", "x" * 99_999, "0x7f.1"]
)
def test_behind_a_proxy_that_names_no_address_it_is_that_of_the_connection(
    settings: Any, forwarded: str | None
) -> None:
    settings.TRUSTED_PROXIES = 1

    assert asked("192.0.2.1", forwarded) == "192.0.2.1"


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_a_connection_without_an_address_has_an_empty_one(address: str) -> None:
    assert asked(address) == ""
    assert client_group(RequestFactory().get("/", REMOTE_ADDR=address)) is None


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::1", "::"),
        ("", ""),
    ],
)
def test_addresses_of_one_ipv6_network_are_one_group(address: str, group: str) -> None:
    assert address_group(address) == group
