"""Profiles: what the columns of a format mean, in TOML; the profiles that are included lie beside this file."""
