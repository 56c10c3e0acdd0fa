"""Addresses of the site. `/healthz` and `/readyz` are answered earlier, by `incidents_api.health`."""

from django.contrib import admin
from django.urls import include, path

from incidents.api.home import HomeView
from incidents_api import guide, schema_views, views

handler400 = "incidents_api.error_pages.handler400"
handler403 = "incidents_api.error_pages.handler403"
handler404 = "incidents_api.error_pages.handler404"
handler500 = "incidents_api.error_pages.handler500"

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("guide/", guide.GuideView.as_view(), name="guide"),
    path("guide/<str:page>/", guide.GuideView.as_view(), name="guide-page"),
    path("api/v1/", views.RootView.as_view(), name="api-root"),
    path("api/v1/schema/", schema_views.SchemaView.as_view(), name="schema"),
    path("api/v1/docs/", schema_views.DocsView.as_view(), name="docs"),
    path("api/v1/redoc/", schema_views.RedocView.as_view(), name="redoc"),
    path("api/v1/", include("incidents.api.urls")),
    path("admin/", admin.site.urls),
    path("favicon.ico", views.FaviconView.as_view()),
    path("robots.txt", views.robots),
]
