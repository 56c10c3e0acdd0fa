"""What the body of `POST incidents/search/` says: the parameters of the list, as a form or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import orjson
from django.http import HttpRequest, QueryDict

from incidents.query.filters import IncidentFilterSet
from incidents_api.parameters.errors import ErrorCode, ParameterError, parameter_error
from incidents_api.parameters.filtersets import Parameter
from incidents_api.rest.deferring import BODY
from incidents_api.rest.errors import Problem, bad_parameters, bad_request

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 64_000
CHARSETS = ("", "utf-8", "utf8")


def parameters_of(request: HttpRequest) -> QueryDict:
    """The parameters, as if they stood in the address. Raises a 400, 413 or 415 problem."""
    if request.META.get("QUERY_STRING"):
        raise bad_request("Give all parameters in the body; the address of a search has none.")
    kind = str(request.content_type).lower()
    if kind not in (JSON, FORM) or str((request.content_params or {}).get("charset", "")).lower() not in CHARSETS:
        raise Problem(
            "unsupported_media_type",
            status=415,
            title="Unsupported media type",
            detail=f"Send the parameters as {JSON} or {FORM}, in UTF-8.",
            headers={"Accept-Post": f"{JSON}, {FORM}"},
        )
    body = _body(request)
    return _of_json(body) if kind == JSON else _of_form(body)


def _body(request: HttpRequest) -> bytes:
    kept = request.META.get(BODY)
    if kept is None and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise _too_large()
    body = kept.encode("latin-1") if kept is not None else request.body
    if len(body) > MOST_BYTES:
        raise _too_large()
    return body


def _too_large() -> Problem:
    detail = f"The body of a search may have {MOST_BYTES:,} bytes. Send the parameters in parts."
    return Problem("content_too_large", status=413, title="Content too large", detail=detail)


def _of_form(body: bytes) -> QueryDict:
    try:
        # Not by QueryDict, which takes no more than 1,000 fields: so many ids alone may be asked for.
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except UnicodeError:
        raise bad_request("The body is not valid UTF-8.") from None
    found = QueryDict(mutable=True)
    for name, value in pairs:
        found.appendlist(name, value)
    return found


def _of_json(body: bytes) -> QueryDict:
    try:
        pairs: list[tuple[str, Any]] = json.loads(body.decode(), object_pairs_hook=_Pairs, parse_constant=_no_number)
        if not isinstance(pairs, _Pairs):
            raise bad_request("The body must be a JSON object of parameters.")
        found = QueryDict(mutable=True)
        errors: list[ParameterError] = []
        for name, value in pairs:
            if name in found:
                errors.append(
                    parameter_error(name, "", "Stands twice in the object; give a list.", code="repeated_parameter")
                )
                continue
            error = _put(found, name, value)
            errors += [error] if error else []
        for name, values in found.lists():
            "".join([name, *values]).encode()
    except UnicodeError:
        raise bad_request("The body is not valid UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise bad_request(f"The body is not valid JSON: {str(error)[:200]}.") from None
    if errors:
        raise bad_parameters(errors)
    return found


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, those of the same name too."""


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _put(found: QueryDict, name: str, value: Any) -> ParameterError | None:
    """Put the value of a member into the parameters; returns what is wrong with it."""
    if name == "within" and isinstance(value, _Pairs):
        found[name] = orjson.dumps(_plain(value)).decode()
        return None
    items = value if isinstance(value, list) and not isinstance(value, _Pairs) else [value]
    if any(each is None or isinstance(each, list) for each in items):
        message = "Must be a text, a number, true, false, or a list of these. Omit a parameter that has no value."
        return parameter_error(name, json.dumps(_plain(value)), message)
    declared = IncidentFilterSet.base_filters.get(name)
    if declared and (error := _of_another_type(declared.field, name, value)):
        return error
    is_list = items is value
    found.setlist(name, [_quoted(_text(each)) if is_list else _text(each) for each in items] or [""])
    return None


def _of_another_type(field: Parameter, name: str, value: Any) -> ParameterError | None:
    """What is wrong with a value whose JSON type is not the one that the schema declares."""
    is_list = field.schema["type"] == "array"
    if is_list != isinstance(value, list):
        form = f"a list: [{json.dumps(_plain(value))}]" if is_list else "a single value, not a list"
        code: ErrorCode = "invalid_value" if is_list else "repeated_parameter"
        return parameter_error(name, json.dumps(_plain(value)), f"Must be {form}.", code=code)
    types = (str,) if field.schema.get("items", field.schema)["type"] == "string" else (int, float)
    for each in value if is_list else [value]:
        if not isinstance(each, types) or isinstance(each, bool):
            form = f'a text: "{_text(each)}", in quotation marks' if types == (str,) else "a number"
            return parameter_error(name, _text(each), f"Must be {form}.")
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {name: _plain(each) for name, each in value}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _text(value: Any) -> str:
    return ("false", "true")[value] if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    """A value of a list as it stands in an address."""
    return '"' + text.replace('"', '""') + '"' if {",", '"'} & set(text) or text != text.strip() else text


def as_json(parameters: Mapping[str, str]) -> bytes:
    """The canonical form of parameters."""
    return orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS)
