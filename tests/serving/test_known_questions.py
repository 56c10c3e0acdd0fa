"""Which questions go straight to a process of their own."""

from typing import Any

import pytest

from incidents_api.serving import site as serving
from incidents_api.serving.site import Site


def question(query: str) -> dict[str, Any]:
    return {"PATH_INFO": "/api/v1/incidents/", "QUERY_STRING": query, "REQUEST_METHOD": "GET"}


def test_a_question_that_was_dear_is_known_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site()
    site.remember_dear(question("q=a"))
    assert site.is_known_dear(question("q=a"))
    assert not site.is_known_dear(question("q=b"))
    monkeypatch.setattr(serving, "DEAR_SECONDS", -1)
    site.remember_dear(question("q=a"))
    assert not site.is_known_dear(question("q=a"))


def test_a_page_that_was_quick_a_moment_ago_is_not_taken_for_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site()
    site.remember_quick(question(""))
    site.remember_dear(question(""))
    assert not site.is_known_dear(question(""))
    monkeypatch.setattr(serving, "QUICK_FOR_SECONDS", -1)
    site.remember_dear(question(""))
    assert site.is_known_dear(question(""))


def test_no_more_questions_are_remembered_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MOST_KNOWN", 3)
    site = Site()
    for number in range(5):
        site.remember_dear(question(str(number)))
    assert [site.is_known_dear(question(str(number))) for number in range(5)] == [False, False, True, True, True]
