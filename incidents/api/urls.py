"""Addresses of the API's resources, below /api/v1/."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, path, re_path
from rest_framework.routers import SimpleRouter

from incidents.api import downloads, releases, views
from incidents.api.changes import ChangeViewSet
from incidents.api.codebook import CodebookView, DatasetFieldsView, VocabularyView
from incidents.api.feed import IncidentFeedView
from incidents.api.ledger_viewset import LedgerViewSet
from incidents.api.representations import representations

router = SimpleRouter()
router.register("incidents", views.IncidentViewSet, basename="incident")
router.register("locations", views.LocationViewSet, basename="location")
router.register("sources", views.SourceViewSet, basename="source")
router.register("actors", views.ActorViewSet, basename="actor")
router.register("datasets", views.DatasetViewSet, basename="dataset")
router.register("changes", ChangeViewSet, basename="change")

PATHS = {
    "aggregate": "{plural}/aggregate.{suffix}",  # before single records, since no id is meant
    "list": "{plural}.{suffix}",
    "retrieve": "{plural}/<str:pk>.{suffix}",
}
"""The addresses of the forms of what an action answers."""


def addresses(view: type[LedgerViewSet]) -> Iterator[URLPattern]:
    """Yield the address of each form of the answers of a viewset, such as incidents.csv."""
    plural = f"{view.kind}s"
    forms = sorted(representations(view.kind), key=lambda each: -len(each.suffix))  # x.nested.geojson is no id
    for action, form in PATHS.items():
        options = getattr(getattr(view, action, None), "kwargs", {})  # of an action, its renderers
        for each in (each for each in forms if each.action == action):
            answer = view.as_view({"get": action}, representation=each, **options)
            written = {"format": each.written}
            yield path(form.format(plural=plural, suffix=each.suffix), answer, written, f"{view.kind}-{each.name}")
        if action != "retrieve" and hasattr(view, action):  # a form that does not exist is refused by its name
            route = re.escape(form.format(plural=plural, suffix="")) + r"(?P<format>[a-z0-9.-]+)$"
            yield re_path(f"^{route}", view.as_view({"get": action}, **options), name=f"{view.kind}-{action}-file")


urlpatterns = [
    *router.urls,
    path("incidents.atom", IncidentFeedView.as_view(), name="incident-feed"),  # before the files below
    *(address for view in views.LISTS for address in addresses(view)),
    path("codebook/", CodebookView.as_view(), name="codebook"),
    path("codebook/datasets/<str:dataset>/", DatasetFieldsView.as_view(), name="codebook-dataset"),
    path("codebook/<str:vocabulary_name>/", VocabularyView.as_view(), name="codebook-vocabulary"),
    path("releases/", releases.ReleaseViewSet.as_view({"get": "list"}), name="release-list"),
    # Before single releases, whose names never hold two dots in a row.
    path(
        "releases/<str:earlier>...<str:later>/",
        releases.ReleaseViewSet.as_view({"get": "compare"}),
        name="release-compare",
    ),
    path("releases/<str:name>/", releases.ReleaseViewSet.as_view({"get": "retrieve"}), name="release-detail"),
    path("releases/<str:name>/files/<path:path>", downloads.DownloadView.as_view(), name="release-file"),
]
