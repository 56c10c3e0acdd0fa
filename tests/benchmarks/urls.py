"""The addresses of the server, and the floor beside them."""

from django.urls import path

from incidents_api.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.benchmarks.floor import FloorView

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("floor/<int:size>/", FloorView.as_view())]
