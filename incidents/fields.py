"""Fields that models of both sides share: public ids in the same order on every database, and web addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from incidents.text_folding import NAME_KEY_LENGTH, name_key
from incidents.texts import validate_web_address

PUBLIC_ID_PATTERN = r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$"
PUBLIC_ID_LENGTH = 80

validate_public_id = RegexValidator(
    PUBLIC_ID_PATTERN,
    "Use lower-case letters, digits and single - _ . between them, for example luhansk-2022-0004.",
    code="public_id",
)


RESERVED_IDS = frozenset(("aggregate", "cite", "count"))
"""What else follows the address of a list, as in incidents/count/: nobody could get a record of such an id."""


WITHHELD = "withheld-"
"""Begins the ids that stand for sources and actors whose names are withheld; a kind follows."""


def withheld_id_fault(public_id: str) -> str:
    """Return what is wrong with an id of a source or an actor that documents need for those without a name, or ""."""
    if not public_id.startswith(WITHHELD):
        return ""
    return f"Ids that begin with “{WITHHELD}” stand for names that are withheld. Choose another id."


def validate_not_reserved(public_id: str) -> None:
    """Raise ValidationError for an id that the addresses of the API leave no room for."""
    if public_id in RESERVED_IDS:
        said = f"“{public_id}” is reserved by the API. Choose another id, for example {public_id}-1."
        raise ValidationError(said, code="reserved")


if TYPE_CHECKING:
    _BigIntegerField = models.BigIntegerField[int, int]
    _CharField = models.CharField[str, str]
    _URLField = models.URLField[str, str]
else:
    _BigIntegerField = models.BigIntegerField
    _CharField, _URLField = models.CharField, models.URLField  # Django's fields take no type arguments at run time


class ByteOrderField(_CharField):
    """Text that is compared byte by byte, so that its order is the same on every database and in Python."""

    def db_parameters(self, connection: Any) -> Any:
        """Name the C collation where the database's own would order by language."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class BigKeyField(_BigIntegerField):
    """A primary key that we number ourselves, with 64 bits.

    SQLite makes a key the place of its row only if its type is called integer; as bigint it would be an index more, and
    a search more for every row that is read.
    """

    def db_type(self, connection: Any) -> str | None:
        """SQL type of the column; always `integer` on SQLite."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class PublicIdField(ByteOrderField):
    """A readable id."""

    default_validators = [validate_not_reserved]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", PUBLIC_ID_LENGTH)
        super().__init__(*args, **kwargs)


class NameKeyField(_CharField):
    """The key of a record's `name`, kept so that places are found by it; raw saves, as of fixtures, leave it empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": NAME_KEY_LENGTH, "default": "", "editable": False, "serialize": False}
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Recompute the key from the current name."""
        key = name_key(model_instance.name)  # type: ignore[attr-defined]  # models that have this field have a name
        setattr(model_instance, self.attname, key)
        return key


class WebAddressFormField(forms.URLField):
    """An address in a form."""

    default_validators = [validate_web_address]


class WebAddressField(_URLField):
    """An address; one that is typed without a scheme is taken to be https."""

    default_validators = [validate_web_address]

    def formfield(self, **kwargs: Any) -> Any:
        """Form field for URLs, which assumes https if there is no scheme."""
        return super().formfield(**{"form_class": WebAddressFormField, "assume_scheme": "https", **kwargs})
