r"""Text in the cells of a workbook: `_x000D_` stands for the character 0x0D (ECMA-376, ST_Xstring).

XML has no control characters and converts carriage returns to line feeds, so both are encoded. Tabs and line feeds are
not encoded, because many readers, such as pandas, show the encoded form.
"""

from __future__ import annotations

import re

_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN = re.compile("_x([0-9A-Fa-f]{4})_")


def escaped(text: str) -> str:
    """Encode control characters as Excel does, such as _x000D_."""
    return _UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    """Decode control characters such as _x000D_."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
