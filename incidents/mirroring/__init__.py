"""Keeps this server's ledger equal to another server's, by the feed of changes that it publishes."""
