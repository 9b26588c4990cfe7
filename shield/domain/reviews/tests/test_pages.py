"""Who gets which page of a case, what a refused look leaves, and what the table of the year says."""

from __future__ import annotations

from django.urls import reverse

from shield.domain.reviews import services
from shield.domain.reviews.models import Case, Referral
from shield.domain.reviews.tests import factories as make
from shield.kernel.accounts import services as accounts
from shield.kernel.history.models import Read
from tests.cast import TODAY, queries_counted, signed_in


def at(name, record=None, **query):
    kwargs = {"partnership": "testbury"}
    return reverse(name, kwargs={**kwargs, "id": record.pk} if record is not None else kwargs)


def test_a_person_outside_the_team_gets_404_and_leaves_a_trace(reviewed, person, theo):
    outsider = person("business_manager", name="Olga Outside")
    assert signed_in(outsider).get(at("case", reviewed)).status_code == 404
    read = Read.objects.get(actor_id=outsider.pk)
    assert (read.record_id, read.purpose) == (reviewed.pk, "asked for a page and was refused")
    seen = signed_in(theo).get(at("case_history", reviewed))
    assert b"Olga Outside" in seen.content


def test_the_wider_group_sees_no_more_than_was_shown_to_it(reviewed, by, person):
    services.share(case=reviewed, incident="A child of four was hurt.", by=by, today=TODAY)
    page = signed_in(person("scrutineer")).get(at("case", reviewed)).content.decode()
    assert "A child of four was hurt." in page
    for hidden in ("found hurt", "Jordan", "Hillside", "Who stands behind"):
        assert hidden not in page


def test_the_file_is_for_the_team_whoever_else_may_see_the_case(reviewed, by, person):
    services.share(case=reviewed, incident="A child of four was hurt.", by=by, today=TODAY)
    outsider = signed_in(person("business_manager"))
    assert outsider.get(at("case_summary", reviewed)).status_code == 403
    assert outsider.post(at("case_close", reviewed), {"reason": "I close it now."}).status_code == 403


def test_somebody_with_a_conflict_of_interest_does_not_get_in_by_any_way(
    reviewed, by, theo, person, partnership
):
    marian = person("business_manager")
    accounts.declare_conflict(
        team=reviewed.team, person=marian, reason="My sister's child.", by=by, today=TODAY, now=make.NOW
    )
    client = signed_in(marian)
    assert client.get(at("case", reviewed)).status_code == 404
    answer = client.post(
        at("open_urgently"),
        {"reference": reviewed.reference, "reason": "I must see what stands there tonight."},
    )
    assert "conflict of interest" in answer.content.decode()
    assert client.get(at("case", reviewed)).status_code == 404


def test_an_urgent_opening_opens_the_file_and_tells_its_lead(reviewed, person, theo):
    samir = person("child_death_coordinator", name="Samir")
    person("business_manager", name="Reviewer")
    client = signed_in(samir)
    client.post(
        at("open_urgently"),
        {"reference": reviewed.reference, "reason": "The ward rings about this child now."},
    )
    page = client.get(at("case", reviewed))
    assert page.status_code == 200
    assert b"Jordan was found hurt." in page.content
    from shield.kernel.notices.models import Message

    assert Message.objects.filter(person_id=theo.pk, template="opened_urgently").exists()


def test_a_practitioner_refers_by_one_form_and_sees_that_it_arrived(person, theo, agencies):
    client = signed_in(person("practitioner", agency=agencies["school"]))
    sent = {
        "children": "Jordan Tarrant, 7 3 2015, NHS 943 476 5919\nUnborn baby of Kim Tarrant",
        "what": "He came to school hurt.", "aware_on_day": "3", "aware_on_month": "11", "aware_on_year": "2019", "aware_at": "midday",
    }  # fmt: skip
    answer = client.post(at("case_refer"), sent, follow=True)
    assert "Its team has it" in answer.content.decode()
    assert Referral.objects.count() == 1


def test_a_date_that_is_none_is_explained_and_nothing_typed_is_lost(person, theo):
    client = signed_in(person("practitioner"))
    answer = client.post(at("case_refer"), {"children": "Jordan Tarrant, 31 2 2015", "what": "He was hurt."})
    page = answer.content.decode()
    assert "holds no real date" in page
    assert "He was hurt." in page
    assert not Case.objects.exists()


def test_a_case_costs_the_same_however_full_it_is(reviewed, by, theo, agencies):
    client = signed_in(theo)
    client.get(at("case", reviewed))
    with queries_counted() as before:
        client.get(at("case", reviewed))
    services.ask(
        case=reviewed,
        agencies=[agencies["charity"], agencies["police"]],
        whom="Jordan",
        due_on=TODAY,
        by=by,
        today=TODAY,
    )
    for _ in range(4):
        services.file_letter(
            case=reviewed, direction="in", about="other", party="Ofsted", dated=TODAY, by=by, today=TODAY
        )
        services.add_output(case=reviewed, sort="briefing", due_on=TODAY, by=by, today=TODAY)
    services.name_themes(case=reviewed, themes=[], new=["Think family", "Genograms"], by=by)
    with queries_counted() as after:
        client.get(at("case", reviewed))
    assert len(after) == len(before)
    assert len(after) <= 30


def test_the_table_and_the_themes_of_the_year_tell_the_same_cases(actor):
    by = actor("system")
    first = services.record_case(
        pseudonym="Child O", incident="A child was harmed", source="Minutes", by=by, today=TODAY
    )
    second = services.record_case(
        pseudonym="Baby G", incident="A baby was hurt", source="Minutes", by=by, today=TODAY
    )
    services.name_themes(case=first, themes=[], new=["Think family"], by=by)
    services.name_themes(case=second, themes=[], new=["Think family", "Genograms"], by=by)
    from shield.domain.reviews import queries
    from tests.cast import SINCE

    told = queries.cases_of_year(by, SINCE, TODAY)
    assert {case.pseudonym for case in told} == {"Child O", "Baby G"}
    assert [(theme.title, len(cases)) for theme, cases in queries.themes_of(told)] == [
        ("Think family", 2),
        ("Genograms", 1),
    ]


def test_a_second_one_who_puts_down_what_the_notification_asks_sees_the_first_ones_words(referred, by, theo):
    seen = Case.objects.get().version
    services.change_details(case=referred, details={"What the police do": "An arrest."}, by=by)
    sent = {"police": "Nothing yet.", "version": seen}
    page = signed_in(theo).post(at("case_details", referred), sent).content.decode()
    assert "An arrest." in page
    assert "Nothing yet." in page
    assert Referral.objects.get().details == {"What the police do": "An arrest."}
