"""Whether the fields that a dataset declares can be used: every problem by the key that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from incidents.schema.attributes import CODED, NAME, Attribute, AttributeCode
from incidents.text_checks import LONG_TEXT, STORABLE, is_storable, length_expected
from incidents.vocabulary.attributes import ATTRIBUTE_TYPES
from incidents.vocabulary.events import EVENT_TYPES
from incidents.vocabulary.recommended import RECOMMENDED
from incidents.vocabulary.subtypes import EVENT_SUBTYPES

NAME_FORM = "a lower-case letter, then lower-case letters, digits and _; at most 40 characters"
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
CODE_FORM = "lower-case letters, digits, and _ or - between them; at most 60 characters"
LANGUAGE = re.compile(r"[a-z]{2,3}")
ENDINGS = ("_min", "_max", "_after", "_before", "_low", "_best", "_high")
"""A name cannot end so: parameters and columns of other fields do."""
MOST_FIELDS = 200
MOST_CODES = 2_000


class DeclarationError(ValueError):
    """A declaration cannot be used; `problems` names each wrong key with what is expected."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{key}: {message}" for key, message in problems))
        self.problems = problems


def check_declarations(attributes: Iterable[Attribute]) -> None:
    """Raise DeclarationError, with every problem, if the fields of one dataset cannot be used together."""
    every = list(attributes)
    problems: list[tuple[str, str]] = []
    if len(every) > MOST_FIELDS:
        problems.append(("fields", f"at most {MOST_FIELDS} fields (got {len(every)})"))
    taken: dict[str, str] = {}
    for attribute in every:
        problems += [(f"{attribute.name}.{key}" if key else attribute.name, text) for key, text in _problems(attribute)]
        for name in attribute.names:
            if name in taken:
                problems.append((attribute.name, f"the name {name} is taken by the field {taken[name]}"))
            taken[name] = attribute.name
    if problems:
        raise DeclarationError(problems)


def _problems(attribute: Attribute) -> Iterator[tuple[str, str]]:
    for name in attribute.names:
        yield from _problems_of_name(name)
    if attribute.type not in ATTRIBUTE_TYPES:
        yield "type", f"must be one of {', '.join(ATTRIBUTE_TYPES)} (got {attribute.type!r})"
        return
    yield from _problems_of_texts(attribute)
    if attribute.generalised not in ("withhold", "keep"):
        yield "generalised", f"must be withhold or keep (got {attribute.generalised!r})"
    common = RECOMMENDED.get(attribute.name)
    if common and common.type != attribute.type:
        yield "type", f"must be {common.type}: {common.name} is a recommended field of this type (see the codebook)"
    if attribute.type in CODED:
        yield from _problems_of_codes(attribute)
    elif attribute.codes:
        yield "codes", f"only a code or codes field has codes, and this is of type {attribute.type}"


LENGTHS = {"label": 200, "unit": 60, "missing": 300, "definition": LONG_TEXT}
"""Characters of the texts of a field and of a code; the working records hold no more."""


def _problems_of_texts(declared: Attribute | AttributeCode) -> Iterator[tuple[str, str]]:
    if not declared.label:
        yield "label", "must not be empty"
    for key, longest in LENGTHS.items():
        text = getattr(declared, key, "")
        if len(text) > longest:
            yield key, f"must have {length_expected(longest, len(text))}"
        elif not is_storable(text):
            yield key, f"must be {STORABLE}"


def _problems_of_name(name: str) -> Iterator[tuple[str, str]]:
    if not NAME.fullmatch(name):
        yield "name", f"must be {NAME_FORM} (got {name!r})"
    elif ending := next((ending for ending in ENDINGS if name.endswith(ending)), ""):
        yield "name", f"must not end with {ending}, which parameters and columns of ranges end with"


def _problems_of_codes(attribute: Attribute) -> Iterator[tuple[str, str]]:
    if not attribute.codes:
        yield "codes", "must list at least one code"
    if len(attribute.codes) > MOST_CODES:
        yield "codes", f"at most {MOST_CODES:,} codes (got {len(attribute.codes):,})"
    if len(attribute.by_code) < len(attribute.codes):
        texts = [code.code for code in attribute.codes]
        yield "codes", f"the same code more than once: {', '.join(sorted({x for x in texts if texts.count(x) > 1}))}"
    for code in attribute.codes:
        for key, text in _problems_of_code(attribute, code):
            yield f"codes.{code.code}.{key}", text


def _problems_of_code(attribute: Attribute, code: AttributeCode) -> Iterator[tuple[str, str]]:
    if not CODE.fullmatch(code.code):
        yield "code", f"must be {CODE_FORM} (got {code.code!r})"
    yield from _problems_of_texts(code)
    for language, _ in code.labels:
        if not LANGUAGE.fullmatch(language):
            yield "labels", f"must be by language of ISO 639, such as uk (got {language!r})"
    for key, other in (("parent", code.parent), ("merged_into", code.merged_into)):
        if other and other not in attribute.by_code:
            yield key, f"must be a code of this field (got {other!r})"
        elif other and _is_circle(attribute, code.code, key):
            yield key, f"leads back to {code.code}"
    yield from _problems_of_mapping(code)


def _problems_of_mapping(code: AttributeCode) -> Iterator[tuple[str, str]]:
    if code.event_type and code.event_type not in EVENT_TYPES:
        yield "event_type", f"must be one of {', '.join(EVENT_TYPES)} (got {code.event_type!r})"
    subtype = EVENT_SUBTYPES.get(code.event_subtype)
    if code.event_subtype and (subtype is None or subtype.parent != code.event_type):
        kinds = ", ".join(name for name, each in EVENT_SUBTYPES.items() if each.parent == code.event_type)
        yield "event_subtype", f"must be one of {kinds or 'none'} (got {code.event_subtype!r})"


def _is_circle(attribute: Attribute, code: str, key: str) -> bool:
    seen, at = set(), code
    while at and at not in seen:
        seen.add(at)
        known = attribute.by_code.get(at)
        at = getattr(known, key) if known else ""
    return bool(at)
