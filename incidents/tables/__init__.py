"""The flat table of each kind of record, declared once: exports, codebook, releases and the way back use it."""

from incidents.tables.columns import Column, Table
from incidents.tables.definitions import POINT, TABLES

__all__ = ["POINT", "TABLES", "Column", "Table"]
