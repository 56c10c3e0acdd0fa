"""An export that is loaded into an empty server is published as it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command

from incidents import publishing
from incidents.ledger.denormalisation import is_generalised
from incidents.ledger.models import Publication
from tests.exports.files import KINDS, SEED, everything, load, save
from tests.factories import IncidentFactory
from tests.loading.files import REAL, needs_real_file
from tests.loading.files import load as load_file
from tests.loading.test_shared_files import PIRATES, VIINA
from tests.query.world import World, clock

FORMATS = ("csv", "ndjson", "nested.geojson", "parquet", "xlsx")
"""The formats that carry all fields."""


class Shared(NamedTuple):
    """A real dataset: its files and their profile, how many incidents it has, and the format that is usually tried."""

    paths: list[Path]
    profile: str
    incidents: int
    usual: str


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    """Return what differs: kind, id, field, and both values."""
    found: list[Any] = []
    for kind in KINDS:
        for each in before[kind].keys() | after[kind].keys():
            one, other = before[kind].get(each, {}), after[kind].get(each, {})
            names = one.keys() | other.keys()
            found += [(kind, each, n, one.get(n), other.get(n)) for n in names if one.get(n) != other.get(n)]
    return found


SHARED = {
    "ucdp": Shared([REAL], "ucdp-ged", 2989, "csv"),
    "viina": Shared(list(VIINA.values()), "viina", 650 + 543 + 325, "parquet"),
    "pirates": Shared([PIRATES], "pirates", 7511, "ndjson"),
}


def there_and_back(folder: Path, ending: str) -> tuple[dict[str, Any], dict[str, Any]]:
    paths = [save(folder, f"{kind}.{ending}") for kind in KINDS]
    before = everything()
    call_command("flush", interactive=False, verbosity=0)
    assert everything() == {kind: {} for kind in KINDS}
    for path, kind in zip(paths, KINDS, strict=True):
        load(path, kind, skip_bad=kind == "incidents")
    return before, everything()


def in_full(documents: dict[str, Any]) -> dict[str, Any]:
    """Return the documents that can come back: a generalised one does not have what its record has."""
    return {name: each for name, each in documents.items() if not is_generalised(each)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", FORMATS)
def test_the_seed_comes_back_as_it_was(tmp_path: Path, ending: str) -> None:
    call_command("loaddata", SEED, verbosity=0)
    before, after = there_and_back(tmp_path, ending)
    assert after == before
    assert len(after["incidents"]) > 5
    assert any(each["claims"] for each in after["incidents"].values())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["csv", "ndjson", "nested.geojson", "parquet", "xlsx"])
def test_a_world_of_corners_comes_back_as_it_was(tmp_path: Path, ending: str) -> None:
    with clock():
        world = World(seed=7)
        incidents = [world.incident() for _ in range(60)]
        hostile = IncidentFactory(
            public_id="hostile",
            summary='=1+1 is "no" formula,\r\nnor \'=2',
            tags=["-a|b\\c", "'@x", "plain"],
            location_as_reported="'=here",
            date_remark="\tafter a tab",
        )
        publishing.publish([*incidents, hostile])
        before, after = there_and_back(tmp_path, ending)
    assert len(before["incidents"]) > len(in_full(before["incidents"])) > 40
    assert after == before | {"incidents": in_full(before["incidents"])}


@pytest.mark.slow
@needs_real_file
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", SHARED)
def test_every_shared_dataset_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    """Try each dataset in one format; `ROUND_TRIPS=csv,xlsx` tries these and `all` all, which takes some minutes."""
    shared = SHARED[name]
    for path in shared.paths:
        load_file(path, profile=shared.profile)
    before = everything()
    assert len(before["incidents"]) == shared.incidents
    asked = os.environ.get("ROUND_TRIPS", shared.usual)
    endings = FORMATS if asked == "all" else tuple(asked.split(","))
    files = {ending: [save(tmp_path, f"{kind}.{ending}") for kind in KINDS] for ending in endings}
    for ending, paths in files.items():
        call_command("flush", interactive=False, verbosity=0)
        for path, kind in zip(paths, KINDS, strict=True):
            load(path, kind)
        assert differences(before, everything()) == [], ending


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["csv", "ndjson", "geojson", "nested.geojson", "xlsx"])
def test_what_was_not_edited_publishes_nothing(seed: None, tmp_path: Path, kind: str, ending: str) -> None:
    head = Publication.objects.count()
    lines, _ = load(save(tmp_path, f"{kind}.{ending}"), kind)
    assert lines[-1] == f"added 0, changed 0, withdrawn 0, unchanged {len(everything()[kind])}"
    assert Publication.objects.count() == head


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", FORMATS)
def test_a_point_keeps_all_its_digits(tmp_path: Path, ending: str) -> None:
    publishing.publish([IncidentFactory(latitude=-8.283333333333331, longitude=117.00000000000001)])
    before, after = there_and_back(tmp_path, ending)
    assert differences(before, after) == []
