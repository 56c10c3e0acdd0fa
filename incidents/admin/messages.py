"""Messages for staff: what an action did, with links, and why something was refused."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from incidents.admin.base import RecordAdmin
from incidents.publishing import RefusedError, Result

LINES_AT_MOST = 20


def lines(refused: RefusedError) -> list[str]:
    """Reasons of a refusal, one per line; a long list ends with the number of further ones."""
    every = str(refused).splitlines()
    more = len(every) - LINES_AT_MOST
    return [*every[:LINES_AT_MOST], *([f"… and {more} more."] if more > 0 else [])]


def public_url(kind: str, public_id: str) -> str | None:
    """Public URL of a record; None if the API does not list its kind."""
    try:
        return reverse(f"{kind}-detail", args=[public_id])
    except NoReverseMatch:
        return None


def publication_url(seq: int) -> str:
    """Admin URL of a publication."""
    return reverse("admin:ledger_publication_change", args=[seq])


def link(url: str | None, text: str) -> SafeString:
    """A link, or plain text if there is no URL."""
    return format_html('<a href="{}">{}</a>', url, text) if url else format_html("{}", text)


def counts(result: Result) -> str:
    """Changes of a publication as text, by kind."""
    parts = [
        f"{number} {kind}{'' if number == 1 else 's'} {change}"
        for kind, changes in result.counts.items()
        for change, number in changes.items()
        if number and change != "unchanged"
    ]
    return ", ".join(parts)


def tell_published(modeladmin: RecordAdmin, request: HttpRequest, result: Result) -> None:
    """Say what was published and what was left out."""
    if result.seq:
        done = format_html("Published in {}: {}.", _publication(request, result.seq), counts(result))
        modeladmin.message_user(request, done, messages.SUCCESS)
        if result.reduced:
            number = f"{result.reduced} record{'' if result.reduced == 1 else 's'}"
            modeladmin.message_user(
                request, f"The earlier revisions of {number} have the coarser content now.", messages.SUCCESS
            )
        _warn_left_public(modeladmin, request, result)
        _offer_withdrawal(modeladmin, request, result)
    elif not result.unready:
        modeladmin.message_user(request, "Nothing to publish: the published records are up to date.", messages.INFO)
    if result.unready:
        modeladmin.message_user(request, _unready(modeladmin, result.unready), messages.WARNING)


def _warn_left_public(modeladmin: RecordAdmin, request: HttpRequest, result: Result) -> None:
    """Name what readers can still see became public together with a reduced incident."""
    if not result.left_public:
        return
    named = [f"{kind} {record_id}" for kind, record_id in result.left_public[:LINES_AT_MOST]]
    more = len(result.left_public) - len(named)
    text = (
        f"Still public, and first published together with the incident: {', '.join(named)}"
        f"{f' and {more} more' if more else ''}. Readers who compare publications can guess from that."
    )
    modeladmin.message_user(request, text, messages.WARNING)


def _offer_withdrawal(modeladmin: RecordAdmin, request: HttpRequest, result: Result) -> None:
    """Name the places that no published incident is in any more, with a link to where they can be withdrawn."""
    if not result.emptied:
        return
    ids = result.emptied[:LINES_AT_MOST]
    more = len(result.emptied) - len(ids)
    places = reverse(f"{modeladmin.admin_site.name}:incidents_location_changelist")
    text = format_html(
        "No published incident is in {} any more{}. Readers still find {} in lists of places. "
        "To end that, withdraw {} in the list of places, with a reason.",
        link(f"{places}?{urlencode({'public_id__in': ','.join(ids)})}", ", ".join(ids)),
        f" and {more} more places" if more else "",
        "it" if len(result.emptied) == 1 else "them",
        "it" if len(result.emptied) == 1 else "them",
    )
    modeladmin.message_user(request, text, messages.WARNING)


def _unready(modeladmin: RecordAdmin, ids: Sequence[str]) -> SafeString:
    first = modeladmin.model._default_manager.filter(public_id__in=ids[:LINES_AT_MOST]).order_by("public_id")
    links = format_html_join(
        ", ", '<a href="{}">{}</a>', ((modeladmin.change_url(each), each.public_id) for each in first)
    )
    more = f" and {len(ids) - LINES_AT_MOST} more" if len(ids) > LINES_AT_MOST else ""
    return format_html(
        "Not published, because the editorial status is not “Ready”: {}{}. Set it to “Ready”, then publish.",
        links,
        more,
    )


def tell_ended(
    modeladmin: RecordAdmin, request: HttpRequest, verb: str, number: int, results: Sequence[Result]
) -> None:
    """Say what ended and in which publications."""
    seqs = [result.seq for result in results if result.seq]
    names = modeladmin.opts.verbose_name if number == 1 else modeladmin.opts.verbose_name_plural
    where = format_html_join(", ", "{}", ((_publication(request, seq),) for seq in seqs))
    did = "; ".join(told for result in results if (told := counts(result)))
    done = f"{verb}: done for {number} {names}."
    for result in results:
        _warn_left_public(modeladmin, request, result)
        _offer_withdrawal(modeladmin, request, result)
    if seqs:
        modeladmin.message_user(request, format_html("{} In {}: {}.", done, where, did), messages.SUCCESS)
    else:
        modeladmin.message_user(request, f"{done} Nothing that is public has changed.", messages.SUCCESS)


def _publication(request: HttpRequest, seq: int) -> SafeString:
    may = request.user.has_perm("ledger.view_publication")
    return link(publication_url(seq) if may else None, f"publication {seq}")
