"""Pages on the names of a case, for its team alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.views import page, perform
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.queries import Column, Table
from shield.kernel.history import queries as history
from shield.kernel.history import services as reads
from shield.kernel.identities import forms, permissions, queries, rules, services
from shield.kernel.identities.models import Identity
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef, parse_ref


def _to(request: Any, name: str, about: RecordRef | None = None, record: Any = None) -> str:
    kwargs = {"partnership": request.actor.partnership_slug}
    made = reverse(name, kwargs=kwargs if record is None else {**kwargs, "id": record.pk})
    return f"{made}?{urlencode({'about': about.as_text()})}" if about else made


def _case(request: Any) -> Any:
    """The record named by `about`, if it has a team and the person is in it; else 404."""
    ref = parse_ref(request.GET.get("about", ""))
    model = KINDS.get(ref.kind) if ref else None
    row = model.objects.visible_to(request.actor).filter(pk=ref.id).first() if ref and model else None
    if row is None or getattr(row, "team_id", None) is None:
        raise Http404
    if not (row.team_id in request.actor.team_ids or row.pk in request.actor.opened):
        raise Http404
    reads.note_read(of=row.ref, by=request.actor, purpose="opened the names")
    return row


def _way(request: Any, row: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    there = records.address(row.kind, row.pk, request.actor.partnership_slug)
    return [(row.reference or row.heading, there), ("Names", _to(request, "identities", row.ref)), *more]


@page(permissions.SEE, methods=("GET",))
def identities(request: Any) -> HttpResponse:
    """Everybody of a case: pseudonym beside name."""
    case = _case(request)
    keeps = request.actor.may(permissions.KEEP) and case.team_id in request.actor.team_ids
    columns = (
        Column(key="pseudonym", label="Pseudonym", href=lambda row: _to(request, "identity", record=row)),
        Column(key="relation", label="In the case"),
        Column(key="name", label="Name", value=lambda row: row.names[0]),
        Column(key="others", label="Also written", value=lambda row: ", ".join(row.names[1:])),
    )
    doubts = len(queries.unresolved(records.texts(case.ref, request.actor), case.ref, request.actor))
    context = {
        "page_title": "Names of the case",
        "page_caption": case.reference,
        "breadcrumbs": [*_way(request, case)[:1], ("Names", "")],
        "add_href": _to(request, "identity_add", case.ref) if keeps else "",
        "words_href": _to(request, "names_decide", case.ref) if keeps and doubts else "",
        "doubts": doubts,
        "table": Table(
            list(queries.identities(case.ref, request.actor)), columns, request.GET, caption="Names", show_caption=False,
            exportable=False, empty="Nobody of this case is in the vault yet.",
        ),
    }  # fmt: skip
    return render(request, "identities/identities.html", context)


@page(permissions.SEE, record=Identity)
def identity(request: Any, identity: Identity) -> HttpResponse:
    """One person of a case."""
    case = _case_of(request, identity)
    days = [in_words(rules.day_of(each)) for each in identity.births]
    context = {
        "page_title": identity.pseudonym,
        "page_caption": "Behind the pseudonym",
        "breadcrumbs": _way(request, case, (identity.pseudonym, "")),
        "facts": [
            ("Name", identity.names[0]),
            ("Also written", "\n".join(identity.names[1:]) or "No other spelling known"),
            ("In the case", identity.relation or "Not said"),
            ("Born", " or ".join(days) or "Not known"),
            *identity.numbers.items(),
            *([("Notes", identity.notes)] if identity.notes else []),
        ],
        "differs": len(days) > 1,
        "change_href": _to(request, "identity_change", record=identity)
        if request.actor.may(permissions.KEEP) and identity.team_id in request.actor.team_ids
        else "",
        "entries": history.of_record(identity.partnership_id, identity.pk),
    }
    return render(request, "identities/identity.html", context)


def _case_of(request: Any, row: Identity) -> Any:
    case = KINDS[row.about_kind].objects.visible_to(request.actor).filter(pk=row.about_id).first()
    if case is None:
        raise Http404
    return case


@page(permissions.KEEP)
def identity_add(request: Any) -> HttpResponse:
    """Put somebody into the vault."""
    case = _case(request)
    there = _to(request, "identities", case.ref)
    form = forms.IdentityForm(request.POST or None)
    return perform(
        request, form,
        lambda: services.add(about=case.ref, team=case.team, by=request.actor, **form.values), lambda _: there,
        title="Add somebody", page_caption=case.reference, cancel_href=there, said="Kept in the vault.",
        breadcrumbs=_way(request, case, ("Add somebody", "")),
    )  # fmt: skip


@page(permissions.KEEP, record=Identity)
def identity_change(request: Any, identity: Identity) -> HttpResponse:
    """Add a spelling, mend a name."""
    case = _case_of(request, identity)
    there = _to(request, "identity", record=identity)
    form = forms.IdentityForm(
        request.POST or None, version=identity.version, initial=forms.initial_of(identity)
    )
    return perform(
        request, form,
        lambda: services.change(
            identity=identity, by=request.actor, expected_version=form.cleaned_data["version"], **form.values
        ),
        lambda _: there, title="Change what is kept", page_caption=identity.pseudonym, cancel_href=there, said="Changed.",
        breadcrumbs=_way(request, case, (identity.pseudonym, there), ("Change", "")),
    )  # fmt: skip


@page(permissions.KEEP)
def names_decide(request: Any) -> HttpResponse:
    """Say of the words that could be names what they are."""
    case = _case(request)
    there = _to(request, "identities", case.ref)
    doubts = queries.unresolved(records.texts(case.ref, request.actor), case.ref, request.actor)
    pseudonyms = [row.pseudonym for row in queries.identities(case.ref, request.actor)]
    form = forms.DecideForm(request.POST or None, doubts=doubts[: rules.SHOWN], pseudonyms=pseudonyms)
    more = len(doubts) - rules.SHOWN
    intro = [
        "These words are like a name of this case, or belong to more than one person in it. Before anything leaves the "
        "team each must be a pseudonym or no name."
    ]
    if more > 0:
        intro.append(f"{more} more follow when these are decided.")
    if not doubts:
        intro = ["No word of this case is in doubt."]
    return perform(
        request, form,
        lambda: services.decide(about=case.ref, team=case.team, words=form.words, by=request.actor), lambda _: there,
        title="Words that could be names", page_caption=case.reference, cancel_href=there, said="Decided.", intro=intro,
        breadcrumbs=_way(request, case, ("Words that could be names", "")),
    )  # fmt: skip
