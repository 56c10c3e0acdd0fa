"""The OpenAPI document, in two versions."""

from __future__ import annotations

from threading import Lock
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

VERSIONS: dict[str, dict[str, Any]] = {
    "3.1": {"OAS_VERSION": "3.1.0"},
    "3.0": {
        "OAS_VERSION": "3.0.3",
        # 3.0 has no word for an SPDX identifier.
        "LICENSE": {
            "name": "Software: Apache-2.0; data: as each dataset says",
            "url": "https://www.apache.org/licenses/LICENSE-2.0",
        },
    },
}
"""Settings that differ between the versions; the first version is the default."""

_lock = Lock()


def build_document(version: str) -> dict[str, Any]:
    """The OpenAPI document in a version; raises KeyError for an unknown version."""
    with _lock, patched_settings(VERSIONS[version]):  # the patch is global: one at a time
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # spectacular has no types here
        document: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]  # spectacular has no types here
    return document | {"security": []}  # said for linters: the API is open to everybody
