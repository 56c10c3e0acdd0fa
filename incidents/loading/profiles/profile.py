"""Profiles: what a format's columns mean, declared in TOML, so that the loader knows no column name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from incidents.loading.errors import LoadError, ProfileError, did_you_mean
from incidents.loading.profiles.authority import Authority, authority_of
from incidents.loading.profiles.keys import DeclaredKeys, IncidentKeys, ProfileKeys
from incidents.loading.profiles.syntax import VALUE, VALUE_KEYS, Keys, located
from incidents.schema.attribute_declarations import DeclarationError, check_declarations

SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Profile:
    """One format: see docs/loading.md for every key. `made_from` is the text of its file, and the path."""

    name: str
    made_from: tuple[str, str]
    keys: ProfileKeys
    authority: Authority


def find(name: str) -> Path:
    """Return the file of a shipped profile by its name, or of another one by its path; raises LoadError."""
    shipped = {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}
    if name in shipped:
        return shipped[name]
    if name.endswith(".toml") and Path(name).is_file():
        return Path(name)
    raise LoadError(
        f"There is no profile {name!r}{did_you_mean(name, shipped) or '.'} Shipped: {', '.join(shipped)}. "
        "For one of your own give the path of its .toml file."
    )


def load(name: str) -> Profile:
    """Return the profile of that name or path; raises LoadError, or ProfileError naming every wrong key."""
    path = find(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path} cannot be read as TOML: {error}") from None
    return parse(text, str(path))


def parse(text: str, path: str) -> Profile:
    """Return the profile that a file holds as text; raises ProfileError naming every wrong key."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{path} cannot be read as TOML: {error}") from None
    try:
        keys = ProfileKeys.model_validate(located(document))
    except ValidationError as error:
        raise ProfileError("\n".join([f"{path} is not a valid profile:", *_faults(error)])) from None
    reports = keys.incident.reports
    extra = frozenset((*keys.incident.extra.values, *(reports.kept_as if reports else ())))
    own = frozenset(name for each in keys.fields if each.cells for name in (each.name, *each.formerly))
    _check_fields(keys, path)
    return Profile(
        Path(path).stem, (text, path), keys, authority_of(document, extra, own, tells_end=keys.incident.date.tells_end)
    )


def _check_fields(keys: ProfileKeys, path: str) -> None:
    """Raise ProfileError for own fields that cannot be used, and where nothing gives the event type."""
    faults = []
    try:
        check_declarations(each.declaration() for each in keys.fields)
    except DeclarationError as error:
        faults += [f"fields.{key}: {text}" for key, text in error.problems]
    told = any(code.event_type for each in keys.fields if each.cells for code in each.codes)
    if "event_type" not in keys.incident.model_fields_set and not told:
        faults.append("incident.event_type: is missing")
    if faults:
        raise ProfileError("\n".join([f"{path} is not a valid profile:", *faults]))


def _faults(error: ValidationError) -> Iterator[str]:
    """Yield a line for each key that is wrong: its full name, items counted from 1, and what is wrong with it."""
    for each in error.errors(include_url=False):
        place = [part for part in each["loc"] if part not in ("[key]", VALUE)]
        name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        match each["type"]:
            case "missing":
                said = "is missing"
            case "extra_forbidden":
                said = f"is not known{did_you_mean(str(place[-1]), _known(place[:-1]))}"
            case "dict_type" | "model_type":
                said = f"has to be a table, [{name}], not {each['input']!r}"
            case "list_type" | "tuple_type":
                said = f"has to be a list of tables, [[{name}]], not {each['input']!r}"
            case _:
                said = each["msg"]
        yield f"{name}: {said}"


def _known(place: list[Any]) -> list[str]:
    """Return the keys of a table, given by its place in the document."""
    keys: type[Keys] = ProfileKeys
    for name in (part for part in place if not isinstance(part, int)):
        field = next((each for key, each in keys.model_fields.items() if name in (key, each.alias)), None)
        if field is None or (inner := _keys_in(field.annotation)) is None:
            return VALUE_KEYS
        keys = inner
    return [field.alias or key for key, field in keys.model_fields.items()]


def _keys_in(annotation: Any) -> type[Keys] | None:
    """Return the keys of the tables that a key holds, None if it holds no table of keys."""
    if isinstance(annotation, type) and issubclass(annotation, Keys):
        return DeclaredKeys if annotation is IncidentKeys else annotation
    return next((keys for each in get_args(annotation) if (keys := _keys_in(each))), None)
