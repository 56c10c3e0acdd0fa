"""Places and their names."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

LOCATION_KINDS = Vocabulary(
    "location_kind",
    "Type of place. Its parent is the smallest listed place that contains it.",
    Term("country", "Country", "A state. Its ISO 3166-1 alpha-3 code is the country code of all places in it."),
    Term("admin1", "Region (oblast, state)", "First administrative level."),
    Term("admin2", "District (raion, county)", "Second administrative level."),
    Term("admin3", "Municipality (hromada)", "Third administrative level."),
    Term("settlement", "Settlement", "A city, town or village."),
    Term("neighbourhood", "Part of a settlement", "A quarter, a street, a district of a city."),
    Term("facility", "Facility", "A station, plant, bridge, airfield, junction."),
    Term("landscape", "Landscape", "A river, forest, front line, basin or part of a country."),
    Term("sea", "Sea", "A sea, strait or anchorage."),
    Term("other", "Other", "None of the other codes."),
)

NAME_KINDS = Vocabulary(
    "name_kind",
    "Type of name.",
    Term("official", "Official", "The official name in that language."),
    Term("former", "Former", "An earlier official name."),
    Term("variant", "Variant", "Another spelling or transliteration."),
    Term("as_reported", "As reported", "A spelling used by a report."),
)
