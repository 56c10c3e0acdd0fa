"""Tables of words and codes that lie beside the modules that use them, in TOML."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def toml_beside(module: str, name: str) -> dict[str, Any]:
    """Return the document of that name beside a module, given by its `__file__`; read once, and not to be changed."""
    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))
