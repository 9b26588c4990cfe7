"""Single sign-on against a real provider on this machine: whom it lets in, whom it does not, and when it is down."""

import html
import re
import threading
from urllib.parse import urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse
from werkzeug.serving import make_server

from shield.kernel.accounts import queries, services
from shield.kernel.accounts.models import Person, User
from shield.kernel.calendar import queries as calendar
from shield.kernel.jobs.rules import JOBS
from tests.cast import PASSWORD, TODAY

# The provider that stands in for an agency's warns of itself; what it warns of is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
BEGIN = reverse("openid_connect_login", args=["agency"])


@pytest.fixture(scope="module")
def provider():
    """A provider that knows a few people, bound to the loopback address."""
    known = {
        "ana": {"email": "Ana@police.example", "email_verified": True},
        "unverified": {"email": "ana@police.example", "email_verified": False},
        "in_words": {"email": "ana@police.example", "email_verified": "false"},
        "unknown": {"email": "stranger@police.example", "email_verified": True},
        "nameless": {},
    }
    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in known.items()]
    server = make_server("127.0.0.1", 0, oidc_provider_mock.app(user_claims=users), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def configure(settings, address):
    settings.SHIELD_SSO = "Testbury Police"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "agency", "name": "Testbury Police", "client_id": "shield", "secret": "a secret",
                    "settings": {"server_url": address},
                }
            ],
        }
    }  # fmt: skip


@pytest.fixture
def sso(settings, provider):
    """Single sign-on as an operator sets it up by the environment."""
    configure(settings, provider)


@pytest.fixture
def ana(person, agencies):
    made = person("scrutineer", agency=agencies["police"], name="Ana Police")
    User.objects.filter(person=made).update(email="ana@police.example")
    made.user.refresh_from_db()
    made.user.set_password(PASSWORD)
    made.user.save()
    return made


def text_of(answer):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def come_back(client, sub):
    """Go to the provider, say there who one is, and follow it back."""
    away = client.get(BEGIN)
    assert away.status_code == 302, text_of(away)
    there = away.headers["Location"]
    assert there.startswith("http://127.0.0.1:")
    answer = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_somebody_invited_comes_in_by_their_verified_address(sso, ana, client):
    assert "Sign in through Testbury Police" in text_of(client.get(reverse("account_login")))
    answer = come_back(client, "ana")
    assert answer.headers["Location"] == reverse("start")
    assert client.get(reverse("account")).wsgi_request.user.person == ana
    assert not SocialAccount.objects.exists(), "matched anew each time; nothing of the provider's is kept"


@pytest.mark.parametrize(
    ("sub", "why"),
    [
        ("unknown", "Nobody has invited the email address you sign in with."),
        ("unverified", "does not say that your email address is verified"),
        ("in_words", "does not say that your email address is verified"),
        ("nameless", "does not say that your email address is verified"),
    ],
)
def test_anybody_else_is_refused_in_plain_words_and_nobody_is_made(sso, ana, client, sub, why):
    before = User.objects.count()
    answer = come_back(client, sub)
    assert answer.status_code == 403
    assert why in text_of(answer)
    assert User.objects.count() == before
    assert client.get(reverse("account")).status_code == 302


def test_a_sign_in_that_was_closed_stays_closed(sso, ana, client):
    User.objects.filter(pk=ana.user.pk).update(is_active=False)
    answer = come_back(client, "ana")
    assert answer.headers["Location"] == reverse("account_inactive")
    assert client.get(reverse("account")).status_code == 302


def test_a_second_factor_is_asked_for_after_the_provider_too(sso, settings, ana, client, actor):
    settings.SHIELD_SECOND_FACTOR = True
    services.grant_role(person=ana, role="business_manager", by=actor("system"), today=TODAY)
    come_back(client, "ana")
    home = reverse("home", kwargs={"partnership": "testbury"})
    assert client.get(home).headers["Location"] == reverse("mfa_index")


def test_an_answer_that_was_not_asked_for_lets_nobody_in(sso, ana, client):
    away = client.get(BEGIN)
    answer = requests.post(away.headers["Location"], data={"sub": "ana"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    other = Client()
    refused = other.get(f"{back.path}?{back.query}", follow=True)
    assert "does not work at the moment" in text_of(refused)
    assert other.get(reverse("account")).status_code == 302


def test_a_provider_that_is_down_leaves_the_password_working(settings, ana, client):
    configure(settings, "http://127.0.0.1:9")
    answer = client.get(BEGIN, follow=True)
    assert "does not work at the moment. If you have a password here, sign in with it." in text_of(answer)
    signed = client.post(reverse("account_login"), {"login": ana.user.email, "password": PASSWORD})
    assert signed.headers["Location"] == reverse("start")


def test_without_a_provider_there_is_no_such_page(ana, client):
    assert client.get(BEGIN).status_code == 404
    assert "Sign in through" not in text_of(client.get(reverse("account_login")))


# --- Agencies that sign in this way only


@pytest.fixture
def sso_police(agencies, actor):
    return services.change_agency(
        agency=agencies["police"], changes={"sso_only": True}, by=actor("system"), expected_version=agencies["police"].version
    )  # fmt: skip


def test_people_of_an_agency_marked_so_do_not_come_in_by_password(sso, ana, sso_police, client):
    answer = client.post(
        reverse("account_login"), {"login": ana.user.email, "password": PASSWORD}, follow=True
    )
    assert "Your agency signs in through Testbury Police." in text_of(answer)
    assert client.get(reverse("account")).status_code == 302
    assert come_back(client, "ana").headers["Location"] == reverse("start")


def test_the_mark_means_nothing_while_no_provider_is_set_up(ana, sso_police, client):
    signed = client.post(reverse("account_login"), {"login": ana.user.email, "password": PASSWORD})
    assert signed.headers["Location"] == reverse("start")


def test_who_is_invited_into_such_an_agency_needs_no_password(sso, sso_police, actor, client, partnership):
    row = services.invite(
        email="stranger@police.example", agency=sso_police, post="", roles=["agency_lead"], by=actor("business_manager"),
        today=TODAY, now=calendar.now(), site="http://testserver/",
    )  # fmt: skip
    JOBS["accounts.send_invitation"](invitation_id=str(row.pk), site="http://testserver/")
    link = re.search(r"http://testserver(/invitation/\S+)", mail.outbox[-1].body)[1]
    answer = client.post(link, {"name": "Sam Stranger"}, follow=True)
    assert "Sign in with Testbury Police." in text_of(answer)
    person = Person.objects.get(name="Sam Stranger")
    assert not person.user.has_usable_password()
    assert come_back(client, "unknown").headers["Location"] == reverse("start")
    assert queries.actor_for(person, partnership, TODAY).roles == {"agency_lead"}
