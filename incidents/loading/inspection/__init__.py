"""Looks into a file that no profile describes yet: what its columns hold, and a profile to begin with."""
