"""How precisely time and place are known, and how precisely they are published."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

DATE_PRECISIONS = Vocabulary(
    "date_precision",
    "How precisely the time of the incident is known. It certainly happened between start and end.",
    Term("day", "Day", "The day is known.", "time_precision 1", "date_prec 1", "iday > 0"),
    Term(
        "days",
        "2-6 days",
        "Known within two to six days.",
        "time_precision 2",
        "date_prec 2",
        "approxdate",
    ),
    Term("week", "Week", "Known within a week.", "time_precision 2", "date_prec 3", "approxdate"),
    Term(
        "month",
        "Month",
        "Known within a month, or within 8 to 30 days.",
        "time_precision 3",
        "date_prec 4",
        "iday = 0",
    ),
    Term(
        "year",
        "Year",
        "Known within a year, or within more than a month.",
        "",
        "date_prec 5",
        "imonth = 0",
    ),
    Term("unknown", "Unknown", "The start or end is missing, or the interval is longer than a year.", "", "", ""),
    ordered=True,
)

LOCATION_PRECISIONS = Vocabulary(
    "location_precision",
    "How precisely the place of the incident is known. It happened within `radius_km` of the point.",
    Term(
        "exact",
        "Exact",
        "The exact point is known: a building, a crossing, a street.",
        "geo_precision 1",
        "",
        "specificity 1",
    ),
    Term(
        "settlement",
        "Settlement",
        "The town or village is known.",
        "geo_precision 1",
        "where_prec 1",
        "specificity 1",
    ),
    Term(
        "near_settlement",
        "Near a settlement",
        "Within about 25 km of the named place.",
        "geo_precision 2",
        "where_prec 2",
        "vicinity 1",
    ),
    Term(
        "admin3",
        "Municipality",
        "Known to the third administrative level (hromada).",
        "geo_precision 2",
        "where_prec 3",
        "specificity 3",
    ),
    Term(
        "admin2",
        "District",
        "Known to the second administrative level (raion).",
        "geo_precision 2",
        "where_prec 3",
        "specificity 3",
    ),
    Term(
        "admin1",
        "Region",
        "Known to the first administrative level (oblast).",
        "geo_precision 3",
        "where_prec 4",
        "specificity 4",
    ),
    Term(
        "landscape",
        "Landscape or part of a country",
        "Known to a landscape, a river, a front line or a part of a country.",
        "geo_precision 3",
        "where_prec 5",
        "specificity 4",
    ),
    Term("country", "Country", "Known to the country only.", "", "where_prec 6", "specificity 5"),
    Term("international", "International", "In international waters or airspace.", "", "where_prec 7", ""),
    Term("unknown", "Unknown", "The reports do not say where.", "", "", "specificity 5"),
    ordered=True,
)

DATE_DISCLOSURES = Vocabulary(
    "date_disclosure",
    "How precisely the time is published.",
    Term("full", "As precise as known", "Published with full precision."),
    Term("month", "Month only", "The public interval is widened to whole months."),
    Term("year", "Year only", "The public interval is widened to whole years."),
)

PLACE_DISCLOSURES = Vocabulary(
    "place_disclosure",
    "How precisely the place is published, to protect people from danger.",
    Term("full", "As precise as known", "Published with full precision."),
    Term("admin2", "District only", "The public record names the district and its point."),
    Term("admin1", "Region only", "The public record names the region and its point."),
    Term("country", "Country only", "The public record names only the country."),
)
