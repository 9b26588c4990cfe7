"""Pages on people's requests to see what is kept about them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe

from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import values
from shield.kernel.design.views import table_response
from shield.kernel.documents.exchange import html
from shield.kernel.files.views import served
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused
from shield.kernel.retention import forms, permissions, queries, services
from shield.kernel.retention.models import SubjectItem, SubjectRequest
from shield.kernel.retention.rules import mentions, package
from shield.kernel.retention.rules import requests as rules
from shield.kernel.retention.rules.requests import Decision, RequestStatus
from shield.kernel.retention.services.requests import OWNERS_ONLY
from shield.kernel.retention.views import frame
from shield.kernel.retention.views.frame import Words

TONES = {
    RequestStatus.GATHERING: "info", RequestStatus.REVIEW: "attention", RequestStatus.LOOK: "attention",
    RequestStatus.RELEASED: "good", RequestStatus.CLOSED: "neutral",
}  # fmt: skip
ITEM_TONES = {Decision.OPEN: "attention", Decision.DISCLOSE: "good", Decision.WITHHOLD: "neutral"}


@page(permissions.ANSWER)
def requests(request: Any) -> HttpResponse:
    """The requests and by when each is to be answered."""
    filters = forms.RequestFilter(request.GET)
    rows = queries.requests_of(request.actor).filter(**filters.chosen)
    columns = (
        Column(key="reference", label="Request", sort=True, href=lambda row: frame.to(request, "subject_request", row)),
        Column(key="received_on", label="Received", sort=True),
        Column(key="due_on", label="Answer by", sort=True),
        Column(key="owner_name", label="Answered by", sort=True),
        Column(key="late", label="Late", value=lambda row: _late(row, request.today), tone=lambda row: "late"),
        Column(key="status", label="State", value=lambda row: row.get_status_display(), tone=lambda row: TONES[row.status]),
    )  # fmt: skip
    table = Table(
        rows, columns, request.GET, caption="Subject access requests", show_caption=False, default_sort="due_on",
        filtered=bool(filters.chosen), empty="Nobody has asked yet.",
    )  # fmt: skip
    context = {
        "page_title": "Subject access requests", "filters": filters, "wide": True,
        "breadcrumbs": frame.way(request, ("Subject access requests", "")),
        "intro": "A person may see what is kept about them. The answer is due within one month of the request.",
        "acts": frame.links(request, (True, frame.to(request, "subject_request_open"), "Record a request")),
    }  # fmt: skip
    return table_response(request, "retention/list.html", context, table, file_name="subject access requests")


def _late(row: SubjectRequest, today: Any) -> str:
    return "Late" if _is_late(row, today) else ""


def _is_late(row: SubjectRequest, today: Any) -> bool:
    return bool(rules.is_open(row.status) and row.due_on < today)


@page(permissions.ANSWER)
def open_request(request: Any) -> HttpResponse:
    """Record that somebody asks."""
    form = forms.RequestForm(
        request.POST or None, actor=request.actor, initial={"received_on": request.today}
    )
    there = frame.to(request, "subject_requests")
    words = Words(
        "Record a request", "Record it and gather", "The request was recorded. What is kept is being gathered.",
        intro="You answer it. Everything that is kept about the person here is gathered for you and for nobody else.",
    )  # fmt: skip
    return frame.perform(
        request, form,
        lambda given: services.open_request(
            person=given["person"], received_on=given["received_on"], their_reference=given["their_reference"], by=request.actor,
            today=request.today,
        ),
        words, there=lambda row: frame.to(request, "subject_request", row), cancel=there,
        way_to=frame.way(request, ("Subject access requests", there)),
    )  # fmt: skip


def _way(request: Any, row: SubjectRequest, *, last: bool = False) -> list[tuple[str, str]]:
    own = (row.reference, "" if last else frame.to(request, "subject_request", row))
    return frame.way(request, ("Subject access requests", frame.to(request, "subject_requests")), own)


def _is_mine(request: Any, row: SubjectRequest) -> bool:
    return bool(row.owner_id == request.actor.person_id)


@page(permissions.ANSWER, record=SubjectRequest)
def request_page(request: Any, row: SubjectRequest) -> HttpResponse:
    """One request: its clock, where it stands, and for its owner what was gathered."""
    mine = _is_mine(request, row)
    late = _is_late(row, request.today)
    facts: list[Any] = [
        ("Who asks", row.person.name),
        ("Received", row.received_on),
        ("Your reference", row.their_reference),
    ]
    facts += [
        ("Answer by", f"{in_words(row.due_on)}{' (late)' if late else ''}"),
        ("Answered by", row.owner_name),
    ]
    if row.extra_months:
        facts.append(("Extended because", row.extra_why))
    if row.gathered_at:
        facts.append(("Gathered", values.moment(row.gathered_at)))
    if row.released_at:
        facts += [("Released", values.moment(row.released_at)), ("Fingerprint", row.digest)]
    if row.closed_why:
        facts.append(("Why it was closed", row.closed_why))
    filters = forms.ItemFilter(request.GET)
    context = {
        "page_title": f"Subject access request {row.reference}", "facts": facts, "standing": row.get_status_display(),
        "tone": TONES[RequestStatus(row.status)], "entries": history.of_record(row.partnership_id, row.pk),
        "acts": _acts(request, row, mine), "breadcrumbs": _way(request, row, last=True), "hint": _hint(row, mine), "wide": mine,
        "filters": filters if mine and row.gathered_at else None,
    }  # fmt: skip
    if not mine:
        return render(request, "retention/record.html", context)
    return table_response(request, "retention/record.html", context, _items(request, row, filters))


def _hint(row: SubjectRequest, mine: bool) -> str:
    if not mine:
        return OWNERS_ONLY
    return {
        RequestStatus.GATHERING: "What is kept is being gathered; this takes a minute or two. Load the page again to see it.",
        RequestStatus.REVIEW: "Go through the items that name other people, one by one. Items that name nobody else are disclosed unless "
        "you withhold them.",
        RequestStatus.LOOK: "Everything is decided. Read the answer once more as it will leave, and release it.",
        RequestStatus.RELEASED: "The answer is frozen. Send it to the person by a safe way; nobody but you can download it.",
    }.get(RequestStatus(row.status), "")


def _items(request: Any, row: SubjectRequest, filters: forms.ItemFilter) -> Table:
    rows = SubjectItem.objects.visible_to(request.actor).filter(request=row, **filters.chosen)
    columns = (
        Column(
            key="number",
            label="Item",
            sort=True,
            value=lambda i: f"Item {i.number}",
            href=lambda i: frame.to(request, "subject_item", i),
        ),
        Column(key="where", label="Kept in", sort=True),
        Column(key="relation", label="How it concerns them", value=lambda i: _of_them(i.relation)),
        Column(key="since", label="Since", sort=True),
        Column(key="marked", label="Others", value=lambda i: "Names others" if i.marked else "", sort=True),
        Column(
            key="decision",
            label="Decision",
            value=lambda i: i.get_decision_display(),
            tone=lambda i: ITEM_TONES[i.decision],
            sort=True,
        ),
    )
    return Table(
        rows, columns, request.GET, caption="What was gathered", default_sort="number", exportable=False, filtered=bool(filters.chosen),
        empty="Nothing was gathered yet.",
    )  # fmt: skip


def _of_them(relation: str) -> str:
    """“About you” as the manager reads it."""
    return relation.replace("you", "them").capitalize()


def _acts(request: Any, row: SubjectRequest, mine: bool) -> list[dict[str, str]]:
    if not mine:
        return frame.links(
            request, (True, frame.to(request, "subject_request_take_over", row), "Take this request over")
        )
    status = RequestStatus(row.status)

    def offer(name: str, *when: RequestStatus) -> tuple[bool, str]:
        return status in when, frame.to(request, name, row)

    answered, still = (
        RequestStatus.RELEASED,
        (RequestStatus.GATHERING, RequestStatus.REVIEW, RequestStatus.LOOK),
    )
    return frame.links(
        request,
        (*offer("subject_request_finish", RequestStatus.REVIEW), "Finish the review"),
        (*offer("subject_request_look", RequestStatus.LOOK), "Take a second look and release it"),
        (*offer("subject_request_reopen", RequestStatus.LOOK), "Back into review"),
        (
            status == answered,
            frame.to(request, "subject_request_file", row, form="zip"),
            "Download the answer as ZIP",
        ),
        (
            status == answered,
            frame.to(request, "subject_request_file", row, form="pdf"),
            "Download the answer as PDF",
        ),
        (
            status in still and not row.extra_months,
            frame.to(request, "subject_request_extend", row),
            "Extend the time",
        ),
        (*offer("subject_request_gather", RequestStatus.REVIEW), "Gather anew"),
        (*offer("subject_request_close", *still), "Close it without an answer"),
    )


@page(permissions.ANSWER, record=SubjectRequest)
def extend(request: Any, row: SubjectRequest) -> HttpResponse:
    """Extend the time."""
    words = Words(
        "Extend the time", "Extend it", "The time was extended.",
        "Only where the request is complex, or one of several; tell the person within the first month, with the reason.",
    )  # fmt: skip
    return _act(
        request, row, forms.ExtendForm, words,
        lambda given, **more: services.extend_request(
            request=row, extra_months=int(given["extra"]), reason=given["reason"], today=request.today, **more
        ),
    )  # fmt: skip


@page(permissions.ANSWER, record=SubjectRequest)
def take_over(request: Any, row: SubjectRequest) -> HttpResponse:
    """Answer a request from now on."""
    words = Words(
        "Take this request over", "Take it over", "You answer this request now.",
        f"{row.owner_name} answers it now. What was gathered will be for you, and no longer for them.",
    )  # fmt: skip
    return _act(
        request, row, forms.ReasonForm, words,
        lambda given, **more: services.take_over_request(request=row, reason=given["reason"], **more),
    )  # fmt: skip


@page(permissions.ANSWER, record=SubjectRequest)
def gather_again(request: Any, row: SubjectRequest) -> HttpResponse:
    """Gather anew."""
    words = Words(
        "Gather anew", "Gather anew", "What is kept is being gathered anew.",
        "What was gathered and decided so far is thrown away. Do this when something has been added or put right.",
    )  # fmt: skip
    return _act(
        request,
        row,
        forms.ConfirmForm,
        words,
        lambda given, **more: services.gather_again(request=row, **more),
    )


@page(permissions.ANSWER, record=SubjectRequest)
def finish_review(request: Any, row: SubjectRequest) -> HttpResponse:
    """Every item is decided."""
    words = Words(
        "Finish the review", "Finish it", "The review is finished. Take a second look and release the answer.",
        "You can go back into review until the answer is released.",
    )  # fmt: skip
    return _act(
        request,
        row,
        forms.ConfirmForm,
        words,
        lambda given, **more: services.finish_review(request=row, **more),
    )


@page(permissions.ANSWER, record=SubjectRequest)
def reopen(request: Any, row: SubjectRequest) -> HttpResponse:
    """Back into review."""
    words = Words("Back into review", "Back into review", "The request is in review again.")
    return _act(
        request, row, forms.ReasonForm, words,
        lambda given, **more: services.reopen_review(request=row, reason=given["reason"], **more),
    )  # fmt: skip


@page(permissions.ANSWER, record=SubjectRequest)
def close(request: Any, row: SubjectRequest) -> HttpResponse:
    """Close without an answer."""
    words = Words(
        "Close it without an answer", "Close it", "The request was closed.",
        "Because it was withdrawn, or is refused as manifestly unfounded or excessive; then the person must be told why.",
    )  # fmt: skip
    return _act(
        request, row, forms.ReasonForm, words,
        lambda given, **more: services.close_request(request=row, reason=given["reason"], today=request.today, **more),
    )  # fmt: skip


def _act(request: Any, row: SubjectRequest, form_class: Any, words: Words, act: Any) -> HttpResponse:
    """One act on a request: its form, or back to its page."""
    there = frame.to(request, "subject_request", row)
    form = form_class(request.POST or None, version=row.version)
    return frame.perform(
        request, form, lambda given: act(given, by=request.actor, expected_version=given["version"]),
        Words(words.title, words.button, words.said, words.intro, row.reference), there=lambda _: there, cancel=there,
        way_to=_way(request, row),
    )  # fmt: skip


@page(permissions.ANSWER, record=SubjectRequest)
def look(request: Any, row: SubjectRequest) -> HttpResponse:
    """The second look: the answer as it will leave, and its release."""
    there = frame.to(request, "subject_request", row)
    if not _is_mine(request, row) or (row.status != RequestStatus.LOOK and request.method != "POST"):
        messages.error(
            request,
            OWNERS_ONLY
            if not _is_mine(request, row)
            else "There is nothing to release yet, or it was released.",
        )
        return HttpResponseRedirect(there)
    form = forms.ReleaseForm(request.POST or None, version=row.version)
    drafted = services.draft_answer(request=row, by=request.actor, today=request.today)
    words = Words(
        "A second look before it leaves", "Release the answer", "The answer was released and frozen.", caption=row.reference,
        intro="This is the answer as the person will read it. Once it is released nothing of it can be changed.",
    )  # fmt: skip
    return frame.perform(
        request, form,
        lambda given: services.release_answer(
            request=row, by=request.actor, today=request.today, now=calendar.now(), expected_version=given["version"]
        ),
        words, there=lambda _: there, cancel=there, way_to=_way(request, row), template="retention/look.html",
        answer=mark_safe(html.fragment(package.document(drafted, draft=True), contents=False)),  # noqa: S308 - the renderer escapes every text
    )  # fmt: skip


@page(permissions.ANSWER, record=SubjectRequest, methods=("GET",))
def answer(request: Any, row: SubjectRequest, form: str) -> HttpResponse:
    """What was released, for its owner."""
    try:
        content = services.download_answer(request=row, format=form, by=request.actor)
    except (Forbidden, Refused) as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(frame.to(request, "subject_request", row))
    kinds = {"zip": "application/zip", "pdf": "application/pdf"}
    return served(content, f"answer-{row.reference.lower()}.{form}", kinds[form])


@page(permissions.ANSWER, record=SubjectItem)
def item(request: Any, item: SubjectItem) -> HttpResponse:
    """One item: its text with the other people marked, and what becomes of it."""
    row = item.request
    form = forms.ItemForm(
        request.POST or None, item=item, version=item.version,
        initial={"decision": "" if item.decision == Decision.OPEN else item.decision, "exemption": item.exemption, "reason": item.reason},
    )  # fmt: skip
    there = frame.to(request, "subject_request", row)
    title = f"Item {item.number}"
    words = Words(title, "Decide", f"{title} was decided.", caption=row.reference)
    spans = [(start, end) for party in form.parties for start, end in party.spans]
    facts = [
        ("Kept in", item.where), ("How it concerns them", _of_them(item.relation)), ("Since", item.since),
        ("Decision", item.get_decision_display()),
    ]  # fmt: skip
    return frame.perform(
        request, form,
        lambda given: services.review_item(
            item=item, decision=given["decision"], exemption=given["exemption"], reason=given["reason"], choices=form.choices,
            by=request.actor, expected_version=given["version"],
        ),
        words, there=lambda _: _next(request, row, item), cancel=there, way_to=[*_way(request, row), (title, "")],
        template="retention/item.html", facts=facts, pieces=mentions.pieces(item.text, spans), open=row.status == RequestStatus.REVIEW,
    )  # fmt: skip


def _next(request: Any, row: SubjectRequest, item: SubjectItem) -> str:
    """The next item that waits for a decision, or the request."""
    waiting = (
        SubjectItem.objects.visible_to(request.actor)
        .filter(request=row, decision=Decision.OPEN)
        .exclude(pk=item.pk)
    )
    following = waiting.filter(number__gt=item.number).first() or waiting.first()
    return (
        frame.to(request, "subject_item", following)
        if following
        else frame.to(request, "subject_request", row)
    )
