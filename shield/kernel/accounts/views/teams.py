"""Pages on a team: who works on a case, who may not, and who leads."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, perform
from shield.kernel.accounts import forms, permissions, queries, services
from shield.kernel.accounts.models import ConflictOfInterest, Team, TeamMembership
from shield.kernel.accounts.views import frame
from shield.kernel.calendar import queries as calendar
from shield.kernel.design.queries import Column, Table
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records


def _way(request: Any, team: Team, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return frame.way(request, (team.title, frame.to(request, "team", team)), *more)


def _manages(request: Any, team: Team) -> bool:
    return request.actor.may(permissions.MANAGE_TEAMS) and team.pk in request.actor.team_ids


@page(permissions.VIEW_PROFILE, record=Team)
def team(request: Any, team: Team) -> HttpResponse:
    """Who is in the team and was, who leads it, who has a conflict of interest."""
    manages = _manages(request, team)
    mine = team.pk in request.actor.team_ids
    about = team.about
    acts = [
        ("team_join", "Take somebody into the team", manages),
        ("team_lead", "Say who leads the team", manages),
        ("team_conflict", "Declare a conflict of interest of your own", mine),
        ("team_conflict_of", "Note a conflict of interest of somebody else", manages),
    ]
    context = {
        "page_title": team.title,
        "page_caption": "Team",
        "breadcrumbs": frame.way(request, (team.title, "")),
        "facts": [
            ("What it is for", team.purpose),
            ("Led by", team.lead.name if team.lead else "Nobody yet"),
        ],
        "case_href": records.address(about.kind, about.id, request.actor.partnership_slug)
        if about and mine
        else "",
        "acts": [{"href": frame.to(request, name, team), "text": text} for name, text, may in acts if may],
        "members": _members(request, team, manages),
        "conflicts": _conflicts(request, team, manages),
        "entries": history.of_record(team.partnership_id, team.pk),
    }
    return render(request, "accounts/team.html", context)


def _members(request: Any, team: Team, manages: bool) -> Table:
    def goes_on(row: TeamMembership) -> bool:
        return row.ends_on is None or row.ends_on >= request.today

    columns = [
        Column(key="person", label="Who", value=lambda row: row.person.name),
        Column(key="starts_on", label="From"),
        Column(key="ends_on", label="Until"),
        Column(
            key="end",
            label="What you can do",
            hidden_label=True,
            value=lambda row: f"Take {row.person.name} out" if goes_on(row) else "",
            href=lambda row: frame.to(request, "team_leave", row) if goes_on(row) else None,
        ),
    ]
    return Table(
        queries.ever_in(team), columns if manages else columns[:-1], request.GET, caption="Members", name="members",
        exportable=False, empty="Nobody is in this team.",
    )  # fmt: skip


def _conflicts(request: Any, team: Team, manages: bool) -> Table:
    def may_end(row: ConflictOfInterest) -> bool:
        return manages and row.ended_on is None and row.person_id != request.actor.person_id

    columns = [
        Column(key="person", label="Who", value=lambda row: row.person.name),
        Column(key="reason", label="Why"),
        Column(key="declared_on", label="Declared on"),
        Column(key="ended_on", label="Ended on", value=lambda row: row.ended_on or "Stands"),
        Column(
            key="end",
            label="What you can do",
            hidden_label=True,
            value=lambda row: f"End the conflict of {row.person.name}" if may_end(row) else "",
            href=lambda row: frame.to(request, "team_conflict_end", row) if may_end(row) else None,
        ),
    ]
    rows = ConflictOfInterest.objects.visible_to(request.actor).filter(team=team)
    return Table(
        rows, columns if manages else columns[:-1], request.GET, caption="Conflicts of interest", name="conflicts",
        exportable=False, empty="Nobody has declared a conflict of interest.",
    )  # fmt: skip


@page(permissions.MANAGE_TEAMS, record=Team)
def team_join(request: Any, team: Team) -> HttpResponse:
    """Take somebody into the team."""
    actor, there = request.actor, frame.to(request, "team", team)
    form = forms.TeamPersonForm(request.POST or None, people=queries.could_join(team, actor, request.today))
    return perform(
        request, form,
        lambda: services.join_team(
            team=team, person=form.cleaned_data["person"], reason=form.cleaned_data["reason"], by=actor, today=request.today
        ),
        lambda _: there, title="Take somebody into the team", page_caption=team.title, submit_text="Take them in",
        cancel_href=there, breadcrumbs=_way(request, team, ("Take somebody in", "")), said="They are in the team.",
        intro=["Everything of the case opens to them. Take in only those who need it for their part in the work."],
    )  # fmt: skip


@page(permissions.MANAGE_TEAMS, record=TeamMembership)
def team_leave(request: Any, membership: TeamMembership) -> HttpResponse:
    """Take somebody out of the team."""
    team, there = membership.team, frame.to(request, "team", membership.team)
    own = membership.person_id == request.actor.person_id
    form = forms.ReasonForm(request.POST or None, label="Why do they leave the team?")
    return perform(
        request, form,
        lambda: services.leave_team(
            membership=membership, reason=form.cleaned_data["reason"], by=request.actor, today=request.today
        ),
        lambda _: frame.to(request, "profile") if own else there, title=f"Take {membership.person.name} out of the team",
        page_caption=team.title, submit_text="Take them out", cancel_href=there, said="They are no longer in the team.",
        breadcrumbs=_way(request, team, ("Take somebody out", "")),
    )  # fmt: skip


@page(permissions.MANAGE_TEAMS, record=Team)
def team_lead(request: Any, team: Team) -> HttpResponse:
    """Say who leads the team."""
    there = frame.to(request, "team", team)
    members = [row.person_id for row in queries.members_of(team, request.today)]
    people = queries.people_of(request.actor, request.today).filter(pk__in=members)
    form = forms.TeamPersonForm(
        request.POST or None, people=people, with_reason=False, version=team.version, initial={"person": team.lead_id}
    )  # fmt: skip
    return perform(
        request, form,
        lambda: services.lead_team(
            team=team, person=form.cleaned_data["person"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda _: there, title="Who leads the team?", page_caption=team.title, cancel_href=there,
        breadcrumbs=_way(request, team, ("Who leads it", "")), said="Noted.",
        intro=["Whoever leads the team is told at once when the case is opened urgently by somebody outside it."],
    )  # fmt: skip


@page(permissions.VIEW_PROFILE, record=Team)
def team_conflict(request: Any, team: Team) -> HttpResponse:
    """Declare a conflict of interest of one's own: the case closes at once."""
    there = frame.to(request, "team", team)
    form = forms.ReasonForm(request.POST or None, label="What is the conflict of interest?")
    return perform(
        request, form,
        lambda: services.declare_conflict(
            team=team, person=queries.person_of(request.actor), reason=form.cleaned_data["reason"], by=request.actor,
            today=request.today, now=calendar.now(),
        ),
        lambda _: frame.to(request, "home"), title="Declare a conflict of interest", page_caption=team.title,
        submit_text="Declare it", cancel_href=there, said="Noted. The case is closed to you.",
        breadcrumbs=_way(request, team, ("Conflict of interest", "")),
        intro=["The case closes to you at once and cannot be opened urgently by you either."],
    )  # fmt: skip


@page(permissions.MANAGE_TEAMS, record=Team)
def team_conflict_of(request: Any, team: Team) -> HttpResponse:
    """Note that somebody else is too near to the case, whether they are in the team or not."""
    there = frame.to(request, "team", team)
    people = queries.people_of(request.actor, request.today).exclude(pk=request.actor.person_id)
    form = forms.TeamPersonForm(
        request.POST or None, people=people, reason_label="What is the conflict of interest?"
    )
    return perform(
        request, form,
        lambda: services.declare_conflict(
            team=team, person=form.cleaned_data["person"], reason=form.cleaned_data["reason"], by=request.actor,
            today=request.today, now=calendar.now(),
        ),
        lambda _: there, title="Note a conflict of interest", page_caption=team.title, submit_text="Note it", cancel_href=there,
        breadcrumbs=_way(request, team, ("Conflict of interest", "")), said="Noted. The case is closed to them.",
    )  # fmt: skip


@page(permissions.MANAGE_TEAMS, record=ConflictOfInterest)
def team_conflict_end(request: Any, conflict: ConflictOfInterest) -> HttpResponse:
    """Say that a conflict stands no longer."""
    team, there = conflict.team, frame.to(request, "team", conflict.team)
    form = forms.ReasonForm(request.POST or None, label="Why does it stand no longer?")
    return perform(
        request, form,
        lambda: services.end_conflict(
            conflict=conflict, reason=form.cleaned_data["reason"], by=request.actor, today=request.today
        ),
        lambda _: there, title=f"End the conflict of interest of {conflict.person.name}", page_caption=team.title,
        submit_text="End it", cancel_href=there, breadcrumbs=_way(request, team, ("Conflict of interest", "")),
        said="Noted. They are not in the team by this: take them in if they are needed.",
    )  # fmt: skip
