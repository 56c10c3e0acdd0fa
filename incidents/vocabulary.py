"""Every coded value of the dataset, with its definition and its counterparts in ACLED, UCDP GED and GTD.

Models take their choices from here, the API its enumerations, and the codebook is made from it. A code, once
published, is never given another meaning: history keeps the old documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One coded value; `acled`, `ucdp` and `gtd` name the nearest code of those datasets, "" where there is none."""

    code: str
    label: str
    definition: str
    acled: str = ""
    ucdp: str = ""
    gtd: str = ""
    parent: str = ""


class Vocabulary(Mapping[str, Term]):
    """The coded values of one field, in order; where `ordered`, the earlier term is the more precise one."""

    def __init__(self, name: str, definition: str, *terms: Term, ordered: bool = False) -> None:
        self.name = name
        self.definition = definition
        self.ordered = ordered
        self._terms = {term.code: term for term in terms}
        if len(self._terms) != len(terms):
            raise ValueError(f"{name}: a code occurs twice")

    def __getitem__(self, code: str) -> Term:
        return self._terms[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The pairs of code and label that a Django field takes."""
        return [(term.code, term.label) for term in self._terms.values()]

    def rank(self, code: str) -> int:
        """The position of a code: 0 is the most precise of an ordered vocabulary."""
        return list(self._terms).index(code)

    def at_least(self, code: str) -> list[str]:
        """The codes that are at least as precise as `code`."""
        if not self.ordered:
            raise ValueError(f"{self.name} has no order")
        return list(self._terms)[: self.rank(code) + 1]


EVENT_TYPES = Vocabulary(
    "event_type",
    "What kind of act the incident is, by what was done and not by who did it.",
    Term(
        "armed_attack",
        "Armed attack",
        "Small arms or light weapons are used against persons or vehicles.",
        acled="Battles / Violence against civilians: Attack",
        ucdp="type_of_violence 1-3",
        gtd="attacktype1 2 (armed assault), 1 (assassination)",
    ),
    Term(
        "battle",
        "Battle",
        "Organised armed groups fight each other over a place.",
        acled="Battles",
        ucdp="type_of_violence 1, 2",
    ),
    Term(
        "explosion",
        "Explosion",
        "A bomb, mine or other charge goes off, set on the ground by people on the spot.",
        acled="Explosions/Remote violence: Remote explosive/landmine/IED",
        ucdp="type_of_violence 1-3",
        gtd="attacktype1 3 (bombing/explosion)",
    ),
    Term(
        "strike",
        "Strike from a distance",
        "Artillery, rockets, missiles, aircraft or drones hit a place.",
        acled="Explosions/Remote violence: Shelling/artillery/missile attack, Air/drone strike",
        ucdp="type_of_violence 1",
    ),
    Term(
        "sabotage",
        "Sabotage of infrastructure",
        "Equipment, lines or buildings are put out of use without aiming at persons.",
        acled="Strategic developments: Looting/property destruction",
        gtd="attacktype1 7 (facility/infrastructure attack), weaptype1 11 (sabotage equipment)",
    ),
    Term(
        "threat",
        "Threat or intimidation",
        "People are threatened by words, leaflets, marks or demonstrations of force.",
        acled="Strategic developments: Other",
        gtd="attacktype1 9 (unknown); doubtterr",
    ),
    Term(
        "troop_movement",
        "Movement of forces",
        "Forces take, leave or change positions without the fighting itself being the incident.",
        acled="Strategic developments",
    ),
    Term(
        "coercion",
        "Coercion of civilians",
        "Those in power force civilians to do or suffer something short of killing.",
        acled="Strategic developments: Arrests; Violence against civilians: Abduction/forced disappearance",
        gtd="attacktype1 6 (hostage taking: kidnapping)",
    ),
    Term(
        "violence_against_civilians",
        "Violence against civilians",
        "Civilians are killed, wounded or abused on purpose.",
        acled="Violence against civilians",
        ucdp="type_of_violence 3",
        gtd="targtype1 14 (private citizens and property)",
    ),
    Term(
        "organised_violence",
        "Organised violence, means not coded",
        "Deadly use of force by an organised actor, coded by the parties and not by the means (UCDP GED).",
        ucdp="type_of_violence",
    ),
    Term("protest", "Protest", "People demonstrate without using violence.", acled="Protests"),
    Term("riot", "Riot", "A crowd uses violence against persons or property.", acled="Riots"),
    Term("piracy", "Piracy", "A vessel is attacked at sea or in port.", gtd="targtype1 9 (maritime)"),
    Term("accident", "Accident", "Harm that nobody is said to have meant.", acled="(excluded)"),
    Term("other", "Other", "None of the others; the summary says what.", acled="Strategic developments: Other"),
    Term("unknown", "Unknown", "The reports do not say what happened.", gtd="attacktype1 9 (unknown)"),
)

EVENT_SUBTYPES = Vocabulary(
    "event_subtype",
    "The narrower kind of act within its event type.",
    Term("shooting", "Shooting", "Shots are fired at persons or a vehicle.", "Attack", "", "2", "armed_attack"),
    Term(
        "ambush",
        "Ambush",
        "A moving target is attacked from a prepared place.",
        "Attack",
        "",
        "2",
        "armed_attack",
    ),
    Term(
        "assassination",
        "Assassination",
        "A named office holder is killed or meant to be.",
        "Attack",
        "",
        "1",
        "armed_attack",
    ),
    Term("armed_clash", "Armed clash", "Two sides exchange fire.", "Armed clash", "1", "", "battle"),
    Term(
        "territory_taken",
        "Territory taken",
        "A side takes a place by fighting.",
        "Non-state actor overtakes territory",
        "",
        "",
        "battle",
    ),
    Term(
        "vehicle_explosion",
        "Vehicle blown up",
        "A charge destroys a vehicle with people in it or not.",
        "Remote explosive/landmine/IED",
        "",
        "3",
        "explosion",
    ),
    Term(
        "infrastructure_explosion",
        "Explosion at infrastructure",
        "A charge damages tracks, bridges, lines or plants.",
        "Remote explosive/landmine/IED",
        "",
        "3",
        "explosion",
    ),
    Term(
        "mine",
        "Mine or booby trap",
        "A victim sets the charge off.",
        "Remote explosive/landmine/IED",
        "",
        "3",
        "explosion",
    ),
    Term("grenade", "Grenade", "A hand-thrown or launched grenade.", "Grenade", "", "3", "explosion"),
    Term(
        "suicide_bombing",
        "Suicide bombing",
        "The attacker dies with the charge.",
        "Suicide bomb",
        "",
        "suicide=1",
        "explosion",
    ),
    Term(
        "shelling",
        "Shelling",
        "Artillery, mortars, rockets or missiles from the ground.",
        "Shelling/artillery/missile attack",
        "",
        "",
        "strike",
    ),
    Term(
        "air_strike",
        "Air or drone strike",
        "Weapons from aircraft or drones.",
        "Air/drone strike",
        "",
        "",
        "strike",
    ),
    Term(
        "strike_means_unknown",
        "Strike, means not told",
        "A strike whose weapon the reports do not tell.",
        "Shelling/artillery/missile attack",
        "",
        "",
        "strike",
    ),
    Term("arson", "Arson", "Something is set on fire.", "Looting/property destruction", "", "7", "sabotage"),
    Term(
        "infrastructure_damage",
        "Damage to infrastructure",
        "Lines, tracks or plants are cut or broken.",
        "Looting/property destruction",
        "",
        "7",
        "sabotage",
    ),
    Term("cyber", "Cyber attack", "Computers or networks are put out of use.", "", "", "", "sabotage"),
    Term(
        "leaflets",
        "Leaflets or posters",
        "Printed threats or calls are spread in public.",
        "Other",
        "",
        "",
        "threat",
    ),
    Term("verbal_threat", "Threat", "A threat by word of mouth, message or mark.", "Other", "", "", "threat"),
    Term(
        "withdrawal",
        "Withdrawal",
        "Forces leave a place they held.",
        "Non-violent transfer of territory",
        "",
        "",
        "troop_movement",
    ),
    Term(
        "advance",
        "Advance",
        "Forces come into a place without fighting for it.",
        "Non-violent transfer of territory",
        "",
        "",
        "troop_movement",
    ),
    Term(
        "deployment",
        "Deployment",
        "Forces or equipment are brought to a place.",
        "Headquarters or base established",
        "",
        "",
        "troop_movement",
    ),
    Term(
        "screening",
        "Forced screening",
        "Civilians must pass checks of identity, views or possessions (“filtration”).",
        "Arrests",
        "",
        "",
        "coercion",
    ),
    Term(
        "mobilisation",
        "Forced mobilisation",
        "Civilians are pressed into armed or labour service.",
        "Other",
        "",
        "",
        "coercion",
    ),
    Term("detention", "Detention", "People are held against their will.", "Arrests", "", "6", "coercion"),
    Term(
        "abduction",
        "Abduction",
        "People are taken away and their fate is hidden.",
        "Abduction/forced disappearance",
        "",
        "6",
        "coercion",
    ),
    Term("deportation", "Deportation", "Civilians are moved away by force.", "Other", "", "", "coercion"),
    Term(
        "looting",
        "Looting",
        "Property is taken by force of arms.",
        "Looting/property destruction",
        "",
        "",
        "coercion",
    ),
    Term(
        "killing",
        "Killing of civilians",
        "Civilians are killed on purpose.",
        "Attack",
        "3",
        "",
        "violence_against_civilians",
    ),
    Term(
        "abuse",
        "Torture or abuse",
        "Civilians are hurt without being killed.",
        "Sexual violence",
        "",
        "",
        "violence_against_civilians",
    ),
    Term(
        "state_based",
        "State-based conflict",
        "One of the two parties is a government.",
        "",
        "1",
        "",
        "organised_violence",
    ),
    Term(
        "non_state",
        "Non-state conflict",
        "Neither of the two parties is a government.",
        "",
        "2",
        "",
        "organised_violence",
    ),
    Term(
        "one_sided",
        "One-sided violence",
        "An organised actor kills unarmed civilians.",
        "",
        "3",
        "",
        "organised_violence",
    ),
    Term("boarding", "Boarding", "Attackers come on board.", "", "", "", "piracy"),
    Term("hijacking", "Hijacking", "Attackers take control of the vessel.", "", "", "4", "piracy"),
    Term(
        "attempted_boarding",
        "Attempted boarding",
        "Attackers try to come on board and fail.",
        "",
        "",
        "",
        "piracy",
    ),
    Term("vessel_fired_upon", "Vessel fired upon", "Shots are fired at the vessel.", "", "", "", "piracy"),
)

DATE_PRECISIONS = Vocabulary(
    "date_precision",
    "How precisely the time of the incident is known; the interval from start to end holds it for certain.",
    Term("day", "Day", "The day is known.", "time_precision 1", "date_prec 1", "iday > 0"),
    Term(
        "days",
        "2-6 days",
        "Known to lie within two to six days.",
        "time_precision 2",
        "date_prec 2",
        "approxdate",
    ),
    Term("week", "Week", "Known to lie within a week.", "time_precision 2", "date_prec 3", "approxdate"),
    Term(
        "month",
        "Month",
        "Known to lie within a month, or within 8 to 30 days.",
        "time_precision 3",
        "date_prec 4",
        "iday = 0",
    ),
    Term(
        "year",
        "Year",
        "Known to lie within a year, or within more than a month.",
        "",
        "date_prec 5",
        "imonth = 0",
    ),
    Term("unknown", "Unknown", "A bound of the interval is missing, or it is longer than a year.", "", "", ""),
    ordered=True,
)

LOCATION_PRECISIONS = Vocabulary(
    "location_precision",
    "How precisely the place of the incident is known; `radius_km` is the distance within which it lies.",
    Term(
        "exact",
        "Exact",
        "The point itself is known: a building, a crossing, a street.",
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
        "Known to a landscape, a river, a front, a part of a country.",
        "geo_precision 3",
        "where_prec 5",
        "specificity 4",
    ),
    Term("country", "Country", "Known to the country only.", "", "where_prec 6", "specificity 5"),
    Term("international", "International", "In international waters or airspace.", "", "where_prec 7", ""),
    Term("unknown", "Unknown", "The reports do not say where.", "", "", "specificity 5"),
    ordered=True,
)

LOCATION_KINDS = Vocabulary(
    "location_kind",
    "What a place is. Its parent is the smallest listed place that holds it.",
    Term("country", "Country", "A state; its ISO 3166-1 alpha-3 code is the country code of all places in it."),
    Term("admin1", "Region (oblast, state)", "First administrative level."),
    Term("admin2", "District (raion, county)", "Second administrative level."),
    Term("admin3", "Municipality (hromada)", "Third administrative level."),
    Term("settlement", "Settlement", "A city, town or village."),
    Term("neighbourhood", "Part of a settlement", "A quarter, a street, a district of a city."),
    Term("facility", "Facility", "A station, plant, bridge, airfield, junction."),
    Term("landscape", "Landscape", "A river, forest, front line, basin or part of a country."),
    Term("sea", "Sea", "A sea, strait or anchorage."),
    Term("other", "Other", "None of the others."),
)

NAME_KINDS = Vocabulary(
    "name_kind",
    "Why a place has this name.",
    Term("official", "Official", "The name in law, in that language."),
    Term("former", "Former", "An earlier official name."),
    Term("variant", "Variant", "Another spelling or transliteration."),
    Term("as_reported", "As reported", "A spelling that a report used."),
)

SOURCE_KINDS = Vocabulary(
    "source_kind",
    "Who speaks.",
    Term("news_outlet", "News outlet", "A newspaper, broadcaster or news site."),
    Term("news_agency", "News agency", "An agency that sells reports to outlets."),
    Term(
        "official_channel",
        "Official's channel",
        "A social-media or messenger channel kept by a public office holder.",
    ),
    Term("authority", "Authority", "A government, ministry, administration or court."),
    Term("armed_forces", "Armed forces", "An army, its general staff or a unit."),
    Term("armed_group", "Armed group", "A group that fights outside a regular army."),
    Term("international_organisation", "International organisation", "UN, OSCE, ICRC and the like."),
    Term("ngo", "NGO or monitor", "A non-governmental organisation or monitoring project."),
    Term("social_media", "Social media", "A channel or account that is not an office's own."),
    Term("witness", "Witnesses", "People on the spot, never named."),
    Term("research", "Research dataset", "A dataset or a scholarly work."),
    Term("other", "Other", "None of the others."),
    Term("unknown", "Unknown", "It is not told who speaks."),
)

SCALES = Vocabulary(
    "scale",
    "How far the source reaches (ACLED source_scale).",
    Term("local", "Local", "A town or district.", "Local partner / Subnational"),
    Term("regional", "Regional", "A region of a country.", "Subnational"),
    Term("national", "National", "A country.", "National"),
    Term("international", "International", "More than one country.", "International"),
    Term("unknown", "Unknown", "Not told."),
)

RELIABILITIES = Vocabulary(
    "reliability",
    "How far the source has proved right in the past (NATO source reliability, AJP-2.1).",
    Term("A", "A - completely reliable", "No doubt; a history of complete reliability."),
    Term("B", "B - usually reliable", "Minor doubt; mostly right in the past."),
    Term("C", "C - fairly reliable", "Some doubt; right in the past at times."),
    Term("D", "D - not usually reliable", "Significant doubt; rarely right in the past."),
    Term("E", "E - unreliable", "A history of wrong information."),
    Term("F", "F - cannot be judged", "No basis to judge."),
)

ACTOR_KINDS = Vocabulary(
    "actor_kind",
    "Who acts or is acted on. No private person is an actor: groups and offices are.",
    Term(
        "state_forces",
        "State forces",
        "Army, police or other forces of a state.",
        "inter 1",
        "side with a GW number",
    ),
    Term(
        "government",
        "Government",
        "A government or an administration, its own or an occupation's.",
        "inter 1",
        "side with a GW number",
    ),
    Term(
        "rebel_group",
        "Rebel group",
        "An organised group that fights a government.",
        "inter 2",
        "side without a GW number",
    ),
    Term("militia", "Militia", "An armed group in league with a party.", "inter 3"),
    Term("partisans", "Partisans", "Irregular fighters in territory the other side holds.", "inter 3"),
    Term("protesters", "Protesters or rioters", "A crowd.", "inter 5, 6"),
    Term("civilians", "Civilians", "People who do not fight.", "inter 7"),
    Term("officials", "Officials", "Office holders as a group, an occupation's too."),
    Term("collaborators", "Alleged collaborators", "People said to work for an occupying power."),
    Term("external_forces", "External forces", "Forces of another state or of an alliance.", "inter 8"),
    Term("criminals", "Criminals or pirates", "People who act for gain."),
    Term("other", "Other", "None of the others."),
    Term("unknown", "Unknown", "Not told."),
)

ACTOR_ROLES = Vocabulary(
    "actor_role",
    "What part an actor had; it has a direction, which the order of columns elsewhere has not.",
    Term("alleged_perpetrator", "Alleged perpetrator", "Is said to have done it.", "actor1", "side_a", "gname"),
    Term("target", "Target", "It was done to them.", "actor2", "side_b", "targtype1"),
    Term(
        "belligerent",
        "Belligerent",
        "Took part as one side; who began is not told.",
        "actor1, actor2",
        "side_a, side_b",
    ),
    Term("claimant", "Claimant", "Says to have done it.", "", "", "claimed"),
    Term("beneficiary", "Beneficiary", "It was done on their behalf or in their favour.", "assoc_actor_1"),
    Term("responder", "Responder", "Came to help, repair or investigate."),
    Term("other", "Other", "Another part, told in the summary."),
)

CERTAINTIES = Vocabulary(
    "certainty",
    "How sure it is that the actor had this role.",
    Term(
        "confirmed",
        "Confirmed",
        "Independent reports agree, or the actor and the other side do.",
        "",
        "",
        "guncertain1 = 0",
    ),
    Term("coded", "As coded", "The dataset that the record comes from codes it so, without saying how sure."),
    Term("claimed", "Claimed", "One side or one source says so.", "", "", "guncertain1 = 1"),
    Term("suspected", "Suspected", "It is presumed; nobody says it outright.", "", "", "guncertain1 = 1"),
    Term("denied", "Denied", "The actor denies it."),
)

TARGET_KINDS = Vocabulary(
    "target_kind",
    "What was aimed at or hit.",
    Term("occupation_official", "Occupation official", "An office holder of an occupying power."),
    Term("official", "Official", "An office holder.", "", "", "targtype1 2"),
    Term("alleged_collaborator", "Alleged collaborator", "A person said to work for an occupying power."),
    Term("military", "Military", "Forces, their posts and equipment.", "", "", "targtype1 4"),
    Term("command_post", "Command post", "A headquarters or command centre.", "", "", "targtype1 4"),
    Term("police", "Police", "Police and their posts.", "", "", "targtype1 3"),
    Term(
        "civilians",
        "Civilians",
        "People who do not fight.",
        "civilian_targeting",
        "type_of_violence 3",
        "targtype1 14",
    ),
    Term("vehicle", "Vehicle", "A car, lorry or bus."),
    Term("railway", "Railway", "Tracks, signals, trains, stations.", "", "", "targtype1 19"),
    Term("road", "Road or bridge", "Roads, bridges, crossings.", "", "", "targtype1 19"),
    Term("energy", "Energy", "Power, gas, fuel.", "", "", "targtype1 21"),
    Term("communications", "Communications", "Telephone, radio, internet, media.", "", "", "targtype1 16, 10"),
    Term("building", "Building", "A building of no other kind."),
    Term("vessel", "Vessel", "A ship or boat.", "", "", "targtype1 9"),
    Term("other", "Other", "None of the others."),
)

STANCES = Vocabulary(
    "stance",
    "What the report does with the value.",
    Term("asserts", "Asserts", "The report, or whom it relays, says that it is so."),
    Term("denies", "Denies", "The report, or whom it relays, says that it is not so."),
    Term("doubts", "Doubts", "The report passes it on with doubt."),
)

CLAIM_FIELDS = Vocabulary(
    "claim_field",
    "What a claim is about; the first ones name fields of the incident.",
    Term("date", "Date", "When it happened, an ISO date or interval."),
    Term("location", "Place", "Where it happened."),
    Term("event_type", "Event type", "What kind of act it was."),
    Term("actor", "Actor", "Who did it or to whom it was done."),
    Term("killed", "Killed", "How many people died."),
    Term("injured", "Injured", "How many people were wounded."),
    Term("target", "Target", "What was aimed at or hit."),
    Term("damage", "Damage", "What was damaged or put out of use."),
    Term("effect", "Effect", "What it led to."),
    Term("motive", "Motive", "Why it was done."),
    Term("count", "Number", "A number of people or things that is no casualty figure."),
    Term("other", "Other", "Something else."),
)

RELATIONS = Vocabulary(
    "relation",
    "How one incident stands to another, read from the record to the related one.",
    Term("part_of", "Part of", "Is a part of the other."),
    Term("has_part", "Has part", "Has the other as a part."),
    Term("same_episode", "Same episode", "Both belong to one course of events."),
    Term("retaliation_for", "Retaliation for", "Is said to answer the other."),
    Term("retaliated_by", "Retaliated by", "The other is said to answer it."),
    Term("possible_duplicate", "Possible duplicate", "May be the same incident, told otherwise."),
)
INVERSE_RELATIONS = {
    "part_of": "has_part",
    "has_part": "part_of",
    "same_episode": "same_episode",
    "retaliation_for": "retaliated_by",
    "retaliated_by": "retaliation_for",
    "possible_duplicate": "possible_duplicate",
}

PLACE_DISCLOSURES = Vocabulary(
    "place_disclosure",
    "How precisely the place may be published, so that nobody is put in danger.",
    Term("full", "As precise as known", "Nothing is held back."),
    Term("admin2", "District only", "The public record names the district and its point."),
    Term("admin1", "Region only", "The public record names the region and its point."),
    Term("country", "Country only", "The public record names the country alone."),
)

DATE_DISCLOSURES = Vocabulary(
    "date_disclosure",
    "How precisely the time may be published.",
    Term("full", "As precise as known", "Nothing is held back."),
    Term("month", "Month only", "The public interval is widened to whole months."),
    Term("year", "Year only", "The public interval is widened to whole years."),
)

EDITORIAL_STATUSES = Vocabulary(
    "editorial_status",
    "How far the editors are with a working record. It says nothing about what is published.",
    Term("draft", "Draft", "Being written."),
    Term("in_review", "In review", "A second person reads it."),
    Term("ready", "Ready", "May be published."),
    Term("rejected", "Rejected", "Will not be published."),
)

CHANGES = Vocabulary(
    "change",
    "What a publication did to a record.",
    Term("added", "Added", "The record is public for the first time, or again after a withdrawal."),
    Term("changed", "Changed", "A new revision takes the place of the one before."),
    Term("withdrawn", "Withdrawn", "The record is no longer held to be right; the reason says why."),
    Term("merged", "Merged", "The record was one with another, its target."),
    Term("redacted", "Redacted", "The content was taken out of all history, for safety."),
)

VOCABULARIES: dict[str, Vocabulary] = {
    vocabulary.name: vocabulary
    for vocabulary in (
        EVENT_TYPES,
        EVENT_SUBTYPES,
        DATE_PRECISIONS,
        LOCATION_PRECISIONS,
        LOCATION_KINDS,
        NAME_KINDS,
        SOURCE_KINDS,
        SCALES,
        RELIABILITIES,
        ACTOR_KINDS,
        ACTOR_ROLES,
        CERTAINTIES,
        TARGET_KINDS,
        STANCES,
        CLAIM_FIELDS,
        RELATIONS,
        PLACE_DISCLOSURES,
        DATE_DISCLOSURES,
        EDITORIAL_STATUSES,
        CHANGES,
    )
}
