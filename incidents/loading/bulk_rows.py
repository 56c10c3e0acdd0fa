"""Working records out of the database and into it in bulk, past the parts of the ORM that cost most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from django.db import connection, models
from django.db.models import F, Lookup

from incidents.ledger import store
from incidents.ledger.models import Revision
from incidents.ledger.store import Sheet
from incidents.models import PublicRecord

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup  # Django's take no type arguments at run time

Prepare = Callable[[Any], Any]
Record = TypeVar("Record", bound=PublicRecord)
MOST_MERGERS = 10
"""How many times a record may have been merged on and on."""

Values = Mapping[str, Any]
"""A row by the names of its fields (foreign keys with _id), for example an instance's `__dict__`."""


class InTexts(_Lookup):
    """Holds for rows whose text is one of many: one parameter, where Django's `in` takes as long as the query."""

    prepare_rhs = False

    def __init__(self, column: str, texts: Iterable[str]) -> None:
        super().__init__(F(column), list(texts))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # the stub wants a tuple of parameters, Django takes a list
        """Return the condition, and its parameters."""
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", [*parameters, self.rhs]
        texts = orjson.dumps(self.rhs).decode()
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, texts]  # noqa: S608 - a column of ours


def by_id(model: type[Record], ids: Iterable[str | None]) -> dict[str, Record]:
    """Return working records by their public ids."""
    found = model._default_manager.filter(InTexts("public_id", {each for each in ids if each}))
    return {record.public_id: record for record in found}


def current(model: type[Record], ids: Iterable[str]) -> dict[str, Record]:
    """Return the working records that stand for public ids now: for one that was merged its target."""
    asked = set(ids)
    targets = merged(model._meta.model_name or "", asked)
    found = by_id(model, [targets.get(each, each) for each in asked])
    return {each: found[target] for each in asked if (target := targets.get(each, each)) in found}


def merged(kind: str, ids: Iterable[str]) -> dict[str, str]:
    """Return for the merged ones of these records the record that stands for them now."""
    targets: dict[str, str] = {}
    asked = set(ids)
    for _ in range(MOST_MERGERS):
        rows = Revision.objects.filter(InTexts("record_id", asked), kind=kind, change="merged")
        step: dict[str, str] = dict(rows.values_list("record_id", "target"))
        if not step:
            break
        targets = {**step, **{old: step.get(new, new) for old, new in targets.items()}}
        asked = set(step.values())
    return targets


class RowShape:
    """How a row of a model is made from values by name; parts of a record get their keys from the database."""

    def __init__(self, model: type[models.Model], *, keyless: bool = False) -> None:
        fields = [field for field in model._meta.concrete_fields if not (keyless and field.primary_key)]
        self.table = model._meta.db_table
        self.names = [field.attname for field in fields]
        self.columns = [str(field.column) for field in fields]
        self._values = itemgetter(*self.names)
        self._prepare = [(at, prepare) for at, field in enumerate(fields) if (prepare := _preparation(field))]

    def row(self, values: Values) -> list[Any]:
        """Return the row."""
        row = list(self._values(values))
        for at, prepare in self._prepare:
            row[at] = prepare(row[at])
        return row

    def sheet(self, rows: Sequence[Sequence[Any]]) -> Sheet:
        """Return rows as they are written."""
        return Sheet(self.table, self.columns, rows)


class BulkTable:
    """Writes rows of one model; the caller holds the lock under which ids are handed out."""

    def __init__(self, model: type[models.Model]) -> None:
        self._shape = RowShape(model)
        self._name = self._shape.table
        self._last_id: int | None = None

    def ids(self, count: int) -> Iterator[int]:
        """Return ids that no other row has or will have."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [self._name, count],
                )
                return iter([row[0] for row in cursor.fetchall()])
        if self._last_id is None:
            self._last_id = self._highest_id()
        first, self._last_id = self._last_id + 1, self._last_id + count
        return iter(range(first, self._last_id + 1))

    def insert(self, rows: Sequence[list[Any]]) -> None:
        """Insert rows of the model's shape."""
        store.write(self._shape.sheet(rows))

    def update(self, records: Sequence[Values], fields: Iterable[str]) -> None:
        """Write some fields of records that are in the database."""
        if not records:
            return
        at = [self._shape.names.index(name) for name in (*fields, "id")]
        setting = ", ".join(f'"{self._shape.columns[number]}" = %s' for number in at[:-1])
        pick = itemgetter(*at)
        with connection.cursor() as cursor:
            cursor.executemany(
                f'UPDATE "{self._name}" SET {setting} WHERE id = %s',  # noqa: S608 - names of ours
                [pick(self._shape.row(each)) for each in records],
            )

    def _highest_id(self) -> int:
        with connection.cursor() as cursor:
            # The sequence remembers ids whose rows are gone, so none is given out twice.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self._name])
            row = cursor.fetchone()
        return int(row[0]) if row else 0


class PlainRecord:
    """A record with its fields and related records as mere attributes, to be read and written in bulk."""


@cache
def record_maker(model: type[models.Model]) -> Callable[..., Any]:
    """Return what makes records as `PlainRecord` of values of fields and, by keyword, of related records.

    Django's own constructor and fields cost more than all else in a load. Fields that are not given get their
    defaults, which records share: they are written and never changed.
    """
    defaults = {name: value for name, value in model().__dict__.items() if name != "_state"}
    defaults |= {field.name: None for field in model._meta.concrete_fields if field.is_relation}

    def make(values: Values, **related: Any) -> Any:
        record = PlainRecord()
        fields = record.__dict__
        fields.update(defaults)
        fields.update(values)
        for name, other in related.items():
            fields[name] = other
            fields[f"{name}_id"] = other.id if other is not None else None
        return record

    return make


def _preparation(field: models.Field[Any, Any]) -> Prepare | None:
    if isinstance(field, models.JSONField):
        return lambda value: orjson.dumps(value).decode()
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return lambda value: value.isoformat() if value else None
    return None
