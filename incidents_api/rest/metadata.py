"""What OPTIONS says of an address."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from rest_framework.metadata import SimpleMetadata
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

if TYPE_CHECKING:  # a view imports the metadata of the settings, so these cannot import views
    from rest_framework.views import APIView


def renderers_of_get(view: APIView) -> list[BaseRenderer]:
    """Renderers of GET, whatever the current method is."""
    getting = copy(view)
    actions = getattr(view, "action_map", None)
    if actions and "get" in actions:
        getting.action = actions["get"]  # type: ignore[attr-defined]  # a viewset has it, a plain view does not
    return list(getting.get_renderers())


class Metadata(SimpleMetadata):
    """Names every format that GET answers in; OPTIONS itself answers in fewer."""

    def determine_metadata(self, request: Request, view: APIView) -> Any:
        """Name, description and formats of the view."""
        told = super().determine_metadata(request, view)
        return {**told, "renders": [str(renderer.media_type) for renderer in renderers_of_get(view)]}
