"""The same addresses as the API's."""

from rest_framework.routers import SimpleRouter

from tests.benchmarks.baseline.views import IncidentViewSet

router = SimpleRouter()
router.register("api/v1/incidents", IncidentViewSet)

urlpatterns = router.urls
