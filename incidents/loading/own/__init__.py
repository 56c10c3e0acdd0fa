"""Takes our own exports back: what was edited in a table is published, and nothing else."""

from incidents.loading.own.load import PROFILES, load_own

__all__ = ["PROFILES", "load_own"]
