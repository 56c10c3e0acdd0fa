"""What happened in the databases that are kept: a story that leaves rows in every table, the same on every engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECRET_KEY = "kept-for-upgrade-tests-and-used-nowhere-else-0123456789"
PUBLIC_URL = "https://incidents.example.org"
ACCOUNT, PASSWORD = "keeper", "a password for upgrade tests"
HIDDEN = "zzz-hidden"
"""A word that only working records hold; no answer may have it."""


def tell() -> None:
    """Load, edit, publish, withdraw, merge, redact and release in the empty database of the environment."""
    import time_machine

    with time_machine.travel(START, tick=False) as clock:

        def later() -> None:
            clock.shift(3600)

        for chapter in (_accounts, _loads, _edits, _endings, _releases, _drafts, _traces):
            later()
            chapter(later)


def _accounts(later: Callable[[], None]) -> None:
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group, Permission, User

    keeper = User.objects.create(
        username=ACCOUNT,
        password=make_password(PASSWORD, salt="upgrades"),
        email="keeper@example.org",
        is_staff=True,
        is_superuser=True,
    )
    group = Group.objects.create(name="Editors")
    group.permissions.add(Permission.objects.get(codename="change_incident"))
    keeper.groups.add(group)
    keeper.user_permissions.add(Permission.objects.get(codename="view_release"))


def _loads(later: Callable[[], None]) -> None:
    from django.core.management import call_command

    call_command("load_gazetteer", str(ROOT / "fixtures/gazetteer/ukraine_regions.csv"), verbosity=0)
    later()
    call_command("loaddata", "luhansk_2022", verbosity=0)
    later()
    call_command("load_incidents", str(ROOT / "tests/loading/ucdp_excerpt.csv"), profile="ucdp-ged", verbosity=0)


def _edits(later: Callable[[], None]) -> None:
    from incidents import models, publishing

    first, second = _incidents("luhansk-2022-0001", "luhansk-2022-0002")
    first.summary += " Edited."
    first.tags = ["railway-war", "ніч"]
    first.save()
    models.Relation.objects.create(incident=first, related=second, relation="same_episode")
    publishing.publish([first], author=ACCOUNT, message="An edit")
    later()
    coarser = models.Incident.objects.filter(location_precision="settlement", public_id__startswith="ucdp").first()
    assert coarser is not None
    coarser.summary, coarser.place_disclosure = "An exchange of fire.", "admin1"
    coarser.location_as_reported = coarser.location_remark = ""
    coarser.extra, coarser.latitude, coarser.longitude = {}, None, None
    coarser.save()
    coarser.claims.all().delete()
    coarser.reports.clear()
    publishing.publish([coarser], author=ACCOUNT, message="A coarser place")
    later()
    place = models.Location.objects.get(public_id="bilovodsk")
    place.latitude, place.note = 49.21, HIDDEN
    place.save()
    models.PlaceName.objects.create(location=place, name="Bilowodsk", language="de", kind="variant")
    models.Membership.objects.create(
        location=place, area="Luhansk Oblast", claimed_by="Ukraine", start=date(1991, 8, 24), control=False
    )
    publishing.publish([place], author=ACCOUNT, message="A corrected point")
    later()
    source = models.Source.objects.get(public_id="ukraine-general-staff")
    source.name += " (renamed)"
    source.save()
    publishing.publish([source], author=ACCOUNT, message="Another name")


def _endings(later: Callable[[], None]) -> None:
    from incidents import publishing

    gone, back, twin, other = _incidents(*(f"luhansk-2022-{number:04}" for number in (4, 5, 6, 7)))
    publishing.withdraw([gone, back], reason="Doubts.", author=ACCOUNT)
    later()
    publishing.publish([back], author=ACCOUNT, message="No doubts")
    later()
    publishing.merge(twin, other, reason="Told twice.", author=ACCOUNT)


def _releases(later: Callable[[], None]) -> None:
    from incidents import publishing
    from incidents.models import Incident
    from incidents.releasing.release import ReleaseRequest, make, refresh, withdraw
    from tests.releases.making import Quiet

    make(ReleaseRequest("luhansk-1", dataset="luhansk-2022", notes="The first.", author=ACCOUNT), Quiet())
    make(ReleaseRequest("all-1", title="Everything", author=ACCOUNT), Quiet())
    make(ReleaseRequest("all-0", as_of=2, author=ACCOUNT), Quiet())
    make(ReleaseRequest("old-1", dataset="luhansk-2022"), Quiet())
    later()
    redacted = Incident.objects.get(public_id="luhansk-2022-0008")
    publishing.redact(redacted, reason="For safety.", author=ACCOUNT)
    later()
    refresh("all-1", Quiet())
    withdraw("old-1", "It names somebody.")
    # luhansk-1 stays as the redaction left it: its files are taken down and wait for `release --refresh`.
    later()
    publishing.publish([_edited_again()], author=ACCOUNT, message="After the releases")


def _edited_again() -> Any:
    (incident,) = _incidents("luhansk-2022-0009")
    incident.killed_low, incident.killed_best, incident.killed_high = 0, 1, 2
    incident.save()
    return incident


def _drafts(later: Callable[[], None]) -> None:
    from incidents import models
    from tests import factories

    for factory in ("Incident", "Location", "Source", "Actor", "Dataset", "Report"):
        getattr(factories, f"{factory}Factory").reset_sequence(0, force=True)
    dataset = factories.DatasetFactory(public_id="draft-data", name=f"Draft {HIDDEN}")
    place = factories.LocationFactory(public_id="draft-place", name=f"Draft {HIDDEN}", latitude=50.5)
    source = factories.SourceFactory(public_id="draft-source", name=f"Draft {HIDDEN}")
    actor = factories.ActorFactory(public_id="draft-actor", name=f"Draft {HIDDEN}")
    models.Monitoring.objects.create(dataset=dataset, source=source, start=date(2022, 1, 1))
    incident = factories.IncidentFactory(
        public_id="draft-1", summary=HIDDEN, dataset=dataset, location=place, editorial_status="draft"
    )
    models.IncidentActor.objects.create(incident=incident, actor=actor, role="target", certainty="claimed")
    (edited,) = _incidents("luhansk-2022-0010")
    edited.summary += f" {HIDDEN}"
    edited.save()


def _traces(later: Callable[[], None]) -> None:
    """Leave what people leave who log in and edit: a log, a session, failed attempts."""
    from axes.models import AccessAttempt, AccessAttemptExpiration, AccessFailureLog, AccessLog
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.auth.models import User
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    now = timezone.now()
    LogEntry.objects.log_actions(
        User.objects.get(username=ACCOUNT).pk, _incidents("luhansk-2022-0001", "luhansk-2022-0002"), CHANGE, "Edited."
    )
    Session.objects.create(session_key="kept", session_data="", expire_date=now)
    who = {"user_agent": "a browser", "ip_address": "192.0.2.1", "username": "stranger", "path_info": "/admin/login/"}
    attempt = AccessAttempt.objects.create(**who, get_data="", post_data="", failures_since_start=1)
    AccessAttemptExpiration.objects.create(access_attempt=attempt, expires_at=now)
    AccessFailureLog.objects.create(**who)
    AccessLog.objects.create(**who | {"username": ACCOUNT})


def _incidents(*ids: str) -> list[Any]:
    from incidents.models import Incident

    found = {each.public_id: each for each in Incident.objects.filter(public_id__in=ids)}
    return [found[each] for each in ids]
