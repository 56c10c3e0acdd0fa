"""The body of a search in the OpenAPI documents: an object of the parameters of the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from incidents.api.search_bodies import FORM, JSON
from incidents_api.parameters.values import LIST_ITEM, MAX_TEXT, PLAIN_ITEM, QUOTES

ANY = ("A text, as in an address, or the geometry itself.", {"type": "string"}, {"type": "object"})
EXAMPLE = {"event_type": ["explosion", "sabotage"], "killed_min": 1, "limit": 5}


def _in_json(member: dict[str, Any]) -> dict[str, Any]:
    """A member of a JSON body: values of lists are as they are, without the quotation marks of addresses."""
    if member.get("items", {}).get("pattern") != LIST_ITEM:
        return member
    items = {"type": "string", "pattern": PLAIN_ITEM, "maxLength": MAX_TEXT}
    return member | {"items": items, "description": member["description"].removesuffix(f" {QUOTES}")}


def body_of(parameters: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Request body object for these parameter objects."""
    members = {
        each["name"]: {**each["schema"], "description": each["description"]}
        if "$ref" not in each["schema"]
        else {"allOf": [each["schema"]], "description": each["description"]}
        for each in parameters
    }
    said, text, geometry = ANY
    described = f"{members['within']['description']} {said}"
    in_json = {name: _in_json(each) for name, each in members.items()}
    in_json["within"] = {"description": described, "anyOf": [text, geometry]}
    return {
        "required": True,
        "description": "Parameters of the list, at most 64,000 bytes; also `attr.name` of own fields.",
        "content": {
            JSON: {"schema": {"type": "object", "properties": in_json}, "example": EXAMPLE},
            FORM: {"schema": {"type": "object", "properties": members}},
        },
    }
