"""Form fields for what the models keep as JSON: kinds of target, tags, columns of the origin, values of claims."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from incidents.vocabulary import Vocabulary

LARGEST = 2**53
"""Up to here every reader of JSON takes a number for the same number."""

TOO_MUCH = (
    "Numbers over 64 bits, unpaired surrogates and more than 250 levels are not supported. Enter the value as text."
)


class CodesField(forms.MultipleChoiceField):
    """Codes to tick; a stored code that the vocabulary has not is shown too, so that it can be taken out."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, vocabulary: Vocabulary, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(choices=vocabulary.choices, required=False, **kwargs)

    def show(self, stored: object) -> None:
        """Offer the stored codes as well."""
        if isinstance(stored, list):
            unknown = [code for code in stored if isinstance(code, str) and code not in self.vocabulary]
            self.choices = [*self.vocabulary.choices, *((code, f"{code} (unknown code)") for code in unknown)]


class WordsField(forms.CharField):
    """Words with commas between them."""

    widget = forms.TextInput(attrs={"class": "vLargeTextField"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=True, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Convert a stored list to text with commas, for the input."""
        return ", ".join(str(item) for item in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Split at commas into lower-case words without duplicates."""
        tags = (" ".join(tag.split()).lower() for tag in str(value or "").split(","))
        return list(dict.fromkeys(tag for tag in tags if tag))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare texts, so that a tag with a comma in it is left as it is unless somebody edits the tags."""
        return str(self.prepare_value(initial) or "") != str(data or "")


class ObjectField(forms.JSONField):
    """A JSON object in a textarea, indented; empty text is the empty object."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField", "spellcheck": "false"})
        )
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Convert a stored object to indented JSON, for the input."""
        if isinstance(value, InvalidJSONInput):
            return value
        return json.dumps(value, ensure_ascii=False, indent=2) if value else ""

    def to_python(self, value: Any) -> Any:
        """Parse a JSON object; raises ValidationError with the line of a syntax error."""
        if value in self.empty_values:
            return {}
        try:
            found = value if isinstance(value, dict) else json.loads(value, parse_constant=_refuse)
        except json.JSONDecodeError as error:
            raise ValidationError(f"Invalid JSON in line {error.lineno}: {error.msg}.", code="invalid") from error
        except (ValueError, RecursionError) as error:
            raise ValidationError(TOO_MUCH, code="invalid") from error
        if not isinstance(found, dict):
            raise ValidationError('Enter an object of names and values, such as {"column": "value"}.', code="invalid")
        check_storable(found)
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The raw input, so that a form with errors shows it again."""
        return InvalidJSONInput(data) if data is not None else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare parsed objects, so that another layout of the same JSON is no change."""
        try:
            return bool(self.to_python(data) != (initial or {}))
        except ValidationError:
            return True


class ClaimValueField(forms.CharField):
    """A number, or text as it stands; text that looks like JSON goes into quotes."""

    def prepare_value(self, value: Any) -> Any:
        """Format a stored value as the user would enter it."""
        if isinstance(value, InvalidJSONInput):
            return str(value)
        if isinstance(value, str):
            return value if _read(value) == value else json.dumps(value, ensure_ascii=False)
        return "" if value is None else json.dumps(value, ensure_ascii=False)

    def to_python(self, value: Any) -> Any:
        """Parse the input as a number, a text, or a JSON list or object."""
        found = _read(super().to_python(value) or "")
        if found not in ("", None):
            check_storable(found)
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The raw input, so that a form with errors shows it again."""
        return InvalidJSONInput(data) if data is not None else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare parsed values, so that another notation of the same value is no change."""
        found, stood = _read(str(data or "").strip()), "" if initial is None else initial
        return bool(found != stood) or type(found) is not type(stood)

    def run_validators(self, value: Any) -> None:
        """Leave out the checks that are for text where the value is none."""
        if isinstance(value, str):
            super().run_validators(value)


def _read(text: str) -> Any:
    """Interpret a text: a number, a quoted text, a list, an object, or otherwise the text itself."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text
    if found is None or isinstance(found, bool):
        return text
    if isinstance(found, float) and not math.isfinite(found):
        return text
    return found


def _refuse(constant: str) -> Any:
    raise json.JSONDecodeError(f"{constant} is not a number in JSON", constant, 0)


def check_storable(value: Any) -> None:
    """Raise ValidationError for what a database or a reader of JSON cannot take."""
    try:
        text = orjson.dumps(value)
    except TypeError as error:
        raise ValidationError(TOO_MUCH) from error
    if b"\\u0000" in text:
        raise ValidationError("Null characters are not allowed.")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise ValidationError("Programs do not agree on numbers of this size. Enter it as text, in quotes.")
