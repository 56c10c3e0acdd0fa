"""Addresses of the site."""

from django.contrib import admin
from django.urls import path

handler400 = "incidents_api.error_pages.handler400"
handler403 = "incidents_api.error_pages.handler403"
handler404 = "incidents_api.error_pages.handler404"
handler500 = "incidents_api.error_pages.handler500"

urlpatterns = [path("admin/", admin.site.urls)]
