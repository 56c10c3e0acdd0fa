"""Profiles: what is wrong with one is told by the full name of its key."""

from pathlib import Path

import pytest

from incidents.loading.errors import LoadError, ProfileError
from incidents.loading.profiles.profile import SHIPPED, load

SHIPPED_TEXT = (SHIPPED / "ucdp-ged.toml").read_text()


def faults(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    text = SHIPPED_TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ProfileError) as caught:
        load(str(path))
    return str(caught.value).splitlines()[1:]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_profile_is_valid(path: Path) -> None:
    assert load(path.stem).name == path.stem


def test_a_profile_of_ones_own_is_given_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SHIPPED_TEXT)
    assert load(str(path)).name == "mine"


def test_an_unknown_name_is_told_with_the_nearest_and_all_that_ship() -> None:
    with pytest.raises(LoadError, match=r"no profile 'ucdp-get'; did you mean ucdp-ged\? Shipped: .*ucdp-ged"):
        load("ucdp-get")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("title = ")
    with pytest.raises(ProfileError, match="cannot be read as TOML"):
        load(str(path))


def test_an_unknown_key_is_told_with_the_nearest(tmp_path: Path) -> None:
    assert faults(tmp_path, ("as_reported =", "as_repotred =")) == [
        "incident.place.as_repotred: is not known; did you mean as_reported?"
    ]


def test_a_code_outside_its_vocabulary_is_told(tmp_path: Path) -> None:
    [fault] = faults(tmp_path, ('1 = "settlement"', '1 = "town"'))
    assert fault.startswith("incident.place.precision.values.1: is 'town', and has to be one of exact, settlement,")


def test_a_missing_key_and_a_wrong_pattern_are_told_at_once(tmp_path: Path) -> None:
    told = faults(tmp_path, ('id = "ucdp-ged-{id}"\n', ""), ('gwnoa = "."', 'gwnoa = "("'))
    assert told[0] == "incident.id: is missing"
    assert told[1].startswith("incident.actors.1.kind.1.when.gwnoa: '(' is no regular expression")


def test_a_wrong_sort_of_value_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, ('title = "UCDP', 'tile = "UCDP')) == [
        "title: is missing",
        "tile: is not known; did you mean title?",
    ]
    assert faults(tmp_path, ("settlement = 5,", 'settlement = "five",')) == [
        "incident.place.radius_km.settlement: has to be a number of kilometres, not 'five'"
    ]
