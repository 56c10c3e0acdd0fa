"""Addresses of the API's resources, below /api/v1/."""

from django.urls import re_path
from rest_framework.routers import SimpleRouter

from incidents.api import views
from incidents.api.changes import ChangeViewSet

router = SimpleRouter()
router.register("incidents", views.IncidentViewSet, basename="incident")
router.register("locations", views.LocationViewSet, basename="location")
router.register("sources", views.SourceViewSet, basename="source")
router.register("actors", views.ActorViewSet, basename="actor")
router.register("datasets", views.DatasetViewSet, basename="dataset")
router.register("changes", ChangeViewSet, basename="change")

urlpatterns = [
    *router.urls,
    # Lists that are files too: incidents.csv
    *(
        re_path(rf"^{view.kind}s\.(?P<format>[a-z0-9]+)$", view.as_view({"get": "list"}), name=f"{view.kind}-file")
        for view in views.LISTS
    ),
]
