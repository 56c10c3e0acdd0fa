"""What other APIs call parameters, and what they are called here: the suggestion for a word that is unknown.

A list takes some of these names, so the first that it takes is suggested; where it takes none, the closest name is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Word(NamedTuple):
    """Names of this API for a word of others, the best first, and a remark."""

    names: tuple[str, ...]
    remark: str = ""

    def message(self, names: list[str]) -> str:
        """Text of the error, with those of the names that the list takes."""
        use = f" Use {' and '.join(names)}." if names else ""
        return f"Unknown parameter.{use}{f' {self.remark}' if self.remark else ''}"


def normalised(name: str) -> str:
    """A name without case and signs: pageSize, page_size and page[size] are one word."""
    return re.sub(r"[^0-9a-z]", "", name.lower()) if len(name) < LONGEST else ""


LONGEST = 40

BY_PAGE = "Follow `next` of each page; it has the cursor."
BY_PUBLICATION = "To follow all changes, also of withdrawn records, read changes/?since=."
NO_KEY = "No key is needed: the API is open."

_TABLE: dict[tuple[str, ...], tuple[str, str]] = {
    # names here, remark: words of others
    ("cursor",): (
        (
            "page page_number page_no page_token next_token continuation_token offset skip start start_index "
            "starting_after"
        ),
        BY_PAGE,
    ),
    ("limit",): ("page_size per_page size rows max_results num_results results top take first page_limit", ""),
    ("q",): ("search query text keyword keywords term terms find fulltext full_text free_text s search_term", ""),
    ("ordering",): ("sort sort_by order order_by sort_order sort_dir sort_field", ""),
    ("date_after", "date_before"): ("date day event_date date_range year month event_year between dates period", ""),
    ("date_after",): (
        "date_from from from_date start_date date_start min_date date_min date_gte begin_date begin after start_time",
        "",
    ),
    ("date_before",): (
        "date_to to to_date end_date date_end max_date date_max date_lte until end before end_time",
        "",
    ),
    ("published_after", "since"): (
        (
            "since updated_since modified_since updated_after modified_after last_modified last_updated timestamp "
            "updated changed_since"
        ),
        BY_PUBLICATION,
    ),
    ("admin1",): ("region province state oblast governorate adm1 admin1_name adm_1 adm1_name region_name", ""),
    ("admin2",): ("district county raion adm2 admin2_name adm_2 adm2_name municipality", ""),
    ("country",): ("iso iso3 iso2 iso_code country_code country_iso country_iso3 adm0 admin0 nation country_name", ""),
    ("location", "q"): (
        "place city town settlement village where location_id location_name place_name adm3 admin3",
        "",
    ),
    ("event_type", "kind"): ("type category class event_category disorder_type types event", ""),
    ("event_subtype",): ("subtype sub_type sub_event_type type_of_violence", ""),
    ("actor", "q"): ("actor1 actor2 perpetrator perp side_a side_b gname assoc_actor1 belligerent party", ""),
    ("by", "actor"): ("group group_by groupby aggregate aggregate_by breakdown", ""),
    ("actor_role",): ("role roles", ""),
    ("killed_min", "killed_max"): (
        "fatalities deaths killed best deaths_best casualties nkill dead fatality victims",
        "",
    ),
    ("killed_min",): ("min_fatalities fatalities_min deaths_min min_deaths min_killed killed_gte", ""),
    ("injured_min", "injured_max"): ("injured wounded nwound injuries", ""),
    ("bbox",): ("bounding_box extent box bounds geometry envelope viewbox", ""),
    ("within",): ("polygon geojson intersects area shape wkt geom aoi", "It takes GeoJSON."),
    ("near", "radius_km"): ("lat lon lng latitude longitude point center centre lat_lon latlng coordinates geo", ""),
    ("radius_km",): ("radius distance dist buffer within_km radius_m", ""),
    ("source",): ("publisher outlet media news_source source_id source_name", ""),
    ("tag",): ("tags label labels topic hashtag", ""),
    ("dataset",): ("data dataset_id project collection source_dataset datasets layer", ""),
    ("id",): ("ids event_id event_id_cnty incident_id uuid pk eventid record_id", ""),
    ("exclude_id",): ("exclude not_id exclude_ids", ""),
    ("location_precision",): ("precision geo_precision geoprecision where_prec location_accuracy", ""),
    ("date_precision",): ("time_precision date_prec date_accuracy", ""),
    ("target",): ("target_type targtype1 victim", ""),
    ("fields",): ("columns select only include properties props field output_fields fl", ""),
    ("format",): ("output output_format f filetype file_type content_type accept export wt", ""),
    ("as_of",): ("version release snapshot at asof as_at revision history_date", ""),
    ("language",): ("lang locale", ""),
    ("licence",): ("license", ""),
    (): ("api_key apikey key token access_token auth email user_key appid app_name", NO_KEY),
}


def _words() -> Iterator[tuple[str, Word]]:
    for names, (words, remark) in _TABLE.items():
        for word in words.split():
            yield normalised(word), Word(names, remark)


WORDS_OF_OTHERS: dict[str, Word] = dict(_words())
"""By the word without case and signs."""
