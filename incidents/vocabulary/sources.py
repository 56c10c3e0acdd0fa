"""Who speaks, how far, and how reliably."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

SOURCE_KINDS = Vocabulary(
    "source_kind",
    "Type of source.",
    Term("news_outlet", "News outlet", "A newspaper, broadcaster or news site."),
    Term("news_agency", "News agency", "An agency that sells reports to outlets."),
    Term(
        "official_channel",
        "Official's channel",
        "A social media or messenger channel of a public office holder.",
    ),
    Term("authority", "Authority", "A government, ministry, administration or court."),
    Term("armed_forces", "Armed forces", "An army, its general staff or a unit."),
    Term("armed_group", "Armed group", "A group that fights outside a regular army."),
    Term("international_organisation", "International organisation", "For example UN, OSCE, ICRC."),
    Term("ngo", "NGO or monitor", "A non-governmental organisation or monitoring project."),
    Term("social_media", "Social media", "A channel or account that is not official."),
    Term("witness", "Witnesses", "People at the scene, never named."),
    Term("research", "Research dataset", "A dataset or a scholarly work."),
    Term("other", "Other", "None of the other codes."),
    Term("unknown", "Unknown", "The source is not reported."),
)

SCALES = Vocabulary(
    "scale",
    "Coverage area of the source (ACLED source_scale).",
    Term("local", "Local", "A town or district.", "Local partner / Subnational"),
    Term("regional", "Regional", "A region of a country.", "Subnational"),
    Term("national", "National", "A country.", "National"),
    Term("international", "International", "More than one country.", "International"),
    Term("unknown", "Unknown", "Not reported."),
)

RELIABILITIES = Vocabulary(
    "reliability",
    "How reliable the source was in the past (NATO source reliability, AJP-2.1).",
    Term("A", "A - completely reliable", "No doubt; a history of complete reliability."),
    Term("B", "B - usually reliable", "Minor doubt; mostly right in the past."),
    Term("C", "C - fairly reliable", "Some doubt; right in the past at times."),
    Term("D", "D - not usually reliable", "Significant doubt; rarely right in the past."),
    Term("E", "E - unreliable", "A history of wrong information."),
    Term("F", "F - cannot be judged", "No basis to judge."),
)
