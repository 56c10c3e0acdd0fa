"""Fields that models of both sides share: public ids in the same order on every database, and web addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import RegexValidator
from django.db import models

PUBLIC_ID_PATTERN = r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$"
PUBLIC_ID_LENGTH = 80

validate_public_id = RegexValidator(
    PUBLIC_ID_PATTERN,
    "Use lower-case letters, digits and single - _ . between them, for example luhansk-2022-0004.",
    code="public_id",
)


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
        """Return the column's type."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class PublicIdField(ByteOrderField):
    """A readable id."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", PUBLIC_ID_LENGTH)
        super().__init__(*args, **kwargs)


class WebAddressField(_URLField):
    """An address; one that is typed without a scheme is taken to be https."""

    def formfield(self, **kwargs: Any) -> Any:
        """Return the form field."""
        return super().formfield(**{"assume_scheme": "https", **kwargs})
