"""Requests to every operation of the OpenAPI document: every parameter, with each value that would tell a secret.

The values are one pool. A parameter gets those of it that its schema takes, and the codes that its schema lists, so a
parameter or an operation that is added is asked without a word here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi-3.1.json"
COMPANIONS = {"near": "radius_km=7", "radius_km": "near=38.11,48.11", "date_match": "date_after=2022-08-03"}
"""What a parameter needs beside it."""


@cache
def document() -> Any:
    """Return the OpenAPI document."""
    return json.loads(DOCUMENT.read_text())


def operations() -> dict[str, Any]:
    """Return path → operation of all that is asked with GET."""
    return {path: methods["get"] for path, methods in document()["paths"].items() if "get" in methods}


class Requests:
    """Addresses to ask, made of what readers know and of what they would like to know."""

    def __init__(
        self,
        known: Mapping[str, Sequence[str]],
        pool: Sequence[str],
        own_fields: Mapping[str, Sequence[str]],
        hidden: Sequence[str],
    ) -> None:
        """`known`: name of a path or a kind → values for it; `own_fields`: parameter → values.

        `hidden`: values that only working records have, of which a list parameter gets all at once.
        """
        self._known, self._pool, self._own_fields, self._hidden = known, pool, own_fields, hidden

    def all(self) -> Iterator[tuple[str, str, str]]:
        """Yield path of the operation, name of the parameter, address."""
        for path, operation in operations().items():
            parameters = [_resolved(each) for each in operation.get("parameters", ())]
            for address in self._addresses(path, parameters):
                yield path, "", address
            # A parameter is asked of the first record: those of one record choose a form or a moment.
            address = next(iter(self._addresses(path, parameters)))
            for parameter in (each for each in parameters if each["in"] == "query"):
                name = parameter["name"]
                beside = f"&{COMPANIONS[name]}" if name in COMPANIONS else ""
                for value in dict.fromkeys(self._values(parameter["schema"])):
                    yield path, name, f"{address}?{name}={quote(value)}{beside}"
            if any(each["name"] == "event_type" for each in parameters):
                for name, values in self._own_fields.items():
                    for value in values:
                        yield path, name, f"{address}?dataset=data&{name}={quote(value)}"

    def _addresses(self, path: str, parameters: Sequence[Any]) -> list[str]:
        found = [path]
        for name in re.findall(r"\{(\w+)\}", path):
            kind = path.split("/")[3].partition(".")[0]
            values = self._known.get(name) or self._known[kind]
            found = [each.replace(f"{{{name}}}", value) for each in found for value in values]
        return [each for each in found if not re.search(r"/(\w[\w.-]*)\.\.\.\1/", each)]

    def _values(self, schema: Any) -> Iterator[str]:
        schema = _resolved(schema)
        yield from (str(each) for each in schema.get("enum", ()))
        for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            yield from self._values(part)
        match schema.get("type"):
            case "array":
                yield from self._lists(schema)
            case "boolean":
                yield from ("true", "false")
            case "string" if "enum" not in schema:
                pattern = re.compile(schema.get("pattern", ""))
                longest = schema.get("maxLength", 100_000)
                yield from (each for each in self._pool if len(each) <= longest and pattern.search(each))
            case "integer" | "number":
                yield from (each for each in self._pool if re.fullmatch(r"\d+(\.\d+)?", each) and _within(each, schema))

    def _lists(self, schema: Any) -> Iterator[str]:
        items = _resolved(schema["items"])
        if items.get("type") in ("number", "integer"):
            size = schema.get("minItems", 1)
            yield from (
                each
                for each in self._pool
                if re.fullmatch(r"-?[\d.]+(,-?[\d.]+)*", each) and each.count(",") + 1 == size
            )
            return
        yield from self._values(items)
        if "enum" not in items and len(self._hidden) <= schema.get("maxItems", 1):
            yield ",".join(self._hidden)


def _within(value: str, schema: Any) -> bool:
    if schema["type"] == "integer" and "." in value:
        return False
    return bool(schema.get("minimum", 0) <= float(value) <= schema.get("maximum", float("inf")))


def _resolved(part: Any) -> Any:
    while "$ref" in part:
        found: Any = document()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part
