"""Addresses of the API's resources, below /api/v1/."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from incidents.api import downloads, releases, views
from incidents.api.changes import ChangeViewSet
from incidents.api.codebook import CodebookView, DatasetFieldsView, VocabularyView
from incidents.api.feed import IncidentFeedView

router = SimpleRouter()
router.register("incidents", views.IncidentViewSet, basename="incident")
router.register("locations", views.LocationViewSet, basename="location")
router.register("sources", views.SourceViewSet, basename="source")
router.register("actors", views.ActorViewSet, basename="actor")
router.register("datasets", views.DatasetViewSet, basename="dataset")
router.register("changes", ChangeViewSet, basename="change")

urlpatterns = [
    *router.urls,
    path("incidents.atom", IncidentFeedView.as_view(), name="incident-feed"),  # before the files below
    # Lists that are files too: incidents.csv
    *(
        re_path(rf"^{view.kind}s\.(?P<format>[a-z0-9]+)$", view.as_view({"get": "list"}), name=f"{view.kind}-file")
        for view in views.LISTS
    ),
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
