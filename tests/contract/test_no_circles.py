"""No two modules and no two packages import each other in a circle, and every package has its place in the plan."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("incidents", "incidents_api")

Imports = Mapping[str, set[str]]


@cache
def graph() -> grimp.ImportGraph:
    """Return who imports what; a name that only an annotation needs brings in no code and does not count."""
    return grimp.build_graph(*OURS, exclude_type_checking_imports=True, cache_dir=None)


def modules() -> Imports:
    return {module: graph().find_modules_directly_imported_by(module) for module in graph().modules}


def children(package: str) -> Imports:
    """Return which parts of a package import which other parts of it, with all that is within them."""
    depth = package.count(".") + 2
    found: dict[str, set[str]] = {}
    for module, imported in modules().items():
        if module.startswith(f"{package}."):
            part = ".".join(module.split(".")[:depth])
            others = {".".join(each.split(".")[:depth]) for each in imported if each.startswith(f"{package}.")}
            found.setdefault(part, set()).update(others - {part})
    return found


def packages() -> list[str]:
    """Return every package that has parts."""
    return sorted(module for module in graph().modules if graph().find_children(module))


def circle(imports: Imports) -> list[str]:
    """Return the members of a circle, each importing the next; nothing if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))  # it goes from what is imported to what imports it
    return []


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    found = circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    assert found[0] == found[-1]
    assert "".join(found) in {"abca", "bcab", "cabc"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert len(modules()) > 300
    assert circle(modules()) == []


@pytest.mark.parametrize("package", packages())
def test_no_parts_of_a_package_import_each_other_in_a_circle(package: str) -> None:
    assert circle(children(package)) == []


def test_the_two_packages_meet_in_no_circle() -> None:
    """The site uses the app, and the app the manners of REST: parts of both, taken together."""
    assert circle(_parts_of_both()) == []


def _parts_of_both() -> Imports:
    found: dict[str, set[str]] = {}
    for module, imported in modules().items():
        part = ".".join(module.split(".")[:2])
        found.setdefault(part, set()).update({".".join(each.split(".")[:2]) for each in imported} - {part})
    return found


def layers() -> Iterator[str]:
    """Yield every package that the plan of the house names."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (plan,) = [each for each in contracts if each["type"] == "layers" and "containers" not in each]
    for layer in plan["layers"]:
        yield from layer.split(" | ")


def test_every_package_of_incidents_has_its_place_in_the_plan() -> None:
    assert {each for each in layers() if each.startswith("incidents.")} == graph().find_children("incidents")
