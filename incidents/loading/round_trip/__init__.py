"""Takes our own exports back: what was edited in a table is published, and nothing else."""

from incidents.loading.round_trip.load_export import PROFILES, load_own

__all__ = ["PROFILES", "load_own"]
