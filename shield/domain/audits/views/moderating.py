"""The panel's comparison of one record, the discussion, findings, closing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.audits import forms, permissions, queries, rules, services
from shield.domain.audits.forms.answering import fields_of
from shield.domain.audits.models import Audit, AuditedRecord, Discussion
from shield.domain.audits.queries import Comparison
from shield.domain.audits.views.frame import around, compared_by_field, crumbs, form_page
from shield.improvement.models import Theme
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.design import forms as design
from shield.kernel.design.rules import charts
from shield.kernel.design.rules.values import count


@page(permissions.RUN, record=Audit)
def audit_moderate(request: Any, audit: Audit) -> HttpResponse:
    """Put an audit before the panel."""
    form = design.ShieldForm(request.POST or None, version=audit.version)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.begin_moderation(
                audit=audit,
                by=request.actor,
                today=request.today,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: page_of(request, row),
            said="The agencies' answers lie beside each other now.",
        )
        if done:
            return done
    intro = [
        "The panel compares what the agencies said. From then on every agency of this audit sees the others' answers, "
        "and none can change its own."
    ]
    return form_page(
        request, "Put it before the panel", form, audit=audit, intro=intro, submit_text="Begin the comparison"
    )


@page(permissions.VIEW, record=AuditedRecord)
def audited_record(request: Any, record: AuditedRecord) -> HttpResponse:
    """One record: whose parts are in; from moderation on what each agency said, how far apart, what was agreed."""
    actor, audit = request.actor, record.audit
    runs = actor.may(permissions.RUN)
    compared = audit.status in rules.COMPARED
    parts = list(queries.parts_of(audit, actor).filter(record=record))
    lines = queries.comparisons(record, actor) if compared else []
    sections = _sections(lines)
    context = around(
        request,
        record,
        title=record.pseudonym,
        caption=audit.title,
        way=crumbs(request, audit, (record.pseudonym, "")),
        tags=[(audit.get_status_display(), rules.TONES[audit.status])],
        facts=[
            ("Looked at", record.get_depth_display()),
            *((name, value) for name, value in record.groups.items()),
        ],
        parts=[_part_line(request, row) for row in parts],
        with_parts=[row.pk for row in parts],
        compared=compared,
        sections=sections,
        differing=_differing(sections),
        picture=_picture(lines),
        buttons=buttons(
            ("Record what the panel agreed", link(request, "audited_record_agree", record),
             runs and audit.status in {"moderating", "discussed"}),
        ),
        ways=[("The audit", page_of(request, audit)), *_neighbours(request, record)],
    )  # fmt: skip
    return render(request, "audits/record.html", context)


def _part_line(request: Any, row: Any) -> dict[str, Any]:
    return {
        "title": row.agency.name,
        "href": page_of(request, row),
        "status": row.get_status_display(),
        "tone": rules.PART_TONES[row.status],
    }


def _neighbours(request: Any, record: AuditedRecord) -> list[tuple[str, str]]:
    """The record before and the one after, so that a panel goes through them in order."""
    rows = list(queries.chosen_of(record.audit, request.actor))
    at = next((n for n, row in enumerate(rows) if row.pk == record.pk), None)
    if at is None:
        return []
    return [
        (row.pseudonym, page_of(request, row)) for row in [*rows[max(at - 1, 0) : at], *rows[at + 1 : at + 2]]
    ]


SQUARES: dict[str, Any] = {"good": "good", "attention": "planned", "late": "late"}
"""In which colour a judgement is drawn, by its tone; all others are neutral."""
PANEL = "Agreed"
SILENT = "Not answered"


def _picture(compared: list[Comparison]) -> charts.Heat | None:
    """Every judgement at one glance: questions by agencies, and what the panel agreed."""
    judged = [each for each in compared if each.points and each.said]
    agencies = sorted({said.agency for each in judged for said in each.said})
    if not agencies:
        return None
    given = {said.word for each in judged for said in each.said}
    given |= {point.word for each in judged if (point := each.agreed_point)}
    points = {p.word: p for each in judged for p in each.points if p.word in given}
    letters = rules.marks(list(points))
    states = [
        charts.State(word=w, mark=letters[w], tone=SQUARES.get(p.tone, "neutral")) for w, p in points.items()
    ]
    if "" in given:
        states.append(charts.State(word=SILENT, mark="?", tone="missing"))
    return charts.Heat(
        key="comparison", title="What each agency judged", row_name="Question",
        row_labels=tuple(each.question.text for each in judged), column_labels=(*agencies, PANEL),
        cells=tuple((*_squares(each, agencies), p.word if (p := each.agreed_point) else "") for each in judged),
        states=tuple(states),
    )  # fmt: skip


def _squares(each: Comparison, agencies: list[str]) -> tuple[str, ...]:
    """One row: the word of each agency, nothing where it was not asked."""
    words = {said.agency: said.word or SILENT for said in each.said}
    return tuple(words.get(agency, "") for agency in agencies)


def _sections(compared: list[Comparison]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The questions under the headings of the tool, each with how far the agencies lie apart."""
    made: dict[str, list[dict[str, Any]]] = {}
    for number, each in enumerate(compared, start=1):
        words, tone = rules.apart_in_words(each.steps) if each.points else ("", "")
        made.setdefault(each.question.section, []).append(
            {
                "it": each,
                "apart": words,
                "tone": tone,
                "agreed": each.agreed_point,
                "id": f"question-{number}",
            }
        )
    return list(made.items())


def _differing(sections: list[tuple[str, list[dict[str, Any]]]]) -> list[dict[str, Any]]:
    """The questions on which the agencies differ, those farthest apart first."""
    lines = [line for _, under in sections for line in under if line["it"].steps]
    return sorted(lines, key=lambda line: -line["it"].steps)


@page(permissions.RUN, record=AuditedRecord)
def record_agree(request: Any, record: AuditedRecord) -> HttpResponse:
    """Write down what the panel agreed on each question of a record."""
    judged = [c for c in queries.comparisons(record, request.actor) if c.points]
    agreed = {
        c.question.key: rules.Answer(c.agreed.judgement, c.agreed.reason)
        for c in judged
        if c.agreed is not None
    }
    form = forms.AgreeForm(
        request.POST or None, questions=[c.question for c in judged], version=record.version,
        initial=dict(fields_of(agreed)),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():

        def act() -> AuditedRecord:
            return services.agree(
                record=record,
                agreed=form.answers,
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            )

        done = submit(
            request,
            form,
            lambda: compared_by_field(act, queries.agreed_of),
            lambda row: page_of(request, row),
            said="What the panel agreed is on record.",
        )
        if done:
            return done
    lines = []
    for each in judged:
        names = (f"judgement_{each.question.key}", f"words_{each.question.key}")
        words, tone = rules.apart_in_words(each.steps)
        lines.append({"it": each, "apart": words, "tone": tone, "fields": [form[name] for name in names]})
    return form_page(
        request, f"{record.pseudonym}: what the panel agreed", form, audit=record.audit, template="audits/agree.html",
        cancel=page_of(request, record), way=[(record.pseudonym, page_of(request, record))], lines=lines,
    )  # fmt: skip


@page(permissions.RUN, record=Audit)
def discussion_add(request: Any, audit: Audit) -> HttpResponse:
    """Record a reflective discussion."""
    form = forms.DiscussionForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        sessions=queries.sessions(request.actor, audit),
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.hold_discussion(
                audit=audit, **form.values, gatherings=form.picked_all("gatherings"),
                agencies=form.picked_all("agencies"), by=request.actor, today=request.today,
            ),
            lambda _: page_of(request, audit),
            said="The discussion was recorded.",
        )  # fmt: skip
        if done:
            return done
    return form_page(request, "Record the reflective discussion", form, audit=audit, submit_text="Record it")


@page(permissions.RUN, record=Discussion)
def discussion_change(request: Any, discussion: Discussion) -> HttpResponse:
    """Correct a discussion."""
    audit = discussion.audit
    form = forms.DiscussionForm(
        request.POST or None, actor=request.actor, today=request.today, version=discussion.version,
        sessions=queries.sessions(request.actor, audit), initial=forms.discussion_initial(discussion),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.change_discussion(
                discussion=discussion, changes=form.values, gatherings=form.picked_all("gatherings"),
                agencies=form.picked_all("agencies"), by=request.actor, today=request.today,
                expected_version=form.cleaned_data["version"],
            ),
            lambda _: page_of(request, audit),
            said="The discussion was corrected.",
        )  # fmt: skip
        if done:
            return done
    return form_page(request, "Correct the discussion", form, audit=audit)


@page(permissions.RUN, record=Audit)
def finding_tell(request: Any, audit: Audit) -> HttpResponse:
    """Tell the Learning Hub one thing the audit found."""
    themes = (
        Theme.objects.visible_to(request.actor).filter(priority_id=audit.priority_id)
        if audit.priority_id
        else []
    )
    form = forms.FindingForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        themes=themes,
        initial={"found_on": request.today},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.tell_hub(
                audit=audit, text=data["text"], sort=data["sort"], found_on=data["found_on"],
                themes=form.picked_all("themes"), by=request.actor,
            ),
            lambda _: page_of(request, audit),
            said="The Learning Hub was told.",
        )  # fmt: skip
        if done:
            return done
    return form_page(
        request, "Tell the Learning Hub what was found", form, audit=audit, submit_text="Tell it"
    )


def _skipped(audit: Audit, actor: Any) -> list[str]:
    """What was left out on the way, for whoever is about to close."""
    open_ = queries.not_agreed(audit, actor)
    made = []
    if open_:
        made.append(f"On {count(open_, 'question')} the panel agreed nothing. Record it first if it did.")
    if audit.status == rules.Status.MODERATING:
        made.append(
            "No reflective discussion with practitioners is on record. Record it first if one was held."
        )
    return [*made, "Whose the records are is forgotten when the audit is closed."]


@page(permissions.RUN, record=Audit)
def audit_close(request: Any, audit: Audit) -> HttpResponse:
    """Close an audit."""
    findings = queries.findings_of(audit, request.actor).count()
    form = forms.CloseForm(
        request.POST or None, version=audit.version, findings=findings,
        initial={"ended_on": max(request.today, audit.starts_on)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.close_audit(
                audit=audit, nothing_found=data.get("nothing_found", ""), ended_on=data["ended_on"], by=request.actor,
                today=request.today, expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The audit was closed.",
        )  # fmt: skip
        if done:
            return done
    told = f"The Learning Hub was told {findings} finding{'' if findings == 1 else 's'}." if findings else (
        "The Learning Hub was told nothing yet. Tell it what was found first, or say here why there is nothing to tell."
    )  # fmt: skip
    links = (
        []
        if findings
        else [("Tell the Learning Hub what was found", link(request, "audit_finding_add", audit))]
    )
    return form_page(
        request,
        "Close the audit",
        form,
        audit=audit,
        intro=[told, *_skipped(audit, request.actor)],
        links=links,
        submit_text="Close the audit",
    )
