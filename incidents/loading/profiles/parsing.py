"""The grammar of values in a profile: what TOML says, as the parts that read cells."""

from __future__ import annotations

from typing import Any

from incidents.loading.profiles.config_reader import Keys
from incidents.loading.profiles.expressions import REFUSE, Column, Constant, Fingerprint, Items, Rules, Template, Value
from incidents.loading.profiles.patterns import IGNORECASE, Pattern, PatternError
from incidents.loading.profiles.value_types import Kind

Conditions = tuple[tuple[str, Pattern], ...]


def parse_items(keys: Keys, name: str, kind: Kind) -> Value:
    """Read a value that is a list: of the items of one column, or of the one value that anything else gives."""
    raw = keys.take(name)
    separator = raw.pop("separator", None) if isinstance(raw, dict) else None
    value = _parse(raw, keys.path(name), kind, keys.faults, required=False)
    if separator is None:
        return value
    if not isinstance(separator, str) or not separator or not isinstance(value, Column):
        keys.fault(name, "a separator is text, and goes with a column")
        return Constant(kind.empty)
    return Items(value, separator)


def parse(keys: Keys, name: str, kind: Kind, *, required: bool = False) -> Value:
    """Read a value of a profile; `required` holds for the key and for each row's cell."""
    if not keys.has(name):
        keys.take(name, required=required)
        return Constant(kind.empty)
    return _parse(keys.take(name), keys.path(name), kind, keys.faults, required=required)


def _parse(raw: Any, path: str, kind: Kind, faults: list[str], *, required: bool) -> Value:
    if isinstance(raw, str):
        return Column(path, (raw,), kind, required=required)
    if isinstance(raw, list):
        rules = [_rule(item, f"{path}.{number}", kind, faults, required) for number, item in enumerate(raw, 1)]
        return Rules(path, tuple(rules), kind.empty)
    if not isinstance(raw, dict):
        faults.append(f"{path}: has to name a column, or be a table or a list of rules, not {raw!r}")
        return Constant(kind.empty)
    keys = Keys(raw, path, faults)
    value = _table(keys, path, kind, required)
    keys.close()
    return value


def _table(keys: Keys, path: str, kind: Kind, required: bool) -> Value:
    if keys.has("constant"):
        return Constant(_checked(keys, "constant", str(keys.take("constant")), kind))
    if keys.has("template"):
        return Template(path, keys.text("template"), kind)
    if keys.has("fingerprint"):
        return Fingerprint(path, keys.texts("fingerprint"))
    columns = (keys.text("column"),) if not keys.has("columns") else keys.texts("columns")
    table = keys.take("values")
    values = None
    if isinstance(table, dict):
        values = {text.casefold(): _checked(keys, f"values.{text}", str(code), kind) for text, code in table.items()}
    elif table is not None:
        keys.fault("values", "has to be a table of text = value")
    otherwise: Any = REFUSE
    if keys.has("otherwise"):
        text = keys.text("otherwise")
        otherwise = _checked(keys, "otherwise", text, kind) if text else kind.empty
    return Column(path, columns, kind, values, otherwise, frozenset(keys.texts("missing")), required, _replace(keys))


def _replace(keys: Keys) -> tuple[tuple[Pattern, str], ...]:
    table = keys.table("replace")
    found = []
    for pattern in table.names():
        by = table.text(pattern)
        try:
            found.append((Pattern(table.path(pattern), pattern), by))
        except PatternError as error:
            table.fault(pattern, str(error))
    return tuple(found)


def _checked(keys: Keys, name: str, text: str, kind: Kind) -> Any:
    try:
        return kind.read(text)
    except ValueError as error:
        keys.fault(name, f"is {text!r}, and has to be {error}")
        return kind.empty


def _rule(raw: Any, path: str, kind: Kind, faults: list[str], required: bool) -> tuple[Conditions, Value]:
    if not isinstance(raw, dict):
        return (), _parse(raw, path, kind, faults, required=required)
    when = Keys(raw, path, faults).table("when")
    conditions = []
    for name in when.names():
        text = when.text(name)
        try:
            conditions.append((name, Pattern(when.path(name), text, IGNORECASE)))
        except PatternError as error:
            when.fault(name, f"{text[:80]!r} {error}")
    rest = {name: value for name, value in raw.items() if name != "when"}
    return tuple(conditions), _parse(rest, path, kind, faults, required=required)
