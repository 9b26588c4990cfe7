"""Pages on statutory clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.views import page, submit
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import doors, forms, permissions, queries, rules, services
from shield.kernel.clocks.models import Clock
from shield.kernel.clocks.views import escalations
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef, Refused

TONES = {
    "Met": "good",
    "Met late": "attention",
    "Late": "late",
    "Due today": "attention",
    "Due soon": "attention",
    "Running": "info",
}
Words = dict[str, str]


@page(permissions.VIEW)
def clocks(request: Any) -> HttpResponse:
    """All clocks, the first due first."""
    filters = forms.ClockFilter(request.GET)
    rows = queries.chosen(request.actor, request.today, **filters.chosen)
    titles: dict[Any, str] = {}
    table = Table(
        rows,
        _columns(request, titles),
        request.GET,
        caption="Statutory clocks",
        show_caption=False,
        default_sort="due_on",
        filtered=bool(filters.chosen),
        empty="No clock runs yet.",
        empty_hint="A clock starts by itself when something happens that sets a period running.",
    )
    shown = rows if table.wants_export else table.page_rows
    titles.update(records.titles([_about(row) for row in shown], request.actor))
    here, may = [request.actor.partnership_slug], request.actor.may
    context = {
        "page_title": "Statutory clocks",
        "filters": filters,
        "wide": True,
        "compliance_href": reverse("clocks_compliance", args=here),
        "escalations_href": reverse("escalations", args=here) if may(permissions.VIEW_ESCALATIONS) else "",
    }
    return table_response(request, "clocks/clocks.html", context, table, file_name="statutory clocks")


def _columns(request: Any, titles: dict[Any, str]) -> tuple[Column, ...]:
    slug, today = request.actor.partnership_slug, request.today

    def standing(row: Clock) -> str:
        return rules.standing(row.state, row.due_on, row.met_on, today)

    def about_address(row: Clock) -> str | None:
        return records.address(row.about_kind, row.about_id, slug) or None if row.about_id in titles else None

    return (
        Column(key="title", label="Duty", sort=True, href=lambda row: records.address_of(row, slug)),
        Column(key="about", label="About", value=lambda row: titles.get(row.about_id), href=about_address),
        Column(key="owed_by", label="Owed by", sort=True),
        Column(key="started_on", label="Started", sort=True),
        Column(key="due_on", label="Due", sort=["due_on", "reference"]),
        Column(
            key="standing",
            label="Standing",
            value=standing,
            tone=lambda row: TONES.get(standing(row), "neutral"),
        ),
    )


def _about(clock: Clock) -> RecordRef:
    return RecordRef(clock.about_kind, clock.about_id, clock.about_title)


@page(permissions.VIEW, record=Clock)
def clock(request: Any, clock: Clock) -> HttpResponse:
    """One clock: the duty, where it stands, how its date was reached, what happened to it."""
    rule, edition = queries.rule_of(clock), queries.edition(clock.edition)
    standing = rules.standing(clock.state, clock.due_on, clock.met_on, request.today)
    raised = list(queries.escalations(request.actor).filter(about_id=clock.pk))
    context = {
        **_page(request, clock, clock.title, last=True),
        "clock": clock,
        "rule": rule,
        "standing": standing,
        "tone": TONES.get(standing, "neutral"),
        "facts": _facts(request, clock, rule, edition),
        "panels": escalations.panel(raised),
        "pauses": [_pause_words(pause) for pause in clock.pauses.all()],
        "days": _explanation(request, clock),
        "entries": history.of_record(clock.partnership_id, clock.pk),
        "acts": [*_acts(request, clock), *escalations.offered(request, clock, raised)],
        "told": [doors.telling(row) for row in queries.reminders_of(clock.pk, request.actor)],
    }
    return render(request, "clocks/clock.html", context)


def _facts(request: Any, clock: Clock, rule: rules.ClockRule, edition: rules.Edition) -> list[Any]:
    title = records.titles([_about(clock)], request.actor).get(clock.about_id)
    address = (
        records.address(clock.about_kind, clock.about_id, request.actor.partnership_slug) if title else ""
    )
    extra = f", extended by {clock.extra} {rules.Unit(rule.unit).label}" if clock.extra else ""
    facts: list[Any] = [
        ("Owed by", clock.owed_by),
        {"key": "About", "value": title or "A record that you may not see", "href": address},
        ("Starts when", rule.trigger),
        ("Started on", clock.started_on),
        ("Period", rule.period_words + extra),
        (
            "Due on",
            clock.due_on
            or ("Known when the clock runs again" if clock.state == rules.State.PAUSED else "Not known"),
        ),
        ("Guidance", edition.title),
        ("Source", _citation(rule, edition)),
    ]
    if rule.met_by:
        facts.append(("Met by itself when", rule.met_by))
    if rule.note:
        facts.append(("Note", rule.note))
    if clock.met_on:
        facts.append(("Met on", clock.met_on))
    if clock.reason:
        facts.append(("Reason given", clock.reason))
    return facts


def _citation(rule: rules.ClockRule, edition: rules.Edition) -> str:
    confirmed = rule.confirmed and edition.confirmed
    return (
        rule.citation
        if confirmed
        else f"{rule.citation} (unconfirmed: nobody has checked this against the guidance yet)"
    )


def _pause_words(pause: Any) -> Words:
    until = f"to {in_words(pause.ends_on)}" if pause.ends_on else "until it runs again"
    return {"span": f"After {in_words(pause.starts_on)} {until}", "reason": pause.reason}


def _explanation(request: Any, clock: Clock) -> Table:
    columns = (
        Column(key="day", label="Day", value=lambda line: f"{line.day:%A} {in_words(line.day)}"),
        Column(key="number", label="Counted", numeric=True),
        Column(key="why", label="Why"),
    )
    return Table(
        queries.explanation(clock),
        columns,
        request.GET,
        caption="How this date is reached",
        name="days",
        page_size=60,
        exportable=False,
    )


def _acts(request: Any, clock: Clock) -> list[Words]:
    """What this person can do to the clock as it stands."""
    if not request.actor.may(permissions.CHANGE):
        return []
    offered = {
        rules.State.RUNNING: (
            ("clock_meet", "Record that it was met"),
            ("clock_pause", "Let it stand still"),
            ("clock_extend", "Extend it"),
            ("clock_stop", "Stop it"),
        ),
        rules.State.PAUSED: (("clock_resume", "Let it run again"), ("clock_stop", "Stop it")),
        rules.State.MET: (("clock_put_right", "It was marked as met by mistake"),),
        rules.State.STOPPED: (("clock_put_right", "It was stopped by mistake"),),
    }
    acts = offered[rules.State(clock.state)]
    if rules.why_not_extend(clock.state, clock.due_on, request.today):
        acts = tuple(act for act in acts if act[0] != "clock_extend")
    return [{"href": _address(request, clock, name), "text": text} for name, text in acts]


def _address(request: Any, clock: Clock, name: str = "clock") -> str:
    return reverse(name, kwargs={"partnership": request.actor.partnership_slug, "id": clock.pk})


def _page(request: Any, clock: Clock, title: str, *, last: bool = False) -> dict[str, Any]:
    way = [("Clocks", reverse("clocks", args=[request.actor.partnership_slug]))]
    own = (clock.title, "" if last else _address(request, clock))
    return {"page_title": title, "page_caption": clock.reference, "breadcrumbs": [*way, own]}


def _perform(
    request: Any,
    clock: Clock,
    form: Any,
    check: Callable[[], None],
    act: Callable[[dict[str, Any]], Clock],
    words: Words,
) -> HttpResponse:
    """One act on a clock: its form, or what the act led to; what `check` refuses leads back with the reason."""
    if request.method == "POST" and form.is_valid():
        answer = submit(
            request,
            form,
            lambda: act(form.cleaned_data),
            lambda row: _address(request, row),
            said=words["said"],
        )
        if answer is not None:
            return answer
    elif request.method != "POST":
        try:
            check()
        except Refused as refused:
            messages.error(request, refused.message)
            return HttpResponseRedirect(_address(request, clock))
    context = {
        **_page(request, clock, words["title"]),
        "clock": clock,
        "form": form,
        "intro": words["intro"],
        "submit_text": words["button"],
    }
    return render(request, "clocks/act.html", {**context, "cancel_href": _address(request, clock)})


def _asked(request: Any, form: type[Any], clock: Clock, on: date | None = None, **options: Any) -> Any:
    given = request.POST if request.method == "POST" else None
    return form(given, version=clock.version, initial={"on": on} if on else None, **options)


@page(permissions.CHANGE, record=Clock)
def pause(request: Any, clock: Clock) -> HttpResponse:
    """Let a clock stand still."""
    words = {
        "title": "Let this clock stand still",
        "button": "Let it stand still",
        "said": "The clock stands still.",
        "intro": "Days on which a clock stands still are not counted. Its date is known when it runs again. "
        "What is late already stays late.",
    }
    form = _asked(request, forms.PauseForm, clock, request.today)
    return _perform(
        request,
        clock,
        form,
        lambda: rules.check_move(clock.state, rules.State.PAUSED),
        lambda asked: services.pause(
            clock=clock,
            reason=asked["reason"],
            by=request.actor,
            on=asked["on"],
            today=request.today,
            expected_version=asked["version"],
        ),
        words,
    )


@page(permissions.CHANGE, record=Clock)
def resume(request: Any, clock: Clock) -> HttpResponse:
    """Let a clock run again."""
    words = {
        "title": "Let this clock run again",
        "button": "Let it run again",
        "said": "The clock runs again.",
        "intro": "Its date moves on by the days it stood still.",
    }
    form = _asked(request, forms.ResumeForm, clock, request.today)
    return _perform(
        request,
        clock,
        form,
        lambda: rules.check_move(clock.state, rules.State.RUNNING),
        lambda asked: services.resume(
            clock=clock,
            by=request.actor,
            on=asked["on"],
            today=request.today,
            expected_version=asked["version"],
        ),
        words,
    )


@page(permissions.CHANGE, record=Clock)
def extend(request: Any, clock: Clock) -> HttpResponse:
    """Lengthen a clock's period."""
    words = {
        "title": "Extend this clock",
        "button": "Extend it",
        "said": "The clock was extended.",
        "intro": "Extend a clock only where the guidance allows it, and say who agreed. An extension is agreed before "
        "the day has passed: what is late cannot be extended.",
    }
    form = _asked(request, forms.ExtendForm, clock, rule=queries.rule_of(clock))

    def check() -> None:
        if why := rules.why_not_extend(clock.state, clock.due_on, request.today):
            raise Refused(why)

    return _perform(
        request,
        clock,
        form,
        check,
        lambda asked: services.extend(
            clock=clock,
            extra=asked["extra"],
            reason=asked["reason"],
            by=request.actor,
            today=request.today,
            expected_version=asked["version"],
        ),
        words,
    )


@page(permissions.CHANGE, record=Clock)
def meet(request: Any, clock: Clock) -> HttpResponse:
    """Record that a duty was done."""
    words = {
        "title": "Record that this duty was met",
        "button": "Record it",
        "said": "The duty was recorded as met.",
        "intro": "Give the day on which the duty was done, not the day on which you record it.",
    }
    rule = queries.rule_of(clock)
    if rule.met_by:
        words["intro"] = (
            f"This duty is met by itself when {rule.met_by}. Record it by hand only if it was met outside Shield: give "
            "the day on which that was, and how."
        )
    form = _asked(request, forms.MeetForm, clock, request.today, rule=rule)
    return _perform(
        request,
        clock,
        form,
        lambda: rules.check_move(clock.state, rules.State.MET),
        lambda asked: services.meet(
            clock=clock,
            on=asked["on"],
            reason=asked.get("reason", ""),
            by=request.actor,
            today=request.today,
            expected_version=asked["version"],
        ),
        words,
    )


@page(permissions.CHANGE, record=Clock)
def stop(request: Any, clock: Clock) -> HttpResponse:
    """Stop a clock whose duty no longer applies."""
    words = {
        "title": "Stop this clock",
        "button": "Stop it",
        "said": "The clock was stopped.",
        "intro": "A stopped clock stays on record with its reason.",
    }
    form = _asked(request, forms.StopForm, clock)
    return _perform(
        request,
        clock,
        form,
        lambda: rules.check_move(clock.state, rules.State.STOPPED),
        lambda asked: services.stop(
            clock=clock, reason=asked["reason"], by=request.actor, expected_version=asked["version"]
        ),
        words,
    )


@page(permissions.CHANGE, record=Clock)
def put_right(request: Any, clock: Clock) -> HttpResponse:
    """Take back that a clock was marked as met or stopped."""
    was = rules.State(clock.state).label.lower()
    words = {
        "title": "Put this clock right",
        "button": "Put it right",
        "said": "The clock was put right.",
        "intro": f"This clock is {was}. If that was recorded by mistake it goes on as if it had not been, and its history "
        "keeps both. Whoever is told of its date is told of what has come meanwhile.",
    }
    form = _asked(request, forms.PutRightForm, clock)
    return _perform(
        request,
        clock,
        form,
        lambda: rules.check_correction(clock.state),
        lambda asked: services.put_right(
            clock=clock, reason=asked["reason"], by=request.actor, expected_version=asked["version"]
        ),
        words,
    )
