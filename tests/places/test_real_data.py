"""UCDP's places against GeoNames': how many are found and how, some of them checked by hand, in either order."""

import pytest

from incidents.ledger.models import Revision
from incidents.models import Location, PlaceMatch
from tests.loading.files import REAL, load, needs_real_file, outcome, public
from tests.places.files import PLACES, REGIONS, load_gazetteer, needs_places

pytestmark = [needs_real_file, needs_places, pytest.mark.django_db]

TRUE = {
    "ukr-luhansk-oblast-severodonetsk-city-municipality-severodonetsk-town": 691999,
    "ukr-donetsk-oblast-artemivsk-city-municipality-artemivsk-town": 713174,  # Bakhmut since 2016
    "ukr-donetsk-oblast-dzerzhynsk-raion-dzerzhynsk-town": 709354,  # Toretsk since 2016
    "ukr-donetsk-oblast-telmanove-raion-myrne-village": 701062,  # of three in the oblast the one that lies there
    "ukr-donetsk-oblast-dobropil-raion-oktyabrske-village": 698641,  # Shakhove, once Oktyabrske: two had that name
    "ukr-luhansk-oblast-krasnodon-raion-kryashchuvate-village": 9123615,  # by its point: a name misspelt
}
FALSE = {
    "ukr-donetsk-oblast-krasnyi-lyman-city-municipality-krasnyi-lyman-town",  # a village 83 km away has the name too
    "ukr-donetsk-oblast-novoazovsk-raion-leninske-village",  # 135 km from the one that GeoNames knows by that name
    "ukr-donetsk-oblast-novoazovsk-raion-kominternove-village",  # GeoNames has Pikuzy twice
}


@pytest.mark.slow
def test_places_are_matched_to_those_of_the_gazetteer() -> None:
    load_gazetteer(REGIONS, PLACES)
    lines, _ = load(REAL)
    told = next(line for line in lines if line.startswith("places: "))
    assert told == (
        "places: matched by id 0, by name 158, by point 11, made new 301, ambiguous 1 (made new), known already 4"
    )
    found = dict(PlaceMatch.objects.filter(key__in=[*TRUE, *FALSE]).values_list("key", "location__geonames_id"))
    assert found == TRUE | dict.fromkeys(FALSE)
    assert {each["location"]["country"] for each in public().values()} == {"UKR"}
    again, _ = load(REAL)
    assert again[-1] == "added 0, changed 0, withdrawn 0, unchanged 2989"


@pytest.mark.slow
def test_a_gazetteer_that_comes_later_makes_no_twins_of_what_was_matched_before() -> None:
    outcome(REAL)
    before = list(Revision.objects.order_by("pk").values_list("pk", "document"))
    lines, _ = load_gazetteer(REGIONS, PLACES)
    assert any(line.startswith("recognised ") for line in lines)
    assert list(Revision.objects.order_by("pk").values_list("pk", "document")) == before
    theirs = dict(Location.objects.filter(public_id__in=[*TRUE, *FALSE]).values_list("public_id", "geonames_id"))
    # By its point alone a place is matched, yet not recognised: that would give it the names of another.
    assert {key for key, number in theirs.items() if number != TRUE.get(key)} == {
        "ukr-luhansk-oblast-krasnodon-raion-kryashchuvate-village"
    }
    assert outcome(REAL) == "added 0, changed 0, withdrawn 0, unchanged 2989"
