"""The audits: all of them, one of them, planning, changing and stopping."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.audits import contribution, forms, permissions, queries, rules, services
from shield.domain.audits.models import Audit
from shield.domain.audits.views.frame import around, crumbs, form_page
from shield.improvement import permissions as improvement
from shield.improvement.models import Priority
from shield.improvement.views.following import history_page
from shield.improvement.views.ways import asked_about, buttons, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.clocks import permissions as clocks_permissions
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules.values import count
from shield.kernel.design.views import table_response

FINDING_TONES = {"working_well": "good", "to_develop": "attention"}


@page(permissions.VIEW)
def audits(request: Any) -> HttpResponse:
    """Every audit, planned and done, by kind, priority and year."""
    actor, runs = request.actor, request.actor.may(permissions.RUN)
    priorities = [(str(p.pk), p.heading) for p in Priority.objects.visible_to(actor)]
    years = sorted(
        {day.year for day in Audit.objects.visible_to(actor).values_list("starts_on", flat=True)},
        reverse=True,
    )
    form = forms.AuditFilter(
        request.GET or None, offered={"priority": priorities, "year": [(str(y), str(y)) for y in years]}
    )
    chosen = form.chosen if request.GET else {}
    plan = link(request, "audit_plan")
    table = Table(
        queries.audits(actor).filter(_asked(chosen)),
        _columns(request),
        request.GET,
        caption="Audits",
        show_caption=False,
        filtered=bool(chosen),
        empty="No audit is on record yet.",
        empty_hint="An audit looks at records of children to see how well agencies work together."
        if runs
        else "",
        empty_href=plan if runs else "",
        empty_link="Plan an audit",
    )
    context = {
        "page_title": "Audits",
        "filters": form,
        "buttons": buttons(
            ("Plan an audit", plan, runs),
            ("Record an audit done before", link(request, "audit_record"), runs),
        ),
        "also": [
            ("Results across audits", link(request, "audit_results")),
            ("Audit tools", link(request, "audit_tools")),
        ],
    }
    return table_response(request, "improvement/register.html", context, table)


def _asked(chosen: dict[str, Any]) -> Q:
    wanted = Q()
    if kind := chosen.get("kind"):
        wanted &= Q(sort=kind)
    if status := chosen.get("status"):
        wanted &= Q(status__in=rules.OPEN) if status == "open" else Q(status=status)
    if priority := chosen.get("priority"):
        wanted &= Q(priority_id=priority)
    if year := chosen.get("year"):
        wanted &= Q(starts_on__year=int(year))
    return wanted


def _columns(request: Any) -> tuple[Column, ...]:
    return (
        Column(key="title", label="Audit", sort=True, href=lambda row: page_of(request, row)),
        Column(key="sort", label="Kind", value=lambda row: row.get_sort_display(), sort=True),
        Column(
            key="priority", label="Priority", value="priority.short", sort="priority__number",
            export=lambda row: row.priority and row.priority.heading,
        ),
        Column(key="starts_on", label="When", value=contribution.when, sort=True),
        Column(
            key="looked_at", label="Records considered", numeric=True, value=lambda row: queries.considered(row)[0]
        ),
        Column(
            key="status", label="Where it stands", value=lambda row: row.get_status_display(), sort=True,
            tone=lambda row: rules.TONES[row.status],
        ),
        Column(key="told", label="Findings", numeric=True, sort=True),
    )  # fmt: skip


@page(permissions.VIEW, record=Audit)
def audit(request: Any, audit: Audit) -> HttpResponse:
    """One audit: where it stands, what can be done next, its records, what was said and found."""
    actor, runs = request.actor, request.actor.may(permissions.RUN)
    known = queries.counts_of(audit)
    records = list(queries.chosen_of(audit, actor))
    parts = list(queries.with_mine(queries.parts_of(audit, actor), actor))
    tool = audit.tool if audit.status in rules.COMPARED else None
    differ = queries.differing(parts, list(queries.questions_of(tool))) if tool else {}
    later = audit.status in rules.COMPARED
    discussions = list(queries.discussions_of(audit)) if later else []
    context = around(
        request,
        audit,
        caption=f"{audit.get_sort_display()} {audit.reference}",
        way=crumbs(request, None, (audit.title, "")),
        tags=_tags(audit, request.today),
        facts=_facts(request, audit, known),
        steps=_steps(audit, bool(discussions)),
        buttons=_buttons(request, audit, known) if runs else [],
        runs=runs,
        later=later,
        records=[_record_line(request, row, parts, differ.get(row.pk)) for row in records],
        own=[_own_line(request, part) for part in parts if part.is_mine],
        agencies=_by_agency(parts) if runs else [],
        discussions=[_discussion(request, row, runs) for row in discussions],
        findings=[_finding_line(request, row) for row in queries.findings_of(audit, actor)]
        if later and actor.may(improvement.VIEW)
        else None,
        ways=_ways(request, audit),
    )
    return render(request, "audits/audit.html", context)


def _tags(audit: Audit, today: date) -> list[tuple[str, str]]:
    late = (
        audit.status == rules.Status.AUDITING
        and audit.answers_due_on is not None
        and audit.answers_due_on < today
    )
    tags = [(audit.get_status_display(), rules.TONES[audit.status])]
    return [*tags, ("Answers are late", "late")] if late else tags


def _facts(request: Any, audit: Audit, known: Any) -> list[Any]:
    priority = audit.priority
    span = contribution.frame_span(audit)
    method = audit.get_method_display()
    if audit.seed:
        method += f", with the seed {audit.seed}"
    if audit.group_by:
        method += f", within “{audit.group_by}”"
    return [
        *([{"key": "Priority", "value": priority.heading, "href": page_of(request, priority)}] if priority else []),
        ("When", contribution.when(audit)),
        ("Led by", contribution.leads(audit).split("; ") if contribution.leads(audit) else ""),
        *([("Why", audit.why)] if audit.why else []),
        ("Out of which records", audit.frame),
        *([("Period of those records", span)] if span else []),
        *([("How many there are", audit.units(audit.frame_size))] if audit.frame_size is not None else []),
        *([("How records were chosen", ". ".join(t for t in (method, audit.chosen_how) if t))] if method or audit.chosen_how else []),
        *([("Planned end", audit.planned_end)] if audit.planned_end and audit.planned_end != audit.ends_on else []),
        *([("Records chosen", audit.units(known.picked))] if known.picked else []),
        *([("Records considered", contribution.looked_at(known))] if audit.status in rules.COMPARED else []),
        *([("Audit team", contribution.team_in_words(audit).split("; "))] if audit.status not in {"planned", "selecting"} else []),
        *([{"key": "Tool", "value": audit.tool.heading, "href": page_of(request, audit.tool)}] if audit.tool else []),
        *([("Answers due", audit.answers_due_on)] if audit.answers_due_on else []),
        *([("Nothing to tell the Learning Hub", audit.nothing_found)] if audit.nothing_found else []),
    ]  # fmt: skip


STEPS = ("planned", "selecting", "auditing", "moderating", "discussed", "closed")


def _steps(audit: Audit, was_discussed: bool) -> list[dict[str, str]]:
    """The audit's way, each step done, here or to come; nothing for one that was recorded afterwards."""
    if audit.status == rules.Status.STOPPED or (audit.status == rules.Status.CLOSED and audit.tool is None):
        return []
    here = STEPS.index(audit.status)
    made = []
    for n, step in enumerate(STEPS):
        word, tone = (
            ("Done", "good") if n < here else ("Now", "info") if n == here else ("To come", "neutral")
        )
        if audit.status == "closed":
            held = step != "discussed" or was_discussed
            word, tone = ("Done", "good") if held else ("Not held", "attention")
        made.append({"title": rules.Status(step).label, "status": word, "tone": tone})
    return made


def _buttons(request: Any, audit: Audit, known: Any) -> list[dict[str, Any]]:
    """What whoever runs the audit can do next, the main thing first."""
    at = audit.status
    after = at in rules.COMPARED
    escalates = audit.due_on is not None and request.actor.may(clocks_permissions.ESCALATE)
    to = {name: link(request, name, audit) for name in (
        "audit_begin", "audit_choose", "audit_list", "audit_typed", "audit_frame", "audit_depth", "audit_references",
        "audit_moderate", "audit_ask_also", "audit_chase", "audit_discussion_add", "audit_finding_add", "audit_close",
        "audit_change", "audit_stop",
    )}  # fmt: skip
    return buttons(
        ("Ask the agencies", to["audit_begin"], at == "selecting" and known.picked > 0),
        ("Choose the records", to["audit_choose"], at == "selecting"),
        ("Upload the list of records", to["audit_list"], at in {"planned", "selecting"}),
        ("Type the records in", to["audit_typed"], at in {"planned", "selecting"}),
        ("See the list", to["audit_frame"], at == "selecting"),
        ("Put it before the panel", to["audit_moderate"], at == "auditing"),
        ("Ask further agencies", to["audit_ask_also"], at == "auditing"),
        ("Chase the answers", to["audit_chase"], at == "auditing" and audit.answers_due_on is not None),
        ("Escalate it", link(request, "escalate", about=audit.ref.as_text()), escalates),
        ("Set deep dive and light touch", to["audit_depth"], at in {"selecting", "auditing"} and known.picked > 0),
        ("Record the reflective discussion", to["audit_discussion_add"], at == "moderating"),
        ("Tell the Learning Hub what was found", to["audit_finding_add"], after),
        ("Record a reflective discussion", to["audit_discussion_add"], at in {"discussed", "closed"}),
        ("Close the audit", to["audit_close"], at in {"moderating", "discussed"}),
        ("See whose records they are", to["audit_references"], at in rules.OPEN and known.picked > 0),
        ("Correct it" if audit.was_recorded else "Change it", to["audit_change"], at != "stopped"),
        ("Stop the audit", to["audit_stop"], at in rules.OPEN),
    )  # fmt: skip


def _ways(request: Any, audit: Audit) -> list[tuple[str, str]]:
    ways = [
        ("Results across audits", link(request, "audit_results")),
        ("History and sources", link(request, "audit_history", audit)),
    ]
    return [("The priority", page_of(request, audit.priority)), *ways] if audit.priority else ways


def _record_line(request: Any, row: Any, parts: list[Any], differ: int | None) -> dict[str, Any]:
    mine = [p for p in parts if p.record_id == row.pk]
    groups = ", ".join(f"{name}: {value}" for name, value in row.groups.items())
    apart = (
        ""
        if differ is None
        else f"Agencies differ on {count(differ, 'question')}"
        if differ
        else "Agencies agree"
    )
    return {
        "title": row.pseudonym,
        "href": page_of(request, row),
        "hint": ". ".join(text for text in (row.get_depth_display(), groups, apart) if text),
        "status": rules.parts_in([p.status for p in mine]) if mine else "Chosen",
        "tone": _tone(mine),
    }


def _own_line(request: Any, part: Any) -> dict[str, Any]:
    answer = part.status in rules.EDITABLE and part.audit.status == rules.Status.AUDITING
    return {
        "title": part.record.pseudonym,
        "href": link(request, "audit_part_answer", part) if answer else page_of(request, part),
        "hint": part.agency.called,
        "status": part.get_status_display(),
        "tone": rules.PART_TONES[part.status],
    }


def _by_agency(parts: list[Any]) -> list[tuple[str, str, str]]:
    """Each agency with how many of its parts are in."""
    made: dict[str, list[Any]] = {}
    for part in parts:
        made.setdefault(part.agency.name, []).append(part)
    return [
        (name, rules.parts_in([p.status for p in mine]), _tone(mine)) for name, mine in sorted(made.items())
    ]


def _tone(parts: list[Any]) -> str:
    """Good once every part is settled and one at least is accepted."""
    states = {part.status for part in parts}
    return "good" if rules.PartStatus.ACCEPTED in states and states <= rules.SETTLED else "neutral"


def _discussion(request: Any, row: Any, runs: bool) -> dict[str, Any]:
    agencies = sorted({*(a.name for a in row.agencies.all()), *row.agencies_outside})
    return {
        "row": row,
        "facts": [
            ("Practitioners", "" if row.practitioners is None else row.practitioners),
            ("Agencies", agencies),
            *([("Said", row.points)] if row.points else []),
            *(
                {"key": "Meeting", "value": g.title, "href": page_of(request, g)}
                for g in row.gatherings.all()
            ),
        ],
        "change": link(request, "audit_discussion_change", row) if runs else "",
    }


def _finding_line(request: Any, row: Any) -> dict[str, Any]:
    return {
        "title": row.heading,
        "href": page_of(request, row),
        "status": row.get_sort_display(),
        "tone": FINDING_TONES[row.sort],
    }


@page(permissions.VIEW, record=Audit)
def audit_history(request: Any, audit: Audit) -> HttpResponse:
    """What happened to an audit, and what sources say of it."""
    return history_page(request, audit)


@page(permissions.RUN)
def audit_plan(request: Any) -> HttpResponse:
    """Plan an audit; `about` names its priority."""
    about = asked_about(request, Priority)
    initial = {"priority": str(about.pk)} if about else {}
    form = forms.AuditForm(request.POST or None, actor=request.actor, today=request.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.plan_audit(**form.values, led_by=form.picked_all("led_by"), by=request.actor),
            lambda made: page_of(request, made),
            said="The audit was planned. Next, put the records on it.",
        )
        if done:
            return done
    return form_page(request, "Plan an audit", form, submit_text="Plan it")


@page(permissions.RUN)
def audit_record(request: Any) -> HttpResponse:
    """Put an audit on record that was done before or elsewhere."""
    about = asked_about(request, Priority)
    initial = {"priority": str(about.pk)} if about else {}
    form = forms.RecordForm(request.POST or None, actor=request.actor, today=request.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.record_audit(
                **form.values,
                led_by=form.picked_all("led_by"),
                team=form.picked_all("team"),
                by=request.actor,
                today=request.today,
            ),
            lambda made: page_of(request, made),
            said="The audit was recorded.",
        )
        if done:
            return done
    return form_page(request, "Record an audit done before", form, submit_text="Record it")


@page(permissions.RUN, record=Audit)
def audit_change(request: Any, audit: Audit) -> HttpResponse:
    """Change what an audit is about, or correct it; one that was put on record afterwards in all it tells."""
    form = _changing(request, audit)
    if request.method == "POST" and form.is_valid():
        team = {"team": form.picked_all("team")} if audit.was_recorded else {}
        done = submit(
            request,
            form,
            lambda: services.change_audit(
                audit=audit, changes=form.values, led_by=form.picked_all("led_by"), **team, by=request.actor,
                today=request.today, expected_version=form.cleaned_data["version"],
            ),
            lambda row: page_of(request, row),
            said="The audit was corrected." if audit.was_recorded else "The audit was changed.",
        )  # fmt: skip
        if done:
            return done
    return form_page(request, _change_title(audit), form, audit=audit)


def _change_title(audit: Audit) -> str:
    return "Correct the audit" if audit.was_recorded else "Change the audit"


def _changing(request: Any, audit: Audit) -> forms.AuditForm:
    """The form with which this audit is changed: what it asks depends on how the audit came on record."""
    given = {"actor": request.actor, "today": request.today, "version": audit.version}
    if audit.was_recorded:
        return forms.RecordForm(request.POST or None, initial=forms.record_initial(audit), **given)
    awaited = audit.status == rules.Status.AUDITING
    return forms.AuditForm(request.POST or None, initial=forms.audit_initial(audit), awaited=awaited, **given)


@page(permissions.RUN, record=Audit)
def audit_stop(request: Any, audit: Audit) -> HttpResponse:
    """Stop an audit, with the reason."""
    form = forms.ReasonForm(request.POST or None, version=audit.version, ask="Why is the audit stopped?")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.stop_audit(
                audit=audit,
                reason=data["reason"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The audit was stopped.",
        )
        if done:
            return done
    return form_page(request, "Stop the audit", form, audit=audit, submit_text="Stop the audit")
