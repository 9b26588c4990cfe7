"""Pages on e-mails: what became of those that were sent, what Shield sends at all, and what each person gets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.views import page, submit
from shield.kernel.accounts import forms, permissions, queries, services
from shield.kernel.accounts.views import frame
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import values
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.kernel.notices import permissions as notices
from shield.kernel.notices import queries as outbox
from shield.kernel.notices import rules
from shield.kernel.notices import services as post
from shield.kernel.notices.models import Message


def _way(request: Any, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return frame.way(request, ("People", frame.to(request, "people")), *further)


@page(notices.VIEW_OUTBOX)
def emails(request: Any) -> HttpResponse:
    """What kind of e-mail went to whom, when, and what became of it."""
    actor, filters = request.actor, forms.EmailFilter(request.GET)
    chosen = dict(filters.chosen)
    if name := chosen.pop("name", ""):
        chosen["people"] = queries.named(name, actor)
    rows = outbox.outbox(actor, **chosen)
    people: dict[Any, str] = {}
    table = Table(
        rows,
        _columns(request, people),
        request.GET,
        caption="E-mails",
        show_caption=False,
        default_sort="-queued_at",
        exportable=actor.may(permissions.EXPORT_IDENTITIES),
        filtered=bool(filters.chosen),
        empty="No e-mail has been sent yet.",
        empty_hint="Shield sends one when something waits for somebody.",
    )
    shown = rows if table.wants_export else table.page_rows
    people.update(queries.names(list({row.person_id for row in shown if row.person_id}), actor))
    context = {
        "page_title": "E-mails",
        "filters": filters,
        "delay": outbox.delay(actor),
        "breadcrumbs": _way(request, ("E-mails", "")),
    }
    return table_response(request, "accounts/emails.html", context, table, file_name="e-mails")


def _columns(request: Any, people: dict[Any, str]) -> tuple[Column, ...]:
    def failed(row: Message) -> bool:
        return row.status in rules.ENDED_BADLY and request.actor.may(notices.SEND_AGAIN)

    return (
        Column(
            key="template", label="Kind", value=lambda row: row.template_label, sort=True,
            href=lambda row: frame.to(request, "email", row),
        ),
        Column(
            key="status", label="State", sort=True, value=lambda row: row.get_status_display(),
            tone=lambda row: rules.TONES.get(row.status, "neutral"),
        ),
        Column(key="to", label="To", value=lambda row: people.get(row.person_id, "")),
        Column(
            key="queued_at", label="Queued", sort=True, value=lambda row: values.moment(row.queued_at),
            export=lambda row: row.queued_at,
        ),
        Column(key="problem", label="Why", value=lambda row: _sentence(row.problem)),
        Column(
            key="again", label="What you can do", hidden_label=True, export=False,
            value=lambda row: "Send again" if failed(row) else "",
            href=lambda row: frame.to(request, "email_again", row) if failed(row) else None,
        ),
    )  # fmt: skip


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


@page(notices.VIEW_OUTBOX, record=Message)
def email(request: Any, message: Message) -> HttpResponse:
    """One e-mail: to whom, what it says, what became of it."""
    name = (
        queries.names([message.person_id], request.actor).get(message.person_id)
        if message.person_id
        else None
    )
    person = reverse("person", args=[request.actor.partnership_slug, message.person_id]) if name else ""
    failed = message.status in rules.ENDED_BADLY and request.actor.may(notices.SEND_AGAIN)
    context = {
        "page_title": message.template_label,
        "page_caption": "E-mail",
        "breadcrumbs": _way(request, ("E-mails", frame.to(request, "emails")), (message.template_label, "")),
        "message": message,
        "tone": rules.TONES.get(message.status, "neutral"),
        "last_known": message.status == rules.State.SENT and not message.notify_id,
        "facts": [
            {"key": "To", "value": name or "Somebody who has no part here any more", "href": person},
            ("Address", message.address),
            ("Queued", message.queued_at),
            ("Handed over", message.sent_at or "Not yet"),
            ("Attempts", message.attempts),
            *([("Of how many things it tells", message.count)] if message.count > 1 else []),
            *([("Why", _sentence(message.problem))] if message.problem else []),
        ],
        "again_href": frame.to(request, "email_again", message) if failed else "",
        "entries": history.of_record(message.partnership_id, message.pk),
    }
    return render(request, "accounts/email.html", context)


@page(notices.SEND_AGAIN, record=Message)
def email_again(request: Any, message: Message) -> HttpResponse:
    """Send an e-mail again that was given up."""
    there = frame.to(request, "email", message)
    if request.method != "POST" and message.status not in rules.ENDED_BADLY:
        messages.info(request, "This e-mail is not given up, so there is nothing to send again.")
        return HttpResponseRedirect(there)
    form = design.ShieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.send_email_again(message=message, by=request.actor, today=request.today),
            lambda _: there,
            said="It is on its way again.",
        )
        if done:
            return done
    context = {
        "page_title": "Send this e-mail again",
        "page_caption": message.template_label,
        "form": form,
        "intro": "It goes to the address with which its reader signs in now, with the same words as before.",
        "submit_text": "Send it again",
        "cancel_href": there,
        "breadcrumbs": _way(
            request, ("E-mails", frame.to(request, "emails")), (message.template_label, there)
        ),
    }
    return render(request, "accounts/form.html", context)


@page(notices.VIEW_OUTBOX)
def email_kinds(request: Any) -> HttpResponse:
    """What Shield sends: every message with its words, to whom, and what its reader may choose."""
    kinds = sorted(rules.TEMPLATES.values(), key=lambda kind: kind.label)
    context = {
        "page_title": "What Shield sends",
        "kinds": [
            {"kind": kind, "choice": _choice(kind), "body": kind.body.format_map(_Shown())} for kind in kinds
        ],
        "breadcrumbs": _way(request, ("E-mails", frame.to(request, "emails")), ("What Shield sends", "")),
    }
    return render(request, "accounts/email_kinds.html", context)


class _Shown(dict[str, str]):
    """What is filled in, in braces as before; the numbers of the summary as lines of their own."""

    def __missing__(self, name: str) -> str:
        return "By kind:\n\n- {kind}: {number}\n\n" if name == "tally" else f"{{{name}}}"


def _choice(kind: rules.Template) -> str:
    """What its reader may choose, as a sentence."""
    if not kind.may_choose:
        return "It cannot be switched off."
    words = [when.label.lower() for when in kind.choices]
    if kind is rules.SUMMARY:
        words[0] = "every Monday"
    return f"Its reader gets it {', '.join(words[:-1])} or {words[-1]}, as they choose."


@page(signed_in=True)
def own_emails(request: Any) -> HttpResponse:
    """Which e-mails I get from this partnership, and when."""
    chosen = outbox.choices_of(request.actor.person_id, request.actor.partnership_id)
    form = forms.OwnEmailsForm(request.POST or None, chosen=chosen)
    here = frame.to(request, "own_emails")
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: post.choose(choices=form.choices, by=request.actor),
            lambda _: here,
            said="Your choice was saved. It holds for what is sent from now on.",
        )
        if done:
            return done
    context = {
        "page_title": "Your e-mails",
        "page_caption": request.partnership.short_name,
        "form": form,
        "always": [kind.label for kind in rules.TEMPLATES.values() if not kind.may_choose],
        "cancel_href": reverse("account"),
        "breadcrumbs": [("My account", reverse("account")), ("Your e-mails", "")],
    }
    return render(request, "accounts/own_emails.html", context)
