"""What was edited in an export is published when it is loaded, and nothing else."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError

from incidents import publishing
from incidents.ledger.models import Publication
from incidents.models import Batch
from tests.exports.files import ONE, Row, edit, export, load, moved, save
from tests.factories import IncidentFactory
from tests.loading.files import public


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


@pytest.mark.django_db
def test_digits_that_a_spreadsheet_forgets_are_no_edit(tmp_path: Path) -> None:
    publishing.publish([IncidentFactory(latitude=-8.283333333333331, longitude=117.00000000000001)])
    path = edit(save(tmp_path, "incidents.csv"), lambda row: row.update(latitude="-8.28333333333333", longitude="117"))
    lines, _ = load(path)
    assert lines[-1] == "added 0, changed 0, withdrawn 0, unchanged 1"
    path = edit(save(tmp_path, "incidents.csv"), lambda row: row.update(latitude="-8.28333333333334"))
    lines, _ = load(path)
    assert lines[-1] == "added 0, changed 1, withdrawn 0, unchanged 0"


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
def test_the_difference_of_edits_is_written_with_before_and_after(seed: None, tmp_path: Path) -> None:
    path = edit(save(tmp_path, "incidents.csv", f"?id={ONE}"), lambda row: row.update(tags="edited"))
    before = public()[ONE]["tags"]
    load(path, diff=tmp_path / "diff.ndjson")
    lines = [orjson.loads(line) for line in (tmp_path / "diff.ndjson").read_bytes().splitlines()]
    assert lines == [{"change": "changed", "id": ONE, "fields": {"tags": [before, ["edited"]]}}]


@pytest.mark.django_db
def test_a_publication_of_edits_names_who_loaded_them(seed: None, tmp_path: Path) -> None:
    User.objects.create_user("olena")
    path = edit(save(tmp_path, "incidents.csv", f"?id={ONE}"), lambda row: row.update(tags="edited"))
    load(path, user="olena")
    assert Publication.objects.latest("seq").author == "olena"
    assert str(Batch.objects.latest("loaded_at").loaded_by) == "olena"


@pytest.mark.django_db
def test_a_place_is_corrected_where_it_is_shown(seed: None, tmp_path: Path) -> None:
    path = edit(save(tmp_path, "locations.csv", "?id=bilovodsk"), lambda row: row.update(name="Bilovodsk (new)"))
    load(path, "locations")
    assert public()[ONE]["location"]["name"] == "Bilovodsk (new)"
    assert b"Bilovodsk (new)" in export(f"incidents.csv?id={ONE}&fields=location_name")


@pytest.mark.django_db
def test_a_batch_tells_of_edited_places_and_of_an_export_without_edits(seed: None, tmp_path: Path) -> None:
    def change(row: Row) -> None:
        if row["id"] == "bilovodsk":
            row["remark"] = "On the river Derkul."

    load(edit(save(tmp_path, "locations.csv"), change), profile="locations")
    batch = Batch.objects.latest("loaded_at")
    assert (batch.dataset, batch.profile, batch.counts["changed"]) == (None, "locations", 1)
    assert batch.publication == Publication.objects.latest("seq").seq
    load(save(tmp_path, "incidents.csv"))
    batch = Batch.objects.latest("loaded_at")
    assert (batch.dataset, batch.counts["changed"], batch.publication) == (None, 0, None)
    assert str(batch) == "incidents.csv"
