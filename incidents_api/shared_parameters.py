"""Writes each parameter of the OpenAPI document once; operations refer to it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

PATH = "#/components/parameters/"


class Shared:
    """A parameter that several operations have."""

    def __init__(self, parameter: dict[str, Any], operations: list[dict[str, Any]]) -> None:
        self.parameter = parameter
        self.operations = operations
        self.plain = f"{parameter['name']}_{parameter['in']}".lower().replace("-", "_")
        """Its name where no other parameter has it; with its place, as clients would else have `EventType` twice."""
        tags = Counter(each["tags"][0] for each in operations)
        often = [tag for tag, count in tags.items() if count > 1]
        self.tag = often[0] if len(often) == 1 else None
        """Tag of the operations, apart from single operations that take parameters of another resource."""

    @property
    def of_tag(self) -> str:
        """Its name where operations of other tags have another one."""
        return f"{self.tag}_{self.plain}" if self.tag else self.plain

    @property
    def of_operation(self) -> str:
        """Its name where other operations of the tag have another one."""
        first = next(each["operationId"] for each in self.operations if self.tag in (None, each["tags"][0]))
        return f"{first.removesuffix('_' + self.parameter['name'])}_{self.plain}"


def share_parameters(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Put parameters that several operations have into `components`; a hook of drf-spectacular."""
    uses: dict[str, list[tuple[dict[str, Any], int]]] = {}
    for path in result["paths"].values():
        for operation in path.values():
            for at, parameter in enumerate(operation.get("parameters", ())):
                uses.setdefault(json.dumps(parameter, sort_keys=True), []).append((operation, at))
    many = {key: each for key, each in uses.items() if len(each) > 1}
    named = _named([Shared(json.loads(key), [operation for operation, _ in each]) for key, each in many.items()])
    for name, each in zip(named, many.values(), strict=True):
        for operation, at in each:
            operation["parameters"][at] = {"$ref": PATH + name}
    result["components"]["parameters"] = {name: named[name].parameter for name in sorted(named)}
    return result


def _named(shared: list[Shared]) -> dict[str, Shared]:
    """Parameters by the shortest of their names that is theirs alone, in the order given; raises ValueError."""
    ways: tuple[Callable[[Shared], str], ...] = (
        lambda each: each.plain,
        lambda each: each.of_tag,
        lambda each: each.of_operation,
    )
    names = [next((way(each) for way in ways if _is_single(way, each, shared)), "") for each in shared]
    if "" in names or len(set(names)) < len(names):
        raise ValueError("Two different parameters of the OpenAPI document would have the same name.")
    return dict(zip(names, shared, strict=True))


def _is_single(way: Callable[[Shared], str], each: Shared, shared: Iterable[Shared]) -> bool:
    return sum(way(other) == way(each) for other in shared) == 1
