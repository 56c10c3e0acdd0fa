"""Fields that datasets often need and no core field holds, each with one name and one meaning for all datasets."""

from __future__ import annotations

from typing import NamedTuple


class Recommended(NamedTuple):
    """A field that a dataset may declare under this name; it must then have this type."""

    name: str
    type: str
    label: str
    definition: str
    unit: str = "persons"
    missing: str = "Not reported. 0 means reported as none."


def _people(name: str, label: str, definition: str) -> Recommended:
    return Recommended(name, "range", label, definition)


RECOMMENDED: dict[str, Recommended] = {
    each.name: each
    for each in (
        _people("killed_civilians", "Civilians killed", "Killed who took no part in hostilities."),
        _people("killed_children", "Children killed", "Killed who were younger than 18 years."),
        _people("killed_combatants", "Combatants killed", "Killed members of armed forces or armed groups."),
        _people("killed_staff", "Staff killed", "Killed at their work, for example health or aid workers."),
        _people("killed_perpetrators", "Perpetrators killed", "Killed among those who carried out the attack."),
        _people("injured_civilians", "Civilians injured", "Injured who took no part in hostilities."),
        _people("injured_children", "Children injured", "Injured who were younger than 18 years."),
        _people("injured_combatants", "Combatants injured", "Injured members of armed forces or armed groups."),
        _people("injured_staff", "Staff injured", "Injured at their work."),
        _people("injured_perpetrators", "Perpetrators injured", "Injured among those who carried out the attack."),
        _people("detained", "Detained", "Arrested or held against their will by an authority."),
        _people("abducted", "Abducted", "Taken or held against their will by anybody but an authority."),
        _people("displaced", "Displaced", "Made to leave their homes."),
        _people("missing_persons", "Missing", "Not found since, and neither known to be dead nor to be held."),
        Recommended(
            "damaged_buildings",
            "range",
            "Buildings damaged",
            "Buildings that were damaged or destroyed.",
            "buildings",
        ),
        Recommended(
            "destroyed_buildings", "range", "Buildings destroyed", "Buildings that cannot be repaired.", "buildings"
        ),
        Recommended("damage_usd", "range", "Cost of damage", "Cost of the damage as reported.", "US dollars"),
    )
}
"""By name."""
