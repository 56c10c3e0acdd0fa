"""What every word and every field of the data means, gathered from where each is declared."""

from incidents.codebook.gathered import NEVER_EMPTY, codebook

__all__ = ["NEVER_EMPTY", "codebook"]
