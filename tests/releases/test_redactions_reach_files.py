"""A redaction takes files down at once; made anew they lack what was redacted, and old checksums stay known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from incidents import publishing
from incidents.ledger.models import Release
from incidents.releasing.errors import ReleaseError
from incidents.releasing.release import refresh, stale, withdraw
from tests.factories import IncidentFactory
from tests.releases.making import Quiet, contents, made

pytestmark = pytest.mark.django_db

SECRET = "plughsummary"
ADDRESS = "/api/v1/releases/first/"
FILE = f"{ADDRESS}files/incidents.csv"


@pytest.fixture
def secret(world: Any) -> Any:
    """An incident that must be taken out, published after a release and before another two."""
    made("before")
    incident = IncidentFactory(public_id="secret", summary=SECRET)
    publishing.publish([incident])
    made("first")
    incident.summary = f"{SECRET} once more"
    incident.save()
    publishing.publish([incident])
    made("second")
    return incident


def holding(var: Path, word: str) -> set[str]:
    """Return the releases with a file that holds a word."""
    return {path.split("/")[0] for path, content in contents(var).items() if word.encode() in content}


def test_files_are_not_shown_from_the_redaction_on(secret: Any, api: APIClient) -> None:
    etag = api.head(FILE)["ETag"]
    listed = api.get("/api/v1/releases/")["ETag"]
    publishing.redact(secret, reason="For safety.")
    for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=5-", "If-Range": etag}):
        answer: Any = api.get(FILE, headers=headers)
        assert answer.status_code == 410
        assert "publication 5 redacted" in answer.json()["detail"]
    told = api.get(ADDRESS).json()
    assert (told["files"], "unavailable" in told["notice"]) == ([], True)
    assert api.get("/api/v1/releases/", headers={"If-None-Match": listed}).status_code == 200
    assert api.get("/api/v1/releases/before/files/incidents.csv").status_code == 200
    assert api.get("/api/v1/releases/before/").json()["notice"] is None
    assert api.get("/api/v1/incidents/secret/?as_of=first").status_code == 410


def test_files_are_deleted_once_the_redaction_is_committed(
    secret: Any, var: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert holding(var, SECRET) == {"first", "second"}
    with django_capture_on_commit_callbacks(execute=True):
        publishing.redact(secret, reason="For safety.")
    assert {path.split("/")[0] for path in contents(var)} == {"before", "before.zip"}


def test_made_anew_they_lack_it_and_the_old_checksums_stay_known(secret: Any, var: Path, api: APIClient) -> None:
    earlier = {each["name"]: each for each in api.get("/api/v1/releases/").json()["results"]}
    publishing.redact(secret, reason="For safety.")
    assert stale() == ["first", "second"]
    for name in ("before", "first", "second"):
        assert refresh(name, Quiet()) == (name != "before")
    assert stale() == []
    assert holding(var, SECRET) == holding(var, '"secret"') == set()
    assert holding(var, "case-") >= {"before", "first", "second"}
    now = {each["name"]: each for each in api.get("/api/v1/releases/").json()["results"]}
    assert now["before"] == earlier["before"]
    first = now["first"]
    assert (first["notice"], first["records"]["incident"]) == (None, earlier["first"]["records"]["incident"] - 1)
    (replaced,) = first["replaced"]
    assert (replaced["redaction"], replaced["why"]) == (5, "Replaced because of a redaction.")
    kept = {file["path"]: (file["size"], file["sha256"]) for file in replaced["files"]}
    assert kept == {file["path"]: (file["size"], file["sha256"]) for file in earlier["first"]["files"]}
    assert api.get(FILE).status_code == 200
    assert not refresh("first", Quiet())


def test_another_redaction_takes_them_down_again(secret: Any, world: Any, api: APIClient) -> None:
    publishing.redact(secret, reason="For safety.")
    refresh("first", Quiet())
    publishing.redact(next(iter(world.incidents.values())), reason="For safety.")
    assert api.get(FILE).status_code == 410
    refresh("first", Quiet())
    assert [each["redaction"] for each in api.get(ADDRESS).json()["replaced"]] == [5, 6]


def test_what_was_not_public_then_leaves_files_alone(secret: Any, world: Any, api: APIClient) -> None:
    gone = next(iter(world.incidents.values()))
    publishing.withdraw([gone], reason="Doubts.")
    made("third")
    publishing.redact(gone, reason="For safety.")
    assert stale() == ["before", "first", "second"]
    assert api.get("/api/v1/releases/third/files/incidents.csv").status_code == 200


def test_files_are_withdrawn_for_ever_only_after_a_redaction(secret: Any, var: Path, api: APIClient) -> None:
    with pytest.raises(ReleaseError, match="first has no redacted record"):
        withdraw("first", "We want to.")
    publishing.redact(secret, reason="For safety.")
    with pytest.raises(ReleaseError, match="needs a reason"):
        withdraw("first", " ")
    withdraw("first", "Too little would be left.")
    told = api.get(ADDRESS).json()
    assert (told["files"], told["notice"]) == ([], "The files were withdrawn: Too little would be left.")
    assert len(told["replaced"]) == 1
    assert api.get(FILE).status_code == 410
    assert not refresh("first", Quiet())
    assert "first" not in {path.split("/")[0] for path in contents(var)}
    assert api.get("/api/v1/incidents/?as_of=first").status_code == 200
    with pytest.raises(ReleaseError, match="already been withdrawn"):
        withdraw("first", "Again.")


def test_the_command_refreshes_all_and_tells_of_it(secret: Any, capsys: pytest.CaptureFixture[str]) -> None:
    publishing.redact(secret, reason="For safety.")
    call_command("release", "--refresh")
    out = capsys.readouterr().out
    assert "first: rebuilt without the records that publication 5 redacted" in out
    assert "second: rebuilt" in out
    call_command("release", "--refresh")
    assert capsys.readouterr().out == "Nothing to rebuild: the files are complete, and have no redacted record.\n"
    with pytest.raises(CommandError, match="There is no release 'nobody'"):
        call_command("release", "nobody", "--refresh")
    assert Release.objects.count() == 3
