"""Every text that can be published has a bound, and every address is one of a web page, on every way in."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import models

from incidents import text_checks, texts
from incidents.fields import WebAddressField
from incidents.ledger import content
from incidents.ledger.models import Revision
from incidents.models import (
    Actor,
    Claim,
    Dataset,
    Incident,
    IncidentReport,
    Location,
    Membership,
    Monitoring,
    PlaceName,
    Report,
    Source,
)
from incidents.publishing import RefusedError, publish, withdraw
from tests.factories import DatasetFactory, IncidentFactory, ReportFactory, SourceFactory
from tests.loading import reload
from tests.loading.files import load, public

pytestmark = pytest.mark.django_db

MODELS: tuple[type[models.Model], ...] = (
    Actor,
    Claim,
    Dataset,
    Incident,
    Location,
    Membership,
    Monitoring,
    PlaceName,
    Report,
    Source,
)
SCRIPTS = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://example.org/",
    "//example.org/",
    "https:/example.org",
    "https://",
    "https://exa mple.org/",
    "https://example.org/a\nb",
    "https://example.org/\x7f",
    "https://example.org/\u202e",
    "http://[::1",
    "http://example.org:99999999/",
)
ADDRESSES = (
    "https://example.org",
    "http://example.org:8080/a?b=c#d",
    "HTTPS://Example.org/",
    "https://приклад.укр/новини/1",
    "https://t.me/s/channel?before=1",
    "https://web.archive.org/web/2022/https://example.org/a,b",
    "http://[::1]/",
)
LONG = "x" * (text_checks.LONG_TEXT + 1)


@pytest.mark.parametrize("address", SCRIPTS)
def test_what_is_no_address_of_a_web_page_is_refused_by_every_model(address: str) -> None:
    for model in (Dataset, Report, Source):
        for field in model._meta.fields:
            if isinstance(field, models.URLField):
                assert isinstance(field, WebAddressField)
                with pytest.raises(ValidationError):
                    field.clean(address, None)
    assert not text_checks.is_web_address(address)


@pytest.mark.parametrize("address", [each for each in SCRIPTS if not each.startswith(("http", "/"))])
def test_a_form_and_a_licence_refuse_it_too(address: str) -> None:
    assert not text_checks.is_licence(address)
    with pytest.raises(ValidationError):
        WebAddressField().formfield().clean(address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_of_web_pages_are_taken(address: str) -> None:
    assert text_checks.is_web_address(address)
    assert text_checks.is_licence(address)
    assert Report._meta.get_field("url").formfield().clean(address) == address


def test_every_text_of_a_model_has_a_bound() -> None:
    unbound = [
        f"{model.__name__}.{field.name}"
        for model in MODELS
        for field in model._meta.fields
        if isinstance(field, models.TextField | models.JSONField)
        and not {texts.validate_long_text, texts.validate_json, texts.validate_words}.intersection(field.validators)
    ]
    assert unbound == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": LONG}, "at most 20,000 characters; this has 20,001"),
        ({"a" * 201: 1}, "names of at most 200 characters"),
        ({"a": ["\0"]}, "without NUL"),
        ({"\ud800": 1}, "unpaired surrogates"),
        ([["x" * 1000]] * 300, "at most 200,000 characters"),
    ],
)
def test_json_has_bounds(value: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        texts.validate_json(value)


def test_a_new_text_over_its_bound_is_not_published_and_an_old_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    incident = IncidentFactory(editorial_status="ready", summary=LONG)
    with pytest.raises(RefusedError, match=r"summary: Enter at most 20,000 characters; this has 20,001"):
        publish([incident])
    with monkeypatch.context() as patch:
        patch.setattr(texts, "LONG_TEXT", 10**9)
        patch.setattr(content, "LONG_TEXT", 10**9)
        publish([incident])
    incident.tags = ["market"]
    incident.save()
    assert publish([incident]).total("changed") == 1
    assert public()[incident.public_id]["tags"] == ["market"]
    incident.summary = f"{LONG}y"
    incident.save()
    with pytest.raises(RefusedError, match="this has 20,002"):
        publish([incident])


def test_an_address_of_a_report_is_checked_when_it_is_published() -> None:
    incident = IncidentFactory(editorial_status="ready")
    report = ReportFactory(url="javascript:alert(1)")
    IncidentReport.objects.create(incident=incident, report=report)
    with pytest.raises(RefusedError, match=r'reports\.0\.url: "javascript:alert\(1\)", expected a URL that starts'):
        publish([incident])
    assert not Revision.objects.filter(kind="incident").exists()


def test_a_public_summary_does_not_make_an_address_of_itself() -> None:
    incident = IncidentFactory(editorial_status="ready", summary="javascript:alert(1)")
    publish([incident])
    IncidentReport.objects.create(incident=incident, report=ReportFactory(url="javascript:alert(1)"))
    with pytest.raises(RefusedError, match=r"reports\.0\.url"):
        publish([incident])


def test_a_reason_has_a_bound() -> None:
    incident = IncidentFactory(editorial_status="ready")
    publish([incident])
    with pytest.raises(RefusedError, match="at most 2,000 characters; this has 2,001"):
        withdraw([incident], reason="x" * 2001)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "javascript:alert(1)"}, "url: Enter a URL that starts with"),
        ({"name": "x" * 201}, "name: Ensure this value has at most 200 characters"),
        ({"remark": LONG}, "remark: Enter at most 20,000 characters"),
        ({"name": "a\0b"}, "name: .*without NUL|name: Null characters are not allowed|name: Enter text without NUL"),
    ],
)
def test_a_fixture_is_checked(tmp_path: Path, fields: dict[str, str], said: str) -> None:
    path = tmp_path / "some.json"
    whole = {"public_id": "agency", "name": "Agency", "kind": "unknown"} | fields
    path.write_text(json.dumps([{"model": "incidents.source", "fields": whole}]))
    with pytest.raises(CommandError, match=said):
        call_command("loaddata", str(path), verbosity=0)
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("text", LONG, "at most 20,000 characters; this has 20,001"),
        ("tags", "x" * 201, "at most 200 characters; this has 201"),
        ("actor", "x" * 201, "at most 200 characters; this has 201"),
        ("address", "javascript:alert(1)", "a URL that starts with https:// or http://"),
        ("address", f"https://example.org/{'x' * 1000}", "at most 1,000 characters; this has 1,020"),
        ("code", LONG, "at most 20,000 characters; this has 20,001"),
    ],
)
def test_a_row_of_a_file_is_listed_by_line_and_column(tmp_path: Path, column: str, text: str, said: str) -> None:
    path = reload.file(tmp_path, **{column: text})
    with pytest.raises(CommandError):
        load(path, profile=reload.whole(tmp_path))
    other = reload.file(tmp_path, reload.ROW | {column: text}, reload.ROW | {"n": "2"})
    lines, errors = load(other, profile=reload.whole(tmp_path), skip_bad=True)
    assert errors.startswith(f'line 2, {column}: "{text[:20]}')
    assert errors.endswith(f"expected {said}\n") or said in errors
    assert lines[-1] == "added 1, changed 0, withdrawn 0, unchanged 0"


def test_a_dataset_of_a_profile_is_checked(tmp_path: Path) -> None:
    profile = Path(reload.minimal(tmp_path))
    profile.write_text(profile.read_text().replace('name = "Mini"', 'name = "Mini"\nhomepage = "javascript:x"'))
    with pytest.raises(CommandError, match=r"\[dataset\] homepage: Enter a URL that starts with"):
        load(reload.file(tmp_path), profile=str(profile))


def test_an_edited_export_is_checked(tmp_path: Path) -> None:
    load(reload.file(tmp_path), profile=reload.whole(tmp_path))
    document = public()["mini-1"]
    report = document["reports"][0] | {"url": "javascript:alert(1)"}
    path = tmp_path / "edited.ndjson"
    path.write_text(json.dumps({"id": "mini-1", "revision": 1, "reports": [report]}) + "\n")
    _, errors = load(path, profile="incidents", skip_bad=True)
    assert errors.startswith('line 1, reports: url: "javascript:alert(1)", expected Enter a URL that starts with')
    source = tmp_path / "sources.ndjson"
    source.write_text(json.dumps({"id": "agency", "revision": 1, "url": "data:x"}) + "\n")
    _, errors = load(source, profile="sources", skip_bad=True)
    assert errors.startswith('line 1, url: "data:x", expected Enter a URL that starts with')
    assert public()["mini-1"] == document


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Incident:
    """An incident, a source and a dataset that were published with such addresses before they were refused."""
    dataset = DatasetFactory(homepage="file:///x")
    incident: Incident = IncidentFactory(editorial_status="ready", dataset=dataset)
    source = SourceFactory(url="vbscript:x")
    for address in ("javascript:x", "https://example.org/1"):
        report = ReportFactory(source=source, url=address, archive_url="")
        IncidentReport.objects.create(incident=incident, report=report)
    with monkeypatch.context() as patch:
        patch.setattr(content, "address_faults", lambda kind, document: ())
        patch.setattr("incidents.publishing.publish_records.refuse_invalid", lambda records: None)
        publish([incident])
    return incident


def listed(*arguments: str) -> tuple[list[str], int]:
    out, code = StringIO(), 0
    try:
        call_command("bad_addresses", *arguments, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return out.getvalue().splitlines(), code


def test_published_addresses_that_are_none_are_listed_and_emptied(published: Incident) -> None:
    Incident.objects.filter(pk=published.pk).update(summary="An unpublished thought.")
    before = public()[published.public_id]
    lines, code = listed()
    assert [line.split(": ")[1] for line in lines[:-1]] == ["homepage", "reports.0.url", "url"]
    assert (lines[-1].split(" (")[0], code) == ("3 are current", 1)
    lines, code = listed("--clear")
    assert code == 0
    assert lines[-1].startswith("3 removed, and the correction published; earlier revisions still have them")
    after = public()[published.public_id]
    assert [each["url"] for each in after["reports"]] == [None, "https://example.org/1"]
    assert after["summary"] == before["summary"]
    assert not Report.objects.filter(url__startswith="javascript").exists()
    assert list(Source.objects.exclude(url="").filter(url__startswith="vbscript")) == []
    lines, code = listed()
    assert (lines[-1].split(";")[0], code) == ("0 are current (--clear removes them), 3 in earlier revisions only", 0)


def test_where_every_address_is_one_the_command_says_so() -> None:
    assert listed() == (["All published URLs are valid."], 0)


def test_an_address_that_is_public_already_does_not_stop_another_correction(published: Incident) -> None:
    published.tags = ["market"]
    published.save()
    assert publish([published]).total("changed") == 1
    assert public()[published.public_id]["reports"][0]["url"] == "javascript:x"
