"""Pages on leaving: what somebody holds, who takes over, and out; and ending their sessions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, submit
from shield.kernel.accounts import forms, permissions, queries, rules, services
from shield.kernel.accounts.models import Leaving, Person
from shield.kernel.accounts.views import frame
from shield.kernel.accounts.views.people import role_label
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words
from shield.kernel.design import forms as design
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Panel, PanelItem


@page(permissions.MANAGE_PEOPLE, record=Person)
def leave(request: Any, person: Person) -> HttpResponse:
    """Everything a person holds here, before it is ended and handed over."""
    actor, today = request.actor, request.today
    there = frame.to(request, "person", person)
    form = forms.LeavingForm(
        request.POST or None, actor=actor, person=person, today=today, initial={"last_day": today}
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("last_day", "hand_over_to", "reason")}
        at_once = given["last_day"] <= today
        said = (
            f"{person.name} has left. All their sessions have ended."
            if at_once
            else f"{person.name} leaves after {in_words(given['last_day'])}."
        )
        if done := submit(
            request,
            form,
            lambda: services.leave(person=person, by=actor, today=today, now=calendar.now(), **given),
            lambda _: there,
            said=said,
        ):
            return done
    context = {
        "page_title": "They leave the partnership",
        "page_caption": person.name,
        "form": form,
        "holdings": [*_own(request, person), *records.handing_over(person, actor)],
        "submit_text": "They leave",
        "cancel_href": there,
        "breadcrumbs": _way(request, person),
    }
    return render(request, "accounts/leave.html", context)


def _way(request: Any, person: Person) -> list[tuple[str, str]]:
    people = ("People", frame.to(request, "people"))
    return frame.way(request, people, (person.name, frame.to(request, "person", person)))


def _own(request: Any, person: Person) -> list[Panel]:
    """Roles, agencies and teams that will end."""
    actor, today = request.actor, request.today

    def held(row: Any) -> bool:
        return rules.in_force(None, row.ends_on, today)

    roles = [PanelItem(role_label(g.role)) for g in queries.roles_of(person, actor) if held(g)]
    posts = [
        PanelItem(f"{m.agency.name}: {m.post}" if m.post else m.agency.name, m.agency.ref)
        for m in queries.posts_of(person, actor)
        if held(m)
    ]
    teams = [PanelItem(t.team.title) for t in queries.teams_of(person, actor, today)]
    shown = (("Roles", roles), ("Works for", posts), ("Teams", teams))
    return [Panel(title, tuple(items)) for title, items in shown if items]


@page(permissions.MANAGE_PEOPLE, record=Leaving)
def withdraw_leaving(request: Any, leaving: Leaving) -> HttpResponse:
    """Take a planned leaving back."""
    person = leaving.person
    intro = f"It is noted that {person.name} leaves after {in_words(leaving.last_day)}. Their roles and posts go on as before."
    return _confirm(
        request,
        person,
        lambda: services.withdraw_leaving(
            leaving=leaving, by=request.actor, today=request.today, now=calendar.now()
        ),
        {
            "title": "They do not leave after all",
            "button": "They stay",
            "said": "They stay.",
            "intro": intro,
        },
    )


@page(permissions.MANAGE_PEOPLE, record=Person)
def end_sessions(request: Any, person: Person) -> HttpResponse:
    """End all sessions of a person."""
    intro = f"{person.name} is signed out on every device at once, and can sign in again. "
    intro += "Do this when a device is lost or somebody else may be using it."
    return _confirm(
        request,
        person,
        lambda: services.end_sessions(
            person=person, by=request.actor, today=request.today, now=calendar.now()
        ),
        {
            "title": "End all their sessions",
            "button": "End all sessions now",
            "said": f"{person.name} is signed out everywhere.",
            "intro": intro,
        },
    )


def _confirm(request: Any, person: Person, act: Any, words: dict[str, str]) -> HttpResponse:
    """One act on a person that only needs to be confirmed."""
    there = frame.to(request, "person", person)
    form = design.ShieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if done := submit(request, form, act, lambda _: there, said=words["said"]):
            return done
    context = {
        "page_title": words["title"],
        "page_caption": person.name,
        "form": form,
        "intro": words["intro"],
        "submit_text": words["button"],
        "cancel_href": there,
        "breadcrumbs": _way(request, person),
    }
    return render(request, "accounts/form.html", context)
