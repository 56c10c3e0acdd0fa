"""Structured incidents: working records, the door to the ledger, and the ways to read it."""
