"""Parts of profiles that several tests load by; a test adds what it is about."""

REPORTS = """
[incident.reports]
[[incident.reports.lists]]
columns = { title = "headline", url = "address" }
[incident.reports.report]
identity = "{url}"
title = "title"
url = "url"
[incident.reports.source]
"""
"""Reports by headline and address; the keys of their source follow."""
