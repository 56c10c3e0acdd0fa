"""Every snippet of the guide runs as it is written; the server shows the guide as a page."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from incidents_api.guide import EXAMPLE_SERVER, PAGES, rendered, source
from tests.schema.server import running_server

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```(\w+)\n(.*?)```", GUIDE, re.DOTALL)

SAID = {
    "python": [
        "luhansk-2022-0001",
        "12 incidents as of publication 1",
        "explosions",
        "page_size -> limit",
        "304",
        "CC-BY",
    ],
    "js": ["luhansk-2022-0001", "12 incidents", "page_size: Unknown parameter. Use limit."],
    "r": ["luhansk-2022-0001", "12 incidents", "explosions"],
    "sh": ['"results"', '"results"', '"results"', '"count":', ""],
}
"""What the snippets of a language print, in their order; among other words."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as address:
        yield address


def command(language: str) -> list[str]:
    """Command that runs a snippet from its standard input; skips the test where its interpreter does not run at all."""
    if language == "python":
        return [sys.executable, "-"]
    runs, needed = {
        "sh": (["sh", "-e"], ["curl", "--version"]),
        "js": (["node", "--input-type=module", "-"], ["node", "--version"]),
        "r": (["Rscript", "-"], ["Rscript", "-e", "library(jsonlite)"]),
    }[language]
    if not shutil.which(needed[0]) or subprocess.run(needed, capture_output=True, check=False).returncode:
        pytest.skip(f"Not on this machine: {' '.join(needed)}")
    return runs


@pytest.mark.parametrize("language", SAID)
def test_every_snippet_runs_and_says_what_it_should(server: str, tmp_path: Path, language: str) -> None:
    runs = command(language)
    snippets = [text for of, text in SNIPPETS if of == language]
    assert len(snippets) == len(SAID[language])
    for snippet, said in zip(snippets, SAID[language], strict=True):
        code = snippet.replace("curl ", "curl --silent --show-error --fail ")
        done = subprocess.run(
            runs, input=code.replace(EXAMPLE_SERVER, server), cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{snippet}\n{done.stderr}"
        assert said in done.stdout, f"{snippet}\n{done.stdout}"


def test_there_are_snippets_in_no_other_language() -> None:
    assert {language for language, _ in SNIPPETS} == SAID.keys()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_shown_with_its_headings_and_no_mark_of_markdown(client: Client, name: str) -> None:
    answer = client.get(f"/guide/{name}/" if name else "/guide/")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    prose = re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", answer.text, flags=re.DOTALL)
    assert re.findall(r"^#+ |\]\(|^\|", prose, re.MULTILINE) == []
    assert not re.search(r"<style|style=|<script|\son\w+=", answer.text)


def test_examples_name_the_server_that_shows_them(client: Client) -> None:
    text = client.get("/guide/", headers={"host": "localhost:8123"}).text
    assert "curl 'http://localhost:8123/api/v1/incidents/" in text
    assert EXAMPLE_SERVER not in text


def test_every_link_leads_to_something(client: Client) -> None:
    anchors = {name: set(re.findall(r' id="([^"]+)"', str(rendered(name, "").body))) for name in PAGES}
    for name in PAGES:
        for href in re.findall(r'href="([^"]+)"', str(rendered(name, "http://testserver").body)):
            path, _, anchor = href.removeprefix("http://testserver").partition("#")
            if path.startswith("/guide/"):
                assert client.get(path).status_code == 200, href
                assert not anchor or anchor in anchors[path.removeprefix("/guide/").rstrip("/")], href
            elif not path:
                assert anchor in anchors[name], href
            else:
                assert path.startswith(("https://", "http://", "/api/v1/")), (name, href)


def test_links_between_the_files_hold_too() -> None:
    for name in PAGES:
        targets = re.findall(r"\]\((?!http|#)([^)#]+)", source(name))
        assert [target for target in targets if not (ROOT / "docs" / target).exists()] == [], name


@pytest.mark.parametrize("page", ["nothing", "guide", "..", "operating"])
def test_no_other_page_is_shown(client: Client, page: str) -> None:
    assert client.get(f"/guide/{page}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/api/v1/docs/", "/api/v1/redoc/", "/api/v1/incidents/"])
def test_it_is_linked_from_the_start_the_docs_and_the_lists(client: Client, address: str) -> None:
    assert 'href="/guide/"' in client.get(address, headers={"accept": "text/html"}).text
