"""What staff see: working records, what is published of them, and the ledger."""

from django.contrib import admin

from incidents.admin import datasets, evidence, incidents, ledger, locations, own_fields, releases

admin.site.site_header = "Incidents – editing"
admin.site.site_title = "Incidents – editing"
admin.site.index_template = "admin/incidents/index.html"
admin.site.index_title = "What would you like to edit?"

__all__ = ["datasets", "evidence", "incidents", "ledger", "locations", "own_fields", "releases"]
