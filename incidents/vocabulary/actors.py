"""Who acts or is acted on, in which part, and what was aimed at."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

ACTOR_KINDS = Vocabulary(
    "actor_kind",
    "Type of actor. Actors are groups and offices, never private persons.",
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
        "A government or an administration, also of an occupying power.",
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
    Term("militia", "Militia", "An armed group allied with a party.", "inter 3"),
    Term("partisans", "Partisans", "Irregular fighters in territory the other side holds.", "inter 3"),
    Term("protesters", "Protesters or rioters", "A crowd.", "inter 5, 6"),
    Term("civilians", "Civilians", "People who do not take part in fighting.", "inter 7"),
    Term("officials", "Officials", "Office holders as a group, also of an occupying power."),
    Term("collaborators", "Alleged collaborators", "People said to work for an occupying power."),
    Term("external_forces", "External forces", "Forces of another state or of an alliance.", "inter 8"),
    Term("criminals", "Criminals or pirates", "People who act for gain."),
    Term("other", "Other", "None of the other codes."),
    Term("unknown", "Unknown", "Not reported."),
)

ACTOR_ROLES = Vocabulary(
    "actor_role",
    "Role of an actor. Roles have a direction, unlike the order of columns in other datasets.",
    Term("alleged_perpetrator", "Alleged perpetrator", "Reported to have done it.", "actor1", "side_a", "gname"),
    Term("target", "Target", "The act was directed at them.", "actor2", "side_b", "targtype1"),
    Term(
        "belligerent",
        "Belligerent",
        "Took part as one side; it is not reported who started.",
        "actor1, actor2",
        "side_a, side_b",
    ),
    Term("claimant", "Claimant", "Claims to have done it.", "", "", "claimed"),
    Term("beneficiary", "Beneficiary", "The act was done on their behalf or in their favour.", "assoc_actor_1"),
    Term("responder", "Responder", "Came to help, repair or investigate."),
    Term("other", "Other", "Another role, described in the summary."),
)

CERTAINTIES = Vocabulary(
    "certainty",
    "How certain it is that the actor had this role.",
    Term(
        "confirmed",
        "Confirmed",
        "Independent reports agree, or the actor and the other side do.",
        "",
        "",
        "guncertain1 = 0",
    ),
    Term("coded", "As coded", "As coded in the original dataset, which does not give a certainty."),
    Term("claimed", "Claimed", "One side or one source says so.", "", "", "guncertain1 = 1"),
    Term("suspected", "Suspected", "Presumed; no source states it.", "", "", "guncertain1 = 1"),
    Term("denied", "Denied", "The actor denies it."),
)

TARGET_KINDS = Vocabulary(
    "target_kind",
    "What was attacked or hit.",
    Term("occupation_official", "Occupation official", "An office holder of an occupying power."),
    Term("official", "Official", "An office holder.", "", "", "targtype1 2"),
    Term("alleged_collaborator", "Alleged collaborator", "A person said to work for an occupying power."),
    Term("military", "Military", "Armed forces, their posts and equipment.", "", "", "targtype1 4"),
    Term("command_post", "Command post", "A headquarters or command centre.", "", "", "targtype1 4"),
    Term("police", "Police", "Police and their posts.", "", "", "targtype1 3"),
    Term(
        "civilians",
        "Civilians",
        "People who do not take part in fighting.",
        "civilian_targeting",
        "type_of_violence 3",
        "targtype1 14",
    ),
    Term("vehicle", "Vehicle", "A car, lorry or bus."),
    Term("railway", "Railway", "Tracks, signals, trains, stations.", "", "", "targtype1 19"),
    Term("road", "Road or bridge", "Roads, bridges, crossings.", "", "", "targtype1 19"),
    Term("energy", "Energy", "Power, gas, fuel.", "", "", "targtype1 21"),
    Term("communications", "Communications", "Telephone, radio and television, internet.", "", "", "targtype1 16"),
    Term("water_or_food", "Water or food", "Waterworks, dams, fields, stores.", "", "", "targtype1 9"),
    Term("port", "Port", "Harbours, quays, terminals.", "", "", "targtype1 11"),
    Term("airport", "Airport or aircraft", "Airfields and aircraft that are not military.", "", "", "targtype1 6"),
    Term("public_transport", "Public transport", "Buses, trams, stations, their riders.", "", "", "targtype1 19"),
    Term("industry", "Industry", "Factories and plants, including arms factories."),
    Term("business", "Business", "Shops, markets, banks, offices of firms.", "", "", "targtype1 1"),
    Term("health_care", "Health care", "Hospitals, ambulances, and their staff.", "", "", "targtype1 5"),
    Term("education", "Education", "Schools and universities, pupils and teachers.", "", "", "targtype1 8"),
    Term("place_of_worship", "Place of worship", "Temples, churches, mosques, clergy.", "", "", "targtype1 15"),
    Term("media", "Media", "Journalists and their offices.", "", "", "targtype1 10"),
    Term("aid", "Aid", "Aid workers, their goods and convoys; NGOs.", "", "", "targtype1 12"),
    Term("diplomats", "Diplomats", "Embassies, missions, international bodies.", "", "", "targtype1 7"),
    Term(
        "party",
        "Political party or candidate",
        "Parties, candidates and their supporters.",
        "",
        "",
        "targtype1 22",
    ),
    Term("armed_group", "Armed group", "Members or sites of a non-state armed force.", "", "", "targtype1 17"),
    Term("building", "Building", "A building that fits no other code."),
    Term("vessel", "Vessel", "A ship or boat.", "", "", "targtype1 11"),
    Term("other", "Other", "None of the other codes."),
)
