"""A regular expression of a profile has a limit of time, and whoever wrote it is told which key has it."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from incidents.loading.errors import LoadError
from incidents.loading.profiles.patterns import IGNORECASE, LONGEST, Pattern, PatternError
from tests.loading.files import load, outcome
from tests.loading.reload import MINIMAL

SLOW = "^(a|a)*$"
"""It tries every way to read letters that are not followed by what it wants."""

KEYS: dict[str, tuple[str, str]] = {
    "incident.summary.1.when.text": (
        'summary = "text"',
        'summary = [{ when = { text = \'SLOW\' }, constant = "x" }, { column = "text" }]',
    ),
    f"incident.summary.replace.{SLOW}": (
        'summary = "text"',
        'summary = { column = "text", replace = { \'SLOW\' = "x" } }',
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("key", list(KEYS))
def test_a_load_ends_with_the_key_of_a_pattern_that_takes_too_long(tmp_path: Path, key: str) -> None:
    old, new = KEYS[key]
    profile, path = tmp_path / "p.toml", tmp_path / "rows.csv"
    profile.write_text(MINIMAL.format(optional=[]).replace(old, new.replace("SLOW", SLOW)))
    path.write_text("n,text,day\n1," + "a" * 60 + "!,2024-01-02\n")
    began = time.perf_counter()
    with pytest.raises(CommandError) as caught:
        load(path, profile=str(profile))
    assert time.perf_counter() - began < 5
    assert str(caught.value).startswith(f"{key}: the regular expression {SLOW!r} took more than")


@pytest.mark.django_db
def test_the_pattern_of_the_case_answers_at_once(tmp_path: Path) -> None:
    profile, path = tmp_path / "p.toml", tmp_path / "rows.csv"
    new = KEYS["incident.summary.1.when.text"][1].replace("SLOW", "(a+)+$")
    profile.write_text(MINIMAL.format(optional=[]).replace('summary = "text"', new))
    path.write_text("n,text,day\n1," + "a" * 26 + "!,2024-01-02\n")
    began = time.perf_counter()
    assert outcome(path, profile=str(profile)) == "added 1, changed 0, withdrawn 0, unchanged 0"
    assert time.perf_counter() - began < 5


def test_many_texts_that_are_slow_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.loading.profiles.patterns.SLOW", 0.0)
    monkeypatch.setattr("incidents.loading.profiles.patterns.SLOW_SECONDS", 0.005)
    pattern = Pattern("incident.summary", "a+b")
    texts = ["a" * 50] * 100_000
    with pytest.raises(LoadError, match=r"incident\.summary: .* on texts that are slow for it"):
        list(map(pattern.search, texts))


@pytest.mark.parametrize(
    ("text", "said"),
    [("(", "is no regular expression"), ("a" * (LONGEST + 1), "2,001 characters; 2,000 are the most")],
)
def test_what_is_no_pattern_is_told(text: str, said: str) -> None:
    with pytest.raises(PatternError, match=said):
        Pattern("key", text)


def test_a_replacement_that_names_no_group_is_told() -> None:
    with pytest.raises(LoadError, match=r"key: '\\\\2' cannot replace what 'a' finds"):
        Pattern("key", "a").sub(r"\2", "a")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\b(РИА Новости)\b", "риа новости", True),
        (r"^ministry\b", "Ministry of Defence", True),
        (r"(?<!non-)violent", "non-violent", False),
        (r"\d{4}", "٢٠٢٤", True),
    ],
)
def test_patterns_mean_what_they_mean_in_python(pattern: str, text: str, found: Any) -> None:
    assert bool(Pattern("key", pattern, IGNORECASE).search(text)) == found
