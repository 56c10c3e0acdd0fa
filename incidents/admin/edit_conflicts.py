"""Two people, or two tabs, edit the same record: the later save must not undo the earlier one unseen."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from incidents.models import PublicRecord

OPENED = "_opened"
"""The hidden field of a form that says when the record had last been saved when the form was opened."""


def stamp(record: PublicRecord) -> str:
    """Time of the last edit of a record, which the form sends back."""
    return record.edited.isoformat()


def saved_meanwhile(record: PublicRecord, opened: str) -> str:
    """Error message if the record was saved after the form was opened, "" if not; locks the record."""
    edited = type(record)._default_manager.select_for_update().values_list("edited", flat=True).get(pk=record.pk)
    if not opened or edited.isoformat() == opened:
        return ""
    return (
        f"Not saved: {_who(record, opened)} saved this record at {edited.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, after "
        "you opened it. Open it in another tab, and copy the changes that you want to keep into this form. If you save "
        "again, this form overwrites the saved record."
    )


def _who(record: PublicRecord, opened: str) -> str:
    try:
        since = datetime.fromisoformat(opened)
    except ValueError:  # no form of ours has written that
        return "somebody"
    if since.tzinfo is None:
        return "somebody"
    saves = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk), action_time__gte=since
    )
    newest = saves.select_related("user").order_by("-action_time").first()
    return newest.user.get_username() if newest else "somebody"
