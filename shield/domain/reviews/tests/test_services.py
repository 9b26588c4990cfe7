"""From a referral to the Panel: who may, what starts, what is refused, what the clocks do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from shield.domain.reviews import queries, rules, services
from shield.domain.reviews.models import AgencyReturn, Case, Letter, Referral, SignOff, Step
from shield.domain.reviews.tests import factories as make
from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts.models import TeamMembership
from shield.kernel.clocks.models import Clock
from shield.kernel.history.models import Event
from shield.kernel.identities.models import Identity
from shield.kernel.notices.models import Message
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY


def clock_of(case, code):
    return Clock.objects.get(about_id=case.pk, code=code)


# Referring


def test_a_practitioner_refers_and_the_team_the_names_and_the_clock_are_there(
    actor, theo, person, partnership
):
    marian = person("business_manager", name="Marian")
    case = make.referred(actor("practitioner"))
    assert set(TeamMembership.objects.filter(team=case.team).values_list("person_id", flat=True)) == {
        theo.pk,
        marian.pk,
    }
    assert Identity.objects.get(about_id=case.pk).names == ["Jordan Tarrant"]
    assert clock_of(case, "incident.notification").due_on == date(2019, 11, 8)
    assert Message.objects.filter(template="case_referred").count() == 2


def test_whoever_refers_does_not_see_the_case_by_that(actor, theo):
    nia = actor("practitioner")
    case = make.referred(nia)
    assert not Case.objects.visible_to(nia).filter(pk=case.pk).exists()
    assert [row.case_id for row in queries.own_referrals(nia)] == [case.pk]


def test_what_is_written_about_the_child_is_sealed_and_no_event_or_message_says_it(referred):
    with connection.cursor() as cursor:
        cursor.execute("select what, place from reviews_referral")
        assert "Jordan" not in "".join(cursor.fetchone())
    told = "".join(f"{e.record_title}{e.details}" for e in Event.objects.all())
    sent = "".join(f"{m.subject}{m.body}" for m in Message.objects.all())
    assert "Jordan" not in told + sent
    assert "hurt" not in told + sent
    assert Referral.objects.get().what == "Jordan was found hurt."


@pytest.mark.parametrize(
    "change",
    [{"children": []}, {"children": [make.CHILD] * 5}, {"aware_at": make.NOW + timedelta(hours=1)}],
)
def test_a_referral_that_cannot_be_is_refused_whole(actor, theo, change):
    with pytest.raises(Refused):
        make.referred(actor("practitioner"), **change)
    assert not Case.objects.exists()


def test_who_may_not_refer_is_told_so(actor, theo):
    with pytest.raises(Forbidden):
        make.referred(actor("scrutineer"))


# Screening


def test_what_does_not_meet_the_criteria_stops_the_clock_and_may_be_screened_again(referred, by):
    make.screened(referred, by, "not_met", {**make.ANSWERS, "harmed": "no"})
    referred.refresh_from_db()
    assert (referred.stage, clock_of(referred, "incident.notification").state) == ("not_notified", "stopped")
    make.screened(referred, by)
    open_clock = Clock.objects.get(about_id=referred.pk, state="running")
    assert (open_clock.code, open_clock.started_on) == ("incident.notification", date(2019, 11, 1))


def test_a_screening_needs_every_answer_and_reasons(referred, by):
    with pytest.raises(Refused):
        make.screened(referred, by, answers={**make.ANSWERS, "abuse": ""})
    with pytest.raises(Refused):
        services.screen(
            case=referred, answers=make.ANSWERS, outcome="notify", reasons="-", by=by, today=TODAY
        )


def test_only_the_team_screens(referred, actor):
    with pytest.raises(Forbidden):
        make.screened(referred, actor("business_manager"))


def test_two_people_who_screen_at_once_are_told(referred, by):
    seen = referred.version
    make.screened(referred, by)
    with pytest.raises(Stale):
        services.screen(
            case=referred, answers=make.ANSWERS, outcome="more", reasons="We ask the ward.", by=by, today=TODAY,
            expected_version=seen - 1,
        )  # fmt: skip


# Notifying


def test_one_act_meets_one_clock_starts_the_other_and_asks_the_agencies(reviewed, by, agencies, signers):
    assert clock_of(reviewed, "incident.notification").state == "met"
    assert clock_of(reviewed, "review.rapid").due_on == date(2019, 11, 25)
    assert reviewed.rapid.due_on == date(2019, 11, 25)
    assert [row.agency for row in queries.returns_of(reviewed, by)] == [agencies["school"]]
    steps = {step.label_text: (step.due_on, step.done_on) for step in Step.objects.filter(case=reviewed)}
    assert steps["Requests to agencies go out"] == (date(2019, 11, 5), TODAY)
    assert steps["The rapid review goes to the Panel"] == (date(2019, 11, 25), None)
    members = set(TeamMembership.objects.filter(team=reviewed.team).values_list("person_id", flat=True))
    assert {person.pk for person in signers.values()} <= members


def test_it_is_not_notified_unscreened_or_before_anybody_knew(referred, by):
    with pytest.raises(Refused, match="Screen"):
        services.notify(case=referred, on=TODAY, by=by, today=TODAY)
    make.screened(referred, by)
    with pytest.raises(Refused, match="aware"):
        services.notify(case=referred, on=date(2019, 10, 31), by=by, today=TODAY)
    with pytest.raises(Refused, match="future"):
        services.notify(case=referred, on=TODAY + timedelta(days=1), by=by, today=TODAY)


def test_nothing_of_a_notification_stays_when_a_request_cannot_go_out(referred, by, agencies):
    make.screened(referred, by)
    with pytest.raises(Refused):
        services.notify(
            case=referred, on=TODAY, agencies=[agencies["school"]], whom="Jordan", by=by, today=TODAY
        )
    assert not AgencyReturn.objects.exists()
    assert not Step.objects.exists()
    assert Case.objects.get().stage == "referred"


def test_a_partnership_s_own_plan_is_used_from_the_next_review_on(referred, by, agencies):
    services.set_plan(steps=[rules.Milestone("Everything is done", 0, 3)], by=by)
    make.notified(referred, by)
    assert [(step.label_text, step.due_on) for step in queries.steps_of(referred)] == [
        ("Everything is done", date(2019, 11, 7))
    ]


# Agencies


def test_an_agency_is_asked_once(reviewed, by, agencies):
    with pytest.raises(Refused, match="already"):
        services.ask(
            case=reviewed, agencies=[agencies["school"]], whom="Jordan", due_on=TODAY, by=by, today=TODAY
        )


def test_an_agency_sees_its_own_return_only_and_nobody_else_its_draft(reviewed, by, agencies, teacher, actor):
    answer = AgencyReturn.objects.get()
    services.draft_return(answer=answer, words=make.WORDS, by=teacher)
    answer.refresh_from_db()
    assert answer.words["facts"] == "Jordan was absent."
    assert answer.shows_words_to(teacher)
    assert not answer.shows_words_to(by)
    other = actor("agency_lead", agency=agencies["charity"])
    assert not AgencyReturn.objects.visible_to(other).exists()
    with pytest.raises(Forbidden):
        services.draft_return(answer=answer, words=make.WORDS, by=other)


def test_what_is_handed_in_says_who_signs_it_off_and_holds_what_is_needed(reviewed, teacher):
    answer = AgencyReturn.objects.get()
    with pytest.raises(Refused, match="signs this off"):
        services.hand_in(answer=answer, words=make.WORDS, signed_off_by=" ", by=teacher, today=TODAY)
    with pytest.raises(Refused, match="Write something"):
        services.hand_in(answer=answer, words={"facts": "x"}, signed_off_by="Head", by=teacher, today=TODAY)
    services.hand_in(answer=answer, nothing_held=True, signed_off_by="Head", by=teacher, today=TODAY)
    assert AgencyReturn.objects.get().status == "handed_in"


def test_what_comes_back_is_changed_and_handed_in_again(reviewed, by, teacher):
    answer = make.answered(reviewed, teacher)
    with pytest.raises(Refused):
        services.draft_return(answer=answer, words=make.WORDS, by=teacher)
    services.send_back(answer=answer, reason="Please add the dates.", by=by)
    again = make.answered(reviewed, teacher)
    services.accept_return(answer=again, by=by)
    assert AgencyReturn.objects.get().status == "accepted"


def test_the_last_answer_reaches_its_milestone(reviewed, teacher):
    make.answered(reviewed, teacher)
    assert Step.objects.get(label_text="Agencies hand in what they know").done_on == TODAY


def test_an_agency_keeps_what_it_wrote_for_ever(reviewed, by, teacher):
    answer = make.answered(reviewed, teacher)
    services.accept_return(answer=answer, by=by)
    assert AgencyReturn.objects.visible_to(teacher).get().words["facts"] == "Jordan was absent."


def test_agencies_are_reminded_once_before_and_once_after(reviewed, teacher):
    late = TODAY + timedelta(days=1)
    first = services.remind_of_returns(today=late)
    assert first == services.remind_of_returns(today=late) + 1


# Signing and sending


def test_a_review_is_sent_when_three_have_signed_and_its_clock_is_met(
    reviewed, by, teacher, signers, partnership
):
    with pytest.raises(Refused, match="has not signed"):
        services.send_to_panel(case=reviewed, on=TODAY, by=by, today=TODAY)
    make.ready(reviewed, by, teacher, signers, partnership)
    services.send_to_panel(case=reviewed, on=TODAY, by=by, today=TODAY)
    reviewed.refresh_from_db()
    assert reviewed.stage == "with_panel"
    assert clock_of(reviewed, "review.rapid").state == "met"
    assert Letter.objects.get().about == "rapid_review"
    assert not Step.objects.filter(done_on=None).exclude(label_text__startswith="Everybody").exists()


def test_whoever_does_not_agree_stops_it(reviewed, by, teacher, signers, partnership):
    make.ready(reviewed, by, teacher, signers, partnership, choice="disagrees")
    with pytest.raises(Refused, match="does not agree"):
        services.send_to_panel(case=reviewed, on=TODAY, by=by, today=TODAY)


def test_a_summary_changed_after_a_signature_is_signed_anew(reviewed, by, teacher, signers, partnership):
    make.ready(reviewed, by, teacher, signers, partnership)
    services.summarise(
        case=reviewed,
        summary={"facts": "Something else."},
        proposes="no_action",
        reasons="We know enough.",
        by=by,
    )
    assert set(SignOff.objects.values_list("choice", flat=True)) == {""}
    with pytest.raises(Refused, match="has not signed"):
        services.send_to_panel(case=reviewed, on=TODAY, by=by, today=TODAY)


def test_only_a_partner_of_the_team_signs(reviewed, by, actor, agencies, teacher):
    services.summarise(
        case=reviewed, summary={"facts": "A."}, proposes="no_action", reasons="We know enough.", by=by
    )
    outsider = actor("safeguarding_partner", agency=agencies["police"])
    for who in (by, outsider, teacher):
        with pytest.raises(Forbidden):
            services.sign(case=reviewed, choice="agrees", reasons="I agree with it.", by=who, today=TODAY)


# What is kept


def test_the_panel_s_reply_moves_the_case_on(reviewed, by, teacher, signers, partnership):
    make.ready(reviewed, by, teacher, signers, partnership)
    services.send_to_panel(case=reviewed, on=TODAY, by=by, today=TODAY)
    services.file_letter(
        case=reviewed,
        direction="in",
        about="reply",
        party="The Panel",
        dated=TODAY,
        agrees=True,
        by=by,
        today=TODAY,
    )
    reviewed.refresh_from_db()
    assert reviewed.stage == "learning"


def test_a_way_changed_later_leaves_the_first_on_record_and_stops_its_months(reviewed, by):
    services.decide_route(
        case=reviewed,
        route="practice_review",
        reasons="There is much to learn.",
        decided_on=TODAY,
        by=by,
        today=TODAY,
    )
    assert clock_of(reviewed, "review.publication").due_on == date(2020, 5, 4)
    services.decide_route(
        case=reviewed,
        route="adults_review",
        reasons="The adults board leads.",
        decided_on=TODAY,
        by=by,
        today=TODAY,
    )
    assert [row.route for row in queries.routes_of(reviewed, by)] == ["practice_review", "adults_review"]
    assert clock_of(reviewed, "review.publication").state == "stopped"


def test_a_published_report_meets_the_months_of_a_practice_review(reviewed, by):
    services.decide_route(
        case=reviewed,
        route="practice_review",
        reasons="There is much to learn.",
        decided_on=TODAY,
        by=by,
        today=TODAY,
    )
    output = services.add_output(case=reviewed, sort="report", due_on=TODAY, by=by, today=TODAY)
    services.change_output(output=output, issued_on=TODAY, by=by, today=TODAY)
    assert clock_of(reviewed, "review.publication").state == "met"


def test_a_name_planted_in_the_words_for_the_wider_group_is_caught(reviewed, by, actor):
    scrutineer = actor("scrutineer")
    for planted in ("Jordan, four, was hurt.", "JORDAN TARRANT", "Jordn was hurt", "The Tarrant family"):
        with pytest.raises(Refused, match="could be the name"):
            services.share(case=reviewed, incident=planted, by=by, today=TODAY)
    assert not Case.objects.visible_to(scrutineer).exists()
    services.share(case=reviewed, incident="A child of four was hurt.", by=by, today=TODAY)
    assert Case.objects.visible_to(scrutineer).get().incident == "A child of four was hurt."


def test_a_name_in_a_theme_or_an_output_is_caught_too(reviewed, by):
    with pytest.raises(Refused):
        services.name_themes(case=reviewed, themes=[], new=["What Jordan said"], by=by)
    with pytest.raises(Refused):
        services.add_output(case=reviewed, sort="briefing", what="Jordan’s story", by=by, today=TODAY)


def test_a_theme_that_is_there_already_is_not_made_twice(reviewed, by):
    services.name_themes(case=reviewed, themes=[], new=["Think family"], by=by)
    services.name_themes(case=reviewed, themes=[], new=["think FAMILY", "Genograms"], by=by)
    assert sorted(theme.title for theme in reviewed.themes.all()) == ["Genograms", "Think family"]


def test_a_closed_case_is_worked_on_no_more_until_it_is_opened_again(referred, by):
    make.screened(referred, by, "not_met", {**make.ANSWERS, "harmed": "no"})
    services.close(case=referred, reason="Nothing more to learn.", by=by, today=TODAY)
    with pytest.raises(Refused, match="closed"):
        make.screened(referred, by)
    services.reopen(case=referred, reason="The hospital wrote again.", by=by)
    make.screened(referred, by)


def test_a_case_in_its_rapid_review_is_not_closed(reviewed, by):
    with pytest.raises(Refused):
        services.close(case=reviewed, reason="We have no time.", by=by, today=TODAY)


def test_a_case_of_before_shows_the_clock_as_it_ran(actor, theo):
    case = services.record_case(
        pseudonym="Child O", incident="A child of four years was harmed", source="Minutes", notified_on=date(2019, 7, 11),
        met_on=date(2019, 7, 18), sent_on=date(2019, 7, 29), by=actor("learning_manager"), today=TODAY,
    )  # fmt: skip
    clock = clock_of(case, "review.rapid")
    assert (clock.due_on, clock.met_on, clock.state) == (date(2019, 8, 1), date(2019, 7, 29), "met")


def test_what_the_notification_asks_is_put_down_as_it_becomes_known(referred, by):
    services.change_details(case=referred, details={"What the police do": "They investigate."}, by=by)
    kept = services.change_details(
        case=referred, details={"Health and disability": "Asthma", "Sex or gender": " "}, by=by
    )
    assert kept.details == {"What the police do": "They investigate.", "Health and disability": "Asthma"}
    make.screened(referred, by)
    services.notify(
        case=referred,
        on=TODAY,
        by=by,
        today=TODAY,
        details={"What the police do": "An arrest.", "Health and disability": ""},
    )
    assert Referral.objects.get().details == {"What the police do": "An arrest."}
    told = services.change_details(case=referred, details={"What the police do": ""}, by=by)
    assert "What the police do" not in told.details


def test_whoever_notifies_sees_what_another_put_down_meanwhile(referred, by):
    make.screened(referred, by)
    seen = Case.objects.get().version
    services.change_details(
        case=referred, details={"What the police do": "An arrest."}, by=by, expected_version=seen
    )
    for act in (
        lambda: services.change_details(case=referred, details={}, by=by, expected_version=seen),
        lambda: services.notify(
            case=referred,
            on=TODAY,
            by=by,
            today=TODAY,
            details={"What the police do": ""},
            expected_version=seen,
        ),
    ):
        with pytest.raises(Stale):
            act()
    assert Referral.objects.get().details == {"What the police do": "An arrest."}
