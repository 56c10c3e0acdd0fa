"""The shapes of the codebook: terms, fields, columns, and the fields that a dataset brings itself."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from incidents.documents import Shape, missing, text


class Term(Shape):
    """One coded value."""

    code = text("The code in the data.")
    label = text("Label of the code.")
    definition = text("Definition of the code.")
    acled = missing("Nearest equivalent in ACLED; null: none.")
    ucdp = missing("Nearest equivalent in UCDP GED; null: none.")
    gtd = missing("Nearest equivalent in GTD; null: none.")
    parent = missing("Parent code in the broader vocabulary; null: none.")


@extend_schema_serializer(many=False)
class VocabularyDefinition(Shape):
    """The coded values of one field."""

    name = text("Name of the vocabulary.")
    definition = text("Definition of the vocabulary.")
    ordered = serializers.BooleanField(help_text="True: terms are ordered from most to least precise.")
    terms = Term(many=True)


class CodebookField(Shape):
    """One field of a document."""

    path = text("Path in the document; [] stands for each member of a list.")
    type = text("Type; see `types`.")
    definition = text("Definition of the field.", allow_blank=True)
    null = text("Meaning of null.")
    unit = missing("Unit; null: not a measurement.")
    vocabulary = missing("Vocabulary of its codes; null: not coded.")


class CodebookDocument(Shape):
    """The fields of one kind of record."""

    kind = text("Kind of record.")
    definition = text("Definition of this kind of record.")
    fields = CodebookField(many=True)  # type: ignore[assignment]  # DRF takes fields off the class


class CodebookColumn(Shape):
    """One column of a flat table."""

    name = text("Name of the column.")
    path = text("Path of the field in the document.")
    type = text("Type; see `types`.")
    definition = text("Definition of the column.")
    empty = text("Meaning of an empty cell.")
    unit = missing("Unit; null: not a measurement.")
    vocabulary = missing("Vocabulary of its codes; null: not coded.")
    hxl = missing("HXL tag.")
    editable = serializers.BooleanField(help_text="True: an edited value is loaded back.")


class CodebookTable(Shape):
    """The columns of CSV, Parquet and spreadsheets for one kind of record."""

    kind = text("Kind of record.")
    columns = CodebookColumn(many=True)


class ProfileColumn(Shape):
    """One column of another dataset's file."""

    name = text("Name of the column.")
    definition = text("Definition of the column.")
    empty = serializers.BooleanField(help_text="True: there is no equivalent, so the column is always empty.")


class RecommendedField(Shape):
    """A field that a dataset may declare under this name; it then has this type and meaning."""

    name = text("Name of the vocabulary.")
    type = text("Its type; see the vocabulary attribute_type.")
    label = text("Label of the code.")
    definition = text("Definition of the code.")
    unit = text("The unit of its values.")
    missing = text("What it means that an incident has no value.")


class OwnCode(Shape):
    """A code of a dataset's own field."""

    code = text("The code in the data.")
    label = text("In English.")
    labels = serializers.DictField(child=text("The label."), help_text="In other languages, by ISO 639-1 code.")
    definition = text("Definition of the field.", allow_blank=True)
    parent = missing("The code that includes it; null: none.")
    merged_into = missing("The code that replaced it; null: it is in use.")
    event_type = missing("The event type that it stands for; null: none.")
    event_subtype = missing("The event sub-type that it stands for; null: none.")


class OwnField(Shape):
    """A field that a dataset brings itself."""

    name = text("Name of the vocabulary.")
    type = text("Its type; see the vocabulary attribute_type.")
    label = text("In English.")
    definition = text("Definition of the field.", allow_blank=True)
    unit = missing("The unit of its values; null: none.")
    missing = missing("What it means that an incident has no value; null: not said.")
    formerly = serializers.ListField(child=text("A name."), help_text="Names that it had before.")
    generalised = text("What becomes of it where an incident is generalised.")
    codes = OwnCode(many=True)
    parameters = serializers.ListField(child=text("A parameter."), help_text="The parameters that ask for it.")
    columns = serializers.ListField(child=text("A column."), help_text="The columns of tables that show it.")


@extend_schema_serializer(many=False)
class OwnFields(Shape):
    """The fields that one dataset brings itself."""

    id = text("The dataset.")
    name = text("Its title.")
    fields = OwnField(many=True)  # type: ignore[assignment]  # DRF takes fields off the class


class Profile(Shape):
    """The columns of `incidents/?profile=…`."""

    name = text("Value of the parameter `profile`.")
    title = text("Name of the other dataset.")
    definition = text("Notes on the profile.")
    columns = ProfileColumn(many=True)


@extend_schema_serializer(many=False)
class Codebook(Shape):
    """Definitions of all codes and fields of the data."""

    counterparts = serializers.DictField(
        child=text("Full name of the dataset."), help_text="Datasets that the terms are mapped to."
    )
    types = serializers.DictField(child=text("Definition of the type."), help_text="Types of fields and columns.")
    vocabularies = VocabularyDefinition(many=True)
    documents = CodebookDocument(many=True)
    tables = CodebookTable(many=True)
    recommended_fields = RecommendedField(many=True)
    table_notes = serializers.ListField(child=text("A note."), help_text="Notes that apply to all tables.")
    profiles = Profile(many=True)
