"""The site: errors, negotiation, pages, probes, commands, settings."""
