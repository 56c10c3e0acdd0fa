"""An export that is loaded into an empty server is published as it was; one that was edited publishes the edits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from django.core.management import CommandError, call_command

from incidents import publishing
from incidents.ledger.models import Publication
from incidents.models import Batch, Incident
from tests.exports.files import KINDS, Row, edit, everything, export, load, rows, save
from tests.factories import IncidentFactory
from tests.loading.files import REAL, needs_real_file, public
from tests.loading.files import load as load_file
from tests.loading.test_shared_files import PIRATES, VIINA
from tests.query.world import World, clock

SEED = "luhansk_2022"
FORMATS = ("csv", "ndjson", "geojson", "parquet", "xlsx")
"""The formats that carry all fields."""


def of(kind: str, ending: str) -> str:
    """Return the format for a kind of record: there are workbooks of incidents only, the others come as CSV."""
    return "csv" if ending == "xlsx" and kind != "incidents" else ending


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
ONE = "luhansk-2022-0002"


def there_and_back(folder: Path, ending: str) -> tuple[dict[str, Any], dict[str, Any]]:
    paths = [save(folder, f"{kind}.{of(kind, ending)}") for kind in KINDS]
    before = everything()
    call_command("flush", interactive=False, verbosity=0)
    assert everything() == {kind: {} for kind in KINDS}
    for path, kind in zip(paths, KINDS, strict=True):
        load(path, kind)
    return before, everything()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", FORMATS)
def test_the_seed_comes_back_as_it_was(tmp_path: Path, ending: str) -> None:
    call_command("loaddata", SEED, verbosity=0)
    before, after = there_and_back(tmp_path, ending)
    assert after == before
    assert len(after["incidents"]) > 5
    assert any(each["claims"] for each in after["incidents"].values())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["csv", "ndjson", "geojson", "parquet"])
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
    assert after == before


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
    files = {ending: [save(tmp_path, f"{kind}.{of(kind, ending)}") for kind in KINDS] for ending in endings}
    for ending, paths in files.items():
        call_command("flush", interactive=False, verbosity=0)
        for path, kind in zip(paths, KINDS, strict=True):
            load(path, kind)
        assert differences(before, everything()) == [], ending


@pytest.fixture
def seed() -> None:
    call_command("loaddata", SEED, verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["csv", "ndjson", "geojson"])
def test_what_was_not_edited_publishes_nothing(seed: None, tmp_path: Path, kind: str, ending: str) -> None:
    head = Publication.objects.count()
    lines, _ = load(save(tmp_path, f"{kind}.{ending}"), kind)
    assert lines[-1] == f"added 0, changed 0, withdrawn 0, unchanged {len(everything()[kind])}"
    assert Publication.objects.count() == head


@pytest.mark.django_db
def test_only_the_edited_record_is_published_and_the_rest_of_it_stays(seed: None, tmp_path: Path) -> None:
    before = public()

    def change(row: Row) -> None:
        if row["id"] == ONE:
            row |= {"injured_best": "3", "injured_high": "3", "tags": "partisans|checked"}

    lines, _ = load(edit(save(tmp_path, "incidents.csv"), change))
    after = public()
    assert lines[-1] == f"added 0, changed 1, withdrawn 0, unchanged {len(before) - 1}"
    assert {each for each in before if before[each] != after[each]} == {ONE}
    told = {**before[ONE], "tags": ["partisans", "checked"], "revision": 2, "published": after[ONE]["published"]}
    told["casualties"]["injured"] |= {"best": 3, "high": 3}
    assert after[ONE] == told
    assert Publication.objects.latest("seq").origin["profile"] == "incidents"
    assert Batch.objects.latest("loaded_at").counts["changed"] == 1


@pytest.mark.django_db
def test_evidence_can_be_edited_as_json(seed: None, tmp_path: Path) -> None:
    def change(row: Row) -> None:
        if row["id"] == ONE:
            claims = orjson.loads(row["claims"])
            claims[-1]["quote"] = None
            row["claims"] = orjson.dumps(claims[1:]).decode()
            row["actors"] = orjson.dumps(orjson.loads(row["actors"])[:1]).decode()

    before = public()[ONE]
    load(edit(save(tmp_path, "incidents.csv"), change))
    after = public()[ONE]
    assert after["claims"] == [*before["claims"][1:-1], {**before["claims"][-1], "quote": None}]
    assert after["actors"] == before["actors"][:1]
    assert after["reports"] == before["reports"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", FORMATS)
def test_a_point_keeps_all_its_digits(tmp_path: Path, ending: str) -> None:
    publishing.publish([IncidentFactory(latitude=-8.283333333333331, longitude=117.00000000000001)])
    before, after = there_and_back(tmp_path, ending)
    assert differences(before, after) == []


@pytest.mark.django_db
def test_digits_that_a_spreadsheet_forgets_are_no_edit(tmp_path: Path) -> None:
    publishing.publish([IncidentFactory(latitude=-8.283333333333331, longitude=117.00000000000001)])
    path = edit(save(tmp_path, "incidents.csv"), lambda row: row.update(latitude="-8.28333333333333", longitude="117"))
    lines, _ = load(path)
    assert lines[-1] == "added 0, changed 0, withdrawn 0, unchanged 1"
    path = edit(save(tmp_path, "incidents.csv"), lambda row: row.update(latitude="-8.28333333333334"))
    lines, _ = load(path)
    assert lines[-1] == "added 0, changed 1, withdrawn 0, unchanged 0"


def moved(path: Path, *, geometry: bool, properties: bool) -> Path:
    """Move a point of a GeoJSON file a degree to the east."""
    collection = orjson.loads(path.read_bytes())
    (feature,) = collection["features"]
    if geometry:
        feature["geometry"]["coordinates"][0] += 1
    if properties:
        feature["properties"]["longitude"] += 1
    path.write_bytes(orjson.dumps(collection, option=orjson.OPT_INDENT_2))
    return path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "geometry", "properties"),
    [("", True, True), ("&fields=id,revision,name", True, False)],
)
def test_a_point_that_was_moved_on_a_map_is_published(
    seed: None, tmp_path: Path, query: str, geometry: bool, properties: bool
) -> None:
    before = public("location")
    path = save(tmp_path, "locations.geojson", f"?id=bilovodsk{query}")
    load(moved(path, geometry=geometry, properties=properties), "locations")
    after = public("location")
    assert after["bilovodsk"]["longitude"] == before["bilovodsk"]["longitude"] + 1
    assert after["bilovodsk"]["latitude"] == before["bilovodsk"]["latitude"]
    assert [name for name in before if before[name] != after[name]] == ["bilovodsk"]


@pytest.mark.django_db
@pytest.mark.parametrize(("geometry", "properties"), [(True, False), (False, True)])
def test_a_point_that_is_told_in_two_ways_is_refused(
    seed: None, tmp_path: Path, geometry: bool, properties: bool
) -> None:
    path = save(tmp_path, "locations.geojson", "?id=bilovodsk")
    before = public("location")
    with pytest.raises(CommandError) as refused:
        load(moved(path, geometry=geometry, properties=properties), "locations")
    assert refused.value.__notes__[0].startswith("line ")
    assert "geometry" in refused.value.__notes__[0]
    assert "to move it, change those as well" in refused.value.__notes__[0]
    assert public("location") == before


@pytest.mark.django_db
def test_a_record_that_somebody_else_changed_is_listed_and_kept(seed: None, tmp_path: Path) -> None:
    path = edit(save(tmp_path, "incidents.csv"), lambda row: row.update(tags="mine"))
    incident = Incident.objects.get(public_id=ONE)
    incident.tags = ["theirs"]
    incident.save()
    publishing.publish([incident])
    head = Publication.objects.count()
    with pytest.raises(CommandError) as refused:
        load(path)
    line = 2 + [row["id"] for row in rows(path.read_bytes())].index(ONE)
    assert refused.value.__notes__[0].startswith(f'line {line}, revision of {ONE}: "1", expected 2: somebody else')
    assert Publication.objects.count() == head
    lines, _ = load(path, skip_bad=True)
    assert lines[-1].startswith(f"added 0, changed {len(public()) - 1}, ")
    tags = {each["id"]: each["tags"] for each in public().values()}
    assert tags.pop(ONE) == ["theirs"]
    assert set(map(tuple, tags.values())) == {("mine",)}


@pytest.mark.django_db
def test_a_record_that_somebody_else_changed_is_no_conflict_where_the_row_was_not_edited(
    seed: None, tmp_path: Path
) -> None:
    path = save(tmp_path, "incidents.csv")
    incident = Incident.objects.get(public_id=ONE)
    incident.tags = ["theirs"]
    incident.save()
    publishing.publish([incident])
    lines, _ = load(path)
    assert lines[-1].startswith("added 0, changed 0, ")
    assert public()[ONE]["tags"] == ["theirs"]


@pytest.mark.django_db
def test_an_unpublished_edit_in_the_admin_is_not_published_with_a_row(seed: None, tmp_path: Path) -> None:
    path = edit(save(tmp_path, "incidents.csv", f"?id={ONE}"), lambda row: row.update(tags="mine"))
    Incident.objects.filter(public_id=ONE).update(summary="A draft.")
    with pytest.raises(CommandError) as refused:
        load(path)
    assert "a record without unpublished edits in the admin" in refused.value.__notes__[0]
    assert "A draft." not in orjson.dumps(public()).decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("location_name", "Elsewhere", "no edit here"),
        ("licence", "CC0-1.0", "no edit here"),
        ("dataset", "other", "no edit here"),
        ("event_type", "explosio", "one of "),
        ("date_start", "4.8.2022", "a day, such as 2022-08-04"),
        ("date_start", "2023-01-01", "no day before date_start"),
        ("killed_best", "many", "a number"),
        ("killed_best", "1.5", "a whole number"),
        ("killed_best", "-1", ""),
        ("latitude", "91", ""),
        ("location_id", "nowhere", "the id of one of the locations"),
        ("actors", "[]]", "JSON"),
        ("actors", '[{"id": "luhansk-partisans"}]', "objects with id, role, certainty"),
        ("actors", '[{"id": "nobody", "role": "target", "certainty": "claimed"}]', "the id of one of the actors"),
        ("event_subtype", "", None),
        ("revision", "7", "1: somebody else"),
        ("id", "", "the id of the record"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_told_and_nothing_is_loaded(
    seed: None, tmp_path: Path, column: str, cell: str, said: str | None
) -> None:
    path = edit(save(tmp_path, "incidents.csv", f"?id={ONE}"), lambda row: row.update({column: cell, "tags": "edited"}))
    before = public()
    if said is None:
        load(path)
        assert public()[ONE]["event_subtype"] is None
        return
    with pytest.raises(CommandError) as refused:
        load(path)
    assert refused.value.__notes__[0].startswith("line 2, ")
    assert said in refused.value.__notes__[0]
    assert public() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "said"),
    [("?fields=tags", "no column revision"), ("?fields=revision,tags", None)],
)
def test_some_columns_are_enough_if_they_tell_the_revision(
    seed: None, tmp_path: Path, query: str, said: str | None
) -> None:
    path = edit(save(tmp_path, "incidents.csv", query), lambda row: row.update(tags="edited"))
    if said:
        with pytest.raises(CommandError, match=said):
            load(path)
        return
    before = public()
    load(path)
    assert {tuple(each["tags"]) for each in public().values()} == {("edited",)}
    assert [each["summary"] for each in public().values()] == [each["summary"] for each in before.values()]


@pytest.mark.django_db
def test_a_trial_tells_each_edit_and_writes_nothing(seed: None, tmp_path: Path) -> None:
    path = edit(save(tmp_path, "incidents.csv", f"?id={ONE}"), lambda row: row.update(tags="edited"))
    before = public()
    lines, _ = load(path, dry_run=True)
    assert f'line 2: {ONE}: tags = ["edited"]' in lines
    assert public() == before


@pytest.mark.django_db
def test_a_place_is_corrected_where_it_is_shown(seed: None, tmp_path: Path) -> None:
    path = edit(save(tmp_path, "locations.csv", "?id=bilovodsk"), lambda row: row.update(name="Bilovodsk (new)"))
    load(path, "locations")
    assert public()[ONE]["location"]["name"] == "Bilovodsk (new)"
    assert b"Bilovodsk (new)" in export(f"incidents.csv?id={ONE}&fields=location_name")
