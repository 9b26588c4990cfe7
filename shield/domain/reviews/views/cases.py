"""The cases: all of them, one of them, the table of the year, themes across them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.reviews import contribution, forms, permissions, queries, rules
from shield.domain.reviews.models import Case
from shield.domain.reviews.views.frame import crumbs
from shield.improvement.views.ways import LATELY, buttons, link, page_of
from shield.kernel.access.views import page
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar.rules import WorkingCalendar, in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import values
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.kernel.identities import permissions as identities
from shield.kernel.records import queries as records
from shield.kernel.reporting import queries as reporting

COUNTED_FOR = timedelta(days=60)
"""After the notification, as long as its working days matter to anybody."""


@page(permissions.VIEW)
def cases(request: Any) -> HttpResponse:
    """Every case that somebody may see."""
    actor = request.actor
    works = actor.may(permissions.WORK)
    form = forms.CaseFilter(request.GET or None)
    form.fields["theme"].choices = [
        ("", "Any"),
        *((str(t.pk), t.title) for t in queries.offered_themes(actor)),
    ]
    chosen = form.chosen if request.GET else {}
    names = {"stage": "stage", "route": "route", "theme": "themes"}
    refer = link(request, "case_refer")
    table = Table(
        queries.cases(actor).filter(**{names[name]: value for name, value in chosen.items()}),
        _columns(request),
        request.GET,
        caption="Cases",
        show_caption=False,
        filtered=bool(chosen),
        empty="No case is open to you.",
        empty_hint="A case begins when somebody refers a serious incident.",
        empty_href=refer if actor.may(permissions.REFER) else "",
        empty_link="Refer a serious incident",
    )
    context = {
        "page_title": "Cases",
        "filters": form,
        "buttons": buttons(
            ("Refer a serious incident", refer, actor.may(permissions.REFER)),
            ("Record a case that began before", link(request, "case_record"), works),
        ),
        "also": [
            ("Cases of the year", link(request, "case_table")),
            ("Themes across cases", link(request, "case_themes")),
            *(
                [("Incidents you referred", link(request, "referrals"))]
                if actor.may(permissions.REFER)
                else []
            ),
            *([("Milestones of a rapid review", link(request, "review_plan"))] if works else []),
        ],
    }
    return table_response(request, "improvement/register.html", context, table, file_name="cases")


def _columns(request: Any) -> tuple[Column, ...]:
    return (
        Column(key="pseudonym", label="Case", sort=True, href=lambda row: page_of(request, row)),
        Column(key="incident", label="What happened", value=lambda row: row.incident or "Not written yet"),
        Column(key="route", label="Way", value=lambda row: row.get_route_display() or "Not decided", sort=True),
        Column(key="notified_on", label="Notified", sort=True),
        Column(
            key="stage", label="Where it stands", value=lambda row: row.get_stage_display(), sort=True,
            tone=lambda row: rules.TONES[row.stage],
        ),
        Column(key="themes", label="Themes", numeric=True, value=lambda row: len(row.themes.all())),
    )  # fmt: skip


@page(signed_in=True, record=Case)
def case(request: Any, case: Case) -> HttpResponse:
    """One case: to its team the whole file, to the wider group what it may read."""
    is_open = case.is_open_to(request.actor)
    works = is_open and case.team_id in request.actor.team_ids and request.actor.may(permissions.WORK)
    running = list(clocks.of_record(case.pk, request.actor))
    context = {
        "record": case,
        "page_title": case.pseudonym,
        "page_caption": f"Case {case.reference}",
        "breadcrumbs": crumbs(request, None, (case.pseudonym, "")),
        "tags": _tags(case),
        "is_open": is_open,
        "facts": _facts(request, case, works),
        "story": _story(request, case, running, is_open),
        "outputs": [_output_line(request, row, works) for row in case.outputs.all()],
        "panels": records.panels(case.ref, request.actor),
        "entries": history.of_record(case.partnership_id, case.pk, limit=LATELY) if is_open else None,
        "ways": [("Cases of the year", link(request, "case_table"))]
        if request.actor.may(permissions.VIEW)
        else [],
        "buttons": [],
    }
    if is_open:
        context |= _file(request, case, works)
    return render(request, "reviews/case.html", context)


def _tags(case: Case) -> list[tuple[str, str]]:
    tags = [(case.get_stage_display(), rules.TONES[case.stage])]
    if case.route:
        tags.append((case.get_route_display(), "info"))
    return tags


def _facts(request: Any, case: Case, works: bool) -> list[Any]:
    themes = ", ".join(theme.title for theme in case.themes.all())
    shown = f"Since {in_words(case.shared_on)}" if case.shared_on else "No: only the team sees it"
    facts: list[Any] = [
        ("What happened", case.incident or "Not written yet for the wider group"),
        ("Themes", themes or "None named yet"),
    ]
    if case.began:
        facts.append(("Began", case.began))
    if case.source:
        facts.append(("Taken from", case.source))
    if case.is_open_to(request.actor):
        facts.append(("Shown to the wider group", shown))
        facts.append({"key": "Team", "value": case.team.title, "href": link(request, "team", case.team)})
    return facts


def _story(request: Any, case: Case, running: Iterable[Any], is_open: bool) -> list[dict[str, Any]]:
    """What happened when, with the working days since the notification."""
    days = clocks.working_calendar()
    rapid = getattr(case, "rapid", None)
    moments: list[tuple[date, str, str, str]] = []
    if case.aware_at and is_open:
        moments.append(
            (case.aware_at.date(), f"The area became aware ({values.moment(case.aware_at)})", "", "")
        )
    if case.notified_on:
        moments.append((case.notified_on, "Notified", "", ""))
    if rapid and rapid.met_on:
        moments.append((rapid.met_on, "Rapid review meeting", "", ""))
    if rapid and rapid.sent_on:
        moments.append((rapid.sent_on, "Rapid review sent to the Panel", "", ""))
    for row in case.letters.all():
        if row.about == rules.About.REPLY:
            agrees = {True: "The Panel agrees", False: "The Panel does not agree"}.get(row.agrees, "")
            moments.append(
                (row.dated, f"Reply of {row.party}", agrees, page_of(request, row) if is_open else "")
            )
    for row in case.routes.all():
        if row.decided_on and row.precision == rules.Precision.DAY:
            moments.append((row.decided_on, f"Decided: {row.get_route_display()}", "", ""))
    for clock in running:
        if clock.due_on and clock.state == "running":
            moments.append((clock.due_on, f"Due: {clock.title}", "", page_of(request, clock)))
    return [_moment(case, days, *moment) for moment in sorted(moments)]


def _moment(case: Case, days: WorkingCalendar, day: date, title: str, body: str, href: str) -> dict[str, Any]:
    first = day == case.notified_on or day > case.notified_on + COUNTED_FOR if case.notified_on else True
    since = "" if first else rules.days_from(case.notified_on, day, days)
    return {
        "date": in_words(day), "title": title, "body": body, "href": href or None,
        "tag": f"{since} after the notification" if since else None, "tone": "late" if title.startswith("Due") else "",
    }  # fmt: skip


def _output_line(request: Any, row: Any, works: bool) -> dict[str, Any]:
    status, tone = ("Issued", "good") if row.issued_on else ("Expected", "info")
    if row.is_late(request.today):
        status, tone = "Late", "late"
    elif row.postponed_why and not row.issued_on:
        status, tone = "Postponed", "neutral"
    return {
        "title": row.heading, "hint": row.when, "status": status, "tone": tone,
        "href": link(request, "output_change", row) if works else None,
    }  # fmt: skip


def _file(request: Any, case: Case, works: bool) -> dict[str, Any]:
    """What only the team sees."""
    actor, today = request.actor, request.today
    referral = queries.referral_of(case, actor)
    rapid = getattr(case, "rapid", None)
    review = queries.review_of(case, actor) if case.route in rules.REVIEWS else None
    signed = {row.agency_id: row for row in queries.signatures_of(case)} if rapid else {}
    return {
        "works": works,
        "review": (review.get_status_display(), rules.REVIEW_TONES[review.status], page_of(request, review)) if review else None,
        "referral": referral,
        "referral_facts": _referral_facts(referral) if referral else [],
        "rapid": rapid,
        "past": bool(case.source),  # of a rapid review held before there is no more than its dates
        "steps": [_step_line(request, row, works) for row in queries.steps_of(case)],
        "returns": [_return_line(request, row, today) for row in queries.returns_of(case, actor)],
        "summary": [(rules.SUMMARY_PARTS[p], t) for p, t in rapid.summary.items() if t] if rapid else [],
        "signatures": [_signature_line(agency, signed.get(agency.pk)) for agency in queries.partners(case.partnership_id)]
        if rapid else [],
        "letters": [
            {"title": row.get_about_display(), "href": page_of(request, row), "status": in_words(row.dated),
             "hint": f"{row.get_direction_display()}: {row.party}"}
            for row in case.letters.all()
        ],
        "routes": [
            (f"{row.get_route_display()}{f', {rules.when(row.decided_on, row.precision)}' if row.decided_on else ''}",
             row.reasons or "No reasons on record")
            for row in queries.routes_of(case, actor)
        ],
        "sharings": [
            (f"{row.with_whom}, {in_words(row.decided_on)}",
             "\n".join(filter(None, (row.get_choice_display(), row.get_basis_display(), row.what, row.reasons))))
            for row in queries.sharings_of(case, actor)
        ],
        "names_href": f"{link(request, 'identities')}?about={case.ref.as_text()}" if actor.may(identities.SEE) else "",
        "looked": list(history.reads_of([case.pk, *([referral.pk] if referral else [])], limit=LATELY)),
        "buttons": _buttons(request, case, referral, rapid, review, works),
    }  # fmt: skip


def _referral_facts(row: Any) -> list[Any]:
    facts: list[Any] = [
        ("What happened", row.what),
        ("When", row.happened or "Not said"),
        ("Where", row.place or "Not said"),
        ("Safety", row.safety or "Not said"),
        ("Referred", f"{values.moment(row.referred_at)} by {row.referred_by.name if row.referred_by else 'somebody'}"
                     f"{f', {row.agency.called}' if row.agency else ''}"),
        *row.details.items(),
    ]  # fmt: skip
    if row.outcome:
        said = [f"{text} {rules.Answer(row.answers[code]).label}" for code, text in rules.CRITERIA.items()]
        facts += [
            ("Criteria", "\n".join(said)),
            ("Screened", f"{row.get_outcome_display()}, {in_words(row.screened_on)}"),
            ("Reasons", row.reasons),
        ]
    return facts


def _step_line(request: Any, row: Any, works: bool) -> dict[str, Any]:
    late = row.done_on is None and row.due_on < request.today
    status, tone = (
        (f"Reached {in_words(row.done_on)}", "good")
        if row.done_on
        else ("Late", "late")
        if late
        else ("Open", "info")
    )
    return {
        "title": row.label_text, "hint": f"by {in_words(row.due_on)}", "status": status, "tone": tone,
        "href": link(request, "step_mark", row) if works else None,
    }  # fmt: skip


def _return_line(request: Any, row: Any, today: date) -> dict[str, Any]:
    late = row.status in rules.WITH_AGENCY and row.due_on < today
    return {
        "title": row.agency.called, "href": page_of(request, row), "hint": f"due {in_words(row.due_on)}",
        "status": "Late" if late else row.get_status_display(), "tone": "late" if late else rules.RETURN_TONES[row.status],
    }  # fmt: skip


def _signature_line(agency: Any, row: Any) -> tuple[str, str]:
    if row is None or not row.choice:
        return agency.called, "To be signed anew: the summary was changed" if row else "Not signed yet"
    return (
        agency.called,
        f"{row.get_choice_display()}, {row.person.name}, {in_words(row.signed_on)}\n{row.reasons}",
    )


def _buttons(
    request: Any, case: Case, referral: Any, rapid: Any, review: Any, works: bool
) -> list[dict[str, Any]]:
    """What can be done next, the first thing first."""
    stage, to = case.stage, lambda name: link(request, name, case)
    open_ = works and stage != rules.Stage.CLOSED
    under_way = stage == rules.Stage.RAPID_REVIEW
    unscreened = bool(referral) and stage in {rules.Stage.REFERRED, rules.Stage.NOT_NOTIFIED}
    ready = unscreened and referral.outcome == rules.Screened.NOTIFY and stage == rules.Stage.REFERRED
    signs = under_way and request.actor.may(permissions.SIGN) and bool(rapid and rapid.is_written)
    return buttons(
        ("Note the notification", to("case_notify"), open_ and ready),
        ("Sign", to("case_sign"), signs),
        ("Screen it again" if referral and referral.outcome else "Screen the referral", to("case_screen"), open_ and unscreened),
        ("Add what the notification asks", to("case_details"), open_ and bool(referral)),
        ("Write the one-page summary", to("case_summary"), open_ and under_way),
        ("Ask further agencies", to("case_ask"), open_ and under_way),
        ("Note the review meeting", to("case_meeting"), open_ and under_way),
        ("Send it to the Panel", to("case_send"), open_ and under_way),
        ("File a letter", to("letter_add"), open_),
        ("Decide the way" if not case.route else "Change the way", to("case_route"), open_),
        ("Commission the review", to("review_commission"), open_ and case.route in rules.REVIEWS and review is None),
        ("Name its themes", to("case_themes_name"), open_),
        ("Add an output", to("output_add"), open_),
        ("Say where it was discussed", to("case_discuss"), open_),
        ("Share with a neighbouring partnership", to("case_sharing"), open_),
        ("Change pseudonym and words", to("case_words"), open_),
        ("Show it to the wider group", to("case_share"), open_ and not case.shared_on),
        ("Take it back from the wider group", to("case_unshare"), open_ and bool(case.shared_on)),
        ("Close the case", to("case_close"), open_ and stage not in {rules.Stage.RAPID_REVIEW, rules.Stage.WITH_PANEL}),
        ("Open it again", to("case_reopen"), works and not open_),
    )  # fmt: skip


@page(signed_in=True, record=Case)
def case_history(request: Any, case: Case) -> HttpResponse:
    """What happened to a case, and who opened it; for its team."""
    is_open = case.is_open_to(request.actor)
    ids = [case.pk, *case.letters.values_list("pk", flat=True), *case.returns.values_list("pk", flat=True)]
    context = {
        "page_title": "History, and who looked",
        "page_caption": case.pseudonym,
        "breadcrumbs": crumbs(request, case, ("History", "")),
        "entries": history.of_record(case.partnership_id, case.pk) if is_open else [],
        "looked": list(history.reads_of(ids)) if is_open else [],
        "source": accounts.source_of(case),
        "is_open": is_open,
    }
    return render(request, "reviews/history.html", context)


def _year(request: Any) -> Any:
    years = list(reporting.years(request.actor))
    wanted = request.GET.get("year", "")
    return next((y for y in years if y.name == wanted), years[0] if years else None), years


@page(permissions.VIEW, methods=("GET",))
def case_table(request: Any) -> HttpResponse:
    """The table of the year: what happened, the way, what came of it, themes."""
    year, years = _year(request)
    rows = queries.cases_of_year(request.actor, year.starts_on, year.ends_on) if year else []
    table = Table(
        rows,
        (
            Column(key="case", label="Case", value=lambda row: row.pseudonym, href=lambda row: page_of(request, row)),
            Column(key="incident", label="What happened"),
            Column(key="done", label="What was done, what is expected", value=lambda row: "; ".join(contribution.done(row))),
            Column(key="themes", label="Themes", value=lambda row: "; ".join(t.title for t in row.themes.all())),
        ),
        request.GET,
        caption="Cases of the year",
        show_caption=False,
        page_size=200,
        empty="No case of this year is shown to the wider group.",
    )  # fmt: skip
    context = {
        "page_title": "Cases of the year",
        "page_caption": year.name if year else "",
        "breadcrumbs": crumbs(request, None, ("Cases of the year", "")),
        "also": [
            *((f"Cases of {y.name}", f"?year={y.name}") for y in years if y != year),
            ("Themes across cases", link(request, "case_themes")),
        ],
    }
    return table_response(request, "improvement/register.html", context, table, file_name="cases-of-the-year")


@page(permissions.VIEW, methods=("GET",))
def case_themes(request: Any) -> HttpResponse:
    """Themes across cases: a matrix, and how often each comes."""
    year, years = _year(request)
    told = queries.cases_of_year(request.actor, year.starts_on, year.ends_on) if year else []
    matrix = queries.themes_of(told)
    has = {theme.pk: {case.pk for case in found} for theme, found in matrix}
    columns = [
        Column(
            key="theme",
            label="Theme",
            value=lambda row: row[0].title,
            href=lambda row: page_of(request, row[0]),
        ),
        Column(key="cases", label="Cases", numeric=True, value=lambda row: len(row[1])),
        *(
            Column(
                key=f"c{n}",
                label=case.pseudonym,
                value=lambda row, pk=case.pk: "Yes" if pk in has[row[0].pk] else "",
            )
            for n, case in enumerate(told)
        ),
    ]
    table = Table(
        matrix, columns, request.GET, caption="Themes and the cases that have them", show_caption=False, page_size=200,
        empty="No theme is named for a case of this year.",
    )  # fmt: skip
    context = {
        "page_title": "Themes across cases",
        "page_caption": year.name if year else "",
        "breadcrumbs": crumbs(request, None, ("Themes across cases", "")),
        "chart": contribution.theme_chart(matrix) if matrix else None,
        "also": [(f"Themes of {y.name}", f"?year={y.name}") for y in years if y != year],
    }
    return table_response(request, "reviews/themes.html", context, table, file_name="themes-across-cases")
