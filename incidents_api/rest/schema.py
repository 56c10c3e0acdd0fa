"""How the API describes itself."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema


class HouseSchema(AutoSchema):
    """What every operation says about itself."""
