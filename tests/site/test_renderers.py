from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import orjson
import pytest
from django.utils.translation import gettext_lazy

from incidents_api.rest.pages import highlight, paragraphs
from incidents_api.rest.renderers import JSONRenderer


def test_stored_json_is_passed_on_as_it_is() -> None:
    stored = b'{"b": 1,   "a": [1.50]}'

    assert JSONRenderer().render(stored) is stored


def test_nothing_renders_as_nothing() -> None:
    assert JSONRenderer().render(None) == b""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("49.20846"), "49.20846"),
        (datetime(2022, 8, 4, 12, tzinfo=UTC), '"2022-08-04T12:00:00Z"'),
        (date(2022, 8, 4), '"2022-08-04"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (gettext_lazy("Луганськ"), '"Луганськ"'),
        ({"a": None}, '{"a":null}'),
    ],
)
def test_other_values_have_their_usual_form(value: object, text: str) -> None:
    assert JSONRenderer().render(value).decode() == text


def test_what_the_page_shows_is_escaped_and_addresses_are_links() -> None:
    shown = highlight(
        orjson.dumps(
            {"<b>": "</pre><script>", "url": "https://example.org/?a=1&b=\"'", "js": "javascript:alert(1)", "n": None},
            option=orjson.OPT_INDENT_2,
        ).decode()
    )

    assert "<script" not in shown
    assert "<b>" not in shown
    assert shown.count("<a ") == 0  # the quote in the address makes it no address
    assert '<span class="json-word">null</span>' in shown


def test_an_address_in_the_json_can_be_followed() -> None:
    shown = highlight('{\n  "url": "https://example.org/?a=1&b=2"\n}')

    assert '"<a href="https://example.org/?a=1&amp;b=2" rel="nofollow">https://example.org/?a=1&amp;b=2</a>"' in shown


def test_a_docstring_becomes_paragraphs() -> None:
    assert paragraphs("One line\n  goes on.\n\nAnother with `code` & <b>.\n") == (
        "<p>One line goes on.</p><p>Another with <code>code</code> &amp; &lt;b&gt;.</p>"
    )
