"""What every working record has."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from incidents.fields import PublicIdField, validate_public_id, withheld_id_fault
from incidents.texts import validate_long_text


class PublicRecordManager(models.Manager[Any]):
    """Finds a record by its public id, which is its natural key."""

    def get_by_natural_key(self, public_id: str) -> Any:
        """Find a record by public id; raises DoesNotExist."""
        return self.get(public_id=public_id)


class PublicRecord(models.Model):
    """A working record that can be published under a stable, readable id."""

    public_id = PublicIdField(
        "id",
        unique=True,
        validators=[validate_public_id],
        help_text="Stable and readable; it is in every link to the record, so it cannot be given to another one.",
    )
    note = models.TextField(blank=True, help_text="For the editors; never published.", validators=[validate_long_text])
    created = models.DateTimeField(auto_now_add=True)
    edited = models.DateTimeField(auto_now=True)

    objects: ClassVar[PublicRecordManager] = PublicRecordManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.public_id

    def natural_key(self) -> tuple[str]:
        """Key of the record in fixtures: its public id."""
        return (self.public_id,)


class NamedRecord(PublicRecord):
    """A record that is called by a name."""

    name = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


def refuse_withheld(record: NamedRecord) -> None:
    """Raise ValidationError for a source or an actor with an id that documents need for those without a name."""
    if fault := withheld_id_fault(record.public_id):
        raise ValidationError({"public_id": ValidationError(fault, code="reserved")})


class ChildManager(models.Manager[Any]):
    """Finds a part of a record by the natural key that its model declares in `natural_fields`."""

    def get_by_natural_key(self, *values: Any) -> Any:
        """Find a part by its key; raises DoesNotExist."""
        fields = self.model.natural_fields
        return self.get(**dict(zip(fields, values, strict=True)))


class Child(models.Model):
    """A part of a working record; `natural_fields` are the lookups that identify it."""

    natural_fields: ClassVar[tuple[str, ...]]
    objects: ClassVar[ChildManager] = ChildManager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        """Key of the part in fixtures: that of its record, and its own."""
        return tuple(self._reach(path) for path in self.natural_fields)

    def _reach(self, path: str) -> Any:
        value: Any = self
        for step in path.split("__"):
            value = getattr(value, step)
        return value


def in_order(name: str, what: str) -> models.CheckConstraint:
    """Constraint that an interval does not end before it starts; each end may be missing."""
    return models.CheckConstraint(
        condition=models.Q(start__lte=models.F("end")) | models.Q(start__isnull=True) | models.Q(end__isnull=True),
        name=name,
        violation_error_message=f"The {what} ends before it starts.",
    )


def one_of(field: str, codes: list[str], name: str) -> models.CheckConstraint:
    """Constraint that limits `field` to the codes of its vocabulary.

    As terms joined by OR: SQLite makes the list of an IN anew for each row, which takes six times as long.
    """
    return models.CheckConstraint(
        condition=reduce(or_, (models.Q(**{field: code}) for code in codes)),
        name=name,
        violation_error_message=f"{field} must be one of: {', '.join(code or '(empty)' for code in codes)}.",
    )
