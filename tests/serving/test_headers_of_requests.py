from incidents_api.serving.calls import environ_of


def _environ(*headers: tuple[bytes, bytes]) -> dict[str, object]:
    scope = {"method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": headers}
    return {name: value for name, value in environ_of(scope, None, "192.0.2.1").items() if name.startswith("HTTP_")}


def test_a_header_with_underscores_is_not_taken_for_one_with_hyphens() -> None:
    forged = (b"x_forwarded_for", b"198.51.100.7"), (b"x_forwarded_proto", b"https")
    real = (b"x-forwarded-for", b"203.0.113.5"), (b"x-forwarded-proto", b"http")
    expected = {"HTTP_X_FORWARDED_FOR": "203.0.113.5", "HTTP_X_FORWARDED_PROTO": "http"}
    assert _environ(*forged, *real) == _environ(*real, *forged) == expected


def test_a_repeated_header_is_one_list() -> None:
    assert _environ((b"accept", b"text/csv"), (b"accept", b"text/html")) == {"HTTP_ACCEPT": "text/csv,text/html"}
