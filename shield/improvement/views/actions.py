"""Actions: the list, of a whole partnership or of one agency, and each action with its evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from shield.improvement import forms, permissions, queries, rules, services
from shield.improvement.forms.acting import action_initial
from shield.improvement.models import Action, Decision, Part, Priority, Recommendation
from shield.improvement.views.recommendations import owner
from shield.improvement.views.ways import (
    around,
    asked_about,
    buttons,
    known_day,
    link,
    onward,
    page_of,
    standing,
    timeline,
    way_to,
)
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.accounts import queries as accounts
from shield.kernel.clocks import permissions as clocks
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.records.rules import parse_ref

MOST_AT_ONCE = 100
"""Actions without an owner that one page offers; the first due first."""


@page(permissions.VIEW_OWN)
def actions(request: Any) -> HttpResponse:
    """All actions, or for an agency those asked of it; the first due first."""
    actor, sees_all = request.actor, request.actor.may(permissions.VIEW)
    every = queries.actions(actor)
    form = _filter(request, sees_all)
    chosen = form.chosen if request.GET else {}
    may = actor.may(permissions.ASSIGN)
    add = link(request, "action_add")
    table = Table(
        _narrowed(request, every, chosen),
        _columns(request),
        request.GET,
        caption="Actions",
        default_sort="due",
        show_caption=False,
        filtered=bool(chosen),
        empty="No action yet." if sees_all else "Nothing is asked of your agency.",
        empty_hint="Actions come from recommendations and decisions." if may else "",
        empty_href=add if may else "",
        empty_link="Add an action",
    )
    counts = queries.count_actions(every, request.today)
    context = {
        "page_title": "Actions" if sees_all else "Actions of your agency",
        "figures": _figures(request, counts, sees_all),
        "filters": form,
        "buttons": buttons(
            ("Add an action", add, may),
            ("Name owners", link(request, "actions_owners"), may and bool(counts["nobody"])),
        ),
    }
    return table_response(request, "improvement/register.html", context, table)


def _filter(request: Any, sees_all: bool) -> forms.ActionFilter:
    priorities = [(str(p.pk), p.heading) for p in Priority.objects.visible_to(request.actor)]
    offered = {"priority": priorities}
    if sees_all:
        offered["agency"] = [(str(a.pk), a.name) for a in accounts.agencies(request.actor)]
    form = forms.ActionFilter(request.GET or None, offered=offered)
    if not sees_all:
        del form.fields["agency"], form.fields["nobody"]
    return form


def _narrowed(request: Any, rows: Any, chosen: dict[str, Any]) -> Any:
    """The actions that the filters leave."""
    status = chosen.get("status")
    if status:
        rows = rows.filter(queries.OPEN) if status == "open" else rows.filter(status=status)
    if chosen.get("priority"):
        rows = rows.filter(queries.of_priority(chosen["priority"]))
    if chosen.get("agency"):
        rows = rows.filter(owner_agency=chosen["agency"])
    if chosen.get("late"):
        rows = rows.filter(queries.overdue(request.today))
    if chosen.get("nobody"):
        rows = rows.filter(queries.OPEN).exclude(queries.HAS_OWNER)
    return rows


def _columns(request: Any) -> tuple[Column, ...]:
    return (
        Column(
            key="text",
            label="Action",
            value="heading",
            href=lambda row: page_of(request, row),
            export=lambda row: row.text,
        ),
        Column(
            key="priority",
            label="Priority",
            value="priority.short",
            sort="priority__number",
            export=lambda row: row.priority and row.priority.heading,
        ),
        Column(
            key="owner",
            label="Owner",
            value="owner_words",
            sort=("owner_agency__name", "owner_body_title", "owner_outside"),
        ),
        Column(
            key="due",
            label="Due",
            value=lambda row: known_day(row, "due_on").replace(" ", "\N{NO-BREAK SPACE}"),
            sort="due_on",
            export=lambda row: row.due_on if row.precision == "day" else known_day(row, "due_on"),
        ),
        Column(
            key="status",
            label="Stands at",
            value=lambda row: standing(request, row)[0],
            tone=lambda row: standing(request, row)[1],
            sort=True,
        ),
    )


def _figures(request: Any, counts: dict[str, int], sees_all: bool) -> list[dict[str, Any]]:
    figures: list[dict[str, Any]] = [
        {"value": counts["late"], "label": "late", "href": link(request, "actions", late="on")},
        {"value": counts["open"], "label": "not finished", "href": link(request, "actions", status="open")},
        {"value": counts["done"], "label": "done", "href": link(request, "actions", status="done")},
    ]
    if counts["late"]:
        figures[0]["tone"] = "late"
    if sees_all:
        href = link(request, "actions", nobody="on")
        figures.append({"value": counts["nobody"], "label": "without an owner", "href": href})
    return figures


@page(permissions.VIEW_OWN, record=Action)
def action(request: Any, action: Action) -> HttpResponse:
    """One action: what, whose, by when, where it stands, and what shows it."""
    actor, about = request.actor, action.ref.as_text()
    entries = queries.progress([action.pk], actor)
    adds = queries.may_add_to(action, actor) and actor.may(permissions.ADD_EVIDENCE)
    assign = actor.may(permissions.ASSIGN)
    reports = actor.may(permissions.UPDATE_ACTION) and not queries.why_not_report(action, actor)
    unproved = action.status == "done" and not any(each.answers for each in entries)
    evidence = ("Add evidence", link(request, "evidence_add", about=about), adds)
    update = ("Update it", link(request, "action_update", action), reports)
    context = around(
        request,
        action,
        ("Actions", link(request, "actions")),
        tags=[standing(request, action)],
        facts=_facts(request, action),
        unproved=unproved,
        progress=timeline(request, entries),
        buttons=buttons(
            *((evidence, update) if unproved else (update, evidence)),
            ("Note progress", link(request, "progress_add", about=about), reports),
            (
                "Change the owner" if action.has_owner else "Name an owner",
                link(request, "action_owner", action),
                assign,
            ),
            (
                "Chase it",
                link(request, "action_chase", action),
                assign and bool(queries.can_be_chased([action], actor, request.today)),
            ),
            (
                "Escalate it",
                link(request, "escalate", about=about),
                actor.may(clocks.ESCALATE) and bool(action.due_on) and action.status in rules.OPEN_ACTIONS,
            ),
            ("Change the action", link(request, "action_edit", action), assign),
        ),
    )
    return render(request, "improvement/action.html", context)


def _facts(request: Any, action: Action) -> list[Any]:
    facts: list[Any] = [
        ("What is to be done", action.text),
        ("Owner", action.owner_words or "Nobody yet"),
        ("Due", known_day(action, "due_on")),
    ]
    if action.done_on:
        facts.append(("Done on", action.done_on))
    if action.priority:
        facts.append(
            {"key": "Priority", "value": action.priority.heading, "href": page_of(request, action.priority)}
        )
    if action.recommendation:
        href = page_of(request, action.recommendation)
        facts.append({"key": "Comes from", "value": action.recommendation.heading, "href": href})
    if action.part:
        facts.append(("The part it carries out", action.part.text))
    if action.decision:
        href = page_of(request, action.decision)
        facts.append({"key": "Decided as", "value": action.decision.heading, "href": href})
    if action.note:
        facts.append(("Note", action.note))
    return facts


@page(permissions.ASSIGN)
def action_add(request: Any) -> HttpResponse:
    """Add an action; `about` names the recommendation, part, decision or priority it comes of."""
    about = asked_about(request, Recommendation, Part, Decision, Priority)
    initial: dict[str, Any] = {
        "precision": "day",
        "text": about.text if isinstance(about, Part | Decision) else "",
    }
    if isinstance(about, Part):
        initial |= {"due_on": about.due_on, "precision": about.precision}
    if isinstance(about, Part | Recommendation):
        initial |= forms.owner_initial(about)
    of_priority = _known_priority(about)
    among, priorities = queries.takes_over(about) if isinstance(about, Decision) else ([], [])
    form = forms.ActionForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        asks_priority=of_priority is None and not isinstance(about, Part) and len(priorities) != 1,
        among=among,
        priorities=priorities,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: _add(request, form, about, of_priority),
            lambda made: onward(request, page_of(request, made)),
            said="The action was added.",
        )
        if done:
            return done
    home = about.recommendation if isinstance(about, Part) else about
    context = {
        "page_title": "Turn into an action" if isinstance(about, Decision) else "Add an action",
        "page_caption": about.heading if about else "",
        "form": form,
        "cancel_href": onward(request, page_of(request, home) if home else link(request, "actions")),
        "breadcrumbs": [("Actions", link(request, "actions")), ("Add", "")],
    }
    return render(request, "design/form_page.html", context)


def _known_priority(about: Any) -> Priority | None:
    """The priority of what an action comes of, where that names one."""
    if isinstance(about, Recommendation):
        return about.priority
    return about if isinstance(about, Priority) else None


def _add(request: Any, form: forms.ActionForm, about: Any, priority: Priority | None) -> Action:
    data = form.cleaned_data
    return services.add_action(
        text=data["text"],
        due_on=data["due_on"],
        precision=data["precision"],
        by=request.actor,
        owner=services.Owner(**form.owner),
        priority=priority or form.picked("priority"),
        recommendation=about if isinstance(about, Recommendation) else form.picked("recommendation"),
        part=about if isinstance(about, Part) else None,
        decision=about if isinstance(about, Decision) else None,
    )


@page(permissions.ASSIGN, record=Action)
def action_edit(request: Any, action: Action) -> HttpResponse:
    """Change what an action says, who owns it or when it is due."""
    form = forms.ActionForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        record=action,
        version=action.version,
        asks_priority=action.recommendation_id is None,
        initial=action_initial(action),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        changes = {name: data[name] for name in ("text", "due_on", "precision")}
        if form.asks_priority:
            changes["priority"] = form.picked("priority")
        done = submit(
            request,
            form,
            lambda: services.change_action(
                action=action,
                changes=changes,
                owner=services.Owner(**form.owner),
                by=request.actor,
                expected_version=data["version"],
            ),
            lambda row: onward(request, page_of(request, row)),
            said="The action was changed.",
        )
        if done:
            return done
    return _form_of(request, action, form, "Change the action")


@page(permissions.ASSIGN, record=Action)
def action_owner(request: Any, action: Action) -> HttpResponse:
    """Name who answers for an action."""
    return owner(request, action, at=action)


def _ticked(request: Any) -> list[Action]:
    """What was ticked when the page was sent: if it got an owner since, the service says whose it is."""
    given = {ref for text in request.POST.getlist("actions") if (ref := parse_ref(f"action:{text}"))}
    return list(queries.open_actions(request.actor).filter(pk__in=[ref.id for ref in given])) if given else []


@page(permissions.ASSIGN)
def actions_owners(request: Any) -> HttpResponse:
    """Name one owner for several actions that have none."""
    form = forms.NameOwnersForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        actions=[*queries.without_owner(request.actor)[:MOST_AT_ONCE], *_ticked(request)],
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.name_owners(
                actions=form.picked_all("actions"), owner=services.Owner(**form.owner), by=request.actor
            ),
            lambda _: onward(request, link(request, "actions")),
            said="The owner was named.",
        )
        if done:
            return done
    context = {
        "page_title": "Name owners",
        "form": form,
        "submit_text": "Name the owner",
        "cancel_href": onward(request, link(request, "actions")),
        "breadcrumbs": [("Actions", link(request, "actions")), ("Name owners", "")],
    }
    return render(request, "improvement/name_owners.html", context)


@page(permissions.ASSIGN, record=Action)
def action_chase(request: Any, action: Action) -> HttpResponse:
    """Remind whoever answers for an action; where nobody can be, say what to do instead."""
    people = queries.who_is_chased(action, request.actor, request.today)
    why = queries.why_not_chase(action) or ("" if people else queries.why_nobody_is_chased(action))
    if why and request.method != "POST":
        messages.error(request, why)
        return HttpResponseRedirect(page_of(request, action))
    form = design.ShieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.chase(action=action, by=request.actor, today=request.today),
            lambda told: onward(request, page_of(request, action)),
            said="A reminder is on its way; each gets it as they chose.",
        )
        if done:
            return done
    context = {
        "page_title": "Chase this action",
        "page_caption": action.heading,
        "form": form,
        "intro": [
            f"{action.owner_words or 'Nobody'} answers for it. Due: {known_day(action, 'due_on') or 'no date'}.",
            f"Reminded by e-mail: {', '.join(person.name for person in people) or 'nobody'}. "
            "The message carries the action’s reference, its date and a link.",
        ],
        "submit_text": "Remind them",
        "cancel_href": onward(request, page_of(request, action)),
        "breadcrumbs": [*way_to(request, action), ("Chase it", "")],
    }
    return render(request, "improvement/chase.html", context)


@page(permissions.UPDATE_ACTION, record=Action)
def action_update(request: Any, action: Action) -> HttpResponse:
    """The owner says how far an action has come."""
    if why := queries.why_not_report(action, request.actor):
        raise Forbidden(why)
    form = forms.UpdateForm(
        request.POST or None,
        now=action.status,
        version=action.version,
        initial={"status": action.status, "done_on": action.done_on or request.today},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.update_action(
                action=action,
                status=data["status"],
                note=data["note"],
                done_on=data["done_on"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda row: onward(request, page_of(request, row)),
            said="The action was updated.",
        )
        if done:
            return done
    return _form_of(request, action, form, "How far has it come?")


def _form_of(request: Any, action: Action, form: Any, title: str) -> HttpResponse:
    context = {
        "page_title": title,
        "page_caption": action.heading,
        "form": form,
        "cancel_href": onward(request, page_of(request, action)),
        "breadcrumbs": [
            *way_to(request, action),
            (title, ""),
        ],
    }
    return render(request, "design/form_page.html", context)
