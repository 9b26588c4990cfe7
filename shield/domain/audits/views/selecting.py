"""The list of records, and the choice from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.audits import exchange, forms, permissions, queries, rules, services
from shield.domain.audits.models import Audit
from shield.domain.audits.views.frame import crumbs, form_page
from shield.improvement.views.ways import link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response

SEALED = (
    "From here on each record is known by a pseudonym, such as Child 1. The reference is sealed, and only whoever runs "
    "the audit can open it. References of records that are not chosen are forgotten when the agencies are asked."
)


@page(permissions.RUN, record=Audit)
def audit_list(request: Any, audit: Audit) -> HttpResponse:
    """Upload the list of records to choose from."""
    form = forms.ListForm(request.POST or None, request.FILES or None, version=audit.version)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Audit:
            listed = exchange.read_list(data["file"].read(), own=data["own"], kept=form.columns)
            return services.put_list(
                audit=audit, entries=listed.entries, columns=listed.columns, digest=listed.digest, by=request.actor,
                expected_version=data["version"], field_name="file",
            )  # fmt: skip

        done = submit(
            request,
            form,
            act,
            lambda row: link(request, "audit_choose", row),
            said="The list is on the audit. Choose the records.",
        )
        if done:
            return done
    return form_page(
        request, "Upload the list of records", form, audit=audit, intro=[SEALED], submit_text="Upload it"
    )


@page(permissions.RUN, record=Audit)
def audit_typed(request: Any, audit: Audit) -> HttpResponse:
    """Type in the records to choose from."""
    form = forms.TypedForm(request.POST or None, version=audit.version)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.put_list(
                audit=audit,
                entries=form.entries,
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: link(request, "audit_choose", row),
            said="The records are on the audit. Choose those to look at.",
        )
        if done:
            return done
    return form_page(request, "Type the records in", form, audit=audit, intro=[SEALED])


@page(permissions.RUN, record=Audit)
def audit_frame(request: Any, audit: Audit) -> HttpResponse:
    """The list as it is on record: pseudonyms, groups, which were chosen."""
    rows = queries.records_of(audit)
    columns = (
        Column(key="number", label="Number", numeric=True, sort=True),
        Column(key="pseudonym", label="Record"),
        *(
            Column(key=f"group-{n}", label=name, value=lambda row, name=name: row.groups.get(name, ""))
            for n, name in enumerate(audit.columns)
        ),
        Column(key="chosen", label="Chosen", value=lambda row: "Chosen" if row.chosen else "", sort=True,
               tone=lambda row: "good" if row.chosen else None),
        Column(key="depth", label="Depth", value=lambda row: row.get_depth_display(), sort=True),
    )  # fmt: skip
    table = Table(
        rows, columns, request.GET, caption="Records to choose from", show_caption=False, default_sort="number",
        empty="There is no list on this audit yet.",
    )  # fmt: skip
    context = {
        "page_title": "The list of records",
        "page_caption": audit.title,
        "breadcrumbs": crumbs(request, audit, ("The list", "")),
        "audit": audit,
        "method": rules.DRAW if audit.seed else "",
        "again": queries.drawn_again(audit) if audit.seed else None,
    }
    return table_response(
        request, "audits/frame.html", context, table, file_name=f"list of {audit.reference}"
    )


@page(permissions.RUN, record=Audit)
def audit_choose(request: Any, audit: Audit) -> HttpResponse:
    """Choose records from the list."""
    form = forms.ChooseForm(request.POST or None, audit=audit, version=audit.version)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.choose(
                audit=audit, method=data["method"], wanted=data.get("wanted"), seed=data.get("seed", ""),
                group_by=data.get("group_by") or "", numbers=data.get("numbers") or [], how=data.get("how", ""),
                by=request.actor, expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The records were chosen.",
        )  # fmt: skip
        if done:
            return done
    size = audit.units(audit.frame_size or 0)
    intro = [f"The list holds {size}.", f"How a draw is made: {rules.DRAW}"]
    return form_page(request, "Choose the records", form, audit=audit, intro=intro, submit_text="Choose them")


@page(permissions.RUN, record=Audit)
def audit_depth(request: Any, audit: Audit) -> HttpResponse:
    """Say which of the records chosen are looked at in depth."""
    chosen = list(queries.chosen_of(audit, request.actor))
    deep = ", ".join(str(row.number) for row in chosen if row.depth == rules.Depth.DEEP_DIVE)
    form = forms.DepthForm(request.POST or None, version=audit.version, initial={"numbers": deep})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.set_depth(
                audit=audit, numbers=data["numbers"], by=request.actor, expected_version=data["version"]
            ),
            lambda row: page_of(request, row),
            said="The depth of each record was set.",
        )
        if done:
            return done
    names = ", ".join(row.pseudonym for row in chosen) or "none"
    return form_page(request, "Deep dive or light touch", form, audit=audit, intro=[f"Chosen: {names}."])


@page(permissions.RUN, record=Audit)
def audit_references(request: Any, audit: Audit) -> HttpResponse:
    """Open the agencies' own references of the records chosen; that it was done is kept."""
    form = design.ShieldForm(request.POST or None)
    opened = None
    if request.method == "POST" and form.is_valid():
        opened = services.open_references(audit=audit, by=request.actor)
    context = {
        "page_title": "Whose records they are",
        "page_caption": audit.title,
        "breadcrumbs": crumbs(request, audit, ("Whose records they are", "")),
        "form": form,
        "opened": opened,
        "cancel_href": page_of(request, audit),
        "submit_text": "Open the references",
    }
    answer = render(request, "audits/references.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
