"""Loads files of incidents, as profiles describe them, into working records, and publishes the difference."""
