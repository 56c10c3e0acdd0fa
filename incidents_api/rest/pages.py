"""The parts of the browsable page: its words, its JSON, and a form of the parameters that a view declares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from rest_framework.request import Request
from rest_framework.utils.formatting import camelcase_to_spaces

if TYPE_CHECKING:  # a view imports the renderers of the settings, so these cannot import views
    from rest_framework.views import APIView

NOT_KEPT = frozenset({"cursor", "format"})
"""Parameters that make no sense with other filters, or on this page."""

TOKEN = re.compile(r'(?P<string>"(?:[^"\\]|\\.)*")(?P<colon>:)?|\b(?P<word>true|false|null)\b')
ADDRESS = re.compile(r"https?://[^\s\\]+")


class Field(NamedTuple):
    """One parameter of a list, ready for a form."""

    name: str
    help_text: SafeString
    value: str
    example: str
    options: list[str]
    error: str

    @property
    def described_by(self) -> str:
        """Ids of the elements that describe the field, the error first."""
        return " ".join(
            f"{part}-{self.name}" for part, text in (("error", self.error), ("help", self.help_text)) if text
        )


class FieldGroup(NamedTuple):
    """Fields of a form that belong together; those of the first groups are shown, the others unfold."""

    title: str
    fields: list[Field]
    is_first: bool

    @property
    def is_used(self) -> bool:
        """True if a field has a value or an error, so that it must be seen."""
        return any(field.value or field.error for field in self.fields)


SHOWN_GROUPS = 3
OTHERS = "More"


def grouped(fields: list[Field], groups: Mapping[str, Sequence[str]]) -> list[FieldGroup]:
    """Fields by group, in the order of the groups; the last group has what stands in none."""
    by_name = {field.name: field for field in fields}
    found = {title: [by_name.pop(name) for name in names if name in by_name] for title, names in groups.items()}
    found[OTHERS if groups else ""] = list(by_name.values())
    return [FieldGroup(title, of, at < SHOWN_GROUPS) for at, (title, of) in enumerate(found.items()) if of]


def view_name(view: APIView) -> str:
    """Title of a page: id of the record, or plural of its kind."""
    named: str | None = getattr(view, "name", None)
    if named:
        return named
    kind = camelcase_to_spaces(type(view).__name__.removesuffix("View").removesuffix("ViewSet"))
    if getattr(view, "detail", False):
        return str(getattr(view, "kwargs", {}).get(getattr(view, "lookup_field", "pk"), kind))
    return f"{kind}s" if getattr(view, "suffix", None) == "List" else kind


def paragraphs(text: str) -> SafeString:
    """A docstring as HTML, with paragraphs and code."""
    blocks = (" ".join(block.split()) for block in re.split(r"\n\s*\n", text.strip()))
    return mark_safe("".join(f"<p>{line(block)}</p>" for block in blocks if block))  # noqa: S308 - escaped


def line(text: str) -> SafeString:
    """A sentence as HTML, with text in backticks as code."""
    return mark_safe(re.sub(r"``?([^`]+)``?", r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped


def highlight(json: str) -> SafeString:
    """Indented JSON as HTML, with highlighted names and words, and links for URLs."""
    parts: list[str] = []
    end = 0
    for token in TOKEN.finditer(json):
        parts += (
            json[end : token.start()],
            _marked(token),
        )  # between tokens JSON has only brackets and commas
        end = token.end()
    parts.append(json[end:])
    return mark_safe("".join(parts))  # noqa: S308 - each token is escaped


def _marked(token: re.Match[str]) -> str:
    text = escape(token[0])
    if token["colon"]:
        return f'<span class="json-name">{text[:-1]}</span>:'
    if token["word"]:
        return f'<span class="json-word">{text}</span>'
    if token["string"] and ADDRESS.fullmatch(token["string"][1:-1]):
        address = escape(token["string"][1:-1])
        return f'"<a href="{address}" rel="nofollow">{address}</a>"'
    return text


def filter_fields(view: APIView, request: Request, problem: Mapping[str, Any] | None = None) -> list[Field]:
    """Filter form fields of a list; empty for pages of a single record."""
    if getattr(view, "detail", False):
        return []
    errors = (problem or {}).get("errors", [])
    return [_field(name, one, request, errors) for name, one in _declared(view).items() if name not in NOT_KEPT]


def kept_parameters(view: APIView, request: Request) -> list[tuple[str, str]]:
    """Parameters without a form field that a new search keeps."""
    without = NOT_KEPT.union(_declared(view))
    return [pair for pair in parse_qsl(request.META.get("QUERY_STRING", "")) if pair[0] not in without]


def _declared(view: APIView) -> Mapping[str, Any]:
    find = getattr(view, "get_filterset_class", None)
    filterset = find() if find else getattr(view, "filterset_class", None)
    return getattr(filterset, "base_filters", {})


def _field(name: str, declared: Any, request: Request, errors: list[Mapping[str, Any]]) -> Field:
    schema = getattr(declared.field, "schema", {})
    example = getattr(declared, "example", None)
    examples = example if isinstance(example, (list, tuple)) else [example]
    return Field(
        name=name,
        help_text=line(str(declared.extra.get("help_text") or declared.label or "")),
        value=",".join(request.query_params.getlist(name)),
        example=",".join(str(one) for one in examples if one is not None),
        options=[str(value) for value in schema.get("enum") or schema.get("items", {}).get("enum") or ()],
        error=" ".join(error["message"] for error in errors if error["parameter"] == name),
    )
