"""Leavers: everything ends, nothing hangs in the air, and the next click is the sign-in page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import queries, rules, services
from shield.kernel.accounts.models import Leaving, RoleGrant, SignIn, Team, TeamMembership, User
from shield.kernel.history import queries as history
from shield.kernel.jobs.rules import JOBS, SCHEDULE
from shield.kernel.records.rules import Refused
from tests.cast import PASSWORD, SINCE, TODAY, failing_act

NOW = timezone.now()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


@pytest.fixture
def by(actor):
    return actor("business_manager", name="Mara Manager")


@pytest.fixture
def ana(person, agencies):
    return person("agency_lead", agency=agencies["school"], name="Ana Lead")


def leave(person, by, **changes):
    given = {"last_day": TODAY, "hand_over_to": None, "reason": "New post", "today": TODAY, "now": NOW}
    return services.leave(person=person, by=by, **{**given, **changes})


def to(name, record=None, slug="testbury"):
    return reverse(name, kwargs={"partnership": slug, **({"id": record.pk} if record else {})})


# --- The rules


@pytest.mark.parametrize(
    ("last_day", "until"), [(TODAY, YESTERDAY), (YESTERDAY, YESTERDAY), (TOMORROW, TOMORROW)]
)
def test_access_ends_at_once_on_the_last_day_itself(last_day, until):
    assert rules.end_of_access(last_day, TODAY) == until


def test_the_last_day_itself_is_worked():
    assert not rules.is_due(TODAY, TODAY)
    assert rules.is_due(YESTERDAY, TODAY)


# --- At once


@pytest.mark.parametrize("last_day", [TODAY, TODAY - timedelta(days=3)])
def test_the_very_next_click_of_a_leaver_is_the_sign_in_page(ana, by, client_of, last_day):
    client = client_of(ana)
    assert client.get(to("home")).status_code == 200
    leave(ana, by, last_day=last_day)
    answer = client.get(to("home"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_a_session_that_was_never_on_the_list_ends_too(ana, by, client_of):
    client = client_of(ana)
    assert not SignIn.objects.exists()
    leave(ana, by)
    assert client.get(to("home")).headers["Location"].startswith("/sign-in")


def test_roles_posts_and_teams_are_dated_and_the_sign_in_is_closed(ana, by, partnership, client):
    team = Team(partnership=partnership, title="Panel", purpose="Cases").store()
    TeamMembership(partnership=partnership, team=team, person=ana, starts_on=SINCE).store()
    ana.user.set_password(PASSWORD)
    ana.user.save()
    leave(ana, by)
    assert ana.roles.get().ends_on == YESTERDAY
    assert ana.teams.get().ends_on == YESTERDAY
    assert ana.memberships.get().ends_on == TODAY
    assert queries.actor_for(ana, partnership, TODAY) is None
    answer = client.post(
        reverse("account_login"), {"login": ana.user.email, "password": PASSWORD}, follow=True
    )
    assert "This sign-in has been closed" in answer.content.decode()


def test_what_ended_earlier_and_what_had_not_begun_keep_a_true_date(ana, by, actor, partnership):
    system = actor("system")
    services.grant_role(person=ana, role="practitioner", by=system, today=TODAY + timedelta(days=5))
    leave(ana, by, last_day=TODAY - timedelta(days=10))
    later = RoleGrant.objects.get(person=ana, role="practitioner")
    assert later.ends_on == later.starts_on - timedelta(days=1), "it never held"
    assert ana.roles.get(role="agency_lead").ends_on == TODAY - timedelta(days=10)


def test_a_leaver_of_one_partnership_goes_on_in_the_other(ana, by, actor, otherton, client_of):
    elsewhere = actor("system", partnership=otherton)
    services.grant_role(person=ana, role="scrutineer", by=elsewhere, today=SINCE)
    client = client_of(ana)
    leave(ana, by)
    assert client.get(to("home", slug="otherton")).status_code == 302, "signed out everywhere"
    assert User.objects.get(person=ana).is_active
    assert queries.actor_for(ana, otherton, TODAY) is not None
    assert queries.actor_for(ana, by_partnership(by), TODAY) is None


def by_partnership(by):
    from shield.kernel.accounts.models import Partnership

    return Partnership.objects.get(pk=by.partnership_id)


def test_a_leaving_that_fails_halfway_leaves_nothing_behind(ana, by, client_of):
    client = client_of(ana)
    client.get(to("home"))
    with failing_act():
        leave(ana, by)
    assert ana.roles.get().ends_on is None
    assert not Leaving.objects.exists()
    assert client.get(to("home")).status_code == 200


# --- On a later day


def test_a_later_last_day_is_worked_and_ends_by_date_even_if_no_worker_runs(ana, by, partnership, client_of):
    client = client_of(ana)
    leave(ana, by, last_day=TOMORROW)
    assert client.get(to("home")).status_code == 200
    assert queries.actor_for(ana, partnership, TOMORROW) is not None
    assert queries.actor_for(ana, partnership, TOMORROW + timedelta(days=1)) is None


def test_the_scheduled_job_carries_a_leaving_out_on_the_day_after_and_once(ana, by, person, client_of):
    bert = person("agency_lead", name="Bert Next")
    client = client_of(ana)
    leave(ana, by, last_day=TOMORROW, hand_over_to=bert)
    assert services.carry_out_leavings(today=TOMORROW, now=NOW) == 0
    after = TOMORROW + timedelta(days=1)
    assert services.carry_out_leavings(today=after, now=NOW) == 1
    assert services.carry_out_leavings(today=after, now=NOW) == 0
    assert client.get(to("home")).status_code == 302
    told = [e.sentence for e in history.of_record(by.partnership_id, ana.pk)]
    assert told[0].startswith("noted that Ana Lead has left, the last day being 5 November 2019: New post;")


def test_the_job_is_in_the_schedule(db):
    assert "accounts.carry_out_leavings" in SCHEDULE
    JOBS["accounts.carry_out_leavings"]()


def test_a_planned_leaving_is_withdrawn_and_only_what_it_ended_goes_on(ana, by, actor, partnership):
    over = services.grant_role(person=ana, role="practitioner", by=actor("system"), today=SINCE)
    services.end_role(grant=over, by=by, today=TODAY)
    row = leave(ana, by, last_day=TOMORROW)
    services.withdraw_leaving(leaving=row, by=by, today=TODAY, now=NOW)
    assert ana.roles.get(role="agency_lead").ends_on is None
    assert ana.memberships.get().ends_on is None
    assert ana.roles.get(role="practitioner").ends_on == YESTERDAY
    with pytest.raises(Refused, match="has left already"):
        services.withdraw_leaving(leaving=row, by=by, today=TODAY, now=NOW)
    leave(ana, by, last_day=TOMORROW)


# --- Refusals


def test_what_is_refused_about_leaving(ana, by, person, otherton):
    stranger = person("scrutineer", partnership=otherton)
    for changes, why in (
        ({"last_day": TODAY + timedelta(days=400)}, "within a year"),
        ({"hand_over_to": ana}, "somebody else"),
        ({"hand_over_to": stranger}, "who has a role here"),
    ):
        with pytest.raises(Refused, match=why):
            leave(ana, by, **changes)
    with pytest.raises(Refused, match="no part in this partnership"):
        leave(stranger, by)
    leave(ana, by, last_day=TOMORROW)
    with pytest.raises(Refused, match="noted already"):
        leave(ana, by)


def test_nobody_ends_their_own_part_and_only_a_manager_anybodys(by, ana, actor, person):
    from shield.kernel.accounts.models import Person

    with pytest.raises(Refused, match="your own part"):
        leave(Person.objects.get(pk=by.person_id), by)
    with pytest.raises(Forbidden):
        leave(ana, actor("learning_manager"))


# --- The pages


@pytest.fixture
def manager(person, client_of):
    return client_of(person("business_manager", name="Mara Manager"))


def test_a_leaving_is_noted_and_withdrawn_on_the_pages(manager, ana):
    sent = {"last_day_day": "29", "last_day_month": "11", "last_day_year": "2019", "reason": "New post"}
    answer = manager.post(to("person_leave", ana), sent, follow=True)
    text = answer.content.decode()
    assert "Ana Lead leaves after 29 November 2019." in text
    assert "They do not leave after all" in text
    row = Leaving.objects.get()
    text = manager.post(to("leaving_withdraw", row), {"once": "a"}, follow=True).content.decode()
    assert "They stay." in text


def test_a_leaving_without_a_reason_is_refused_in_words(manager, ana):
    sent = {"last_day_day": "4", "last_day_month": "11", "last_day_year": "2019"}
    assert "Enter the reason" in manager.post(to("person_leave", ana), sent).content.decode()
    assert not Leaving.objects.exists()


def test_who_has_left_can_come_back(ana, by, actor, partnership):
    leave(ana, by)
    services.grant_role(person=ana, role="practitioner", by=by, today=TODAY)
    assert User.objects.get(person=ana).is_active
    assert queries.actor_for(ana, partnership, TODAY).roles == {"practitioner"}


def test_nobody_leaves_before_they_came(ana, by):
    with pytest.raises(Refused, match="came on 1 October 2018"):
        leave(ana, by, last_day=date(2018, 9, 30))
