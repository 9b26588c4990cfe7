"""Pages of figures, what sources say, and where they disagree."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.views import back as came_from
from shield.kernel.access.views import page, submit
from shield.kernel.clocks import queries as clocks
from shield.kernel.design import views as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.records import models as records
from shield.kernel.records import queries as record_queries
from shield.kernel.records.rules import fold
from shield.kernel.reporting import forms, permissions, queries, rules, services
from shield.kernel.reporting.models import ReportingYear, Statement, make_statement

PERIOD_MISSING = "Set up a reporting year first."


def _discrepancies(request: Any, year: ReportingYear | None) -> list[rules.Discrepancy]:
    return queries.discrepancies_of(year, request.actor) if year else []


def _years(request: Any) -> tuple[list[ReportingYear], ReportingYear | None]:
    years = queries.years(request.actor)
    wanted = request.GET.get("year", "")
    chosen = next((y for y in years if y.name == wanted), None)
    return years, chosen or queries.current_year(request.actor, request.today)


@page(permissions.VIEW_FIGURES)
def figures(request: Any) -> HttpResponse:
    """Every figure of a year, with what it counts."""
    years, year = _years(request)
    form = forms.YearFilter(
        request.GET or None, years=[y.name for y in years], shown=year.name if year else ""
    )
    slug = request.actor.partnership_slug
    rows = queries.figures_of(year, request.actor) if year else []
    open_count = sum(d.is_open for d in _discrepancies(request, year))
    table = Table(
        rows,
        [
            Column(
                key="label",
                label="Figure",
                sort=True,
                href=lambda f: f"{reverse('figure', args=[slug, f.key])}?year={f.period.name}",
            ),
            Column(key="text", label="Value", numeric=True),
            Column(key="unit", label="Counts"),
            Column(key="definition", label="How it is counted"),
        ],
        request.GET,
        caption="Figures of the year",
        empty=PERIOD_MISSING,
        empty_href=reverse("year_add", args=[slug]) if request.actor.may(permissions.EDIT_YEARS) else "",
        empty_link="Set up a reporting year",
        file_name="figures",
    )
    context = {
        "page_title": "Figures",
        "year": year,
        "filters": form,
        "open_count": open_count,
        "may_add": request.actor.may(permissions.EDIT_YEARS),
    }
    return design.table_response(request, "reporting/figures.html", context, table, file_name="figures")


@page(permissions.VIEW_FIGURES, specimen="figure")
def figure(request: Any, key: str) -> HttpResponse:
    """One figure: its value, definition, the very records it counted, and what sources say."""
    _, year = _years(request)
    if year is None:
        raise Http404
    try:
        found = queries.released(rules.compute(key, year.period, request.actor))
    except rules.UnknownFigure:
        raise Http404 from None
    counted = () if found.suppressed else found.records
    titles = record_queries.titles(counted, request.actor)
    slug = request.actor.partnership_slug
    table = Table(
        [ref for ref in counted if ref.id in titles],
        [
            Column(
                key="title",
                label="Record",
                value=lambda r: titles[r.id],
                href=lambda r: record_queries.address(r.kind, r.id, slug) or None,
            ),
            Column(key="kind", label="Kind", value=lambda r: records.kind_label(r.kind)),
        ],
        request.GET,
        caption="Records counted",
        empty="No record was counted.",
        file_name="records",
    )
    said = Statement.objects.visible_to(request.actor).filter(
        subject_kind="figure", subject_key=key, year=year, withdrawn=False
    )
    context = {
        "page_title": found.label,
        "figure": found,
        "year": year,
        "said": said,
        "rule": disclosure.DEFAULT.in_words,
        "breadcrumbs": [("Figures", reverse("figures", args=[slug]))],
    }
    return design.table_response(
        request, "reporting/figure.html", context, table, file_name="records-counted"
    )


@page(permissions.VIEW_FIGURES)
def statements(request: Any) -> HttpResponse:
    """What sources assert, place by place."""
    filters = forms.StatementFilter(request.GET or None)
    rows = Statement.objects.visible_to(request.actor).filter(withdrawn=False)
    chosen = filters.chosen
    if "words" in chosen:
        rows = rows.filter(subject_title__icontains=chosen["words"])
    if "section" in chosen:
        rows = rows.filter(section__istartswith=chosen["section"])
    slug = request.actor.partnership_slug
    table = Table(
        rows,
        [
            Column(
                key="subject_title",
                label="Of",
                sort=True,
                href=lambda s: (
                    record_queries.address(s.subject_kind, s.subject_id, slug) or None
                    if s.subject_id
                    else None
                ),
            ),
            Column(key="attribute", label="What", value=lambda s: s.attribute_label),
            Column(key="value", label="Says", value=lambda s: s.value_words),
            Column(key="where", label="Where", value=lambda s: s.where, sort="section"),
            Column(key="source", label="Source", sort=True),
            *_take_back(request),
        ],
        request.GET,
        caption="Statements",
        filtered=bool(chosen),
        empty="No source has been recorded yet.",
        empty_hint="Record what a document asserts, and Shield finds where it disagrees with the register or with another document.",
    )
    context = {
        "page_title": "What sources say",
        "filters": filters,
        "may_add": request.actor.may(permissions.RECORD_STATEMENT),
    }
    return design.table_response(request, "reporting/statements.html", context, table, file_name="statements")


def _take_back(request: Any) -> list[Column]:
    if not request.actor.may(permissions.RECORD_STATEMENT):
        return []
    slug = request.actor.partnership_slug
    return [
        Column(
            key="take_back",
            label="What you can do",
            value=lambda s: "Take it back",
            hidden_label=True,
            export=False,
            href=lambda s: reverse("statement_withdraw", args=[slug, s.pk]),
        )
    ]


@page(permissions.RECORD_STATEMENT, record=Statement)
def statement_withdraw(request: Any, statement: Statement) -> HttpResponse:
    """Take back a statement that was recorded by mistake."""
    form = forms.TakeBackForm(request.POST or None)
    back = reverse("statements", args=[request.actor.partnership_slug])
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.withdraw_statement(
                statement=statement, reason=form.cleaned_data["reason"], by=request.actor
            ),
            lambda _: back,
            said="The statement was taken back.",
        )
        if done:
            return done
    context = {
        "page_title": "Take back what a source says",
        "page_caption": f"{statement.heading}: {statement.value_words}, {statement.where}",
        "form": form,
        "submit_text": "Take it back",
        "cancel_href": back,
        "breadcrumbs": [("What sources say", back), ("Take it back", "")],
    }
    return render(request, "design/form_page.html", context)


@page(permissions.RECORD_STATEMENT)
def statement_add(request: Any) -> HttpResponse:
    """Record what a source asserts of a figure."""
    choices = [(key, kind.label) for key, kind in rules.FIGURES.items()]
    _, year = _years(request)
    form = forms.StatementForm(request.POST or None, figures=choices)
    slug = request.actor.partnership_slug
    if year is None:
        messages.info(request, PERIOD_MISSING)
        return HttpResponseRedirect(reverse("figures", args=[slug]))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        statement = make_statement(
            request.actor.partnership_id,
            data["value"],
            year=year,
            subject_kind="figure",
            subject_key=data["figure"],
            subject_title=rules.FIGURES[data["figure"]].label,
            attribute="value",
            source=data["source"],
            section=data["section"],
            wording=data["wording"],
        )
        done = submit(
            request,
            form,
            lambda: services.record_statement(statement=statement, by=request.actor),
            lambda _: reverse("discrepancies", args=[slug]),
            said="The statement was recorded and compared.",
        )
        if done:
            return done
    context = {
        "page_title": "Record what a source says",
        "page_caption": f"Reporting year {year.name}",
        "breadcrumbs": [("What sources say", reverse("statements", args=[slug])), ("Record", "")],
        "form": form,
        "submit_text": "Record",
        "cancel_href": reverse("statements", args=[slug]),
    }
    return render(request, "design/form_page.html", context)


@page(permissions.VIEW_FIGURES)
def discrepancies(request: Any) -> HttpResponse:
    """Where sources disagree with each other or with the register, both places on one line."""
    _, year = _years(request)
    found = _discrepancies(request, year)
    slug = request.actor.partnership_slug
    show = request.GET.get("show", "open")
    filters = forms.DiscrepancyFilter(request.GET or None)
    words = fold(str(filters.chosen.get("words", ""))).split()
    table = Table(
        [
            d
            for d in found
            if (show == "all" or d.is_open == (show == "open"))
            and all(word in fold(d.line) for word in words)
        ],
        _discrepancy_columns(slug, request.actor.may(permissions.SETTLE), request.get_full_path()),
        request.GET,
        caption="Discrepancies",
        filtered=bool(words),
        empty="No discrepancy." if show != "all" else PERIOD_MISSING,
        empty_hint="Sources agree with each other and with the register.",
        file_name="discrepancies",
    )
    context = {
        "page_title": "Discrepancies",
        "show": show,
        "filters": filters,
        "open_count": sum(d.is_open for d in found),
        "settled_count": sum(not d.is_open for d in found),
        "breadcrumbs": [("Figures", reverse("figures", args=[slug]))],
    }
    return design.table_response(
        request, "reporting/discrepancies.html", context, table, file_name="discrepancies"
    )


def _discrepancy_columns(slug: str, may_settle: bool, here: str) -> list[Column]:
    columns = [
        Column(key="subject_title", label="About", sort=True, href=lambda d: _record_page(d, slug)),
        Column(key="attribute", label="What", value=lambda d: rules.attribute_words(d.attribute)),
        Column(
            key="told",
            label="Who says what",
            value=lambda d: " — ".join(f"{a.text} ({'; '.join(a.places)})" for a in d.assertions),
        ),
        Column(
            key="state",
            label="State",
            value=lambda d: "Open" if d.is_open else f"Settled as {d.settlement.value_words}",
            tone=lambda d: "late" if d.is_open else "good",
        ),
    ]
    if may_settle:
        columns.append(
            Column(
                key="settle",
                label="Settle",
                value=lambda d: "Settle" if d.is_open else "Settle again",
                hidden_label=True,
                export=False,
                href=lambda d: (
                    f"{reverse('settle', args=[slug])}?{urlencode({'about': d.key, 'next': here})}"
                ),
            )
        )
    return columns


def _record_page(found: rules.Discrepancy, slug: str) -> str | None:
    if found.ref is not None:
        return record_queries.address(found.ref.kind, found.ref.id, slug) or None
    key = found.subject.partition(":")[2]
    try:
        rules.split_key(key)
    except rules.UnknownFigure:
        return None
    return reverse("figure", args=[slug, key])


@page(permissions.SETTLE)
def settle(request: Any) -> HttpResponse:
    """Settle one discrepancy as one of the values, with a reason."""
    _, year = _years(request)
    about = request.GET.get("about", "")
    found = next((d for d in _discrepancies(request, year) if d.key == about), None)
    if found is None:
        raise Http404
    form = forms.SettleForm(request.POST or None, assertions=found.assertions)
    back = came_from(request, reverse("discrepancies", args=[request.actor.partnership_slug]))
    if request.method == "POST" and form.is_valid():
        chosen = form.assertions[form.cleaned_data["value"]]
        done = submit(
            request,
            form,
            lambda: services.settle(
                discrepancy=found,
                value=chosen.value,
                reason=form.cleaned_data["reason"],
                by=request.actor,
                today=request.today,
                seen=form.values_seen,
            ),
            lambda _: back,
            said=f"Settled: {found.subject_title}.",
        )
        if done:
            return done
    context = {
        "page_title": f"Settle: {found.subject_title}",
        "page_caption": rules.attribute_words(found.attribute).capitalize(),
        "form": form,
        "found": found,
        "submit_text": "Settle",
        "cancel_href": back,
        "breadcrumbs": [("Discrepancies", back)],
    }
    return render(request, "reporting/settle.html", context)


@page(permissions.EDIT_YEARS)
def year_add(request: Any) -> HttpResponse:
    """Set up a reporting year."""
    form = forms.YearForm(request.POST or None, editions=_editions())
    slug = request.actor.partnership_slug
    if request.method == "POST" and form.is_valid():
        data = form.values
        done = submit(
            request,
            form,
            lambda: services.add_year(**data, by=request.actor),
            lambda _: reverse("reports", args=[slug]),
            said=f"The reporting year {data['name']} was set up.",
        )
        if done:
            return done
    context = {
        "page_title": "Set up a reporting year",
        "breadcrumbs": [("Yearly reports", reverse("reports", args=[slug])), ("Set up a year", "")],
        "form": form,
        "submit_text": "Set up",
        "cancel_href": reverse("reports", args=[slug]),
    }
    return render(request, "design/form_page.html", context)


@page(permissions.EDIT_YEARS, record=ReportingYear)
def year_change(request: Any, year: ReportingYear) -> HttpResponse:
    """Correct a reporting year whose report is not issued yet."""
    names = ("name", "starts_on", "ends_on", "as_at", "edition")
    form = forms.YearForm(
        request.POST or None,
        editions=_editions(),
        version=year.version,
        initial={name: getattr(year, name) for name in names},
    )
    back = reverse("reports", args=[request.actor.partnership_slug])
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.change_year(
                year=year,
                changes=form.values,
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda _: back,
            said="The reporting year was corrected.",
        )
        if done:
            return done
    context = {
        "page_title": f"Correct the reporting year {year.name}",
        "form": form,
        "cancel_href": back,
        "breadcrumbs": [("Yearly reports", back), (f"Correct {year.name}", "")],
    }
    return render(request, "design/form_page.html", context)


def _editions() -> list[tuple[str, str]]:
    return [(e.code, e.title + ("" if e.confirmed else " (unconfirmed)")) for e in clocks.editions().values()]
