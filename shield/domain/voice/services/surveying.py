"""Surveys: built, opened, answered by anybody, closed and summed up."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from shield.domain.voice import events, permissions, rules
from shield.domain.voice.models import Activity, Question, Reply, Said, Survey
from shield.domain.voice.services import judging, recording
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def draft_survey(*, title: str, intro: str, group: str, by: Actor, **values: Any) -> Survey:
    """Begin a survey; nobody can answer it yet."""
    access.require(by, permissions.RECORD)
    survey = Survey.new(by, title=title, intro=intro, group=group, **values).store()
    history.record(events.SURVEY_DRAFTED, on=survey.ref, by=by)
    return survey


@transaction.atomic
def change_survey(
    *, survey: Survey, changes: Mapping[str, Any], by: Actor, expected_version: int | None = None
) -> Survey:
    """Change the words of a survey that nobody has seen yet."""
    access.require(by, permissions.RECORD)
    row: Survey = Survey.objects.locked(survey.pk, expected_version, by=by)
    rules.check_draft(row.status)
    made = row.amend(changes)
    if not made:
        raise Refused("Nothing was changed.")
    row.store()
    history.record(events.SURVEY_CHANGED, on=row.ref, by=by, details={"fields": ", ".join(sorted(made))})
    return row


@transaction.atomic
def add_question(
    *, survey: Survey, sort: str, text: str, by: Actor, easy: str = "", choices: Sequence[str] = ()
) -> Question:
    """Add a question at the end of a draft."""
    access.require(by, permissions.RECORD)
    row: Survey = Survey.objects.locked(survey.pk, by=by)
    rules.check_draft(row.status)
    rules.check_question(sort, choices, row.questions.filter(left_out=False).count())
    last = row.questions.aggregate(last=Max("position"))["last"] or 0
    question = Question(
        partnership_id=by.partnership_id, survey=row, position=last + 1, sort=sort, text=text, easy=easy,
        choices=list(choices),
    ).store()  # fmt: skip
    history.record(events.SURVEY_CHANGED, on=row.ref, by=by, details={"fields": "questions"})
    return question


@transaction.atomic
def change_question(
    *, question: Question, sort: str, text: str, by: Actor, expected_version: int, easy: str = "",
    choices: Sequence[str] = (),
) -> Question:  # fmt: skip
    """Change a question of a draft."""
    access.require(by, permissions.RECORD)
    survey: Survey = Survey.objects.locked(question.survey_id, by=by)
    rules.check_draft(survey.status)
    row: Question = Question.objects.locked(question.pk, expected_version, by=by)
    rules.check_question(sort, choices, 0)
    if not row.amend({"sort": sort, "text": text, "easy": easy, "choices": list(choices)}):
        raise Refused("Nothing was changed.")
    row.store()
    history.record(events.SURVEY_CHANGED, on=survey.ref, by=by, details={"fields": "questions"})
    return row


@transaction.atomic
def leave_out(*, question: Question, by: Actor) -> Question:
    """Leave a question out of a draft."""
    access.require(by, permissions.RECORD)
    row: Question = Question.objects.locked(question.pk, by=by)
    rules.check_draft(row.survey.status)
    row.left_out = True
    row.store()
    history.record(events.SURVEY_CHANGED, on=row.survey.ref, by=by, details={"fields": "questions"})
    return row


@transaction.atomic
def open_survey(
    *,
    survey: Survey,
    opens_on: date,
    closes_on: date,
    by: Actor,
    today: date,
    expected_version: int | None = None,
) -> Survey:
    """Open a survey for some days and give it an address that nobody can guess."""
    access.require(by, permissions.RECORD)
    row: Survey = Survey.objects.locked(survey.pk, expected_version, by=by)
    rules.check_draft(row.status)
    rules.check_opening(row.questions.filter(left_out=False).count(), opens_on, closes_on, today)
    row.status, row.opens_on, row.closes_on = rules.SurveyStatus.OPEN, opens_on, closes_on
    row.token = secrets.token_urlsafe(24)
    row.store()
    history.record(events.SURVEY_OPENED, on=row.ref, by=by)
    return row


@transaction.atomic
def reply(
    *, survey: Survey, answers: Mapping[str, Any], words: Mapping[str, str], once: str, today: date
) -> bool:
    """Keep one person's answers and nothing of the person or the day. False if the same form was sent before.

    The survey is held meanwhile, so that nobody answers one that is being closed and counted.
    """
    if not Survey.objects.select_for_update().get(pk=survey.pk).takes_answers(today):
        raise Refused("This survey takes no answers today.")
    if not answers and not any(text.strip() for text in words.values()):
        raise Refused("Nothing is answered yet. Answer at least one question, then send it.")
    digest = hashlib.sha256((once or secrets.token_urlsafe(18)).encode()).hexdigest()
    made = Reply(survey=survey, once=digest, answers=dict(answers))
    made.keep_words({key: text for key, text in words.items() if text})
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        if not Reply.objects.filter(once=digest).exists():
            raise
        return False
    return True


@transaction.atomic
def close_survey(*, survey: Survey, by: Actor, today: date, expected_version: int | None = None) -> Survey:
    """Take no more answers; what was gathered becomes a feedback activity, with how many answered.

    A survey that nobody answered is closed without one: nobody was heard.
    """
    access.require(by, permissions.RECORD)
    row: Survey = Survey.objects.locked(survey.pk, expected_version, by=by)
    if row.status != rules.SurveyStatus.OPEN or row.opens_on is None or row.closes_on is None:
        raise Refused("Only a survey that is open can be closed.")
    row.closes_on = max(min(row.closes_on, today), row.opens_on)
    if answered := row.replies.count():
        row.activity = _heard_by(row, answered, by, today)
    row.status = rules.SurveyStatus.CLOSED
    row.store()
    judging.judge_numbers(by=by)
    history.record(events.SURVEY_CLOSED, on=row.ref, by=by)
    return row


def _heard_by(survey: Survey, answered: int, by: Actor, today: date) -> Activity:
    """The feedback activity that a survey was."""
    assert survey.closes_on is not None
    questions = survey.questions.filter(left_out=False)
    return recording.put_on_record(
        title=survey.title, group=survey.group, method=rules.Method.SURVEY, by=by, priority=survey.priority,
        people_count=answered, held_on=min(survey.closes_on, today),
        asked="\n".join(question.text for question in questions),
    )  # fmt: skip


@transaction.atomic
def sum_up(*, survey: Survey, summary: str, by: Actor, expected_version: int | None = None) -> Survey:
    """Say in a few sentences what a closed survey found."""
    access.require(by, permissions.RECORD)
    check_reason(summary, field="summary", what="Say in a sentence what was found.")
    row: Survey = Survey.objects.locked(survey.pk, expected_version, by=by)
    if row.status not in {rules.SurveyStatus.CLOSED, rules.SurveyStatus.SUMMED_UP}:
        raise Refused("Close the survey first. Only then all answers are in.")
    row.status, row.summary = rules.SurveyStatus.SUMMED_UP, summary.strip()
    row.store()
    history.record(events.SURVEY_SUMMED_UP, on=row.ref, by=by)
    return row


@transaction.atomic
def take_text(
    *, survey: Survey, source_id: str, text: str, sort: str, by: Actor, nobody_named: bool = False
) -> Said:
    """Make a point of what somebody wrote, retold in our words so that it names nobody; each text is taken once."""
    access.require(by, permissions.RECORD)
    row: Survey = Survey.objects.locked(survey.pk, by=by)
    if row.activity is None:
        raise Refused("Close the survey first. Only then what was written can be taken.")
    reply_id, _, position = source_id.partition(":")
    written = next(
        (each.words.get(position, "") for each in row.replies.all() if str(each.pk) == reply_id), ""
    )
    if not written:
        raise Refused("Nobody wrote that in this survey.")
    rules.check_own_words(text, written)
    rules.check_retold(text, nobody_named)
    if Said.objects.filter(activity=row.activity, source_id=source_id).exists():
        raise Refused("This was taken already.")
    return recording.add_point(text=text, sort=sort, activity=row.activity, source_id=source_id, by=by)


@transaction.atomic
def note_export(*, survey: Survey, rule: str, withheld: int, by: Actor) -> None:
    """Note that results left, under which rule and how much was withheld."""
    access.require(by, permissions.VIEW)
    details = {"rule": rule, "withheld": withheld}
    history.record(events.RESULTS_EXPORTED, on=survey.ref, by=by, details=details)
