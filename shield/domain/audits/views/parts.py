"""Asking agencies, an agency's answers, and what becomes of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shield.domain.audits import forms, permissions, queries, rules, services
from shield.domain.audits.forms.answering import fields_of
from shield.domain.audits.models import AgencyPart, Audit
from shield.domain.audits.views.frame import around, compared_by_field, crumbs, form_page
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.design import forms as design


@page(permissions.RUN, record=Audit)
def audit_begin(request: Any, audit: Audit) -> HttpResponse:
    """Ask the agencies for their parts."""
    form = forms.BeginForm(
        request.POST or None, actor=request.actor, today=request.today, version=audit.version
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.begin_auditing(
                audit=audit, tool=form.picked("tool"), agencies=form.picked_all("agencies"), due_on=data["due_on"],
                by=request.actor, today=request.today, expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="Each agency has its parts in its work list.",
        )  # fmt: skip
        if done:
            return done
    intro = [
        "The tool is frozen for this audit. Tell each agency by your own secure way which child each pseudonym stands for; "
        "Shield does not.",
        "The references of records that were not chosen are forgotten now.",
    ]
    tools = (
        [] if form.fields["tool"].choices else [("Make an audit tool first", link(request, "audit_tools"))]
    )
    return form_page(
        request, "Ask the agencies", form, audit=audit, intro=intro, links=tools, submit_text="Ask them"
    )


@page(permissions.RUN, record=Audit)
def audit_ask_also(request: Any, audit: Audit) -> HttpResponse:
    """Ask further agencies while the others answer."""
    asked = {part.agency_id for part in queries.parts_of(audit, request.actor)}
    form = forms.AskAlsoForm(
        request.POST or None, actor=request.actor, today=request.today, version=audit.version, asked=asked
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.ask_also(
                audit=audit, agencies=form.picked_all("agencies"), by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: page_of(request, row),
            said="They have their parts in their work list.",
        )  # fmt: skip
        if done:
            return done
    return form_page(request, "Ask further agencies", form, audit=audit, submit_text="Ask them")


@page(permissions.RUN, record=Audit)
def audit_chase(request: Any, audit: Audit) -> HttpResponse:
    """Remind the agencies whose answers are awaited."""
    agencies = list(queries.still_to_answer(audit))
    people = queries.who_answers(agencies, request.today)
    form = design.ShieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.chase_answers(audit=audit, by=request.actor, today=request.today),
            lambda _: page_of(request, audit),
            said="A reminder is on its way; each gets it as they chose.",
        )
        if done:
            return done
    intro = [
        f"Still to answer: {', '.join(a.called for a in agencies) or 'nobody'}.",
        f"Reminded by e-mail: {', '.join(p.name for p in people) or 'nobody'}. "
        "The message carries the audit’s reference, its date and a link.",
    ]
    return form_page(request, "Chase the answers", form, audit=audit, intro=intro, submit_text="Remind them")


def _way(request: Any, part: AgencyPart, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return crumbs(request, part.audit, (part.record.pseudonym, page_of(request, part.record)), *more)


@page(permissions.VIEW, record=AgencyPart)
def audit_part(request: Any, part: AgencyPart) -> HttpResponse:
    """One agency's part: where it stands, and its answers to whoever may read them by now."""
    actor, runs = request.actor, request.actor.may(permissions.RUN)
    auditing = part.audit.status == rules.Status.AUDITING
    shows = part.shows_answers_to(actor)
    mine = part.is_own(actor) and _may_write(part)
    context = around(
        request,
        part,
        title=f"{part.record.pseudonym}: {part.agency.name}",
        caption=part.audit.title,
        way=_way(request, part, (part.agency.called, "")),
        tags=[(part.get_status_display(), rules.PART_TONES[part.status])],
        facts=[
            ("Record", part.record.pseudonym),
            ("Looked at", part.record.get_depth_display()),
            ("Agency", part.agency.name),
            ("Submitted on", part.submitted_on),
            ("Due", part.audit.answers_due_on),
            *_reason(part, actor),
        ],
        buttons=buttons(
            ("Answer it", link(request, "audit_part_answer", part), mine),
            ("Accept it", link(request, "audit_part_accept", part), runs and auditing and part.status == "submitted"),
            ("Ask for changes", link(request, "audit_part_return", part), runs and auditing and part.status in rules.HANDED_IN),
            ("Excuse the agency", link(request, "audit_part_excuse", part), runs and auditing and part.status in rules.EDITABLE),
        ),
        shows=shows,
        sections=_answered(part) if shows else [],
        ways=[("The audit", page_of(request, part.audit)), ("The record", page_of(request, part.record))],
    )  # fmt: skip
    return render(request, "audits/part.html", context)


def _may_write(part: AgencyPart) -> bool:
    return part.audit.status == rules.Status.AUDITING and part.status in rules.EDITABLE


def _reason(part: AgencyPart, actor: Any) -> list[tuple[str, str]]:
    if not (part.is_own(actor) or actor.may(permissions.RUN)) or not part.sealed_reason:
        return []
    excused = part.status == rules.PartStatus.EXCUSED
    return [("Excused because" if excused else "Changes asked for", part.reason)]


def _answered(part: AgencyPart) -> list[tuple[str, list[Any]]]:
    """The answers under the headings of the tool."""
    answers = part.answers
    made: dict[str, list[Any]] = {}
    for question in queries.questions_for(part):
        given = answers.get(question.key, rules.NOTHING)
        point = next((p for p in question.asked.points if p.code == given.judgement), None)
        lines = made.setdefault(question.section, [])
        lines.append(
            {
                "question": question.text,
                "word": point.word if point else "",
                "tone": point.tone if point else "",
                "words": given.words,
                "empty": given == rules.NOTHING,
            }
        )
    return list(made.items())


@page(permissions.ANSWER, record=AgencyPart)
def audit_part_answer(request: Any, part: AgencyPart) -> HttpResponse:
    """Answer one's own agency's part: save a draft, or submit it."""
    if not part.is_own(request.actor):
        raise Forbidden(f"This part is not your agency's to answer. It is for {part.agency.called}.")
    if request.method == "GET" and not _may_write(part):
        return redirect(page_of(request, part))
    questions = queries.questions_for(part)
    form = forms.AnswersForm(
        request.POST or None, questions=questions, version=part.version, initial=dict(fields_of(part.answers))
    )
    if request.method == "POST" and form.is_valid():

        def act() -> AgencyPart:
            return services.save_part(
                part=part, answers=form.answers, submit=form.submits, by=request.actor, today=request.today,
                expected_version=form.cleaned_data["version"],
            )  # fmt: skip

        said = "Your answers were submitted." if form.submits else "The draft was saved. You can go on later."
        done = submit(
            request,
            form,
            lambda: compared_by_field(act, lambda row: row.answers),
            lambda row: page_of(request, row),
            said=said,
        )
        if done:
            return done
    return form_page(
        request, f"{part.record.pseudonym}: your agency's answers", form, audit=part.audit, cancel=page_of(request, part),
        template="audits/answer.html", way=[(part.record.pseudonym, page_of(request, part))],
        changes=part.reason if part.status == rules.PartStatus.CHANGES else "",
        part=part,
    )  # fmt: skip


def _on_part(
    request: Any, part: AgencyPart, title: str, form: Any, act: Any, said: str, text: str, *intro: str
) -> HttpResponse:
    """A page of one act on a part."""
    if request.method == "POST" and form.is_valid():
        done = submit(request, form, act, lambda row: page_of(request, row), said=said)
        if done:
            return done
    return form_page(
        request, title, form, audit=part.audit, caption=f"{part.record.pseudonym}, {part.agency.called}",
        cancel=page_of(request, part), way=[(part.agency.called, page_of(request, part))], submit_text=text, intro=list(intro),
    )  # fmt: skip


@page(permissions.RUN, record=AgencyPart)
def audit_part_accept(request: Any, part: AgencyPart) -> HttpResponse:
    """Accept a part as it was handed in."""
    form = forms.AcceptForm(request.POST or None, version=part.version)

    def act() -> AgencyPart:
        return services.accept_part(
            part=part,
            nobody_named=form.cleaned_data["nobody_named"],
            by=request.actor,
            expected_version=form.cleaned_data["version"],
        )

    return _on_part(request, part, "Accept the part", form, act, "The part was accepted.", "Accept it")


@page(permissions.RUN, record=AgencyPart)
def audit_part_return(request: Any, part: AgencyPart) -> HttpResponse:
    """Give a part back with what should be changed."""
    form = forms.ReasonForm(
        request.POST or None,
        version=part.version,
        ask="What should be changed?",
        missing="Enter what should be changed",
    )

    def act() -> AgencyPart:
        data = form.cleaned_data
        return services.ask_for_changes(
            part=part, reason=data["reason"], by=request.actor, expected_version=data["version"]
        )

    said = "The agency has the part back in its work list."
    intro = "You will not see the answers again until the agency submits them anew."
    return _on_part(request, part, "Ask for changes", form, act, said, "Ask for changes", intro)


@page(permissions.RUN, record=AgencyPart)
def audit_part_excuse(request: Any, part: AgencyPart) -> HttpResponse:
    """Let an agency off its part."""
    form = forms.ReasonForm(request.POST or None, version=part.version, ask="Why need the agency not answer?")

    def act() -> AgencyPart:
        data = form.cleaned_data
        return services.excuse_part(
            part=part, reason=data["reason"], by=request.actor, expected_version=data["version"]
        )

    return _on_part(request, part, "Excuse the agency", form, act, "The agency was excused.", "Excuse it")
