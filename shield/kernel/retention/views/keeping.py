"""Pages on the schedule and on legal holds, and the page that leads to everything here."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page
from shield.kernel.calendar import queries as calendar
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.documents.exchange import pdf
from shield.kernel.files.views import served
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.records.models import kind_label
from shield.kernel.records.rules import RecordRef
from shield.kernel.retention import forms, permissions, queries, services
from shield.kernel.retention.models import Disposal, LegalHold, SubjectRequest
from shield.kernel.retention.rules import package
from shield.kernel.retention.rules.disposing import DisposalStatus
from shield.kernel.retention.rules.requests import RequestStatus
from shield.kernel.retention.rules.schedule import AtEnd, period_words
from shield.kernel.retention.views import frame
from shield.kernel.retention.views.frame import Words


@page(permissions.VIEW)
def index(request: Any) -> HttpResponse:
    """Where everything here is, and how much waits."""
    actor = request.actor
    waiting = sum(group.count for group in queries.groups(actor.partnership_id, request.today))
    proposed = Disposal.objects.visible_to(actor).filter(status=DisposalStatus.PROPOSED).count()
    places = [
        ("retention_schedule", "Retention schedule", "How long what is kept, from which day, and why"),
        (
            "holds",
            "Legal holds",
            _count(LegalHold.objects.visible_to(actor).filter(ended_on=None).count(), "in force"),
        ),
        ("due", "Due for review", _count(waiting, "due")),
        ("disposals", "Disposals", _count(proposed, "waiting for a second person")),
        ("disposal_log", "Disposal log", "What was disposed of, when, by whom, under which rule"),
    ]
    if actor.may(permissions.ANSWER):
        rows = SubjectRequest.objects.visible_to(actor)
        still = rows.exclude(status__in=(RequestStatus.RELEASED, RequestStatus.CLOSED)).count()
        places.append(("subject_requests", "Subject access requests", _count(still, "waiting for an answer")))
    context = {
        "page_title": "Retention",
        "places": [
            {"href": frame.to(request, name), "text": text, "note": note} for name, text, note in places
        ],
        "breadcrumbs": [("Partnership", frame.to(request, "profile")), ("Retention", "")],
    }
    return render(request, "retention/index.html", context)


def _count(count: int, words: str) -> str:
    return f"{count:,} {words}" if count else f"None {words}"


@page(permissions.VIEW)
def schedule(request: Any) -> HttpResponse:
    """Each class: the period here and by default, what it covers, how many records there are and how many are due."""
    may_set = request.actor.may(permissions.SET_PERIODS)

    def change(row: Any) -> str | None:
        if not may_set or row.rule.at_end != AtEnd.REVIEW:
            return None
        return frame.to(request, "retention_period", retention_class=row.rule.key)

    columns = [
        Column(key="label", label="Class", value="rule.label"),
        Column(key="period", label="Kept here for", value=lambda r: _kept(r, r.months)),
        Column(key="default", label="Default", value=lambda r: _kept(r, r.rule.months)),
        Column(key="from", label="Counted from", value="rule.trigger_words"),
        Column(key="records", label="Records", numeric=True, value=lambda r: r.records),
        Column(key="due", label="Due", numeric=True, value=lambda r: r.due, href=lambda r: frame.to(request, "due") if r.due else None),
        Column(
            key="confirmed", label="Source checked", value=lambda r: "Yes" if r.rule.confirmed else "Unconfirmed",
            tone=lambda r: "good" if r.rule.confirmed else "attention",
        ),
        Column(key="covers", label="Covers", value=lambda r: r.covers),
        Column(key="source", label="Source", value=lambda r: r.rule.source_words),
    ]  # fmt: skip
    rows = queries.standing(request.actor.partnership_id, request.today)
    shown = columns[:-2]
    if may_set:
        shown.append(
            Column(key="change", label="What you can do", hidden_label=True, export=False, href=change,
                   value=lambda r: f"Change: {r.rule.label.lower()}" if change(r) else "")
        )  # fmt: skip
    table = Table(
        rows,
        shown,
        request.GET,
        caption="Retention schedule",
        show_caption=False,
        file_name="retention schedule",
    )
    if table.wants_export:
        table = Table(
            rows, columns, request.GET, caption="Retention schedule", file_name="retention schedule"
        )
    context = {
        "page_title": "Retention schedule",
        "classes": [{"title": row.rule.label, "facts": _facts(row)} for row in rows],
        "document_href": frame.to(request, "retention_schedule_file"),
        "breadcrumbs": frame.way(request, ("Schedule", "")),
        "wide": True,
    }
    return table_response(request, "retention/schedule.html", context, table)


def _kept(row: Any, months: int | None) -> str:
    return "As the system needs it" if row.rule.at_end == AtEnd.EXPIRE else period_words(months)


def _facts(row: Any) -> list[tuple[str, Any]]:
    facts = [("Covers", row.covers), ("At the end", row.rule.at_end.label), ("Source", row.rule.source_words)]
    if row.rule.minimum is not None:
        facts.append(("Least by law", f"{period_words(row.rule.minimum)}: {row.rule.minimum_source}"))
    if row.own:
        facts.append(
            ("Why it differs here", f"{row.own.reason} ({row.own.set_by}, {row.own.set_on:%-d %B %Y})")
        )
    if row.rule.note:
        facts.append(("Note", row.rule.note))
    return facts


@page(permissions.VIEW, methods=("GET",))
def schedule_file(request: Any) -> HttpResponse:
    """The schedule as a document."""
    rows = queries.standing(request.actor.partnership_id, request.today)
    lines = [(row.rule, row.months, row.covers, row.own.reason if row.own else "") for row in rows]
    made = package.schedule_document(request.partnership.name, lines, request.today)
    return served(pdf.pdf(made, at=calendar.now()), "retention-schedule.pdf", "application/pdf")


@page(permissions.SET_PERIODS)
def change_period(request: Any, retention_class: str) -> HttpResponse:
    """Set how long a class is kept here."""
    rule = queries.rule_of(retention_class)
    if rule is None or rule.at_end != AtEnd.REVIEW:
        raise Http404
    own = queries.own_periods(request.actor.partnership_id).get(rule.key)
    months = own.months if own else rule.months or 0
    form = forms.PeriodForm(
        request.POST or None,
        version=own.version if own else 0,
        initial={"years": months // 12, "months": months % 12},
    )
    there = frame.to(request, "retention_schedule")
    least = f" The law wants at least {period_words(rule.minimum)}." if rule.minimum else ""
    words = Words(
        "Change how long it is kept", "Set this period", "The period was set.", caption=rule.label,
        intro=f"Counted from: {rule.trigger_words[:1].lower()}{rule.trigger_words[1:]}. The default is {period_words(rule.months)}.{least} "
        "What has been proposed for disposal already is looked at again under the new period before it goes.",
    )  # fmt: skip
    return frame.perform(
        request, form,
        lambda given: services.set_period(
            retention_class=rule.key, months=form.total, reason=given["reason"], by=request.actor, today=request.today,
            expected_version=given["version"],
        ),
        words, there=lambda _: there, cancel=there, way_to=frame.way(request, ("Schedule", there)),
    )  # fmt: skip


def _refs(rows: Any) -> list[RecordRef]:
    return [RecordRef(row.about_kind, row.about_id) for row in rows]


@page(permissions.VIEW)
def holds(request: Any) -> HttpResponse:
    """The register of legal holds."""
    filters = forms.HoldFilter(request.GET)
    rows = LegalHold.objects.visible_to(request.actor)
    state = filters.chosen.get("state")
    if state:
        rows = rows.filter(ended_on__isnull=state == "open")
    titles: dict[Any, str] = {}
    columns = (
        Column(key="reference", label="Hold", sort=True, href=lambda row: frame.to(request, "hold", row)),
        Column(key="about", label="What is held", value=lambda row: _about(row, titles)),
        Column(key="asked_by", label="Asked for by", sort=True),
        Column(key="placed_on", label="Since", sort=True),
        Column(
            key="state", label="State", value=lambda row: "Ended" if row.ended_on else "In force",
            tone=lambda row: "neutral" if row.ended_on else "attention",
        ),
    )  # fmt: skip
    table = Table(
        rows, columns, request.GET, caption="Legal holds", show_caption=False, default_sort="-placed_on",
        filtered=bool(filters.chosen), empty="Nothing is held.",
        empty_hint="A hold keeps records from being disposed of, for example while an inquiry or a claim goes on.",
    )  # fmt: skip
    titles.update(records.titles(_refs(rows if table.wants_export else table.page_rows), request.actor))
    context = {
        "page_title": "Legal holds", "filters": filters, "breadcrumbs": frame.way(request, ("Legal holds", "")), "wide": True,
        "acts": frame.links(
            request, (request.actor.may(permissions.HOLD), frame.to(request, "hold_place"), "Place a legal hold")
        ),
    }  # fmt: skip
    return table_response(request, "retention/list.html", context, table, file_name="legal holds")


def _about(row: LegalHold, titles: dict[Any, str]) -> str:
    title = titles.get(row.about_id) or row.about_title or kind_label(row.about_kind)
    return f"{title}, with everything tied to it" if row.wide else title


@page(permissions.HOLD)
def place_hold(request: Any) -> HttpResponse:
    """Place a legal hold."""
    form = forms.HoldForm(request.POST or None, actor=request.actor)
    there = frame.to(request, "holds")
    words = Words(
        "Place a legal hold", "Place the hold", "The hold was placed.",
        intro="Nothing under a legal hold is disposed of until the hold ends, however long ago it was due.",
    )  # fmt: skip
    return frame.perform(
        request, form,
        lambda given: services.place_hold(
            about=form.chosen, wide=form.is_wide, reason=given["reason"], asked_by=given["asked_by"],
            their_reference=given["their_reference"], by=request.actor, today=request.today,
        ),
        words, there=lambda row: frame.to(request, "hold", row), cancel=there, way_to=frame.way(request, ("Legal holds", there)),
    )  # fmt: skip


@page(permissions.VIEW, record=LegalHold)
def hold(request: Any, hold: LegalHold) -> HttpResponse:
    """One hold: what it covers, who asked for it, why, and what happened to it."""
    titles = records.titles(_refs([hold]), request.actor)
    href = records.address(hold.about_kind, hold.about_id, request.actor.partnership_slug) if titles else ""
    facts: list[Any] = [
        {"key": "What is held", "value": _about(hold, titles), "href": href}, ("Kind", kind_label(hold.about_kind)),
        ("Since", hold.placed_on), ("Placed by", hold.placed_by), ("Asked for by", hold.asked_by),
        ("Their reference", hold.their_reference), ("Reason", hold.reason),
    ]  # fmt: skip
    if hold.ended_on:
        facts += [("Ended on", hold.ended_on), ("Ended by", hold.ended_by), ("Why it ended", hold.ended_why)]
    may_end = request.actor.may(permissions.HOLD) and not hold.ended_on
    context = {
        "page_title": f"Legal hold {hold.reference}", "facts": facts, "standing": "Ended" if hold.ended_on else "In force",
        "tone": "neutral" if hold.ended_on else "attention", "entries": history.of_record(hold.partnership_id, hold.pk),
        "acts": frame.links(request, (may_end, frame.to(request, "hold_end", hold), "End this hold")),
        "breadcrumbs": frame.way(request, ("Legal holds", frame.to(request, "holds")), (hold.reference, "")),
    }  # fmt: skip
    return render(request, "retention/record.html", context)


@page(permissions.HOLD, record=LegalHold)
def end_hold(request: Any, hold: LegalHold) -> HttpResponse:
    """End a hold."""
    there = frame.to(request, "hold", hold)
    form = forms.ReasonForm(request.POST or None, version=hold.version)
    words = Words(
        "End this hold", "End the hold", "The hold has ended.", caption=hold.reference,
        intro="What was due meanwhile comes back to the list of what is due for review.",
    )  # fmt: skip
    return frame.perform(
        request, form,
        lambda given: services.end_hold(
            hold=hold, reason=given["reason"], by=request.actor, today=request.today, expected_version=given["version"]
        ),
        words, there=lambda _: there, cancel=there,
        way_to=frame.way(request, ("Legal holds", frame.to(request, "holds")), (hold.reference, there)),
    )  # fmt: skip
