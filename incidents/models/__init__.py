"""The working records: what staff edit and files are loaded into. The public never reads them."""

from incidents.models.base import PublicRecord
from incidents.models.datasets import Dataset, DatasetAttribute, DatasetCode, Monitoring
from incidents.models.evidence import Actor, Report, Source
from incidents.models.incident_parts import Claim, IncidentActor, IncidentReport, Relation
from incidents.models.incidents import Incident
from incidents.models.loads import Batch
from incidents.models.places import Location, Membership, PlaceMatch, PlaceName

__all__ = [
    "Actor",
    "Batch",
    "Claim",
    "Dataset",
    "DatasetAttribute",
    "DatasetCode",
    "Incident",
    "IncidentActor",
    "IncidentReport",
    "Location",
    "Membership",
    "Monitoring",
    "PlaceMatch",
    "PlaceName",
    "PublicRecord",
    "Relation",
    "Report",
    "Source",
]
