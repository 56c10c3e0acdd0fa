import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.django_db

PAGES = ["/", "/api/v1/docs/", "/api/v1/redoc/", "/nothing/", "/guide/"]


class Inline(HTMLParser):
    """Notes what a strict CSP forbids, and the files that a page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.forbidden: list[str] = []
        self.files: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.forbidden.append(tag)
        self.forbidden += [name for name in given if name == "style" or name.startswith("on")]
        address = given.get("src") if tag == "script" else given.get("href") if tag == "link" else None
        if address:
            self.files.append(address)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_nothing_inline_and_asks_for_files_of_this_server_only(client: Client, address: str) -> None:
    page = Inline()
    page.feed(client.get(address).content.decode())

    assert page.forbidden == []
    assert page.files
    for file in page.files:
        assert file.startswith("/static/")
        assert finders.find(file.removeprefix("/static/")), file


@pytest.mark.parametrize("address", ["/", "/api/v1/docs/", "/nothing/", "/api/v1/?format=api"])
def test_the_policy_is_strict(client: Client, address: str) -> None:
    policy = client.get(address)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert re.search(r"style-src 'self'(;|$)", policy)
    assert "unsafe" not in policy


def test_redoc_may_use_the_two_styles_that_it_starts_with_and_no_other(client: Client) -> None:
    policy = client.get("/api/v1/redoc/")["Content-Security-Policy"]

    assert re.search(r"style-src 'self' 'sha256-[^']+' 'sha256-[^']+'(;|$)", policy)
    assert "unsafe" not in policy


@pytest.mark.parametrize(("address", "element"), [("/api/v1/docs/", "swagger"), ("/api/v1/redoc/", "redoc")])
def test_the_docs_show_this_servers_schema(client: Client, address: str, element: str) -> None:
    assert f'<div id="{element}" data-schema="/api/v1/schema/">' in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/", "/api/v1/docs/", "/api/v1/redoc/", "/api/v1/codebook/"])
def test_every_page_leads_to_the_codebook(client: Client, address: str) -> None:
    assert '<a href="/api/v1/codebook/">' in client.get(address, headers={"accept": "text/html"}).content.decode()


def test_our_scripts_and_styles_name_no_other_server() -> None:
    folder = Path(str(finders.find("incidents_api")))

    for file in folder.iterdir():
        assert set(re.findall(r"https?://[^\s\"')]+", file.read_text())) <= {"http://www.w3.org/2000/svg"}, file
