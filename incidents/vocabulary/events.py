"""What happened: the kinds of act."""

from __future__ import annotations

from incidents.vocabulary.terms import Term, Vocabulary

EVENT_TYPES = Vocabulary(
    "event_type",
    "Type of event, classified by what was done, not by who did it.",
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
        "Organised armed groups fight each other for a place.",
        acled="Battles",
        ucdp="type_of_violence 1, 2",
    ),
    Term(
        "explosion",
        "Explosion",
        "A bomb, mine or other charge that was placed on the spot explodes.",
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
        "Equipment, lines or buildings are put out of use; people are not the target.",
        acled="Strategic developments: Looting/property destruction",
        gtd="attacktype1 7 (facility/infrastructure attack), weaptype1 11 (sabotage equipment)",
    ),
    Term(
        "threat",
        "Threat or intimidation",
        "People are threatened with words, leaflets, marks or demonstrations of force.",
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
        "People in power force civilians to do or suffer something other than death.",
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
        "Deadly use of force by an organised actor, coded by parties, not by means (UCDP GED).",
        ucdp="type_of_violence",
    ),
    Term("protest", "Protest", "People demonstrate without using violence.", acled="Protests"),
    Term("riot", "Riot", "A crowd uses violence against persons or property.", acled="Riots"),
    Term("piracy", "Piracy", "A vessel is attacked at sea or in port.", gtd="targtype1 11 (maritime)"),
    Term("accident", "Accident", "Unintentional harm, according to the reports.", acled="(excluded)"),
    Term("other", "Other", "None of the other codes; see the summary.", acled="Strategic developments: Other"),
    Term("unknown", "Unknown", "The reports do not say what happened.", gtd="attacktype1 9 (unknown)"),
)
