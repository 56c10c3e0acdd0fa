"""Fields that the dataset brings itself: their values in a row, and the dataset's declarations of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from incidents.ledger.denormalisation import Document
from incidents.loading.errors import LoadError
from incidents.loading.pipeline.row import RowCells
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.own_fields import OwnFieldKeys, as_document
from incidents.models import Dataset, DatasetAttribute, DatasetCode
from incidents.models.datasets import declarations
from incidents.schema.attribute_declarations import DeclarationError, check_declarations
from incidents.schema.attribute_values import AttributeValueError, checked
from incidents.schema.attributes import Attribute, AttributeCode, declared_by


class OwnFieldReader:
    """Reads the values of own fields."""

    def __init__(self, fields: Sequence[OwnFieldKeys], columns: HeaderColumns) -> None:
        self._fields = [
            (each.declaration(), [(name, value.bind(columns)) for name, value in each.cells.items()])
            for each in fields
            if each.cells
        ]

    def read(self, row: RowCells) -> dict[str, Any]:
        """Return the values as documents hold them, and the event that a code stands for."""
        values: dict[str, Any] = {}
        event: AttributeCode | None = None
        for attribute, readers in self._fields:
            found = {name: as_document(value) for name, value in row.get_all(readers).items()}
            value = found if attribute.type == "range" else found["value"]
            if attribute.type == "codes" and isinstance(value, str):
                value = [value]
            try:
                value = checked(attribute, value)
            except AttributeValueError as error:
                row.fault(attribute.name, str(value), str(error).removeprefix("must be "))
                continue
            if value is not None:
                values[attribute.name] = value
                code = attribute.by_code.get(value) if attribute.type == "code" else None
                event = event or (code if code and code.event_type else None)
        return {"attributes": values, "event": event}


def declare(dataset: Dataset, fields: Sequence[OwnFieldKeys]) -> bool:
    """Declare the fields of a profile for a dataset; tell whether anything changed. Raises LoadError.

    Fields that the profile does not name stay as the editors declared them; so do codes that it does not name.
    """
    before = {each.name: each for each in dataset.own_fields.prefetch_related("codes")}
    wanted = [each.declaration() for each in fields]
    declared = {each.name: each for each in declarations(before.values())}
    for attribute in wanted:
        for former in attribute.formerly:
            if former in before and attribute.name not in before:
                _rename(before, declared, former, attribute.name)
    merged = [_merged(attribute, declared.get(attribute.name)) for attribute in wanted]
    others = [each for name, each in declared.items() if name not in {attribute.name for attribute in wanted}]
    faults = [
        f"{each.name}: is of type {each.type}, and the dataset has it as {declared[each.name].type}"
        for each in merged
        if each.name in declared and declared[each.name].type != each.type
    ]
    if faults:
        raise _misfit(faults)
    try:
        check_declarations([*others, *merged])
    except DeclarationError as error:
        raise _misfit(f"{key}: {text}" for key, text in error.problems) from None
    changed = [attribute for attribute in merged if attribute != declared.get(attribute.name)]
    for attribute in changed:
        _save(dataset, attribute, before.get(attribute.name), len(before))
    return bool(changed)


def declarations_to_publish(dataset: Dataset, fields: Sequence[OwnFieldKeys], public: Document) -> list[Document]:
    """Return the declarations of a public dataset: those of the profile as they are now, all others as published.

    A load publishes what its profile says, and no edit besides.
    """
    named, published = {each.name for each in fields}, {each.name: each for each in declared_by(public)}
    current = declarations(dataset.own_fields.prefetch_related("codes"))
    chosen = [each if each.name in named else published.get(each.name) for each in current]
    return [each.document() for each in chosen if each is not None and each.public]


def _rename(before: dict[str, DatasetAttribute], declared: dict[str, Attribute], former: str, name: str) -> None:
    before[name] = before.pop(former)
    declared.pop(former)
    before[name].name = name
    declared[name] = declarations([before[name]])[0]


def _merged(wanted: Attribute, there: Attribute | None) -> Attribute:
    """Return a declaration with the codes and former names that the editors have added to it."""
    if there is None:
        return wanted
    codes = {code.code: code for code in there.codes} | {code.code: code for code in wanted.codes}
    formerly = tuple(dict.fromkeys((*wanted.formerly, *there.formerly)))
    return replace(wanted, formerly=formerly, codes=tuple(codes.values()))


def _misfit(faults: Iterable[str]) -> LoadError:
    listing = [f"[[fields]] {each}" for each in faults]
    return LoadError("\n".join(["Nothing was loaded: the fields of the dataset do not fit.", *listing]))


def _save(dataset: Dataset, attribute: Attribute, row: DatasetAttribute | None, position: int) -> None:
    row = row or DatasetAttribute(dataset=dataset, position=position)
    values = _as_stored(attribute.document() | {"is_public": attribute.public})
    codes = values.pop("codes")
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    for number, code in enumerate(codes):
        values = _as_stored(code | {"position": number})
        DatasetCode.objects.update_or_create(attribute=row, code=values.pop("code"), defaults=values)


def _as_stored(document: Document) -> Document:
    return {name: "" if value is None else value for name, value in document.items()}
