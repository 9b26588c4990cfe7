"""Surveys: built by the learning manager, answered by anybody on a telephone, and what is kept of them."""

import html
import json
import re
from datetime import date

import pytest
from django.core.cache import caches
from django.test import Client

from shield.domain.voice import doors, queries, rules, services
from shield.domain.voice.models import Activity, Question, Reply, Said, Survey
from shield.improvement.tests.pages import day, send, text_of, to
from shield.kernel.access.rules import Forbidden
from shield.kernel.history.models import Event
from shield.kernel.records.models import SpentToken
from shield.kernel.records.rules import Refused
from tests.cast import TODAY

LATER = date(2019, 11, 30)
QUESTIONS = (
    ("scale", "How well were you helped?", "Was the help good?", ()),
    ("choice", "Whom would you tell first?", "", ("A friend", "A teacher", "Nobody")),
    ("several", "What would help?", "", ("Time", "A group", "A phone line")),
    ("text", "What should change?", "What should be different?", ()),
)


@pytest.fixture(autouse=True)
def counted_anew(some_database):
    caches["passing"].clear()


@pytest.fixture
def survey(by, priority):
    made = services.draft_survey(
        title="Help when things are hard",
        intro="We want to do better.",
        group="parents",
        priority=priority,
        by=by,
    )
    for sort, text, easy, choices in QUESTIONS:
        services.add_question(survey=made, sort=sort, text=text, easy=easy, choices=choices, by=by)
    return services.open_survey(survey=made, opens_on=TODAY, closes_on=LATER, by=by, today=TODAY)


@pytest.fixture
def parent():
    """A telephone: no account, no script, and no proof of where the form came from."""
    return Client(enforce_csrf_checks=True)


def at(survey, look=""):
    return f"/s/{survey.token}" + (f"?look={look}" if look else "")


def once(answer):
    return re.search(r'name="once" value="([^"]+)"', answer.content.decode())[1]


def fill(survey, scales, **more):
    for number, key in enumerate(scales):
        services.reply(survey=survey, answers={"1": key, **more}, words={}, once=f"{number}", today=TODAY)


def test_a_survey_is_built_opened_and_given_an_address_nobody_can_guess(manager, cast):
    send(manager, to("survey_add"), title="Your school", intro="Tell us.", group="children")
    made = Survey.objects.get()
    refused = send(manager, to("question_add", made), sort="choice", text="Which?", choices="Only one")
    assert "from 2 to 12 answers" in text_of(refused)
    send(manager, to("question_add", made), sort="choice", text="Which?", choices="Red\nBlue\n")
    send(manager, to("question_add", made), sort="text", text="Drop me")
    send(manager, to("question_leave_out", Question.objects.get(text="Drop me")))
    send(manager, to("survey_open", made), **day("opens_on", TODAY), **day("closes_on", LATER))
    made.refresh_from_db()
    assert len(made.token) >= 32
    text = text_of(manager.get(to("survey", made)))
    assert f"/s/{made.token}" in text
    assert "Drop me" not in text
    assert "stay as people saw them" in text_of(
        send(manager, to("question_add", made), sort="text", text="More")
    )


def test_only_who_records_sees_the_address(scrutineer, survey):
    assert survey.token not in scrutineer.get(to("survey", survey)).content.decode()


def test_somebody_answers_without_an_account_a_cookie_or_a_script(parent, survey):
    page = parent.get(at(survey))
    body = page.content.decode()
    assert "How well were you helped?" in body
    assert "<script" not in body
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', body)
    answer = parent.post(
        at(survey),
        {"once": once(page), "q1": "5", "q2": "A friend", "q3": ["Time", "A group"], "q4": "More time"},
    )
    assert answer["Location"] == f"/s/{survey.token}/thanks"
    assert "Thank you" in text_of(parent.get(answer["Location"]))
    assert parent.cookies == {}
    kept = Reply.objects.get()
    assert (kept.answers, kept.words) == (
        {"1": "5", "2": "A friend", "3": ["Time", "A group"]},
        {"4": "More time"},
    )


def test_nothing_is_kept_of_who_answered_or_at_what_time(parent, survey):
    before = Event.objects.count()
    page = parent.get(at(survey), REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Telephone 9")
    parent.post(
        at(survey),
        {"once": once(page), "q4": "More time"},
        REMOTE_ADDR="203.0.113.9",
        HTTP_USER_AGENT="Telephone 9",
    )
    kept = Reply.objects.get()
    assert {f.name for f in Reply._meta.concrete_fields} == {
        "id", "survey", "once", "answers", "sealed_words",
    }  # fmt: skip
    assert kept.pk.version == 4
    said = json.dumps(list(Reply.objects.values()), default=str)
    for secret in ("203.0.113.9", "Telephone", "More time", once(page)):
        assert secret not in said
    assert Event.objects.count() == before
    assert not SpentToken.objects.exists()


def test_what_is_sent_twice_is_one_answer(parent, survey):
    given = {"once": once(parent.get(at(survey))), "q1": "5"}
    first, second = parent.post(at(survey), given), parent.post(at(survey), given)
    assert Reply.objects.count() == 1
    assert "They count once" not in text_of(parent.get(first["Location"]))
    assert "They count once" in text_of(parent.get(second["Location"]))


def test_a_link_leaks_nothing(parent, survey, priority, by):
    fill(survey, "54321")
    for look in ("", "large", "easy"):
        body = parent.get(at(survey, look)).content.decode()
        for secret in (
            priority.heading,
            priority.title,
            survey.reference,
            str(survey.pk),
            str(priority.pk),
            "testbury/",
        ):
            assert secret not in body
    draft = services.draft_survey(title="Draft", intro="-", group="parents", by=by)
    assert draft.token is None
    other = parent.get("/s/" + "y" * 32)
    for address in (
        "/s/nothing",
        "/s/" + "x" * 32,
        f"/s/{survey.token[:-1]}",
        f"/s/{draft.pk}",
        "/s/None",
        "/s/nothing/thanks",
    ):
        missing = parent.get(address)
        assert (missing.status_code, missing.content) == (404, other.content), address
        assert missing.headers["Cache-Control"] == "no-store"
    assert b"There is no survey here" in other.content
    assert parent.cookies == {}


def test_a_draft_is_seen_by_who_writes_it_as_people_will_and_keeps_nothing(manager, scrutineer, by, survey):
    draft = services.draft_survey(title="Your school", intro="Tell us.", group="children", by=by)
    assert manager.get(to("survey_preview", draft)).status_code == 302
    services.add_question(survey=draft, sort="scale", text="How is school?", by=by)
    shown = manager.get(to("survey_preview", draft)).content.decode()
    assert "Nothing you answer here is kept" in shown
    assert f'href="{to("survey", draft)}"' in shown
    answer = manager.post(to("survey_preview", draft), {"once": "a", "q1": "5"})
    assert "takes no answers today" in text_of(answer)
    assert not Reply.objects.exists()
    assert scrutineer.get(to("survey_preview", draft)).status_code == 403
    assert manager.get(to("survey_preview", survey)).status_code == 302


def test_nothing_at_all_is_no_answer(parent, survey):
    for look in ("", "easy"):
        sent = {"once": "a", "q4": "  ", "step": "4", "go": "next"}
        assert "Answer at least one question" in text_of(parent.post(at(survey, look), sent))
    assert not Reply.objects.exists()


def test_a_survey_that_closed_or_has_not_opened_says_so_kindly(parent, survey, by):
    Survey.objects.filter(pk=survey.pk).update(opens_on=LATER)
    assert "It opens on 30 November 2019" in text_of(parent.get(at(survey)))
    Survey.objects.filter(pk=survey.pk).update(opens_on=date(2019, 10, 1), closes_on=date(2019, 11, 3))
    assert "This survey has closed" in text_of(parent.get(at(survey)))
    assert "This survey has closed" in text_of(parent.post(at(survey), {"q1": "5"}))
    survey.refresh_from_db()
    with pytest.raises(Refused, match="no answers today"):
        services.reply(survey=survey, answers={"1": "5"}, words={}, once="", today=TODAY)
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "Ask me at jo@example.org",
        "Ring 01632 960 001",
        "I told Mrs Jones",
        "then Jo Bell came",
        "We live in SE1 7AB",
    ],
)
def test_a_text_that_may_name_somebody_is_warned_of_once(parent, survey, text):
    page = parent.post(at(survey), {"once": "a-token", "q4": text})
    assert "This may name somebody" in text_of(page)
    assert not Reply.objects.exists()
    parent.post(at(survey), {"once": "a-token", "q4": text, "sure": "on"})
    assert Reply.objects.get().words == {"4": text}


def test_an_ordinary_text_passes_without_a_warning(parent, survey):
    parent.post(at(survey), {"once": "a", "q4": "The school. Nobody told us. I waited 6 weeks"})
    assert Reply.objects.count() == 1


def test_a_wrong_answer_is_refused_and_nothing_typed_is_lost(parent, survey):
    body = parent.post(at(survey), {"once": "a", "q2": "Somebody else", "q4": "Keep this"}).content.decode()
    assert "Choose one of the options" in body
    assert "Keep this" in body


def test_easy_read_asks_one_question_on_a_page_and_carries_the_answers_along(parent, survey):
    page = parent.get(at(survey, "easy"))
    text = text_of(page)
    assert "Question 1 of 4" in text
    assert "Was the help good?" in text
    assert "Whom would you tell" not in text
    token = once(page)
    sent = {"once": token, "step": "1", "go": "next", "q1": "4"}
    page = parent.post(at(survey, "easy"), sent)
    assert "Question 2 of 4" in text_of(page)
    sent |= {"step": "2", "q2": "A teacher"}
    parent.post(at(survey, "easy"), sent)
    sent |= {"step": "3", "q3": ["Time", "A group"]}
    page = parent.post(at(survey, "easy"), sent)
    assert "What should be different?" in text_of(page)
    assert page.content.decode().count('type="hidden" name="q3"') == 2
    back = text_of(parent.post(at(survey, "easy"), {**sent, "step": "4", "go": "back"}))
    assert "Question 3 of 4" in back
    sent |= {"step": "4", "q4": "Be kind"}
    assert parent.post(at(survey, "easy"), sent)["Location"].endswith("/thanks?look=easy")
    kept = Reply.objects.get()
    assert (kept.answers, kept.words) == (
        {"1": "4", "2": "A teacher", "3": ["Time", "A group"]},
        {"4": "Be kind"},
    )


def test_easy_read_warns_of_names_too(parent, survey):
    sent = {"once": "t", "step": "4", "go": "next", "q1": "4", "q4": "I told Mrs Jones"}
    assert "This may name somebody" in text_of(parent.post(at(survey, "easy"), sent))
    assert not Reply.objects.exists()
    parent.post(at(survey, "easy"), {**sent, "sure": "on"})
    assert Reply.objects.count() == 1


@pytest.mark.parametrize("step", ["0", "99", "-1", "x", "٣", "1" * 50])
def test_a_made_up_step_is_a_page(parent, survey, step):
    assert parent.post(at(survey, "easy"), {"once": "t", "step": step, "go": "next"}).status_code in {
        200,
        302,
    }


@pytest.mark.parametrize("limit", ["ANSWERS_A_MINUTE", "ANSWERS_FROM_ONE_PLACE"])
def test_more_answers_than_people_could_send_wait_a_minute(parent, survey, monkeypatch, limit):
    monkeypatch.setattr(rules, limit, 2)
    for number in range(2):
        assert parent.post(at(survey), {"once": f"n{number}", "q1": "4"}).status_code == 302
    page = parent.post(at(survey), {"once": "n3", "q4": "Keep this"})
    assert "in a minute" in text_of(page)
    assert "Keep this" in page.content.decode()
    assert Reply.objects.count() == 2
    elsewhere = parent.post(at(survey), {"once": "n4", "q1": "4"}, REMOTE_ADDR="203.0.113.7")
    assert (elsewhere.status_code == 302) == (limit == "ANSWERS_FROM_ONE_PLACE")


def test_what_is_counted_against_a_flood_is_written_down_nowhere(parent, survey, count_queries):
    """Neither address nor time: the count is in memory, and expires by the first answer of its minute, not the last."""
    with count_queries() as sent:
        parent.post(at(survey), {"once": "a", "q1": "4"}, REMOTE_ADDR="203.0.113.9")
    assert not [query for query in sent if "sign_in_limits" in query or "203.0.113.9" in query]
    [before, *_] = caches["passing"]._expire_info.values()
    parent.post(at(survey), {"once": "b", "q1": "4"}, REMOTE_ADDR="203.0.113.9")
    assert before in caches["passing"]._expire_info.values()


def test_another_way_to_read_keeps_what_was_answered(parent, survey):
    sent = {"once": "t", "go": "look", "q1": "4", "q2": "A friend", "q4": "Half a sen"}
    page = parent.post(at(survey, "large"), sent).content.decode()
    assert "Half a sen" in page
    assert page.count(" checked") == 2
    assert "There is a problem" not in page
    easy = parent.post(at(survey, "easy"), sent).content.decode()
    assert "Question 1 of 4" in text_of(easy_page := parent.post(at(survey, "easy"), sent))
    assert easy_page.content.decode() == easy
    assert 'name="q4" value="Half a sen"' in easy
    assert not Reply.objects.exists()


def test_results_are_shown_once_closed_with_small_counts_withheld(manager, by, survey):
    fill(survey, "5" * 10 + "4" * 8 + "1" * 2)
    assert "What people answered" not in text_of(manager.get(to("survey", survey)))
    send(manager, to("survey_close", survey))
    survey.refresh_from_db()
    [(_, counted), *_] = queries.results(survey)
    assert dict(counted.rows) == {
        "Very good": 10, "Good": None, "In between": 0, "Bad": 0, "Very bad": None, "No answer": 0,
    }  # fmt: skip
    assert "Counts of 1 to 5" in text_of(manager.get(to("survey", survey)))
    assert Activity.objects.get().people_count == 20


def test_so_few_answers_show_nothing(by, survey):
    fill(survey, "55555")
    assert all(count is None for _, counted in queries.results(survey) for _, count in counted.rows)


def test_of_what_may_be_ticked_the_rest_is_not_small_either(by, survey):
    for number in range(10):
        chosen = ["Time"] if number < 8 else []
        services.reply(
            survey=survey, answers={"2": "A friend", "3": chosen}, words={}, once=f"s{number}", today=TODAY
        )
    assert dict(queries.results(survey)[2][1].rows) == {"Time": None, "A group": 0, "A phone line": 0}


def test_the_file_holds_no_more_and_the_history_the_rule(manager, by, survey):
    fill(survey, "5" * 10 + "1" * 2)
    assert manager.get(to("survey_results_file", survey)).status_code == 302
    services.close_survey(survey=survey, by=by, today=TODAY)
    rows = manager.get(to("survey_results_file", survey)).content.decode()
    assert "Very bad,*" in rows
    assert ",2" not in rows
    noted = Event.objects.get(kind="voice.results_exported")
    assert "Counts of 1 to 5" in noted.details


def test_what_was_written_is_retold_as_a_point_once_and_never_quoted(manager, scrutineer, by, survey):
    wrote = "Give us more time to talk"
    services.reply(survey=survey, answers={}, words={"4": wrote}, once="a", today=TODAY)
    services.close_survey(survey=survey, by=by, today=TODAY)
    assert wrote not in text_of(scrutineer.get(to("survey", survey)))
    page = manager.get(to("survey", survey)).content.decode()
    take = html.unescape(re.search(r'href="([^"]+/take[?]text=[^"]+)"', page)[1])
    assert wrote in text_of(manager.get(take))
    quoted = send(manager, take, text=f"They said: {wrote}!", sort="to_develop")
    assert "These are their own words" in text_of(quoted)
    assert f"They said: {wrote}!" in quoted.content.decode()
    for _ in range(2):
        send(manager, take, text="Conversations are too short", sort="to_develop")
    point = Said.objects.get()
    assert (point.text, point.group, point.priority) == (
        "Conversations are too short", "parents", survey.priority,
    )  # fmt: skip
    assert point.reference in text_of(manager.get(to("survey", survey)))
    assert manager.get(to("survey_take", survey) + "?text=none").status_code == 404


def test_how_many_answered_is_seen_to_grow_by_nobody_but_who_records(manager, scrutineer, by, survey):
    """Whoever watched it grow could tell who answered; of children a small number is told to nobody else at all."""
    Survey.objects.filter(pk=survey.pk).update(group="children")
    fill(survey, "543")
    assert "Answers 3" in text_of(manager.get(to("survey", survey)))
    assert "Answers" not in text_of(scrutineer.get(to("survey", survey)))
    survey.refresh_from_db()
    services.close_survey(survey=survey, by=by, today=TODAY)
    assert "Answers *" in text_of(scrutineer.get(to("survey", survey)))
    for client in (manager, scrutineer):
        [row] = client.get(to("surveys") + "?export=csv").content.decode().splitlines()[1:]
        assert row.endswith(",*")


def test_a_survey_that_closed_waits_to_be_summed_up(manager, by, survey):
    assert [i for i in doors.work(by, TODAY) if i.kind == "voice.survey"] == []
    [item] = [i for i in doors.work(by, date(2019, 12, 1)) if i.kind == "voice.survey"]
    assert item.act_page == "survey_close"
    services.close_survey(survey=survey, by=by, today=date(2019, 12, 1))
    send(manager, to("survey_sum_up", survey), summary="Parents want more time")
    assert "Parents want more time" in text_of(manager.get(to("survey", survey)))
    assert [i for i in doors.work(by, date(2019, 12, 1)) if i.kind == "voice.survey"] == []


def test_an_agency_builds_no_survey(actor, agencies, survey):
    lead = actor("agency_lead", agency=agencies["police"])
    with pytest.raises(Forbidden):
        services.draft_survey(title="Ours", intro="-", group="parents", by=lead)
    with pytest.raises(Forbidden):
        services.close_survey(survey=survey, by=lead, today=TODAY)


def test_the_pages_of_a_survey_cost_the_same_with_many_answers(manager, by, survey, count_queries):
    fill(survey, "5")
    services.close_survey(survey=survey, by=by, today=TODAY)
    for number in range(30):
        Reply(survey=survey, once=f"x{number}", answers={"1": "4"}).save()
    manager.get(to("surveys"))
    for address in (to("survey", survey), to("surveys")):
        with count_queries() as sent:
            manager.get(address)
        assert len(sent) <= 15


def test_a_survey_that_nobody_answered_is_closed_and_nobody_was_heard(by, survey, priority, manager):
    services.close_survey(survey=survey, by=by, today=TODAY)
    survey.refresh_from_db()
    assert (survey.status, survey.activity, Activity.objects.count()) == ("closed", None, 0)
    assert priority in queries.unheard_priorities(by, TODAY)
    page = text_of(manager.get(to("survey", survey)))
    assert "Answers 0" in page
    assert "Not shown" not in page
    assert ",0" in manager.get(to("survey_results_file", survey)).content.decode()
    assert text_of(manager.get(to("surveys")))


def test_the_answers_of_a_survey_are_not_typed_over(by, survey):
    services.reply(survey=survey, answers={"2": "Nobody"}, words={}, once="a", today=TODAY)
    activity = services.close_survey(survey=survey, by=by, today=TODAY).activity
    activity.refresh_from_db()
    with pytest.raises(Refused, match="not typed over"):
        services.correct_activity(
            activity=activity,
            changes={"people_count": 9},
            by=by,
            today=TODAY,
            expected_version=activity.version,
        )


def test_a_question_of_a_draft_is_changed_and_of_one_that_is_open_is_not(by, survey, manager):
    question = queries.asked(survey)[0]
    given = {"question": question, "sort": "text", "text": "How were you helped?", "by": by}
    with pytest.raises(Refused, match="was opened"):
        services.change_question(**given, expected_version=question.version)
    draft = services.draft_survey(title="Help", intro="Tell us.", group="parents", by=by)
    made = services.add_question(survey=draft, sort="text", text="Hwo?", by=by)
    send(manager, to("question_change", made), sort="text", text="How?", easy="", choices="")
    assert [each.text for each in queries.asked(draft)] == ["How?"]
    assert "Change it" in text_of(manager.get(to("survey", draft)))


def test_what_is_retold_names_nobody_unless_somebody_looked(by, survey):
    services.reply(survey=survey, answers={}, words={"4": "Kevin is mean to me"}, once="a", today=TODAY)
    services.close_survey(survey=survey, by=by, today=TODAY)
    survey.refresh_from_db()
    [written] = [each for _, texts in queries.written(survey, by) for each in texts]
    given = {"survey": survey, "source_id": written.source_id, "sort": "to_develop", "by": by}
    with pytest.raises(Refused, match="Somebody could be found by this"):
        services.take_text(**given, text="Kevin Jones is said to be unkind")
    services.take_text(**given, text="A service, Help Point, is said to be unkind", nobody_named=True)
