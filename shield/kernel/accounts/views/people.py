"""Pages on people: who they are, where they work, which roles they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.kernel.access import queries as access
from shield.kernel.access.views import page, submit
from shield.kernel.accounts import forms, permissions, queries, rules, services
from shield.kernel.accounts.models import AgencyMembership, Person, RoleGrant
from shield.kernel.accounts.views import frame
from shield.kernel.calendar.rules import in_words
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.kernel.notices import permissions as notices


def role_label(key: str) -> str:
    """What a role is called."""
    role = access.table().ROLES.get(key)
    return role.label if role else "A role that is no longer given"


@page(permissions.VIEW_OWN_PEOPLE)
def people(request: Any) -> HttpResponse:
    """The people of the partnership, with their roles and agencies."""
    filters = forms.PersonFilter(request.GET, actor=request.actor)
    may_manage = request.actor.may(permissions.MANAGE_OWN_PEOPLE)
    columns = (
        Column(key="name", label="Name", sort=True, href=lambda row: frame.to(request, "person", row)),
        Column(key="roles", label="Roles", value=lambda row: ", ".join(role_label(g.role) for g in row.held)),
        Column(key="agency", label="Agency", value=lambda row: ", ".join(p.agency.name for p in row.posts)),
        Column(key="post", label="Post", value=lambda row: ", ".join(p.post for p in row.posts if p.post)),
    )
    table = Table(
        queries.directory(request.actor, request.today, **filters.chosen),
        columns,
        request.GET,
        caption="People",
        show_caption=False,
        default_sort="name",
        exportable=request.actor.may(permissions.EXPORT_IDENTITIES),
        filtered=bool(filters.chosen),
        empty="Nobody has a role here yet.",
        empty_href=frame.to(request, "invite") if may_manage else "",
        empty_link="Invite a person",
    )
    context = {
        "page_title": "People",
        "filters": filters,
        "may_manage": may_manage,
        "emails_href": frame.to(request, "emails") if request.actor.may(notices.VIEW_OUTBOX) else "",
        "breadcrumbs": frame.way(request, ("People", "")),
    }
    return table_response(request, "accounts/people.html", context, table, file_name="people")


@page(permissions.VIEW_OWN_PEOPLE, record=Person)
def person(request: Any, person: Person) -> HttpResponse:
    """One person: the roles they hold or held, the agencies they work or worked for."""
    actor = request.actor
    may_manage = actor.may(permissions.MANAGE_OWN_PEOPLE)
    # How and when somebody signs in is for the partnership they are in, not for one they left.
    here = queries.is_here(person, actor, request.today)
    user = getattr(person, "user", None) if may_manage and here else None
    grants, posts = list(queries.roles_of(person, actor)), list(queries.posts_of(person, actor))
    context = {
        "page_title": person.name,
        "page_caption": "Person",
        "breadcrumbs": frame.way(request, ("People", frame.to(request, "people")), (person.name, "")),
        "facts": [("Signs in with", user.email), ("Last signed in", user.last_login or "Never")]
        if user
        else [],
        "no_password": bool(user and not user.has_usable_password()),
        "roles": _roles(request, person, grants, may_manage),
        "posts": _posts(request, person, posts, may_manage),
        "entries": history.of_record(actor.partnership_id, person.pk),
        "acts": _acts(request, person, here) if may_manage else [],
        "leaving": queries.planned_leaving(person, actor) if actor.may(permissions.MANAGE_PEOPLE) else None,
    }
    return render(request, "accounts/person.html", context)


def _acts(request: Any, person: Person, here: bool) -> list[dict[str, str]]:
    offered = [("person_role", "Give another role"), ("person_post", "Add an agency they work for")]
    if here and person.pk != request.actor.person_id and request.actor.may(permissions.MANAGE_PEOPLE):
        offered += [
            ("person_leave", "They leave the partnership"),
            ("person_sessions_end", "End all their sessions"),
        ]
        if hasattr(person, "user") and queries.second_factors(person.user):
            offered.append(("second_factor_reset", "Reset their second factor"))
    return [{"href": frame.to(request, name, person), "text": text} for name, text in offered]


def _roles(request: Any, person: Person, grants: list[RoleGrant], may_manage: bool) -> Table:
    def may_end(grant: RoleGrant) -> bool:
        if not request.actor.may(permissions.MANAGE_PEOPLE) and not getattr(
            access.table().ROLES.get(grant.role), "by_agency", False
        ):
            return False
        return may_manage and _goes_on(grant, request.today) and person.pk != request.actor.person_id

    columns = [
        Column(key="role", label="Role", value=lambda g: role_label(g.role)),
        Column(key="starts_on", label="From"),
        Column(key="ends_on", label="Until"),
        Column(
            key="state",
            label="State",
            value=lambda g: _state(g, request.today)[0],
            tone=lambda g: _state(g, request.today)[1],
        ),
        Column(
            key="end",
            label="What you can do",
            hidden_label=True,
            value=lambda g: f"End this role: {role_label(g.role).lower()}" if may_end(g) else "",
            href=lambda g: frame.to(request, "role_end", g) if may_end(g) else None,
        ),
    ]
    shown = columns if any(may_end(grant) for grant in grants) else columns[:-1]
    return Table(
        grants, shown, request.GET, caption="Roles", name="roles", exportable=False, empty="No role here."
    )


def _posts(request: Any, person: Person, posts: list[AgencyMembership], may_manage: bool) -> Table:
    def may_end(post: AgencyMembership) -> bool:
        own = request.actor.may(permissions.MANAGE_PEOPLE) or post.agency_id in request.actor.agency_ids
        return may_manage and own and _goes_on(post, request.today)

    columns = [
        Column(
            key="agency",
            label="Agency",
            value="agency.name",
            href=lambda m: frame.to(request, "agency", m.agency),
        ),
        Column(key="post", label="Post"),
        Column(key="starts_on", label="From"),
        Column(key="ends_on", label="Until"),
        Column(
            key="end",
            label="What you can do",
            hidden_label=True,
            value=lambda m: f"Has left {m.agency.called}" if may_end(m) else "",
            href=lambda m: frame.to(request, "post_end", m) if may_end(m) else None,
        ),
    ]
    shown = columns if any(may_end(post) for post in posts) else columns[:-1]
    return Table(
        posts,
        shown,
        request.GET,
        caption="Works for",
        name="posts",
        exportable=False,
        empty="No agency is recorded.",
    )


def _goes_on(row: Any, today: Any) -> bool:
    return row.ends_on is None or row.ends_on >= today


def _state(row: Any, today: Any) -> tuple[str, str]:
    if rules.in_force(row.starts_on, row.ends_on, today):
        return "Holds", "good"
    return ("Ended", "neutral") if row.ends_on and row.ends_on < today else ("Begins later", "info")


@page(permissions.MANAGE_OWN_PEOPLE, record=Person)
def give_role(request: Any, person: Person) -> HttpResponse:
    """Give a person a role from today."""
    form = forms.RoleForm(request.POST or None, actor=request.actor)
    return _act(
        request,
        person,
        form,
        lambda given: services.grant_role(
            person=person, role=given["role"], by=request.actor, today=request.today
        ),
        {
            "title": "Give a role",
            "button": "Give the role",
            "said": "The role was given.",
            "intro": "The role holds from today.",
        },
    )


@page(permissions.MANAGE_OWN_PEOPLE, record=RoleGrant)
def end_role(request: Any, grant: RoleGrant) -> HttpResponse:
    """End somebody's role at once."""
    label = role_label(grant.role).lower()
    intro = f"{grant.person.name} has been {label} since {in_words(grant.starts_on)}. "
    intro += "From now on they can no longer act as one; what they did stays on record."
    return _act(
        request,
        grant.person,
        design.ShieldForm(request.POST or None),
        lambda _: services.end_role(grant=grant, by=request.actor, today=request.today),
        {
            "title": f"End the role: {label}",
            "button": "End this role now",
            "said": "The role has ended.",
            "intro": intro,
        },
    )


@page(permissions.MANAGE_OWN_PEOPLE, record=Person)
def give_post(request: Any, person: Person) -> HttpResponse:
    """Note that a person works for an agency from today."""
    form = forms.PostForm(request.POST or None, actor=request.actor)
    return _act(
        request,
        person,
        form,
        lambda given: services.join_agency(
            person=person, agency=given["agency"], post=given["post"], by=request.actor, today=request.today
        ),
        {
            "title": "Add an agency they work for",
            "button": "Add it",
            "said": "It was noted.",
            "intro": "From today. An agency lead then sees what is asked of this agency.",
        },
    )


@page(permissions.MANAGE_OWN_PEOPLE, record=AgencyMembership)
def end_post(request: Any, membership: AgencyMembership) -> HttpResponse:
    """Note that a person has left an agency."""
    intro = f"{membership.person.name} no longer sees what is asked of {membership.agency.name}. That they worked there stays on record."
    return _act(
        request,
        membership.person,
        design.ShieldForm(request.POST or None),
        lambda _: services.leave_agency(membership=membership, by=request.actor, today=request.today),
        {
            "title": f"Has left {membership.agency.name}",
            "button": "They have left",
            "said": "It was noted.",
            "intro": intro,
        },
    )


def _act(
    request: Any, person: Person, form: Any, act: Callable[[dict[str, Any]], Any], words: dict[str, str]
) -> HttpResponse:
    """One act on a person: its form, or their page once it is done."""
    there = frame.to(request, "person", person)
    if request.method == "POST" and form.is_valid():
        if done := submit(request, form, lambda: act(form.cleaned_data), lambda _: there, said=words["said"]):
            return done
    context = {
        "page_title": words["title"],
        "page_caption": person.name,
        "form": form,
        "intro": words["intro"],
        "submit_text": words["button"],
        "cancel_href": there,
        "breadcrumbs": frame.way(request, ("People", frame.to(request, "people")), (person.name, there)),
    }
    return render(request, "accounts/form.html", context)
