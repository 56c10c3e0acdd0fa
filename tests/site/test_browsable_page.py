import re

import pytest
from django.test import Client

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def page(client: Client, address: str) -> str:
    response = client.get(address, headers=BROWSER)
    assert response["Content-Type"] == "text/html; charset=utf-8"
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/incidents/", "/api/v1/incidents/none/", "/api/v1/sources/"])
def test_a_page_has_nothing_inline_that_the_csp_forbids(client: Client, address: str) -> None:
    html = page(client, address)

    assert not re.search(r"<style|style=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", html)
    for source in re.findall(r'(?:src|href)="([^"#]+)"', html):
        assert source.startswith(("/", "http://testserver/"))


@pytest.mark.django_db
def test_a_page_offers_nothing_that_writes_and_no_login(client: Client) -> None:
    html = page(client, "/api/v1/incidents/").lower()

    assert re.findall(r'method="(\w+)"', html) == ["get"]
    assert "log in" not in html
    assert "csrf" not in html


@pytest.mark.urls("tests.site.raising")
def test_a_page_shows_the_answer_and_where_to_go_from_it(client: Client) -> None:
    html = page(client, "/api/words/?x=1")

    assert "<h1>Words</h1>" in html
    assert "<p>What stands between <code>backticks</code> is code.</p>" in html
    assert "<strong>GET</strong> /api/words/?x=1" in html
    assert "HTTP 200 OK" in html
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" not in html
    assert "&quot;&lt;b&gt;&amp;&lt;/b&gt;&quot;" in html
    assert '<a rel="next" href="http://testserver/api/words/?page=2">' in html
    assert 'href="http://testserver/api/words/?format=csv&amp;x=1"' in html


@pytest.mark.django_db
def test_the_form_has_each_parameter_with_what_it_means_and_what_was_given(client: Client) -> None:
    html = page(client, "/api/v1/incidents/?event_type=battle")

    assert re.search(r'<input id="filter-event_type"\s+name="event_type"\s+value="battle"', html)
    assert 'aria-describedby="help-event_type"' in html
    assert '<option value="battle">' in html
    assert 'name="cursor"' not in html
    assert 'name="format"' not in html


@pytest.mark.django_db
def test_a_field_that_was_filled_wrongly_is_open_marked_and_explained(client: Client) -> None:
    html = page(client, "/api/v1/incidents/?date_after=13.08.2022&country=UKR")

    assert '<details class="filters" open>' in html
    (field,) = re.findall(r'<input id="filter-date_after".*?>', html, re.DOTALL)
    assert 'value="13.08.2022"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="error-date_after help-date_after"' in field
    assert re.search(r'id="error-date_after">Must be a date: YYYY-MM-DD', html)
    assert html.count("aria-invalid") == 1


@pytest.mark.django_db
def test_the_form_is_folded_and_says_how_many_filters_are_in_use(client: Client) -> None:
    html = page(client, "/api/v1/incidents/?country=UKR&killed_min=1")

    assert '<details class="filters" >' in html
    assert "(2 in use)" in html
    assert "in use)" not in page(client, "/api/v1/incidents/")


@pytest.mark.django_db
def test_a_list_offers_itself_in_every_format(client: Client) -> None:
    html = page(client, "/api/v1/incidents/?country=UKR")

    offered = re.findall(r'href="http://testserver/api/v1/incidents/\?country=UKR&amp;format=(\w+)"', html)
    assert offered == ["json", "csv", "ndjson", "geojson", "parquet", "xlsx"]


@pytest.mark.django_db
def test_a_page_about_one_record_has_no_form(client: Client) -> None:
    assert "<form" not in page(client, "/api/v1/incidents/none/")


@pytest.mark.django_db
def test_what_was_wrong_is_said_above_everything_else(client: Client) -> None:
    html = page(client, "/api/v1/incidents/?evnt_type=<script>")

    assert re.search(r"<code>evnt_type</code>:.*\s*Did you mean <code>event_type</code>\?", html)
    assert "<script>" not in html


def test_a_page_names_the_list_and_leads_back(client: Client) -> None:
    html = page(client, "/api/v1/")

    assert "<h1>API</h1>" in html
    assert 'class="skip" href="#content"' in html
    assert 'id="content"' in html
