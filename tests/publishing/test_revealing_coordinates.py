"""A text of an incident with a hidden place needs no coordinates: all are found, in any notation."""

from __future__ import annotations

import pytest

from incidents.publishing.revealing_text import Finding, Hidden, RevealingText

HIDDEN = (49.20846, 39.59105)
SEARCH = RevealingText(Hidden(place="admin1", points=(HIDDEN,)))


def found(text: str) -> list[Finding]:
    return SEARCH.find(text)


@pytest.mark.parametrize(
    "text",
    [
        "49.2085, 39.5911",
        "49,2085 39,5911",
        "49.2085;39.5911",
        "39.5911 49.2085",
        "49.2 39.6",
        "49.2085° N, 39.5911° E",
        "49.2085N 39.5911E",
        "49.2085N39.5911E",
        "N49.2085 E39.5911",
        "N 49.2085, E 39.5911",
        "49°12'30\"N 39°35'27\"E",
        "49° 12.508' N, 39° 35.46' E",
        "49º 12′ 30″ пн. ш. 39º 35′ 27″ сх. д.",
        "49°12′30″ с. ш., 39°35′ в. д.",
        "49 deg 12 min N, 39 deg 35 min E",
        "49.2085 градусов северной широты, 39.5911 градусов восточной долготы",
        "39.59,49.21",
        "49.2/39.5",
        "49.2!4d39.5",
        "mlat=49.2&mlon=39.5",
        "lat 49.2, lon 39.5",
        'lat":49.2,"lng":39.5',
        "37U EQ 43000 50000",
        "37UEQ4300050000",
        "37U 543000 5451000",
        "8GXX6H5R+9C",
    ],
)
def test_a_coordinate_near_the_hidden_point_is_found_and_said_to_be_near(text: str) -> None:
    (finding,) = found(f"at {text} or so")
    assert finding.kind == "coordinate"
    assert finding.words == text
    assert "km from the hidden point" in finding.why
    assert "but" not in finding.why
    assert not finding.possible


@pytest.mark.parametrize(
    "text",
    [
        "49 12 30 N 39 35 27 E", "49-12-30N 39-35-27E", "N 49-12-30", "49d12m30s N", "49o12'N 39o35'E",
        "49:12:30 39:35:27",
        "49 12' 30\" N", "49 гр. 12 мин. с.ш.", "forty-nine degrees twelve minutes north",
        "сорок дев'ять градусів північної широти",
        "49 point 2085 north", "latitude of 49.21 and longitude of 39.59", "49° nördlicher Breite",
        "٤٩٫٢٠٨٥ شمالا ٣٩٫٥٩١٠ شرقا",
        "خط عرض 49.2085", "４９．２０８５，３９．５９１０",
        "49·2085 N", "492085, 395911", "49208460 39591050", "4912N 3935E",
        "E 543000 N 5451000", "543000 mE 5451000 mN", "easting 543000 northing 5451000", "X: 7543000 Y: 5452000",
        "543000, 5451000", "KN99te", "8GXX6H5R+", "8GXX0000+", "what3words: filled count soap",
        "/// filled . count . soap",
        "https://zoom.earth/#view=49.2,39.6,13z", "12 km NE of the town", "3 miles to the north", "12 км на північ",
        "12 км к северу", "12 km al norte", "12 كم شمال",
    ],
)  # fmt: skip
def test_other_notations_are_found(text: str) -> None:
    assert any(each.kind == "coordinate" for each in found(f"It was at {text} then.")), text


@pytest.mark.parametrize(
    "text",
    [
        "from 12:30:15 to 13:40:20", "5 12 N", "543000, 125000 and 5451000 people", "AB12CD",
        "a degree of doubt in the north",
        "10 km of road", "20 km away", "call 380501234567", "1234567, 7654321", "the north of the 5th district",
    ],
)  # fmt: skip
def test_figures_of_other_things_are_no_coordinate(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "48.5132, 34.9921",
        "−33.8688, 151.2093",
        "33.8688° S, 151.2093° E",
        "31U DQ 48251 11932",
        "8FW4V75V+8Q",
    ],
)
def test_a_coordinate_far_away_is_found_and_said_to_be_far(text: str) -> None:
    (finding,) = found(f"at {text} or so")
    assert finding.words == text
    assert finding.why.startswith("is a coordinate, but ")
    assert not finding.possible


@pytest.mark.parametrize(
    "text",
    [
        "49°12’30”N",
        "latitude: 49.2",
        "широта 49,2",
        "491230N 0393527E",
        "49:12:30N",
        "49N 39E",
        "49°, 39°",
        "geo:49.2,39.5",
        "https://www.google.com/maps/@49.2,39.5,12z",
        "https://www.openstreetmap.org/#map=12/49.2/39.5",
        "https://yandex.ru/maps/?ll=39.5%2C49.2&z=12",
        "https://maps.app.goo.gl/AbCdEf",
        "w3w.co/a.b.c",
        "///filled.count.soap",
        "filled.count.soap",
        "8GXX+9C",
        "49.2085",
        "ubspuyj8",
    ],
)
def test_what_may_be_a_coordinate_is_found(text: str) -> None:
    assert [each.words for each in found(f"at {text} or so")] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "It was 30 °C, -15°С and 20 degrees.",
        "Rose from 12.5 to 13.5 percent.",
        "killed 2, injured 3",
        "On 04.08.2022 at 14.30",
        "2.5 million, 3.5 million",
        "He turned 180 degrees.",
        "1,234,567 people",
        "version 1.2.3",
        "route M-03, km 12.5",
        "the 12.7 mm and 7.62 mm rounds",
        "between 3 and 5 p.m.",
        "news.example.com said",
        "152-mm howitzer D-20, T-72B3",
    ],
)
def test_other_figures_are_none(text: str) -> None:
    assert found(text) == []
