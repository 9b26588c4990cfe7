"""Surveys as those who run them build, open, close and sum them up."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shield.domain.voice import exchange, forms, permissions, queries, rules, services
from shield.domain.voice.models import Question, Survey
from shield.domain.voice.rules import SurveyStatus
from shield.domain.voice.views.frame import around, form_page
from shield.improvement.views.following import history_page
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.design.exchange import file_name
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.views import table_response
from shield.kernel.disclosure import rules as disclosure


@page(permissions.VIEW)
def surveys(request: Any) -> HttpResponse:
    """Every survey and where it stands."""
    add, may = link(request, "survey_add"), request.actor.may(permissions.RECORD)
    heads = queries.heads(request.actor)

    def answers(row: Any) -> Any:
        """As it may be told once the survey is closed; who records sees the answers come in, and nobody else."""
        if row.activity_id:
            return heads.of[row.activity_id].text
        is_few = row.group in rules.OF_CHILDREN and disclosure.is_small(row.answered)
        return "" if not may else disclosure.MARK if is_few else row.answered

    columns = (
        Column(key="title", label="Survey", sort=True, href=lambda row: page_of(request, row)),
        Column(key="group", label="For", value=lambda row: row.get_group_display()),
        Column(
            key="status", label="Stands at", value=lambda row: row.get_status_display(),
            tone=lambda row: rules.SURVEY_TONES[row.status],
        ),
        Column(key="closes_on", label="Last day", sort=True),
        Column(key="answered", label="Answers", numeric=True, value=answers),
    )  # fmt: skip
    table = Table(
        queries.surveys(request.actor),
        columns,
        request.GET,
        caption="Surveys",
        show_caption=False,
        empty="No survey has been made yet.",
        empty_hint="A survey is answered on a telephone, without an account." if may else "",
        empty_href=add if may else "",
        empty_link="Draft a survey",
    )
    context = {
        "page_title": "Surveys",
        "breadcrumbs": [("Voice", link(request, "voice")), ("Surveys", "")],
        "buttons": buttons(("Draft a survey", add, may)),
    }
    return table_response(request, "improvement/register.html", context, table)


@page(permissions.VIEW, record=Survey)
def survey(request: Any, survey: Survey) -> HttpResponse:
    """One survey: its questions, its address while it is open, its results once it is closed."""
    actor = request.actor
    may, is_draft = actor.may(permissions.RECORD), survey.status == SurveyStatus.DRAFT
    done = survey.status in {SurveyStatus.CLOSED, SurveyStatus.SUMMED_UP}
    results = queries.results(survey) if done else []
    questions = queries.asked(survey)
    facts: list[Any] = [("For", survey.get_group_display()), ("Begins with", survey.intro)]
    if survey.priority:
        facts.append(
            {"key": "Priority", "value": survey.priority.heading, "href": page_of(request, survey.priority)}
        )
    if not is_draft:
        facts += [
            ("First day", survey.opens_on),
            ("Last day", survey.closes_on),
        ]
    if may and not is_draft:
        facts.append(("Answers", survey.replies.count()))
    elif done and not survey.activity_id:
        facts.append(("Answers", "Nobody answered"))
    elif survey.activity_id:
        facts.append(("Answers", queries.heads(actor).of[survey.activity_id].text))
    if survey.activity:
        facts.append(
            {
                "key": "On record as",
                "value": survey.activity.reference,
                "href": page_of(request, survey.activity),
            }
        )
    if survey.summary:
        facts.append(("What people told us", survey.summary))
    context = {
        **around(request, survey, "survey_history", ("Surveys", link(request, "surveys"))),
        "tags": [(survey.get_status_display(), rules.SURVEY_TONES[survey.status])],
        "facts": facts,
        "questions": questions,
        "leave_out": may and is_draft,
        "address": request.build_absolute_uri(reverse("survey_answer", args=[survey.token]))
        if may and survey.status == SurveyStatus.OPEN
        else "",
        "results": [_result(question, counted) for question, counted in results],
        "rule": disclosure.DEFAULT.in_words if any(c.withheld for _, c in results) else "",
        "file": link(request, "survey_results_file", survey) if done else "",
        "texts": queries.written(survey, actor) if done and may else [],
        "take": link(request, "survey_take", survey),
        "buttons": _survey_buttons(request, survey, may, bool(questions)),
    }
    return render(request, "voice/survey.html", context)


def _survey_buttons(request: Any, survey: Survey, may: bool, has_questions: bool) -> list[dict[str, Any]]:
    is_draft, is_open = survey.status == SurveyStatus.DRAFT, survey.status == SurveyStatus.OPEN
    return buttons(
        ("Add a question", link(request, "question_add", survey), may and is_draft),
        (
            "See it as people will",
            link(request, "survey_preview", survey),
            may and is_draft and has_questions,
        ),
        ("Open it", link(request, "survey_open", survey), may and is_draft),
        ("Change its words", link(request, "survey_change", survey), may and is_draft),
        ("Close it and read the answers", link(request, "survey_close", survey), may and is_open),
        ("Sum it up", link(request, "survey_sum_up", survey), may and not is_draft and not is_open),
    )


def _result(question: Question, counted: rules.Counted) -> dict[str, Any]:
    """One question: what may be shown as a chart, and in words which answers are withheld."""
    shown = tuple((label, float(count)) for label, count in counted.rows if count is not None)
    chart = (
        charts.Bars(
            key=f"question-{question.position}",
            title=question.text,
            items=shown,
            label_name="Answer",
            value_name="Number",
            horizontal=True,
        )
        if shown
        else None
    )
    withheld = [label for label, count in counted.rows if count is None]
    return {"title": question.text, "chart": chart, "withheld": ", ".join(withheld)}


@page(permissions.VIEW, record=Survey)
def survey_history(request: Any, survey: Survey) -> HttpResponse:
    """What happened to a survey."""
    return history_page(request, survey)


@page(permissions.VIEW, record=Survey)
def survey_results_file(request: Any, survey: Survey) -> HttpResponse:
    """The counts as a file, as they may leave; the history keeps the rule and how much was withheld."""
    if survey.status not in {SurveyStatus.CLOSED, SurveyStatus.SUMMED_UP}:
        return HttpResponseRedirect(page_of(request, survey))
    results = queries.results(survey)
    services.note_export(
        survey=survey,
        rule=disclosure.DEFAULT.in_words,
        withheld=sum(counted.withheld for _, counted in results),
        by=request.actor,
    )
    response = HttpResponse(exchange.results_csv(results), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(survey.reference)}"'
    response["Cache-Control"] = "no-store"
    return response


@page(permissions.RECORD)
def survey_add(request: Any) -> HttpResponse:
    """Draft a survey."""
    form = forms.SurveyForm(request.POST or None, actor=request.actor, today=request.today)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.draft_survey(by=request.actor, **form.given),
            lambda made: page_of(request, made),
            said="The survey was drafted. Add its questions.",
        )
        if done:
            return done
    return form_page(request, "Draft a survey", form, back=link(request, "surveys"))


@page(permissions.RECORD, record=Survey)
def survey_change(request: Any, survey: Survey) -> HttpResponse:
    """Change the words of a draft."""
    initial = {name: getattr(survey, name) for name in ("title", "intro", "group")}
    initial["priority"] = str(survey.priority_id or "")
    form = forms.SurveyForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        version=survey.version,
        initial=initial,
    )
    return _act(
        request, survey, "Change its words", form,
        lambda data: services.change_survey(
            survey=survey, changes=form.given, by=request.actor, expected_version=data["version"]
        ),
        "The survey was changed.",
    )  # fmt: skip


def _act(
    request: Any, survey: Survey, title: str, form: Any, act: Any, said: str, **more: Any
) -> HttpResponse:
    """A page of one act on a survey."""
    if request.method == "POST" and form.is_valid():
        done = submit(
            request, form, lambda: act(form.cleaned_data), lambda _: page_of(request, survey), said=said
        )
        if done:
            return done
    return form_page(request, title, form, survey, **more)


@page(permissions.RECORD, record=Survey)
def question_add(request: Any, survey: Survey) -> HttpResponse:
    """Add a question to a draft."""
    form = forms.QuestionForm(request.POST or None)
    return _act(
        request, survey, "Add a question", form,
        lambda data: services.add_question(
            survey=survey, sort=data["sort"], text=data["text"], easy=data["easy"], choices=data["choices"],
            by=request.actor,
        ),
        "The question was added.",
    )  # fmt: skip


@page(permissions.RECORD, record=Question)
def question_change(request: Any, question: Question) -> HttpResponse:
    """Change a question of a draft."""
    names = ("sort", "text", "easy")
    form = forms.QuestionForm(
        request.POST or None, version=question.version,
        initial={**{name: getattr(question, name) for name in names}, "choices": "\n".join(question.choices)},
    )  # fmt: skip
    return _act(
        request, question.survey, "Change the question", form,
        lambda data: services.change_question(
            question=question, **{name: data[name] for name in (*names, "choices")}, by=request.actor,
            expected_version=data["version"],
        ),
        "The question was changed.",
    )  # fmt: skip


@page(permissions.RECORD, record=Question)
def question_leave_out(request: Any, question: Question) -> HttpResponse:
    """Leave a question out of a draft."""
    form = forms.JustForm(request.POST or None)
    return _act(
        request, question.survey, "Leave the question out", form,
        lambda data: services.leave_out(question=question, by=request.actor),
        "The question was left out.", words=question.text, submit_text="Leave it out",
    )  # fmt: skip


@page(permissions.RECORD, record=Survey)
def survey_open(request: Any, survey: Survey) -> HttpResponse:
    """Open a survey."""
    form = forms.OpenForm(request.POST or None, version=survey.version, initial={"opens_on": request.today})
    return _act(
        request, survey, "Open the survey", form,
        lambda data: services.open_survey(
            survey=survey, opens_on=data["opens_on"], closes_on=data["closes_on"], by=request.actor,
            today=request.today, expected_version=data["version"],
        ),
        "The survey has an address now. Give it to those who are to answer.",
        words="Its words and questions cannot be changed afterwards.", submit_text="Open it",
    )  # fmt: skip


@page(permissions.RECORD, record=Survey)
def survey_close(request: Any, survey: Survey) -> HttpResponse:
    """Close a survey and read what was answered."""
    form = forms.JustForm(request.POST or None, version=survey.version)
    return _act(
        request, survey, "Close the survey", form,
        lambda data: services.close_survey(
            survey=survey, by=request.actor, today=request.today, expected_version=data["version"]
        ),
        "The survey is closed.",
        words="No more answers are taken. What was gathered goes on record as a feedback activity."
        if survey.replies.exists()
        else "Nobody has answered. The survey is closed, and no feedback activity is recorded.",
        submit_text="Close it",
    )  # fmt: skip


@page(permissions.RECORD, record=Survey)
def survey_sum_up(request: Any, survey: Survey) -> HttpResponse:
    """Say what a survey found."""
    form = forms.SumUpForm(request.POST or None, version=survey.version, initial={"summary": survey.summary})
    return _act(
        request, survey, "Sum it up", form,
        lambda data: services.sum_up(
            survey=survey, summary=data["summary"], by=request.actor, expected_version=data["version"]
        ),
        "The survey is summed up.",
    )  # fmt: skip


@page(permissions.RECORD, record=Survey)
def survey_take(request: Any, survey: Survey) -> HttpResponse:
    """Retell what somebody wrote as a point; `text` says which."""
    source_id = request.GET.get("text", "")
    if not source_id:
        return HttpResponseRedirect(page_of(request, survey))
    texts = [each for _, of in queries.written(survey, request.actor) for each in of]
    written = next((each for each in texts if each.source_id == source_id), None)
    if written is None or survey.activity is None:
        raise Http404
    form = forms.TakeForm(request.POST or None)
    return _act(
        request, survey, "Make a point of it", form,
        lambda data: services.take_text(
            survey=survey, source_id=source_id, text=data["text"], sort=data["sort"], nobody_named=data["nobody_named"],
            by=request.actor,
        ),
        "It is a point now.", written=written.text,
    )  # fmt: skip
