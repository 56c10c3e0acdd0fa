"""What the form of a record says about its publication, without rendering anything: two queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from incidents.admin.base import RecordAdmin
from incidents.admin.messages import public_url, publication_url
from incidents.admin.state import State, kind_of, states
from incidents.ledger.models import Publication, Revision

REVISIONS_SHOWN = 10


def words_of(state: State | None, edited: datetime) -> tuple[str, str]:
    """CSS class and text of a publication state."""
    if state is None:
        return "none", "not public"
    if not state.live:
        return "ended", f"merged into {state.target}" if state.change == "merged" else state.change
    if state.older_than(edited):
        return "stale", f"public r{state.number}, edited since"
    return "live", f"public r{state.number}"


@dataclass(frozen=True)
class Panel:
    """What is published of one record, and what can be done about it."""

    look: str
    text: str
    state: State | None
    compare_url: str
    public_url: str | None
    revisions: list[dict[str, Any]]
    earlier: int
    list_url: str
    pk: int
    doable: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, modeladmin: RecordAdmin, request: HttpRequest, obj: Any) -> Panel:
        """The panel of a saved record for the current user."""
        kind = kind_of(type(obj)) or ""
        state = states(kind, [obj.public_id]).get(obj.public_id)
        look, text = words_of(state, obj.edited)
        revisions = history(request, kind, obj.public_id, REVISIONS_SHOWN) if state else []
        name = f"{modeladmin.admin_site.name}:incidents_{modeladmin.opts.model_name}"
        return cls(
            look=look,
            text=text,
            state=state,
            compare_url=reverse(f"{name}_compare", args=[obj.pk]),
            public_url=public_url(kind, obj.public_id) if state else None,
            revisions=revisions,
            earlier=(revisions[-1]["number"] - 1) if revisions else 0,
            list_url=reverse(f"{name}_changelist"),
            pk=obj.pk,
            doable=_doable(modeladmin, request, state),
        )


def _doable(modeladmin: RecordAdmin, request: HttpRequest, state: State | None) -> list[tuple[str, str]]:
    """List actions that apply to this record and that the user may perform."""
    offered = modeladmin.get_actions(request)
    applies = {
        "withdraw_selected": ("Withdraw…", state is not None and state.live),
        "reduce_selected": ("Reduce…", state is not None and state.change != "redacted" and state.number > 1),
        "redact_selected": ("Redact…", state is not None and state.change != "redacted"),
    }
    return [(name, text) for name, (text, does) in applies.items() if does and name in offered]


def history(request: HttpRequest, kind: str, public_id: str, at_most: int | None = None) -> list[dict[str, Any]]:
    """Revisions of a record, newest first, without their documents."""
    rows = list(
        Revision.objects.filter(kind=kind, record_id=public_id)
        .order_by("-number")
        .values("number", "seq", "change", "reason", "target", "fields", "published_at")[:at_most]
    )
    authors = dict(Publication.objects.filter(seq__in=[row["seq"] for row in rows]).values_list("seq", "author"))
    may_see = request.user.has_perm("ledger.view_publication")
    return [
        {
            **row,
            "fields": row["fields"].replace("_", " ").replace(",", ", "),
            "author": authors.get(row["seq"], ""),
            "url": publication_url(row["seq"]) if may_see else None,
        }
        for row in rows
    ]
