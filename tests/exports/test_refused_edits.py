"""An edit that cannot be taken is listed with its line, and nothing of it is published."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError

from incidents import publishing
from incidents.ledger.models import Publication
from incidents.models import Incident
from tests.exports.files import ONE, Row, edit, load, moved, rows, save
from tests.loading.files import public


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
        ("date_start", "4.8.2022", "a date, such as 2022-08-04"),
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


def renamed(row: Row) -> None:
    if row["id"] == ONE:
        row["id"] = "luhansk-2022-9999"


@pytest.mark.django_db
def test_an_id_that_was_edited_is_no_new_record(seed: None, tmp_path: Path) -> None:
    before = public()
    path = edit(save(tmp_path, "incidents.csv"), renamed)
    with pytest.raises(CommandError) as refused:
        load(path)
    line = 2 + [row["id"] for row in rows(path.read_bytes())].index("luhansk-2022-9999")
    assert refused.value.__notes__[0].startswith(f'line {line}, id: "luhansk-2022-9999", expected the id that the row')
    lines, _ = load(path, skip_bad=True)
    assert lines[-2:] == ["left out 1 bad rows", "added 0, changed 0, withdrawn 0, unchanged 11"]
    assert public() == before


@pytest.mark.django_db
def test_a_row_that_names_no_revision_is_a_new_record(seed: None, tmp_path: Path) -> None:
    def change(row: Row) -> None:
        renamed(row)
        if row["id"] not in public():
            row.update(revision="", related="", claims="")

    lines, _ = load(edit(save(tmp_path, "incidents.csv"), change))
    assert lines[-1] == "added 1, changed 0, withdrawn 0, unchanged 11"


@pytest.mark.django_db
def test_a_wrong_new_id_is_told_as_the_cell_that_holds_it(seed: None, tmp_path: Path) -> None:
    path = edit(
        save(tmp_path, "actors.csv", "?id=luhansk-partisans"), lambda row: row.update(id="New One", revision="")
    )
    with pytest.raises(CommandError) as refused:
        load(path, "actors")
    assert refused.value.__notes__[0].startswith('line 2, id: "New One", expected Use lower-case letters')


@pytest.mark.django_db
def test_an_edited_id_of_another_kind_is_told(seed: None, tmp_path: Path) -> None:
    def change(row: Row) -> None:
        if row["id"] == "luhansk-partisans":
            row["id"] = "new-one"

    path = edit(save(tmp_path, "actors.csv"), change)
    line = 2 + [row["id"] for row in rows(path.read_bytes())].index("new-one")
    lines, _ = load(path, "actors", dry_run=True)
    assert [each for each in lines if each.startswith("note: new records whose rows name a revision")]
    assert any(each.endswith(f"was an id edited?: 1, on line {line}") for each in lines)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("revision", "", "nothing, expected the number that it was exported with (1 is public)"),
        ("date_remark", "NA", '"NA", expected an empty cell: use write.csv'),
        ("killed_best", "NA", '"NA", expected an empty cell: use write.csv'),
        ("related", "NA", '"NA", expected an empty cell: use write.csv'),
    ],
)
def test_what_is_wrong_with_a_cell_is_told_as_it_is(
    seed: None, tmp_path: Path, column: str, cell: str, said: str
) -> None:
    change = {"tags": "edited", column: cell}
    path = edit(save(tmp_path, "incidents.csv", f"?id={ONE}"), lambda row: row.update(change))
    with pytest.raises(CommandError) as refused:
        load(path)
    assert said in refused.value.__notes__[0]


@pytest.mark.django_db
def test_a_place_that_would_hold_itself_is_told(seed: None, tmp_path: Path) -> None:
    path = edit(save(tmp_path, "locations.csv", "?id=bilovodsk"), lambda row: row.update(parent_id="bilovodsk"))
    before = public("location")
    with pytest.raises(CommandError) as refused:
        load(path, "locations")
    assert refused.value.__notes__[0].startswith('line 2, parent_id: "bilovodsk", expected another place than')
    assert public("location") == before
