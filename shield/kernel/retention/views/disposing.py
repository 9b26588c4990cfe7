"""Pages on what is due, on disposals and on their log."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import values
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.kernel.retention import forms, permissions, queries, services
from shield.kernel.retention.models import Disposal, LoggedDisposal
from shield.kernel.retention.rules.disposing import DisposalStatus, ItemStatus
from shield.kernel.retention.rules.schedule import period_words
from shield.kernel.retention.views import frame
from shield.kernel.retention.views.frame import Words

PAGE = 50
"""Records that a reviewer sees on a page."""
TONES = {
    DisposalStatus.PROPOSED: "attention", DisposalStatus.CONFIRMED: "info", DisposalStatus.DONE: "good",
    DisposalStatus.WITHDRAWN: "neutral",
}  # fmt: skip
ITEM_TONES = {ItemStatus.WAITING: "attention", ItemStatus.DISPOSED: "good", ItemStatus.KEPT: "info"}


@page(permissions.VIEW)
def due(request: Any) -> HttpResponse:
    """What is due for review, by class, kind and year, the oldest first."""
    may = request.actor.may(permissions.PROPOSE)

    def listed(group: Any) -> str | None:
        return f"{frame.to(request, 'due_list', kind=group.kind)}?year={group.year}" if may else None

    columns = (
        Column(key="label", label="What", href=listed, sort=lambda g: g.label.casefold()),
        Column(key="class", label="Class", value="rule.label", sort=lambda g: g.rule.label),
        Column(key="year", label="From the year", sort=lambda g: g.year, format=str, numeric=True),
        Column(key="count", label="Records due", numeric=True, sort=lambda g: g.count),
    )
    table = Table(
        queries.groups(request.actor.partnership_id, request.today), columns, request.GET, caption="Due for review", show_caption=False,
        page_size=50, empty="Nothing is due for review.",
        empty_hint="When the period of a record is over, it appears here; nothing goes by itself.",
    )  # fmt: skip
    context = {
        "page_title": "Due for review", "wide": True, "breadcrumbs": frame.way(request, ("Due for review", "")),
        "intro": "The period of these records is over. Look at them and propose their disposal, or keep them longer with a reason.",
        "acts": frame.links(request, (True, frame.to(request, "disposals"), "Disposals")),
    }  # fmt: skip
    return table_response(request, "retention/list.html", context, table, file_name="due for review")


@page(permissions.PROPOSE)
def due_list(request: Any, kind: str) -> HttpResponse:
    """The due records of one kind: tick, and propose their disposal or keep them longer."""
    model = queries.reviewed_kinds().get(kind)
    if model is None:
        raise Http404
    counting = queries.Counting(request.actor.partnership_id)
    filters = forms.DueFilter(request.GET, years=queries.years_of(kind, counting, request.today))
    year = int(filters.chosen["year"]) if filters.chosen.get("year") else None
    rows = queries.chosen(kind, counting, request.today, year=year)
    table = Table(rows, (), request.GET, caption="Records due for review", page_size=PAGE, exportable=False)
    form = forms.ReviewForm(
        request.POST or None, rows=_reviewed(request, kind, counting, table), count=table.count
    )
    label, there = queries.label_of(model), frame.to(request, "due")
    words = Words(
        f"Due for review: {label.lower()}",
        "Do this",
        "It was noted.",
        intro="",
        caption=_rule_words(counting, model),
    )

    def act(given: dict[str, Any]) -> Any:
        asked = {"kind": kind, "reason": given["reason"], "by": request.actor, "today": request.today}
        if given["what"] == "keep":
            return services.keep_longer(ids=form.ids or [], until=given["until"], **asked)
        return services.propose_disposal(ids=form.ids, year=year, **asked)

    def after(done: Any) -> str:
        return frame.to(request, "disposal", done) if isinstance(done, Disposal) else there

    return frame.perform(
        request, form, act, words, there=after, cancel=there, way_to=frame.way(request, ("Due for review", there), (label, "")),
        template="retention/due_list.html", table=table, filters=filters,
    )  # fmt: skip


def _rule_words(counting: queries.Counting, model: Any) -> str:
    rule = queries.schedule()[model.retention]
    return f"{period_words(counting.months(rule))} from: {_lower(rule.trigger_words)}"


def _reviewed(request: Any, kind: str, counting: queries.Counting, table: Table) -> list[Any]:
    """Each record of the page with what a reviewer needs: what it is, from when, since when due, whether it is held."""
    model = queries.kinds()[kind]
    due_on = counting.due_for(queries.schedule()[model.retention])
    rows = table.page_rows
    here = queries.rows_of(model, counting.partnership_id).filter(pk__in=[row.pk for row in rows])
    held = queries.held_because(model, kind, here, queries.open_holds(counting.partnership_id))
    words = queries.describe(kind, rows, request.actor)
    made = []
    for row in rows:
        since = due_on(row.retention_day)
        hint = f"From {in_words(row.retention_day)}" + (f", due since {in_words(since)}" if since else "")
        made.append(
            (row.pk, words[row.pk], f"{hint}. {queries.words(held[row.pk])}" if row.pk in held else hint)
        )
    return made


@page(permissions.VIEW)
def disposals(request: Any) -> HttpResponse:
    """Proposed disposals and what became of them."""
    filters = forms.DisposalFilter(request.GET)
    rows = Disposal.objects.visible_to(request.actor).filter(**filters.chosen)
    columns = (
        Column(
            key="reference", label="Disposal", sort=True, href=lambda row: frame.to(request, "disposal", row)
        ),
        Column(key="what", label="What", value=_label),
        Column(key="count", label="Records", numeric=True, sort=True),
        Column(key="proposed_by", label="Proposed by", sort=True),
        Column(key="proposed_on", label="On", sort=True),
        Column(
            key="status",
            label="State",
            value=lambda row: row.get_status_display(),
            tone=lambda row: TONES[row.status],
        ),
    )
    table = Table(
        rows, columns, request.GET, caption="Disposals", show_caption=False, default_sort="-reference", filtered=bool(filters.chosen),
        empty="No disposal has been proposed.", empty_href=frame.to(request, "due"), empty_link="What is due for review",
    )  # fmt: skip
    context = {
        "page_title": "Disposals", "filters": filters, "wide": True, "breadcrumbs": frame.way(request, ("Disposals", "")),
        "acts": frame.links(
            request, (True, frame.to(request, "due"), "What is due for review"), (True, frame.to(request, "disposal_log"), "Disposal log")
        ),
    }  # fmt: skip
    return table_response(request, "retention/list.html", context, table, file_name="disposals")


def _label(row: Disposal) -> str:
    model = queries.kinds().get(row.record_kind)
    return queries.label_of(model) if model else "Record"


@page(permissions.VIEW, record=Disposal)
def disposal(request: Any, disposal: Disposal) -> HttpResponse:
    """One disposal: its records, who proposed and who confirmed it, what went and what was kept after all."""
    counts = queries.standing_items(disposal.pk)
    facts: list[Any] = [
        ("What", _label(disposal)), ("Records", disposal.count), ("Rule", f"{disposal.period_words} from: {_lower(disposal.rule_words)}"),
        ("Reason", disposal.reason), ("Proposed by", f"{disposal.proposed_by}, {in_words(disposal.proposed_on)}"),
    ]  # fmt: skip
    if disposal.settled_on:
        word = "Withdrawn by" if disposal.status == DisposalStatus.WITHDRAWN else "Confirmed by"
        facts.append((word, f"{disposal.settled_by}, {in_words(disposal.settled_on)}"))
    if disposal.withdrawn_why:
        facts.append(("Why", disposal.withdrawn_why))
    facts += [(ItemStatus(key).label, count) for key, count in counts.items() if key != ItemStatus.WAITING]
    columns = (
        Column(
            key="of_reference", label="Record", value=lambda row: row.of_reference or "Without a reference"
        ),
        Column(key="day", label="From", sort=True),
        Column(
            key="status",
            label="State",
            value=lambda row: row.get_status_display(),
            tone=lambda row: ITEM_TONES[row.status],
        ),
        Column(key="why", label="Why it was kept"),
    )
    table = Table(
        disposal.items.all(),
        columns,
        request.GET,
        caption="Records",
        default_sort="day",
        file_name=disposal.reference,
    )
    context = {
        "wide": True,
        "page_title": f"Disposal {disposal.reference}", "facts": facts, "standing": disposal.get_status_display(),
        "tone": TONES[DisposalStatus(disposal.status)], "entries": history.of_record(disposal.partnership_id, disposal.pk),
        "acts": _acts(request, disposal),
        "breadcrumbs": frame.way(request, ("Disposals", frame.to(request, "disposals")), (disposal.reference, "")),
    }  # fmt: skip
    return table_response(request, "retention/record.html", context, table)


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def _acts(request: Any, row: Disposal) -> list[dict[str, str]]:
    if row.status != DisposalStatus.PROPOSED:
        return []
    may = request.actor.may(permissions.CONFIRM)
    confirms = may and queries.may_confirm(row, request.actor, request.today)
    return frame.links(
        request,
        (confirms, frame.to(request, "disposal_confirm", row), "Confirm this disposal"),
        (may, frame.to(request, "disposal_withdraw", row), "Withdraw it"),
    )


@page(permissions.CONFIRM, record=Disposal)
def confirm(request: Any, disposal: Disposal) -> HttpResponse:
    """The second person confirms."""
    there = frame.to(request, "disposal", disposal)
    form = forms.ConfirmForm(request.POST or None, version=disposal.version)
    words = Words(
        "Confirm this disposal", "Dispose of them for good", "The disposal was confirmed and is being carried out.",
        caption=disposal.reference,
        intro=f"{values.count(disposal.count, 'record', 'records')} ({_label(disposal).lower()}), proposed by {disposal.proposed_by}: "
        f"{disposal.reason} They are deleted for good, and nothing brings them back but a backup made before.",
    )  # fmt: skip
    return frame.perform(
        request, form,
        lambda given: services.confirm_disposal(
            disposal=disposal, by=request.actor, today=request.today, expected_version=given["version"]
        ),
        words, there=lambda _: there, cancel=there, way_to=_way(request, disposal),
    )  # fmt: skip


@page(permissions.CONFIRM, record=Disposal)
def withdraw(request: Any, disposal: Disposal) -> HttpResponse:
    """Take a proposal back, or refuse it."""
    there = frame.to(request, "disposal", disposal)
    form = forms.ReasonForm(request.POST or None, version=disposal.version)
    words = Words(
        "Withdraw this disposal", "Withdraw it", "The disposal was withdrawn.", "Its records are due for review again.", disposal.reference
    )  # fmt: skip
    return frame.perform(
        request, form,
        lambda given: services.withdraw_disposal(
            disposal=disposal, reason=given["reason"], by=request.actor, today=request.today, expected_version=given["version"]
        ),
        words, there=lambda _: there, cancel=there, way_to=_way(request, disposal),
    )  # fmt: skip


def _way(request: Any, row: Disposal) -> list[tuple[str, str]]:
    return frame.way(
        request,
        ("Disposals", frame.to(request, "disposals")),
        (row.reference, frame.to(request, "disposal", row)),
    )


@page(permissions.VIEW)
def log(request: Any) -> HttpResponse:
    """What was disposed of: each batch with its rule, who proposed and who confirmed it, and its fingerprint."""
    rows = LoggedDisposal.objects.filter(partnership_id=request.actor.partnership_id)
    columns = (
        Column(key="disposed_at", label="When", sort=True, format=values.moment),
        Column(key="record_label", label="What", sort=True),
        Column(key="count", label="Records", numeric=True, sort=True),
        Column(key="references", label="References"),
        Column(key="rule", label="Rule", value=lambda row: f"{row.period} from: {_lower(row.rule_words)}"),
        Column(key="proposed_by", label="Proposed by", sort=True),
        Column(key="confirmed_by", label="Confirmed by", sort=True),
        Column(
            key="disposal_reference",
            label="Disposal",
            sort=True,
            href=lambda row: frame.to(request, "disposal", _Pointer(row.disposal_id)),
        ),
        Column(
            key="digest",
            label="Fingerprint",
            value=lambda row: row.digest[:12],
            export=lambda row: row.digest,
        ),
    )
    table = Table(
        rows, columns, request.GET, caption="Disposal log", show_caption=False, default_sort="-disposed_at",
        empty="Nothing has been disposed of yet.",
    )  # fmt: skip
    context = {
        "page_title": "Disposal log", "wide": True, "breadcrumbs": frame.way(request, ("Disposal log", "")),
        "intro": "Each line is one batch, written as it was disposed of; the database refuses to change or remove a line. "
        "It names references, never a title.",
    }  # fmt: skip
    return table_response(request, "retention/list.html", context, table, file_name="disposal log")


class _Pointer:
    """The key of a record whose row is not at hand."""

    def __init__(self, pk: Any) -> None:
        self.pk = pk


__all__ = ["confirm", "disposal", "disposals", "due", "due_list", "log", "withdraw"]
