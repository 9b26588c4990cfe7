"""Correcting what is on record, and taking back what should not be: the same pages for each kind of record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement import forms, permissions, queries, services
from shield.improvement.forms.correcting import corrected, correction_form, decision_initial
from shield.improvement.models import (
    Decision,
    Evidence,
    Finding,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
    Theme,
    Withdrawable,
)
from shield.improvement.views.evidence import choices
from shield.improvement.views.ways import onward, page_of, way_to
from shield.kernel.access.rules import Forbidden, Permission
from shield.kernel.access.views import page, submit
from shield.kernel.records.rules import parse_ref


def _refuse(request: Any, record: Withdrawable) -> None:
    """403 in words where this person may not correct it, or nobody may any more."""
    if record.is_taken_back:
        raise Forbidden(f"This was taken back already: {record.withdrawn_why}")
    if why := queries.why_not_correct(record, request.actor):
        raise Forbidden(why)


def _correct(request: Any, record: Any) -> HttpResponse:
    """Correct a finding, a theme, a success measure, evidence or a note."""
    _refuse(request, record)
    actor = request.actor
    about = queries.was_about(record, actor) if isinstance(record, Evidence) else None
    form = correction_form(
        record, request.POST or None, actor=actor, today=request.today, about=about,
        choices=choices(request, also=about) if isinstance(record, Evidence) else (),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        target = parse_ref(form.cleaned_data["about"]) if isinstance(record, Evidence) else None
        done = submit(
            request,
            form,
            lambda: services.correct(
                record=record,
                about=target,
                by=actor,
                expected_version=form.cleaned_data["version"],
                **corrected(record, form),
            ),
            lambda row: onward(request, page_of(request, row)),
            said="The correction was saved. The old wording is kept in the history.",
        )
        if done:
            return done
    return _page(request, record, form, f"Correct the {record.label.lower()}")


def _correct_decision(request: Any, record: Decision) -> HttpResponse:
    """Correct what a decision says, and what it was about."""
    _refuse(request, record)
    form = forms.DecisionForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        version=record.version,
        initial=decision_initial(record),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.correct_decision(
                decision=record,
                changes=form.changes,
                why=data["why"],
                by=request.actor,
                expected_version=data["version"],
            ),
            lambda row: onward(request, page_of(request, row)),
            said="The correction was saved. The old wording is kept in the history.",
        )
        if done:
            return done
    return _page(request, record, form, "Correct the decision")


def _take_back(request: Any, record: Any) -> HttpResponse:
    """Take back what should not be on record, with the reason."""
    _refuse(request, record)
    form = forms.TakeBackForm(request.POST or None, version=record.version)
    if request.method == "POST" and form.is_valid():
        given = {
            "reason": form.cleaned_data["reason"],
            "by": request.actor,
            "today": request.today,
            "expected_version": form.cleaned_data["version"],
        }
        done = submit(
            request,
            form,
            lambda: (
                services.withdraw_decision(decision=record, **given)
                if isinstance(record, Decision)
                else services.take_back(record=record, **given)
            ),
            lambda row: onward(request, page_of(request, row)),
            said="It was taken back. It stays readable here, and counts no more.",
        )
        if done:
            return done
    more = {"submit_text": "Take it back", "is_decision": isinstance(record, Decision)}
    return _page(
        request, record, form, f"Take the {record.label.lower()} back", "improvement/take_back.html", **more
    )


def _page(
    request: Any, record: Any, form: Any, title: str, template: str = "design/form_page.html", **more: Any
) -> HttpResponse:
    context = {
        "page_title": title,
        "page_caption": record.heading,
        "form": form,
        "cancel_href": onward(request, page_of(request, record)),
        "breadcrumbs": [*way_to(request, record), (title, "")],
        **more,
    }
    return render(request, template, context)


@dataclass(frozen=True)
class Mended:
    """One page by which a kind of record is mended: its address and name."""

    path: str
    name: str
    view: Callable[..., HttpResponse]


def _mended(word: str, model: type[Withdrawable], permission: Permission) -> list[Mended]:
    declared = page(permission, record=model, past=True)
    name = str(model._meta.model_name)
    made = [Mended(f"{word}/<uuid:id>/withdraw", f"{name}_withdraw", declared(_take_back))]
    if model is not Recommendation:  # its wording is refined on a page of its own
        view = _correct_decision if model is Decision else _correct
        made.append(Mended(f"{word}/<uuid:id>/correct", f"{name}_correct", declared(view)))
    return made


MENDED: tuple[Mended, ...] = (
    *_mended("findings", Finding, permissions.EDIT),
    *_mended("themes", Theme, permissions.EDIT),
    *_mended("measures", SuccessMeasure, permissions.EDIT),
    *_mended("recommendations", Recommendation, permissions.EDIT),
    *_mended("chain/decisions", Decision, permissions.EDIT),
    *_mended("evidence", Evidence, permissions.ADD_EVIDENCE),
    *_mended("progress", ProgressNote, permissions.UPDATE_ACTION),
)
