"""Structured incidents: working records, publishing to the ledger, and queries of the ledger."""
