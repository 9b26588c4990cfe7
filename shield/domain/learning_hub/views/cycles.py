"""The pages of the Learning Hub: where each priority stands, each cycle, its stages and its dissemination."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.learning_hub import contribution, forms, permissions, queries, rules, services
from shield.domain.learning_hub.models import Cycle, DisseminationStep, HubMember, Stage
from shield.improvement import permissions as chain
from shield.improvement import queries as improvement
from shield.improvement.models import Priority
from shield.improvement.views.following import history_page
from shield.improvement.views.priorities import recommendation_line, review_line
from shield.improvement.views.ways import LATELY, asked_about, buttons, known_day, link, page_of, shortly
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.rules import charts
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records


@page(permissions.VIEW)
def hub(request: Any) -> HttpResponse:
    """Where each priority stands: its cycle as a ring, what is next, and priorities still to start."""
    actor = request.actor
    due = queries.next_due(actor)
    runs = actor.may(permissions.RUN)
    start = link(request, "cycle_start")
    context = {
        "page_title": "Learning Hub",
        "cycles": [
            _cycle_card(request, cycle, due.get(cycle.priority_id)) for cycle in queries.cycles(actor)
        ],
        "waiting": [
            {
                "title": row.heading,
                "href": page_of(request, row),
                "status": row.get_status_display(),
                "leads": ", ".join(agency.called for agency in row.leads.all()),
                "start": link(request, "cycle_start", about=row.ref.as_text()) if runs else "",
            }
            for row in queries.without_cycle(actor)
        ],
        "stopped": list(queries.stopped(actor)),
        "start": start if runs else "",
    }
    return render(request, "learning_hub/hub.html", context)


def _cycle_card(request: Any, cycle: Cycle, due: queries.Due | None) -> dict[str, Any]:
    """One cycle on the hub's page."""
    stages = list(cycle.stages.all())
    words = {status: [s.title for s in stages if s.status == status] for status in rules.StageStatus.values}
    facts: list[Any] = [
        (rules.StageStatus(status).label, ", ".join(titles))
        for status, titles in reversed(words.items())
        if titles
    ]
    nothing = "Nothing is planned" if due is None else ""
    facts.append(("Led by", ", ".join(agency.called for agency in cycle.priority.leads.all())))
    facts.append(("Next due", nothing or f"{due.when}: {due.title}"))  # type: ignore[union-attr]
    if due is not None and due.last < request.today:
        facts.append({"key": "Standing", "value": "Late", "tone": "late"})
    return {
        "title": cycle.priority.heading,
        "href": page_of(request, cycle),
        "ring": _ring(cycle, request.today),
        "facts": facts,
    }


def _ring(cycle: Cycle, today: date) -> charts.Ring | None:
    """The cycle as a picture; a cycle of one stage or of more than six is told in words only."""
    return contribution.ring(cycle, today) if 2 <= len(cycle.stages.all()) <= 6 else None


@page(permissions.VIEW, record=Cycle)
def cycle(request: Any, cycle: Cycle) -> HttpResponse:
    """One cycle: its stages, who works on it, what it found and asked, how its learning is passed on."""
    actor, priority = request.actor, cycle.priority
    runs = actor.may(permissions.RUN) and cycle.stopped_on is None
    sees_all = actor.may(chain.VIEW)
    facts = improvement.facts_of(priority, actor, request.today)
    stages = list(Stage.objects.visible_to(actor).filter(cycle=cycle))
    context = {
        **around(request, cycle, link(request, "cycle_history", cycle)),
        "facts": [
            {"key": "Priority", "value": priority.heading, "href": page_of(request, priority)},
            ("How it is run", cycle.get_variant_display()),
            ("Started on", cycle.starts_on),
            ("Led by", list(facts.leads)),
            *([("What it did", cycle.summary)] if cycle.summary else []),
        ],
        "stages": [_stage_line(request, stage, runs) for stage in stages],
        "members": list(HubMember.objects.visible_to(actor).filter(cycle=cycle)),
        "sessions": [_session_line(request, row) for row in queries.sessions_of(priority, actor)],
        "found": _found(request, priority, facts) if sees_all else [],
        "recommendations": [
            recommendation_line(request, row)
            for row in improvement.recommendations(actor).filter(priority=priority)
        ],
        "steps": [_step_line(request, row) for row in queries.steps_of(priority, actor)],
        "reviews": [review_line(request, row) for row in facts.reviews] if sees_all else [],
        "sees_all": sees_all,
        "buttons": _cycle_buttons(request, cycle, stages, runs),
    }
    return render(request, "learning_hub/cycle.html", context)


def _cycle_buttons(request: Any, cycle: Cycle, stages: list[Stage], runs: bool) -> list[dict[str, Any]]:
    about, edits = cycle.priority.ref.as_text(), request.actor.may(chain.EDIT)
    return buttons(
        *_stage_button(request, stages, runs),
        ("Delivery plan", link(request, "delivery_plan", cycle), True),
        (
            "Emerging issues",
            link(request, "emerging_issues", cycle),
            cycle.variant == rules.Variant.ISSUES_TO_FIX,
        ),
        ("Plan a step of dissemination", link(request, "step_add", cycle), runs),
        ("Nominate a member", link(request, "hub_member_add", cycle), runs),
        ("Add a finding", link(request, "finding_add", about=about), edits),
        ("Draft a recommendation", link(request, "recommendation_add", about=about), edits),
        ("Correct the dates", link(request, "cycle_correct", cycle), runs),
        ("Stop the cycle", link(request, "cycle_stop", cycle), runs),
    )


def around(request: Any, record: Any, trail: str, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """What the page of a record of the hub shows around it."""
    return {
        "record": record,
        "page_title": record.heading,
        "page_caption": f"{record.label} {record.reference}".strip(),
        "breadcrumbs": [("Learning Hub", link(request, "hub")), *crumbs, (shortly(record.heading), "")],
        "panels": records.panels(record.ref, request.actor),
        "entries": history.of_record(record.partnership_id, record.pk, limit=LATELY),
        "ways": [("The priority", page_of(request, record.priority)), ("History and sources", trail)],
    }


def _stage_button(request: Any, stages: list[Stage], runs: bool) -> list[tuple[str, str, bool]]:
    """Reporting on the first stage that is not done; nothing when all are."""
    for stage in stages:
        if stage.status != rules.StageStatus.DONE:
            return [(f"Report on “{stage.title}”", link(request, "stage_report", stage), runs)]
    return []


def _stage_line(request: Any, stage: Stage, runs: bool) -> dict[str, Any]:
    """A stage on the timeline: what it needs until it is done, then what was done."""
    done = stage.status == rules.StageStatus.DONE
    needs = f"Needs: {stage.needs}." if stage.needs and not done else ""
    months = f"{stage.starts_on:%B %Y}"
    if (stage.starts_on.year, stage.starts_on.month) != (stage.ends_on.year, stage.ends_on.month):
        months += f" to {stage.ends_on:%B %Y}"
    standing, late = rules.stage_standing(stage.status, stage.ends_on, request.today)
    return {
        "date": months,
        "title": stage.title,
        "body": " ".join(text for text in (stage.did, needs) if text),
        "href": link(request, "stage_report", stage) if runs else "",
        "tag": standing,
        "tone": "late" if late else rules.STAGE_TONES[stage.status],
    }


def _session_line(request: Any, row: Any) -> dict[str, Any]:
    return {
        "title": row.title,
        "href": page_of(request, row),
        "hint": f"{row.get_sort_display()}, {known_day(row, 'held_on')}",
        "status": row.get_status_display(),
    }


def _found(request: Any, priority: Priority, facts: improvement.Facts) -> list[dict[str, Any]]:
    chosen = {"priority": str(priority.pk)}
    return [
        {
            "value": facts.working_well,
            "label": "findings: working well",
            "href": link(request, "findings", found="working_well", **chosen),
        },
        {
            "value": facts.to_develop,
            "label": "findings: to develop",
            "href": link(request, "findings", found="to_develop", **chosen),
        },
    ]


def _when(step: DisseminationStep) -> str:
    """The day or days of a step, or the month."""
    if step.ends_on and step.precision == "day":
        return f"{in_words(step.happens_on)} to {in_words(step.ends_on)}"
    return known_day(step, "happens_on")


def _standing(step: DisseminationStep, today: date) -> str:
    return rules.step_standing(
        step.status, rules.last_day(step.happens_on, step.ends_on, step.precision), today
    )


def _step_line(request: Any, step: DisseminationStep) -> dict[str, Any]:
    """A step on the timeline of dissemination."""
    standing = _standing(step, request.today)
    who = f"{step.agency.called} reports." if step.agency else ""
    said = rules.standing_in_words(standing, step.progress).removeprefix(standing).lstrip(": ")
    return {
        "date": _when(step),
        "title": step.heading,
        "body": " ".join(text for text in (who, said) if text),
        "href": page_of(request, step),
        "tag": standing,
        "tone": rules.STEP_TONES.get(standing, "neutral"),
    }


@page(permissions.VIEW, record=Cycle)
def cycle_history(request: Any, cycle: Cycle) -> HttpResponse:
    """What happened to a cycle, and what sources say of it."""
    return history_page(request, cycle)


@page(permissions.RUN)
def cycle_start(request: Any) -> HttpResponse:
    """Start the work on a priority; `about` names it."""
    about = asked_about(request, Priority)
    form = forms.StartForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        priority=about,
        initial={"variant": rules.Variant.FOUR_MONTH, "starts_on": request.today},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.start_cycle(
                priority=about or form.picked("priority"),
                variant=data["variant"],
                starts_on=data["starts_on"],
                summary=data["summary"],
                by=request.actor,
            ),
            lambda made: page_of(request, made),
            said="The cycle was started.",
        )
        if done:
            return done
    return form_page(
        request, "Start a cycle", form, caption=about.heading if about else "", submit_text="Start the cycle"
    )


@page(permissions.RUN, record=Cycle)
def cycle_correct(request: Any, cycle: Cycle) -> HttpResponse:
    """Correct when a cycle and its stages began and end."""
    stages = list(cycle.stages.all())
    form = forms.CycleForm(
        request.POST or None,
        stages=stages,
        counts_issues=cycle.variant == rules.Variant.ISSUES_TO_FIX and not cycle.issues.exists(),
        version=cycle.version,
        initial=forms.cycle_initial(cycle, stages),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.correct_cycle(
                cycle=cycle,
                starts_on=data["starts_on"],
                spans=form.spans,
                by=request.actor,
                expected_version=data["version"],
                **form.told,
            ),
            lambda row: page_of(request, row),
            said="The cycle was corrected. The old dates are kept in the history.",
        )
        if done:
            return done
    return form_page(request, "Correct the dates", form, cycle)


@page(permissions.RUN, record=Cycle)
def cycle_stop(request: Any, cycle: Cycle) -> HttpResponse:
    """Stop a cycle, with the reason."""
    form = forms.StopForm(request.POST or None, version=cycle.version)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.stop_cycle(
                cycle=cycle,
                reason=data["reason"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The cycle was stopped.",
        )
        if done:
            return done
    return form_page(request, "Stop the cycle", form, cycle, submit_text="Stop the cycle")


def form_page(request: Any, title: str, form: Any, at: Any = None, **more: Any) -> HttpResponse:
    """A page of one form, of a record if it belongs to one."""
    home = page_of(request, at) if at else link(request, "hub")
    crumbs = [(shortly(at.heading), home)] if at else []
    context = {
        "page_title": title,
        "page_caption": more.pop("caption", at.heading if at else ""),
        "form": form,
        "cancel_href": home,
        "breadcrumbs": [("Learning Hub", link(request, "hub")), *crumbs, (title, "")],
        **more,
    }
    return render(request, "learning_hub/form.html", context)


@page(permissions.RUN, record=Stage)
def stage_report(request: Any, stage: Stage) -> HttpResponse:
    """Say where a stage stands and what was done in it."""
    form = forms.StageForm(
        request.POST or None, version=stage.version, initial={"status": stage.status, "did": stage.did}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.report_stage(
                stage=stage,
                status=data["status"],
                did=data["did"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda _: page_of(request, stage.cycle),
            said=f"“{stage.title}” was reported on.",
        )
        if done:
            return done
    asked = {"priority": str(stage.cycle.priority_id), "next": request.path}
    return form_page(
        request,
        f"Report on “{stage.title}”",
        form,
        stage.cycle,
        needs=stage.needs,
        # The first stage waits for a session: these lead to where one is planned or put on record.
        sessions=[
            ("Record a session that was held", link(request, "gathering_record", **asked)),
            ("Plan a session", link(request, "gathering_plan", **asked)),
        ]
        if stage.number == 1 and not queries.sessions_of(stage.cycle.priority, request.actor).exists()
        else [],
    )


@page(permissions.RUN, record=Cycle)
def member_add(request: Any, cycle: Cycle) -> HttpResponse:
    """A partner nominates somebody to work on a cycle."""
    form = forms.MemberForm(request.POST or None, actor=request.actor, today=request.today)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.nominate(
                cycle=cycle,
                agency=form.picked("agency"),
                person=form.picked("person"),
                office=form.picked("office"),
                nominated_by=form.picked("nominated_by"),
                by=request.actor,
                today=request.today,
            ),
            lambda _: page_of(request, cycle),
            said="The member was nominated.",
        )
        if done:
            return done
    return form_page(request, "Nominate a member", form, cycle, submit_text="Nominate")


@page(permissions.RUN, record=Cycle)
def step_add(request: Any, cycle: Cycle) -> HttpResponse:
    """Plan one step by which learning is passed on or reported back."""
    form = forms.StepForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        initial={"precision": "day"},
        gatherings=queries.gatherings_from(cycle.starts_on, request.actor),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.plan_step(
                priority=cycle.priority,
                activity=data["activity"],
                happens_on=data["happens_on"],
                precision=data["precision"],
                agency=form.picked("agency"),
                gathering=form.picked("gathering"),
                by=request.actor,
            ),
            lambda _: page_of(request, cycle),
            said="The step was planned.",
        )
        if done:
            return done
    return form_page(request, "Plan a step of dissemination", form, cycle, submit_text="Plan it")


@page(permissions.VIEW, record=DisseminationStep)
def step(request: Any, step: DisseminationStep) -> HttpResponse:
    """One step: what, when, who reports, what became of it."""
    standing = _standing(step, request.today)
    meeting = step.gathering
    cycle = queries.cycles(request.actor).filter(priority=step.priority_id).first()
    crumbs = [(shortly(cycle.heading), page_of(request, cycle))] if cycle else []
    context = {
        **around(request, step, link(request, "step_history", step), *crumbs),
        "tags": [(standing, rules.STEP_TONES.get(standing, "neutral"))],
        "facts": [
            ("What happens", step.activity),
            ("When", _when(step)),
            *([("Reported by", step.agency.name)] if step.agency else []),
            *(
                [{"key": "Meeting", "value": meeting.title, "href": page_of(request, meeting)}]
                if meeting
                else []
            ),
            (
                "What became of it",
                rules.standing_in_words(standing, step.progress).removeprefix(standing).lstrip(": ")
                or standing,
            ),
            {"key": "Priority", "value": step.priority.heading, "href": page_of(request, step.priority)},
        ],
        "buttons": buttons(
            (
                "Report on it",
                link(request, "step_report", step),
                request.actor.may(permissions.REPORT) and not queries.why_not_report(step, request.actor),
            )
        ),
    }
    return render(request, "improvement/record.html", context)


@page(permissions.REPORT, record=DisseminationStep)
def step_report(request: Any, step: DisseminationStep) -> HttpResponse:
    """Say what became of a step."""
    if why := queries.why_not_report(step, request.actor):
        raise Forbidden(why)
    form = forms.StepReportForm(
        request.POST or None, version=step.version, initial={"status": step.status, "progress": step.progress}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.report_step(
                step=step,
                status=data["status"],
                progress=data["progress"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The step was reported on.",
        )
        if done:
            return done
    return form_page(request, "Report on a step", form, step)


@page(permissions.VIEW, record=DisseminationStep)
def step_history(request: Any, step: DisseminationStep) -> HttpResponse:
    """What happened to a step, and what sources say of it."""
    return history_page(request, step)
