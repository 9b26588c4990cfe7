"""A practice review: who may, what it needs before the public reads it, what the months do, what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shield.domain.reviews import queries, rules, services
from shield.domain.reviews.models import AgencyReturn, Conversation, Letter, Output, PracticeReview
from shield.improvement import services as chain
from shield.improvement.models import Finding
from shield.improvement.services import Upload
from shield.kernel.access.rules import Forbidden
from shield.kernel.clocks.models import Clock
from shield.kernel.clocks.queries import working_calendar
from shield.kernel.records.rules import Refused
from tests.cast import TODAY, actor_of, signed_in

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
BEGUN = TODAY - timedelta(days=21)


def commissioned(case, by, on=TODAY):
    services.decide_route(
        case=case,
        route="practice_review",
        reasons="There is much to learn.",
        decided_on=on,
        by=by,
        today=TODAY,
    )
    return services.commission(
        case=case, reviewer="Sam Reviewer", independence="Has never worked in this area.", no_conflict_with="All agencies",
        terms="What did Jordan live?", commissioned_on=on, by=by, today=TODAY,
    )  # fmt: skip


def proposed(review, by, **more):
    """With its draft and its Board; `more` are the words for the public."""
    draft = services.file_draft(review=review, file=Upload("report.pdf", PDF), by=by, today=TODAY)
    services.note_board(review=review, on=TODAY, by=by, today=TODAY)
    words = {
        "title": "Child Q",
        "summary": "A child of four was hurt, and nobody had asked.",
        "file": draft,
        **more,
    }
    return services.propose(review=review, by=by, today=TODAY, **words)


@pytest.fixture
def review(reviewed, by):
    return commissioned(reviewed, by)


@pytest.fixture
def second(person, review, partnership):
    """Another of the team."""
    from shield.kernel.accounts.models import TeamMembership

    marian = person("business_manager", name="Marian")
    TeamMembership(partnership=partnership, team=review.case.team, person=marian, starts_on=TODAY).store()
    return actor_of(marian, partnership)


def clock(review):
    return Clock.objects.get(about_id=review.case_id, code="review.publication")


def test_only_a_case_on_the_way_of_a_review_is_reviewed_and_once(reviewed, by, actor):
    given = {
        "case": reviewed, "reviewer": "Sam", "independence": "Never worked here.", "no_conflict_with": "All", "terms": "",
        "commissioned_on": TODAY, "today": TODAY,
    }  # fmt: skip
    with pytest.raises(Refused, match="way of a review"):
        services.commission(**given, by=by)
    commissioned(reviewed, by)
    with pytest.raises(Refused, match="commissioned already"):
        services.commission(**given, by=by)
    with pytest.raises(Forbidden):
        services.commission(**given, by=actor("learning_manager"))


def test_an_agency_is_asked_for_its_report_beside_what_it_answered_to_the_rapid_review(
    review, by, agencies, teacher
):
    services.ask(
        case=review.case, agencies=[agencies["school"]], whom="Jordan", due_on=TODAY, purpose="review", by=by, today=TODAY
    )  # fmt: skip
    report = AgencyReturn.objects.get(purpose="review")
    with pytest.raises(Refused, match="What your agency learns"):
        services.hand_in(
            answer=report, words={"involvement": "x"}, signed_off_by="Head", by=teacher, today=TODAY
        )
    words = {"involvement": "We taught him.", "learning": "Ask sooner."}
    services.hand_in(answer=report, words=words, signed_off_by="Head", by=teacher, today=TODAY)
    reached = queries.stages_of(review, queries.returns_of(review.case, by, "review"), [])
    assert reached["agencies"] == TODAY
    assert "1 agency has not handed in" in " ".join(queries.why_not_send(review.case))


def test_the_stages_are_reached_by_what_is_on_record(review, by):
    services.plan_stages(review=review, planned={"draft": TODAY + timedelta(days=30)}, by=by)
    heard = services.hear(
        review=review, who="family", held_on=TODAY, how="At home", said="Nobody asked us.", by=by, today=TODAY
    )
    services.file_draft(review=review, file=Upload("draft.pdf", PDF), by=by, today=TODAY)
    reached = queries.stages_of(PracticeReview.objects.get(pk=review.pk), [], [heard])
    there = {stage for stage, day in reached.items() if day}
    assert there == {"commissioned", "family", "draft"}


def test_whoever_was_heard_is_told_and_not_before_they_were_heard(review, by):
    heard = services.hear(
        review=review, who="family", held_on=TODAY, how="At home", said="Nobody asked.", by=by, today=TODAY
    )
    with pytest.raises(Refused, match="after they were heard"):
        services.tell_outcome(
            heard=heard, told_on=TODAY - timedelta(days=1), told_how="By letter", by=by, today=TODAY
        )
    services.tell_outcome(heard=heard, told_on=TODAY, told_how="At home", by=by, today=TODAY)
    assert Conversation.objects.get().told_on == TODAY


def test_the_months_stand_still_with_the_review_and_go_on_with_it(reviewed, by):
    review = commissioned(reviewed, by, on=TODAY)
    before = clock(review).due_on
    services.stand_still(review=review, proceedings="criminal", on=TODAY, by=by, today=TODAY)
    assert (clock(review).state, clock(review).due_on) == ("paused", None)
    with pytest.raises(Refused, match="criminal proceedings"):
        proposed(review, by)
    later = TODAY + timedelta(days=10)
    services.go_on(review=review, on=later, by=by, today=later)
    assert clock(review).state == "running"
    assert clock(review).due_on > before


def test_nothing_is_public_before_a_second_person_confirmed_it(review, by, second):
    proposed(review, by)
    page = reverse("published_review", args=["testbury", review.reference])
    assert Client().get(page).status_code == 404
    with pytest.raises(Refused, match="Somebody else"):
        services.publish(review=review, read=True, by=by, today=TODAY)
    with pytest.raises(Refused, match="nobody can be recognised"):
        services.publish(review=review, read=False, by=second, today=TODAY)
    services.publish(review=review, read=True, by=second, today=TODAY)
    shown = Client().get(page).content.decode()
    assert "nobody had asked" in shown
    assert "Jordan" not in shown
    assert "Sam Reviewer" not in shown
    assert Client().get(f"{page}/report").content == PDF


def test_a_name_planted_in_what_the_public_reads_stops_it(review, by):
    for planted in ({"title": "Jordan’s story"}, {"summary": "The Tarrant family was known."}):
        with pytest.raises(Refused, match="could be the name"):
            proposed(review, by, **planted)
    assert PracticeReview.objects.get().status == "under_way"


def test_a_name_that_became_known_after_the_proposal_stops_the_publication(review, by, second):
    from shield.kernel.identities import services as identities

    proposed(review, by, summary="Brooklyn Street School had asked twice for help.")
    identities.add(
        about=review.case.ref, team=review.case.team, pseudonym="Friend", names=["Brooklyn Street"], by=by
    )
    with pytest.raises(Refused, match="could be the name"):
        services.publish(review=review, read=True, by=second, today=TODAY)


def test_improvements_alone_are_published_with_the_reason(review, by, second):
    with pytest.raises(Refused, match="why not the whole"):
        proposed(review, by, scope="improvements")
    proposed(review, by, scope="improvements", scope_why="The child could be recognised.")
    services.publish(review=review, read=True, by=second, today=TODAY)
    page = Client().get(reverse("published_review", args=["testbury", review.reference])).content.decode()
    assert "The child could be recognised." in page
    assert reverse("published_reviews", args=["testbury"]) in _main(Client().get(reverse("front")))


def _main(answer):
    """What a page says between its header and its footer."""
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def test_the_front_page_leads_to_reviews_only_where_one_is_published(review, by):
    proposed(review, by)
    assert reverse("published_reviews", args=["testbury"]) not in _main(Client().get(reverse("front")))


def test_the_publication_meets_the_months_and_issues_the_report_of_the_case(review, by, second):
    proposed(review, by)
    services.publish(review=review, read=True, by=second, today=TODAY)
    assert (clock(review).state, clock(review).met_on) == ("met", TODAY)
    assert Output.objects.get(sort="report").issued_on == TODAY


def test_a_late_review_gives_its_reasons_before_it_is_published():
    late = {"board_on": TODAY, "paused_for": "", "due_on": TODAY - timedelta(days=1), "today": TODAY}
    assert "reasons for the delay" in rules.why_not_publish(**late, delay_reasons=" ")[0]
    assert rules.why_not_publish(**late, delay_reasons="The trial took a year.") == []


def test_a_withdrawn_review_says_so_to_the_public(review, by, second):
    proposed(review, by)
    services.publish(review=review, read=True, by=second, today=TODAY)
    services.withdraw_publication(review=review, reason="A date in it was wrong.", by=by, today=TODAY)
    page = reverse("published_review", args=["testbury", review.reference])
    answer = Client().get(page)
    assert answer.status_code == 410
    assert "A date in it was wrong." in answer.content.decode()
    assert "nobody had asked" not in answer.content.decode()
    assert Client().get(f"{page}/report").status_code == 404
    assert "Child Q" not in Client().get(reverse("published_reviews", args=["testbury"])).content.decode()


def test_the_copy_before_publication_goes_out_seven_working_days_before(review, by):
    # Good Friday and Easter Monday of 2020 lie between.
    assert rules.advance_copy_by(date(2020, 4, 20), working_calendar()) == date(2020, 4, 7)
    services.plan_publication(review=review, publish_on=TODAY + timedelta(days=30), by=by)
    services.send_advance_copy(review=review, on=TODAY, by=by, today=TODAY)
    assert Letter.objects.get().about == "advance_copy"


def test_a_recommendation_goes_into_the_evidence_chain_without_a_name(review, by):
    priority = chain.add_priority(title="Think family", by=by)
    with pytest.raises(Refused, match="could be the name"):
        services.recommend(
            review=review, finding="Jordan was not seen.", title="See", priority=priority, by=by
        )
    made = services.recommend(
        review=review,
        finding="The child was not seen alone.",
        title="See children alone",
        priority=priority,
        by=by,
    )
    assert Finding.objects.get().origin_id == review.pk
    assert list(queries.recommendations_of(by, review)) == [made]


def test_the_page_of_a_review_is_for_its_team_and_leaves_a_trace(review, theo, person):
    address = reverse("practice_review", args=["testbury", review.pk])
    assert signed_in(person("business_manager")).get(address).status_code == 404
    shown = signed_in(theo).get(address).content.decode()
    assert "Sam Reviewer" in shown
    assert "What did Jordan live?" in shown
