"""The columns of other datasets, for scripts that were written for them."""

from incidents.codebook.profiles.acled import ACLED
from incidents.codebook.profiles.columns import ExportProfile
from incidents.codebook.profiles.ucdp import UCDP

EXPORT_PROFILES: dict[str, ExportProfile] = {profile.name: profile for profile in (ACLED, UCDP)}

__all__ = ["EXPORT_PROFILES", "ExportProfile"]
