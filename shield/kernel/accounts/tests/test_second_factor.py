"""The second factor: setting it up, being asked for it, demanding it, losing it."""

import html
import json
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shield.kernel.access import queries as access
from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import queries, services
from shield.kernel.accounts.models import Person
from shield.kernel.history import queries as history
from shield.kernel.notices.models import Message
from shield.kernel.records.rules import Refused
from tests.cast import PASSWORD, TODAY

HOME = reverse("home", kwargs={"partnership": "testbury"})


@pytest.fixture
def demanded(settings):
    """As in use: whoever can see a child's record must have a second factor."""
    settings.SHIELD_SECOND_FACTOR = True


@pytest.fixture
def ana(person):
    made = person("business_manager", name="Ana Manager")
    made.user.set_password(PASSWORD)
    made.user.save()
    return made


def text_of(answer):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def with_password(person):
    client = Client()
    client.post(reverse("account_login"), {"login": person.user.email, "password": PASSWORD})
    return client


def code(secret, ahead=0):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))


def with_app(client):
    """Set up an authenticator app on the pages; its secret and the recovery codes that were shown."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
    assert answer.status_code == 200
    return secret, answer.context["unused_codes"]


# --- Who must have one


def test_the_roles_that_see_a_childs_record_are_marked():
    assert access.roles_that_show_children() == [
        "agency_lead", "business_manager", "child_death_coordinator", "exploitation_chair", "learning_manager",
        "safeguarding_partner", "scrutineer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "free"), [("business_manager", False), ("exploitation_chair", False), ("practitioner", True)]
)
def test_without_one_such_a_role_reaches_setting_it_up_and_nothing_else(
    demanded, person, client_of, role, free
):
    client = client_of(person(role))
    for address in (
        HOME,
        reverse("start"),
        reverse("account"),
        reverse("account_sessions"),
        reverse("front"),
    ):
        answer = client.get(address)
        if free:
            assert answer.status_code in {200, 302}
            assert answer.headers.get("Location") != reverse("mfa_index")
        else:
            assert answer.headers["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("account")).headers["Location"].startswith("/sign-in")


def test_a_post_is_held_back_as_well(demanded, person, client_of, cast):
    client = client_of(person("business_manager"))
    address = reverse("agency_add", kwargs={"partnership": "testbury"})
    answer = client.post(address, {"once": "a", "name": "X", "sector": "health", "lead_partner": "none"})
    assert answer.headers["Location"] == reverse("mfa_index")


def test_a_role_in_another_partnership_demands_it_here_too(demanded, person, client_of, actor, otherton):
    both = person("agency_lead")
    services.grant_role(
        person=both, role="business_manager", by=actor("system", partnership=otherton), today=TODAY
    )
    assert client_of(both).get(HOME).headers["Location"] == reverse("mfa_index")


def test_in_the_demonstration_nobody_is_asked_and_the_page_says_so(person, client_of):
    client = client_of(person("business_manager"))
    assert client.get(HOME).status_code == 200
    assert "In this demonstration nobody is asked" in text_of(client.get(reverse("mfa_index")))


# --- An authenticator app


def test_an_app_is_set_up_and_then_everything_opens(demanded, ana, partnership):
    client = with_password(ana)
    assert "Set up a second factor" in text_of(client.get(reverse("mfa_index")))
    _, codes = with_app(client)
    assert len(codes) == 10
    assert client.get(HOME).status_code == 200
    told = history.of_record(partnership.pk, ana.pk)[0]
    assert (told.actor_name, told.sentence) == (
        "Ana Manager",
        "changed how they sign in: an authenticator app was added",
    )
    message = Message.objects.get()
    assert message.address == ana.user.email
    assert "Ana" not in message.body


def test_a_wrong_code_is_refused_in_words(demanded, ana):
    client = with_password(ana)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    wrong = f"{(int(code(secret)) + 1) % 1000000:06}"
    assert "The code is wrong" in text_of(client.post(reverse("mfa_activate_totp"), {"code": wrong}))
    assert "Enter the code" in text_of(client.post(reverse("mfa_activate_totp"), {"code": ""}))
    assert not Authenticator.objects.exists()


def test_signing_in_asks_for_the_code_and_takes_each_code_once(ana):
    secret, _ = with_app(with_password(ana))
    now = code(secret)
    client = with_password(ana)
    assert client.get(HOME).headers["Location"].startswith("/sign-in")
    assert client.post(reverse("mfa_authenticate"), {"code": now}).headers["Location"] == reverse("start")
    assert client.get(HOME).status_code == 200
    again = with_password(ana)
    answer = again.post(reverse("mfa_authenticate"), {"code": now})
    assert "has been used" in text_of(answer)
    assert again.get(HOME).status_code == 302


def test_a_recovery_code_opens_once_and_counts_down(ana):
    here = with_password(ana)
    _, codes = with_app(here)
    assert with_password(ana).post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    assert "has been used" in text_of(
        with_password(ana).post(reverse("mfa_authenticate"), {"code": codes[0]})
    )
    assert "9 codes left" in text_of(here.get(reverse("mfa_index")))


def test_recovery_codes_are_shown_once_and_new_ones_take_their_place(ana):
    client = with_password(ana)
    _, old = with_app(client)
    page = text_of(client.get(reverse("mfa_view_recovery_codes")))
    assert "cannot be shown again" in page
    assert not any(each in page for each in old)
    answer = client.post(reverse("mfa_generate_recovery_codes"), follow=True)
    new = answer.context["unused_codes"]
    assert len(set(new) - set(old)) == 10
    refused = with_password(ana).post(reverse("mfa_authenticate"), {"code": old[1]})
    assert "The code is wrong" in text_of(refused)


def test_guessing_codes_locks_out(ana):
    with_app(with_password(ana))
    client = with_password(ana)
    answers = [text_of(client.post(reverse("mfa_authenticate"), {"code": "000000"})) for _ in range(6)]
    assert "Too many attempts" in answers[-1]


def test_changing_how_one_signs_in_asks_once_more_who_one_is(ana, client_of):
    client = client_of(ana)
    client.get(HOME)
    session = client.session
    session["shield_started"] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session.save()
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    answer = client.post(
        answer.headers["Location"], {"password": PASSWORD, "next": reverse("mfa_activate_totp")}
    )
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_last_one_cannot_be_removed_where_it_is_demanded(demanded, ana, person):
    client = with_password(ana)
    with_app(client)
    assert "Your role here needs a second factor" in text_of(client.post(reverse("mfa_deactivate_totp")))
    assert queries.second_factors(ana.user) == 1


def test_removing_it_ends_the_other_sessions(ana):
    here = with_password(ana)
    secret, _ = with_app(here)
    other = with_password(ana)
    other.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert other.get(HOME).status_code == 200
    assert here.post(reverse("mfa_deactivate_totp"), follow=True).status_code == 200
    assert queries.second_factors(ana.user) == 0
    assert other.get(HOME).headers["Location"].startswith("/sign-in")
    assert here.get(HOME).status_code == 200
    assert not Authenticator.objects.exists(), "codes without a factor are gone as well"


# --- At rest


def test_the_secret_is_sealed_in_the_database(ana):
    secret, _ = with_app(with_password(ana))
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert kept.partition(".")[0] in json.loads(Path(settings.SHIELD_KEYS).read_text())["tokens"]


# --- Reset by a manager


def test_a_manager_resets_it_with_a_reason_and_the_person_sets_it_up_anew(
    demanded, ana, person, actor, partnership
):
    client = with_password(ana)
    with_app(client)
    assert client.get(HOME).status_code == 200
    by = actor("business_manager", name="Mara")
    services.reset_second_factor(
        person=ana, reason="Lost phone, seen in person", by=by, today=TODAY, now=timezone.now()
    )
    assert client.get(HOME).headers["Location"].startswith("/sign-in")
    assert not Authenticator.objects.exists()
    told = [e.sentence for e in history.of_record(partnership.pk, ana.pk)]
    assert "reset the second factor of Ana Manager: Lost phone, seen in person" in told
    assert Message.objects.filter(address=ana.user.email, body__contains="reset by a manager").exists()
    again = with_password(ana)
    assert again.get(HOME).headers["Location"] == reverse("mfa_index")


def test_what_is_refused_about_a_reset(ana, person, actor):
    by = actor("business_manager")
    given = {"reason": "x", "today": TODAY, "now": timezone.now()}
    with pytest.raises(Refused, match="another manager"):
        services.reset_second_factor(person=Person.objects.get(pk=by.person_id), by=by, **given)
    with pytest.raises(Refused, match="has no second factor"):
        services.reset_second_factor(person=ana, by=by, **given)
    with pytest.raises(Forbidden):
        services.reset_second_factor(person=ana, by=actor("learning_manager"), **given)


def test_the_page_asks_for_the_reason(ana, person, client_of):
    with_app(with_password(ana))
    mara = client_of(person("business_manager", name="Mara"))
    address = reverse("second_factor_reset", kwargs={"partnership": "testbury", "id": ana.pk})
    assert "Enter the reason" in text_of(mara.post(address, {"once": "a", "reason": ""}))
    answer = mara.post(address, {"once": "b", "reason": "Lost phone"}, follow=True)
    assert "The second factor of Ana Manager was reset." in text_of(answer)


# --- The password


def test_a_new_password_is_noted_and_told(ana, partnership):
    client = with_password(ana)
    new = "three quiet green boats"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), sent).status_code == 302
    told = history.of_record(partnership.pk, ana.pk)[0].sentence
    assert told == "changed how they sign in: the password was changed"
    assert client.get(reverse("account")).status_code == 200


def test_the_check_costs_no_statement_once_a_factor_is_known(demanded, ana, count_queries):
    client = with_password(ana)
    with_app(client)
    client.get(HOME)
    with count_queries() as sent:
        client.get(HOME)
    assert not [sql for sql in sent if "mfa_authenticator" in sql]
