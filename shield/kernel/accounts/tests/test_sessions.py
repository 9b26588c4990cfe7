"""Sessions: the list, ending one, ending the others, and a manager ending somebody's."""

from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import rules, services
from shield.kernel.accounts.models import SignIn
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused
from tests.cast import PASSWORD, TODAY

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Safari on an iPhone"),
        (EDGE, "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Something (Windows)", "A browser on Windows"),
        ("", "A device that does not say what it is"),
        ("<script>alert(1)</script>", "A device that does not say what it is"),
    ],
)
def test_a_device_is_told_in_words(said, words):
    assert rules.device_in_words(said) == words


@pytest.fixture
def ana(person):
    made = person("scrutineer", name="Ana")
    made.user.set_password(PASSWORD)
    made.user.save()
    return made


def signed_in(ana, agent=FIREFOX):
    client = Client(headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": ana.user.email, "password": PASSWORD})
    assert client.get(reverse("account")).status_code == 200
    return client


def test_each_session_is_one_line_and_this_one_is_marked(ana):
    here, phone = signed_in(ana), signed_in(ana, PHONE)
    for _ in range(3):
        phone.get(reverse("account_sessions"))
    rows = here.get(reverse("account_sessions")).context["sessions"]
    assert [(row.device, is_here) for row, is_here in rows if is_here] == [("Firefox on Windows", True)]
    assert len(rows) == 2
    assert "2 sessions open" in here.get(reverse("account")).content.decode()


def test_one_session_is_ended_and_the_others_go_on(ana, partnership):
    here, phone = signed_in(ana), signed_in(ana, PHONE)
    row = SignIn.objects.get(device="Safari on an iPhone")
    answer = here.post(reverse("account_sessions"), {"end": row.pk}, follow=True)
    assert "The session on Safari on an iPhone has ended." in answer.content.decode()
    assert phone.get(reverse("account")).headers["Location"].startswith("/sign-in")
    assert here.get(reverse("account")).status_code == 200
    assert history.of_record(partnership.pk, ana.pk)[0].sentence == "ended one of their own sessions"


def test_all_others_are_ended_at_once_and_this_one_stays(ana):
    here, phone, third = signed_in(ana), signed_in(ana, PHONE), signed_in(ana, EDGE)
    here.post(reverse("account_sessions"), {"end": "others"})
    assert here.get(reverse("account")).status_code == 200
    for other in (phone, third):
        assert other.get(reverse("account")).headers["Location"].startswith("/sign-in")
    rows = here.get(reverse("account_sessions")).context["sessions"]
    assert [is_here for _, is_here in rows] == [True]


def test_another_persons_session_cannot_be_ended_from_here(ana, person, client_of):
    phone = signed_in(ana)
    bert = client_of(person("practitioner"))
    bert.get(reverse("account"))
    answer = bert.post(
        reverse("account_sessions"), {"end": SignIn.objects.get(user=ana.user).pk}, follow=True
    )
    assert "has ended already" in answer.content.decode()
    assert phone.get(reverse("account")).status_code == 200


def test_a_new_password_ends_the_other_sessions_and_their_lines(ana):
    here, phone = signed_in(ana), signed_in(ana, PHONE)
    new = "three quiet green boats"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), sent).status_code == 302
    assert phone.get(reverse("account")).status_code == 302
    rows = here.get(reverse("account_sessions")).context["sessions"]
    assert [is_here for _, is_here in rows] == [True]


def test_a_session_that_is_over_by_time_is_not_on_the_list(ana):
    here, _ = signed_in(ana), signed_in(ana, PHONE)
    SignIn.objects.filter(device="Safari on an iPhone").update(seen_at=timezone.now() - timedelta(hours=1))
    assert len(here.get(reverse("account_sessions")).context["sessions"]) == 1


def test_a_manager_ends_all_sessions_of_somebody(ana, person, client_of, actor):
    phone = signed_in(ana, PHONE)
    manager = client_of(person("business_manager", name="Mara"))
    address = reverse("person_sessions_end", kwargs={"partnership": "testbury", "id": ana.pk})
    answer = manager.post(address, {"once": "a"}, follow=True)
    assert "Ana is signed out everywhere." in answer.content.decode()
    assert "ended all sessions of Ana" in answer.content.decode()
    assert phone.get(reverse("account")).status_code == 302
    assert signed_in(ana), "and can sign in again"


def test_ones_own_sessions_are_not_ended_as_somebody_elses(actor):
    from shield.kernel.accounts.models import Person

    by = actor("business_manager")
    with pytest.raises(Refused, match="your account"):
        services.end_sessions(
            person=Person.objects.get(pk=by.person_id), by=by, today=TODAY, now=timezone.now()
        )


def test_a_manager_reaches_nobody_who_is_another_partnerships_alone(ana, actor, client_of, person, otherton):
    system = actor("system", partnership=otherton)
    services.grant_role(person=ana, role="scrutineer", by=system, today=TODAY)
    by = actor("business_manager")
    for grant in ana.roles.filter(partnership_id=by.partnership_id):
        services.end_role(grant=grant, by=by, today=TODAY)
    stranger = person("scrutineer", partnership=otherton, name="Stella")
    given = {"by": by, "today": TODAY}
    for somebody in (ana, stranger):
        with pytest.raises(Forbidden, match="no part in this partnership"):
            services.end_sessions(person=somebody, now=timezone.now(), **given)
        with pytest.raises(Forbidden, match="no part in this partnership"):
            services.reset_second_factor(person=somebody, reason="Lost", now=timezone.now(), **given)
    with pytest.raises(Forbidden, match="your own partnership"):
        services.grant_role(person=stranger, role="scrutineer", **given)
    page = client_of(person("business_manager")).get(f"/testbury/people/{ana.pk}").content.decode()
    assert "Signs in with" not in page
    assert "End all their sessions" not in page


def test_the_other_partnership_learns_that_a_manager_acted_but_not_who(ana, actor, otherton):
    services.grant_role(person=ana, role="scrutineer", by=actor("system", partnership=otherton), today=TODAY)
    by = actor("business_manager", name="Mara")
    services.end_sessions(person=ana, by=by, today=TODAY, now=timezone.now())
    entry = history.of_record(otherton.pk, ana.pk)[0]
    assert (entry.actor_name, entry.sentence) == ("Shield", "ended all sessions of Ana")


def test_the_list_costs_no_statement_on_an_ordinary_page(ana, count_queries):
    here = signed_in(ana)
    here.get(reverse("account"))
    with count_queries() as sent:
        here.get(reverse("account"))
    assert not any("accounts_signin" in sql and "UPDATE" in sql for sql in sent)


def test_a_session_of_before_the_count_is_checked_against_it(ana, client_of):
    client = client_of(ana)
    assert client.session[HASH_SESSION_KEY] == ana.user.get_session_auth_hash()
