"""Signing in, and the pages on the partnership, its agencies and people, and its whole history."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from shield.kernel.accounts import queries, services
from shield.kernel.accounts.models import Agency, Person, RoleGrant, User
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import queries as trail
from shield.kernel.history.models import Event, Read, ReadSeal
from shield.kernel.jobs.rules import JOBS, SCHEDULE
from tests.cast import PASSWORD, TODAY


@pytest.fixture
def by(actor):
    return actor("business_manager")


@pytest.fixture
def manager(person, client_of):
    return client_of(person("business_manager", name="Mara Manager"))


def to(name, record=None):
    return reverse(name, kwargs={"partnership": "testbury", **({"id": record.pk} if record else {})})


def text_of(response, status=200):
    assert response.status_code == status
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def hidden(response):
    """The hidden fields of the page's own form, as a browser would send them back."""
    form = response.content.decode().split("<main", 1)[1]
    return dict(re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form))


# --- The partnership


def test_the_profile_says_what_the_partnership_is_and_who_leads_it(manager, by, partnership):
    services.change_profile(
        partnership=partnership, changes={"vision": "Every child is safe", "ambitions": ["Heard", "Healthy"]}, by=by,
        expected_version=partnership.version,
    )  # fmt: skip
    text = text_of(manager.get(to("profile")))
    for told in (
        "Every child is safe",
        "Heard",
        "Testbury Police",
        "Testbury Health Board",
        "2 relevant agencies now",
        "Reporting years",
    ):
        assert told in text.replace("relevant agencies now 2", "2 relevant agencies now"), told


def test_the_profile_is_changed_with_one_value_a_line(manager, partnership):
    page = manager.get(to("profile_change"))
    sent = {**hidden(page), "vision": "Safe", "values": "Kind\n\nClear", "ambitions": ""}
    assert manager.post(to("profile_change"), sent).status_code == 302
    partnership.refresh_from_db()
    assert (partnership.vision, partnership.values) == ("Safe", ["Kind", "Clear"])


def test_a_profile_changed_meanwhile_shows_both_versions(manager, by, partnership):
    page = manager.get(to("profile_change"))
    services.change_profile(
        partnership=partnership, changes={"vision": "Theirs"}, by=by, expected_version=partnership.version
    )
    answer = manager.post(
        to("profile_change"), {**hidden(page), "vision": "Mine", "values": "", "ambitions": ""}
    )
    text = text_of(answer)
    assert "Mine" in text
    assert "Theirs" in text
    assert "Version" not in text
    manager.post(to("profile_change"), {**hidden(answer), "vision": "Mine", "values": "", "ambitions": ""})
    partnership.refresh_from_db()
    assert partnership.vision == "Mine"


def test_a_profile_without_a_vision_is_refused_in_words(manager, cast):
    answer = manager.post(
        to("profile_change"), {**hidden(manager.get(to("profile_change"))), "values": "Kind"}
    )
    assert "Enter the vision" in text_of(answer)
    assert "Kind" in answer.content.decode()


# --- Agencies


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?sector=education", {"Hillside School"}),
        ("?relevant=yes", {"Hillside School", "Testbury Young Voices"}),
        ("?relevant=no", {"Testbury Council", "Testbury Health Board", "Testbury Police"}),
        ("?lead=on", {"Testbury Council", "Testbury Health Board", "Testbury Police"}),
        ("?relevant=past", set()),
    ],
)
def test_agencies_are_filtered(manager, cast, asked, found):
    table = manager.get(to("agencies") + asked).context["table"]
    assert {row.name for row in table.page_rows} == found


def test_an_agency_is_added_and_changed(manager, cast):
    page = manager.get(to("agency_add"))
    sent = {**hidden(page), "name": "Testbury Hospital", "sector": "health", "lead_partner": "none"}
    manager.post(to("agency_add"), sent)
    made = Agency.objects.get(name="Testbury Hospital")
    assert made.lead_partner == ""
    page = manager.get(to("agency_change", made))
    changed = {
        **sent,
        **hidden(page),
        "name": "Testbury General",
        "relevant_from_day": "1",
        "relevant_from_month": "4",
        "relevant_from_year": "2019",
    }
    manager.post(to("agency_change", made), changed)
    text = text_of(manager.get(to("agency", made)))
    assert "Testbury General" in text
    assert "From 1 April 2019, still" in text


def test_a_name_that_is_taken_and_an_agency_inside_itself_are_refused_at_their_fields(manager, agencies):
    page = manager.get(to("agency_add"))
    sent = {**hidden(page), "name": "Testbury Police", "sector": "police", "lead_partner": "none"}
    assert "There is already an agency of this name." in text_of(manager.post(to("agency_add"), sent))
    unit = {**sent, "name": "A unit", "parent": agencies["police"].pk}
    manager.post(to("agency_add"), {**unit, **hidden(manager.get(to("agency_add")))})
    below = Agency.objects.get(name="A unit")
    page = manager.get(to("agency_change", agencies["police"]))
    answer = manager.post(
        to("agency_change", agencies["police"]),
        {
            **hidden(page),
            "name": "Testbury Police",
            "sector": "police",
            "lead_partner": "police",
            "parent": below.pk,
        },
    )
    assert "An agency cannot be part of itself" in text_of(answer)


def test_an_agencys_page_shows_its_people_to_those_who_may_see_people(manager, person, client_of, agencies):
    person("agency_lead", agency=agencies["school"], name="Hetty Head")
    assert "Hetty Head" in text_of(manager.get(to("agency", agencies["school"])))
    other = client_of(person("agency_lead", agency=agencies["charity"]))
    text = text_of(other.get(to("agency", agencies["school"])))
    assert "Hetty Head" not in text
    assert "Change this agency" not in text


# --- People


def test_a_role_is_given_and_ended_but_not_ones_own(manager, person):
    ana = person("practitioner", name="Ana")
    page = manager.get(to("person_role", ana))
    manager.post(to("person_role", ana), {**hidden(page), "role": "scrutineer"})
    grant = RoleGrant.objects.get(person=ana, role="scrutineer")
    page = manager.get(to("role_end", grant))
    assert "Ana has been independent scrutineer since 4 November 2019." in text_of(page)
    manager.post(to("role_end", grant), hidden(page))
    grant.refresh_from_db()
    assert grant.ends_on == TODAY - timedelta(days=1)
    own = RoleGrant.objects.get(person__name="Mara Manager")
    mara = own.person
    assert "End this role" not in text_of(manager.get(to("person", mara)))
    answer = manager.post(to("role_end", own), hidden(manager.get(to("role_end", own))))
    assert "You cannot end your own role" in text_of(answer)
    own.refresh_from_db()
    assert own.ends_on is None


def test_a_person_joins_and_leaves_an_agency(manager, person, agencies, partnership):
    ana = person("agency_lead", name="Ana")
    page = manager.get(to("person_post", ana))
    manager.post(to("person_post", ana), {**hidden(page), "agency": agencies["school"].pk, "post": "Head"})
    assert queries.actor_for(ana, partnership, TODAY).agency_ids == {agencies["school"].pk}
    post = ana.memberships.get()
    manager.post(to("post_end", post), hidden(manager.get(to("post_end", post))))
    assert queries.actor_for(ana, partnership, TODAY).agency_ids == frozenset()
    assert "noted that Ana has left Hillside School" in text_of(manager.get(to("person", ana)))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?words=ÁNA+LEAD", {"Ána Lead"}),
        ("?role=scrutineer", {"Iris"}),
        ("?left=on&words=gone", {"Gone Away"}),
        ("?words=gone", set()),
    ],
)
def test_people_are_found_by_name_role_and_whether_they_left(manager, person, by, asked, found):
    person("agency_lead", name="Ána Lead")
    person("scrutineer", name="Iris")
    gone = person("practitioner", name="Gone Away")
    services.end_role(grant=gone.roles.get(), by=by, today=TODAY)
    assert {row.name for row in manager.get(to("people") + asked).context["table"].page_rows} == found


def test_addresses_and_files_of_people_are_for_the_manager_alone(person, client_of, manager):
    ana = person("practitioner")
    partner = client_of(person("safeguarding_partner"))
    assert ana.user.email in text_of(manager.get(to("person", ana)))
    assert ana.user.email not in text_of(partner.get(to("person", ana)))
    assert "text/csv" in manager.get(to("people") + "?export=csv")["Content-Type"]
    assert "text/html" in partner.get(to("people") + "?export=csv")["Content-Type"]


def test_people_of_another_partnership_are_not_there(manager, person, otherton):
    stranger = person("business_manager", partnership=otherton, name="Stranger")
    assert "Stranger" not in text_of(manager.get(to("people") + "?left=on"))
    assert manager.get(to("person", stranger)).status_code == 404
    assert manager.get(to("person_role", stranger)).status_code == 404
    assert manager.get(to("role_end", stranger.roles.get())).status_code == 404


def test_a_persons_page_shows_only_their_part_in_this_partnership(manager, person, actor, otherton):
    both = person("scrutineer", name="Both")
    elsewhere = actor("system", partnership=otherton)
    services.grant_role(person=both, role="business_manager", by=elsewhere, today=TODAY)
    roles = manager.get(to("person", both)).context["roles"]
    assert [grant.role for grant in roles.page_rows] == ["scrutineer"]


# --- The whole history


def test_the_history_is_read_newest_first_filtered_and_linked(manager, by, agencies):
    services.change_agency(
        agency=agencies["school"], changes={"note": "x"}, by=by, expected_version=agencies["school"].version
    )
    page = manager.get(to("history"))
    assert (
        page.context["table"].page_rows[0].sequence
        == Event.objects.filter(partnership_id=by.partnership_id).count()
    )
    of_person = manager.get(to("history") + f"?person={by.person_id}&kind=accounts.agency")
    assert [row.kind for row in of_person.context["table"].page_rows] == ["accounts.agency_changed"]
    assert "changed the agency Hillside School" in text_of(of_person)
    assert f'href="{to("agency", agencies["school"])}"' in of_person.content.decode()
    by_system = manager.get(to("history") + "?person=system").context["table"]
    assert by_system.count
    assert all(row.actor_id is None for row in by_system.page_rows)


def test_a_sound_history_is_verified_and_the_page_remembers_it(committed_database, manager, cast):
    assert "Nobody has checked the history yet." in text_of(manager.get(to("history")))
    text = text_of(manager.post(to("history"), follow=True))
    assert "The history is sound" in text
    assert "Last found sound on" in text
    assert "by Mara Manager" in text


def test_a_history_that_was_changed_is_named_as_not_sound(manager, cast):
    trigger = "history_event_no_change"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE history_event DISABLE TRIGGER USER")
        else:
            names = [
                row[0]
                for row in cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'history_event'"
                )
            ]
            assert any(name.startswith(trigger[:13]) for name in names)
            for name in names:
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("UPDATE history_event SET record_title = 'Forged' WHERE sequence = 2")
    text = text_of(manager.post(to("history"), follow=True))
    assert "The history is not sound." in text
    assert "Entry 2 was changed" in text
    assert "There is a problem" in text


# --- How much a page costs


def test_a_list_costs_the_same_at_one_row_and_at_fifty(manager, by, person, agencies, count_queries):
    def costs():
        found = {}
        for name in ("agencies", "people", "history"):
            with count_queries() as sent:
                manager.get(to(name))
            found[name] = len(sent)
        return found

    costs()
    at_first = costs()
    for number in range(50):
        services.add_agency(by=by, name=f"Agency {number}", sector="other", parent=agencies["school"])
        person("practitioner", agency=agencies["school"], name=f"P{number}")
    assert costs() == at_first
    assert max(at_first.values()) <= 15


@pytest.mark.parametrize("name", ["profile", "agency", "person"])
def test_a_page_of_one_costs_at_most_fifteen(manager, person, agencies, count_queries, name):
    lead = person("agency_lead", "practitioner", agency=agencies["school"])
    record = {"profile": None, "agency": agencies["school"], "person": lead}[name]
    manager.get(to(name, record))
    with count_queries() as sent:
        manager.get(to(name, record))
    assert len(sent) <= 15


# --- Who may


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        ("business_manager", (200, 200, 200, 200, 200)),
        ("safeguarding_partner", (200, 200, 403, 200, 403)),
        ("scrutineer", (200, 403, 403, 200, 403)),
        ("agency_lead", (200, 403, 403, 403, 403)),
        ("agency_admin", (200, 200, 200, 403, 403)),
        ("practitioner", (200, 403, 403, 403, 403)),
    ],
)
def test_each_role_opens_what_the_table_gives_it(person, client_of, role, answers):
    client = client_of(person(role))
    pages = ("profile", "people", "invite", "history", "agency_add")
    assert tuple(client.get(to(name)).status_code for name in pages) == answers


# --- Signing in


def test_after_signing_in_one_lands_in_ones_partnership_or_chooses(client, person, actor, otherton):
    ana = person("scrutineer")
    ana.user.set_password(PASSWORD)
    ana.user.save()
    answer = client.post(
        reverse("account_login"), {"login": ana.user.email.upper(), "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == to("home")
    services.grant_role(
        person=ana, role="practitioner", by=actor("system", partnership=otherton), today=TODAY
    )
    text = text_of(client.get(reverse("start")))
    assert "Choose a partnership" in text
    assert "Otherton Safeguarding Children Partnership" in text


def test_somebody_without_a_role_is_told_whom_to_ask(client, person, client_of):
    text = text_of(client_of(person()).get(reverse("start")))
    assert "You have no role in a partnership today." in text
    assert "Ask the business manager" in text


def test_five_wrong_passwords_lock_even_the_right_one_out(client, person):
    ana = person("scrutineer")
    ana.user.set_password(PASSWORD)
    ana.user.save()
    address = reverse("account_login")
    for _ in range(5):
        text = text_of(client.post(address, {"login": ana.user.email, "password": "wrong"}))
        assert "The email address or the password is wrong" in text
    text = text_of(client.post(address, {"login": ana.user.email, "password": PASSWORD}))
    assert "Too many attempts with a wrong password" in text
    assert "_auth_user_id" not in client.session


def test_signing_in_says_nothing_of_whether_an_address_is_known(client, person):
    ana = person("scrutineer")
    wrong = client.post(reverse("account_login"), {"login": ana.user.email, "password": "wrong"})
    unknown = client.post(reverse("account_login"), {"login": "nobody@example.org", "password": "wrong"})
    assert text_of(wrong).replace(ana.user.email, "") == text_of(unknown).replace("nobody@example.org", "")
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert "If somebody signs in with this address" in text_of(answer)


def test_a_sign_in_form_in_error_says_what_is_missing(client, db):
    text = text_of(client.post(reverse("account_login"), {"login": "", "password": ""}))
    assert "Enter your email address" in text
    assert "Enter your password" in text


def test_a_password_is_changed_by_who_knows_it(client_of, person):
    ana = person("scrutineer")
    ana.user.set_password(PASSWORD)
    ana.user.save()
    client = client_of(ana)
    new = {"password1": "three quiet green boats", "password2": "three quiet green boats"}
    text = text_of(client.post(reverse("account_change_password"), {"oldpassword": "wrong", **new}))
    assert "The password you have now is not right" in text
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})
    assert User.objects.get(pk=ana.user.pk).check_password(new["password1"])


@pytest.mark.parametrize("password", ["short", "password1234", "aaaaaaaaaaa"])
def test_a_weak_password_is_refused(client_of, person, password):
    ana = person("scrutineer")
    ana.user.set_password(PASSWORD)
    ana.user.save()
    client_of(ana).post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )
    assert not User.objects.get(pk=ana.user.pk).check_password(password)


# --- The demonstration's people


def test_invented_people_are_offered_by_partnership_and_nobody_else(client, person, otherton):
    person("business_manager", name="Real Person")
    Person.objects.filter(pk=person("scrutineer", name="Invented One").pk).update(is_invented=True)
    page = client.get(reverse("personas"))
    text = text_of(page)
    assert "Sign in as Invented One" in text
    assert "Real Person" not in text
    assert "Otherton" not in text


def test_one_click_signs_in_an_invented_person_and_never_a_real_one(client, person):
    real, invented = person("scrutineer"), person("scrutineer")
    Person.objects.filter(pk=invented.pk).update(is_invented=True)
    assert client.post(reverse("become"), {"user": real.user.pk}).status_code == 404
    answer = client.post(reverse("become"), {"user": invented.user.pk}, follow=True)
    assert answer.redirect_chain[-1][0] == to("home")


def test_outside_the_demonstration_nobody_is_offered(client, person, settings):
    settings.SHIELD_PERSONAS = False
    invented = person("scrutineer")
    Person.objects.filter(pk=invented.pk).update(is_invented=True)
    assert client.get(reverse("personas")).status_code == 404
    assert client.post(reverse("become"), {"user": invented.user.pk}).status_code == 404


def test_a_person_is_never_who_they_are_not_from_one_page_to_the_next(partnership, person, agencies):
    one, other = person("agency_lead", agency=agencies["school"]), person("scrutineer")
    first, second = (queries.actor_for(p, partnership, TODAY) for p in (one, other))
    assert (first.roles, first.agency_ids) == ({"agency_lead"}, {agencies["school"].pk})
    assert (second.roles, second.agency_ids) == ({"scrutineer"}, frozenset())
    assert queries.actor_for(one, partnership, date(2018, 9, 30)) is None


def test_somebody_signed_in_without_a_password_chooses_a_first_one(client_of, person):
    ana = person("scrutineer")
    client = client_of(ana)
    page = client.get(reverse("account_change_password"), follow=True)
    assert "Choose a password" in text_of(page)
    chosen = {"password1": "three quiet green boats", "password2": "three quiet green boats"}
    client.post(page.request["PATH_INFO"], chosen)
    assert User.objects.get(pk=ana.user.pk).check_password(chosen["password1"])


def test_with_the_mail_server_down_the_page_works_and_says_so(client, person, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    ana = person("scrutineer")
    answer = client.post(reverse("account_reset_password"), {"email": ana.user.email}, follow=True)
    assert "Mail cannot be sent at the moment." in text_of(answer)
    assert ana.user.email not in caplog.text


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done"])
def test_the_pages_of_signing_in_have_the_frame_of_every_page(client, db, name):
    text = text_of(client.get(reverse(name)))
    assert "Demonstration" in text
    assert "Published reports" in text


def test_who_opened_a_persons_page_is_kept_and_sealed(
    committed_database, manager, by, person, otherton, client_of, monkeypatch
):
    other = person("scrutineer", name="Selma Scrutineer")
    manager.get(to("person", other))
    manager.get(to("person_role", other))
    stranger = client_of(person("business_manager", partnership=otherton))
    assert stranger.get(to("person", other)).status_code == 404
    reads = Read.objects.filter(record_id=other.pk)
    assert list(reads.values_list("actor_name", "record_kind")) == [("Mara Manager", "accounts.person")] * 2
    assert SCHEDULE["accounts.seal_reads"] == timedelta(hours=1)
    later = calendar.now() + timedelta(minutes=2)
    monkeypatch.setattr(calendar, "now", lambda: later)
    JOBS["accounts.seal_reads"]()
    assert ReadSeal.objects.get().count == 2
    assert trail.verify(by.partnership_id).sound
