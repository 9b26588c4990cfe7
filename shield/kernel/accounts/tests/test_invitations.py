"""Invitations: a link that works once, for seven days, and tells nobody anything of another partnership."""

import html
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts import queries, rules, services
from shield.kernel.accounts.models import Invitation, Person, User
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import queries as history
from shield.kernel.history.models import Event
from shield.kernel.jobs.rules import JOBS
from shield.kernel.jobs.tests.test_services import work
from shield.kernel.notices.models import Message
from shield.kernel.records.rules import Refused
from tests.cast import PASSWORD, TODAY

SITE = "http://testserver/"
NEW = {"name": "Nia New", "password1": "three quiet green boats", "password2": "three quiet green boats"}


@pytest.fixture
def by(actor):
    return actor("business_manager", name="Mara Manager")


def invited(by, email="nia@example.org", **changes):
    given = {
        "agency": None, "post": "", "roles": ["scrutineer"], "today": TODAY, "now": calendar.now(), "site": SITE,
    }  # fmt: skip
    return services.invite(email=email, by=by, **{**given, **changes})


def sent(row):
    """Run the job that sends it; the path of the link in the message."""
    JOBS["accounts.send_invitation"](invitation_id=str(row.pk), site=SITE)
    return re.search(r"http://testserver(/invitation/\S+)", mail.outbox[-1].body)[1]


def text_of(answer):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def to(name, record=None):
    return reverse(name, kwargs={"partnership": "testbury", **({"id": record.pk} if record else {})})


# --- The message


def test_the_message_names_the_partnership_and_nobody(by, agencies):
    row = invited(by, agency=agencies["school"], post="Head teacher")
    link = sent(row)
    [message] = mail.outbox
    assert message.to == ["nia@example.org"]
    assert "Testbury Safeguarding Children Partnership invites you" in message.body
    for secret in ("nia", "Mara", "Hillside", "Head teacher", "scrutineer"):
        assert secret not in message.body.replace(link, "")
    assert "until 11 November 2019" in message.body


def test_only_the_digest_of_the_link_is_kept_anywhere(by):
    row = invited(by)
    token = sent(row).rsplit("/", 1)[1]
    row.refresh_from_db()
    assert row.digest == rules.digest(token)
    assert not Message.objects.exists()
    for model in (Invitation, Event, DBTaskResult):
        assert not any(token in str(values) for values in model.objects.values_list()), model


def test_a_mail_server_that_is_down_is_tried_again_with_another_link(by, monkeypatch):
    row = invited(by)

    def down(self):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", down)
        with pytest.raises(ConnectionRefusedError):
            JOBS["accounts.send_invitation"](invitation_id=str(row.pk), site=SITE)
    row.refresh_from_db()
    first, row_state = (
        row.digest,
        rules.invitation_in_words(row.status, row.sent_at, row.expires_at, calendar.now()),
    )
    assert row_state[0] == "Waiting to be sent"
    sent(row)
    row.refresh_from_db()
    assert row.digest != first
    assert row.sent_at is not None


def test_an_invitation_survives_a_mail_server_that_is_down_for_hours(by, settings):
    settings.SHIELD_ADDRESS = "https://shield.example.gov.uk"
    row = invited(by)
    now = calendar.now()
    DBTaskResult.objects.all().update(status="FAILED")  # its own job has given up
    assert services.send_delayed_invitations(now=now + timedelta(hours=1)) == 0
    assert services.send_delayed_invitations(now=now + timedelta(hours=3)) == 1
    work()
    assert "https://shield.example.gov.uk/invitation/" in mail.outbox[0].body
    row.refresh_from_db()
    assert row.sent_at is not None
    assert services.send_delayed_invitations(now=now + timedelta(hours=4)) == 0


# --- Accepting


def test_somebody_new_chooses_name_and_password_and_signs_in(by, agencies, client, partnership):
    link = sent(
        invited(
            by,
            "Nia@Example.org",
            agency=agencies["school"],
            post="Head",
            roles=["agency_lead", "practitioner"],
        )
    )
    assert "Join Testbury" in text_of(client.get(link))
    answer = client.post(link, NEW, follow=True)
    assert "Your account is ready" in text_of(answer)
    person = Person.objects.get(name="Nia New")
    actor = queries.actor_for(person, partnership, TODAY)
    assert actor.roles == {"agency_lead", "practitioner"}
    assert actor.agency_ids == {agencies["school"].pk}
    assert person.memberships.get().post == "Head"
    assert NEW["password1"] not in person.user.password
    signed = client.post(reverse("account_login"), {"login": "nia@example.org", "password": NEW["password1"]})
    assert signed.headers["Location"] == reverse("start")


def test_a_link_works_once(by, client):
    link = sent(invited(by))
    client.post(link, NEW)
    assert "can no longer be used" in text_of(Client().get(link))
    with pytest.raises(Refused, match="too old"):
        services.accept_as_new(
            token=link.rsplit("/", 1)[1], name="X", password=PASSWORD, today=TODAY, now=calendar.now()
        )
    assert User.objects.filter(email="nia@example.org").count() == 1


def test_a_link_works_for_seven_days(by):
    link = sent(invited(by))
    token, row = link.rsplit("/", 1)[1], Invitation.objects.get()
    just, over = row.expires_at, row.expires_at + timedelta(seconds=1)
    assert row.expires_at - row.sent_at == timedelta(days=7)
    assert queries.invitation_for(token, just) == row
    assert queries.invitation_for(token, over) is None
    with pytest.raises(Refused):
        services.accept_as_new(token=token, name="X", password=PASSWORD, today=TODAY, now=over)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Enter your name"),
        ({"password2": "another thing altogether"}, "The two passwords are not the same"),
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        (
            {"password1": "nia@example.org", "password2": "nia@example.org"},
            "too similar to the email",
        ),
        ({"name": "Nia\x00"}, "Remove it and try again"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(by, client, changes, said):
    link = sent(invited(by))
    answer = client.post(link, {**NEW, **changes})
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert not Person.objects.filter(name__startswith="Nia").exists()


def test_a_withdrawn_link_and_one_sent_again_end_the_earlier_link(by, client):
    row = invited(by)
    first = sent(row)
    services.resend_invitation(invitation=row, by=by, site=SITE)
    assert "can no longer be used" in text_of(client.get(first))
    second = sent(row)
    assert "Join" in text_of(client.get(second))
    services.withdraw_invitation(invitation=row, by=by, now=calendar.now())
    assert "can no longer be used" in text_of(client.get(second))
    with pytest.raises(Refused, match="withdrawn already"):
        services.resend_invitation(invitation=row, by=by, site=SITE)
    JOBS["accounts.send_invitation"](invitation_id=str(row.pk), site=SITE)
    assert len(mail.outbox) == 2, "a job that comes late sends nothing"


# --- Somebody whom another partnership knows


@pytest.fixture
def olu(person, otherton):
    made = person("scrutineer", partnership=otherton, name="Olu Elsewhere")
    made.user.set_password(PASSWORD)
    made.user.save()
    return made


def test_inviting_an_address_of_another_partnership_looks_like_any_other(by, person, client_of, olu):
    manager = client_of(person("business_manager"))
    pages = []
    for email in (olu.user.email, "unknown@example.org"):
        form = {"once": email, "email": email, "roles": ["practitioner"]}
        answer = manager.post(to("invite"), form, follow=True)
        pages.append(text_of(answer).replace(email, "…"))
    lines = [re.sub(r"Invited.*", "", page) for page in pages]
    assert lines[0] == lines[1]
    assert "Olu" not in pages[0]
    assert "Otherton" not in pages[0]


def test_they_sign_in_to_accept_and_are_a_member_of_both(by, client, olu, partnership, otherton, agencies):
    link = sent(invited(by, olu.user.email.upper(), agency=agencies["school"], roles=["agency_lead"]))
    assert "You have a sign-in already" in text_of(client.get(link))
    client.post(reverse("account_login"), {"login": olu.user.email, "password": PASSWORD})
    assert "Your sign-in stays as it is" in text_of(client.get(link))
    answer = client.post(link, {"once": "a"}, follow=True)
    assert "You now take part in Testbury" in text_of(answer)
    assert queries.actor_for(olu, partnership, TODAY).roles == {"agency_lead"}
    assert queries.actor_for(olu, otherton, TODAY).roles == {"scrutineer"}
    assert User.objects.filter(email=olu.user.email).count() == 1
    here = [e.sentence for e in history.of_record(partnership.pk, olu.pk)]
    assert "added Olu Elsewhere to the partnership" in here


def test_their_account_is_not_taken_over_by_the_link(by, olu, client):
    link = sent(invited(by, olu.user.email))
    client.post(link, NEW)
    olu.user.refresh_from_db()
    assert olu.user.check_password(PASSWORD)
    assert Invitation.objects.get().status == "open"


def test_somebody_else_who_is_signed_in_cannot_accept(by, client_of, person, olu):
    link = sent(invited(by, olu.user.email))
    other = client_of(person("practitioner"))
    assert "signed in as somebody else" in text_of(other.get(link))
    other.post(link, {"once": "a"})
    assert Invitation.objects.get().status == "open"


def test_a_person_who_left_comes_back_by_an_invitation(by, olu, partnership, actor, otherton, client):
    elsewhere = actor("business_manager", partnership=otherton)
    services.leave(
        person=olu,
        last_day=TODAY,
        hand_over_to=None,
        reason="Moved",
        by=elsewhere,
        today=TODAY,
        now=calendar.now(),
    )
    assert not User.objects.get(person=olu).is_active
    link = sent(invited(by, olu.user.email))
    answer = client.post(link, NEW, follow=True)
    assert "Your account is ready" in text_of(answer)
    assert queries.actor_for(olu, partnership, TODAY).roles == {"scrutineer"}
    assert queries.actor_for(olu, otherton, TODAY) is None
    olu.user.refresh_from_db()
    assert olu.user.check_password(NEW["password1"])
    assert olu.user.is_active


# --- Refusals and the pages


def test_who_is_here_or_invited_already_is_refused(by, person, agencies):
    known = person("practitioner", agency=agencies["school"])
    with pytest.raises(Refused, match="address already"):
        invited(by, known.user.email.upper())
    invited(by)
    with pytest.raises(Refused, match="invited already"):
        invited(by, "NIA@example.org")
    with pytest.raises(Refused, match="at least one role"):
        invited(by, "x@example.org", roles=[])
    with pytest.raises(Refused, match="no such role"):
        invited(by, "x@example.org", roles=["system"])


def test_the_list_says_where_each_stands(by, person, client_of):
    manager = client_of(person("business_manager"))
    invited(by, "waits@example.org")
    row = invited(by, "sent@example.org")
    sent(row)
    old = invited(by, "old@example.org")
    sent(old)
    Invitation.objects.filter(pk=old.pk).update(expires_at=calendar.now() - timedelta(days=1))
    services.withdraw_invitation(invitation=invited(by, "gone@example.org"), by=by, now=calendar.now())
    text = text_of(manager.get(to("invitations")))
    for words in ("Waiting to be sent", "Sent, not yet accepted", "Too old", "Withdrawn"):
        assert words in text
    page = manager.post(to("invitation_act", row), {"once": "a", "act": "withdraw"}, follow=True)
    assert "The invitation was withdrawn." in text_of(page)


# --- An agency's own administrator


@pytest.fixture
def admin(actor, agencies):
    return actor("agency_admin", agency=agencies["school"], name="Ada Admin")


def test_an_administrator_invites_into_their_own_agency_only_and_gives_two_roles(admin, agencies):
    row = invited(admin, agency=agencies["school"], roles=["agency_lead", "practitioner"])
    assert row.roles == ["agency_lead", "practitioner"]
    for changes in (
        {"agency": agencies["charity"], "roles": ["practitioner"]},
        {"agency": None, "roles": ["practitioner"]},
        {"agency": agencies["school"], "roles": ["business_manager"]},
        {"agency": agencies["school"], "roles": ["practitioner", "agency_admin"]},
    ):
        with pytest.raises(Forbidden):
            invited(admin, "x@example.org", **changes)


def test_an_administrator_learns_nothing_of_people_elsewhere_in_the_partnership(admin, person, agencies):
    police = person("safeguarding_partner", agency=agencies["police"])
    row = invited(admin, police.user.email, agency=agencies["school"], roles=["practitioner"])
    assert row.status == "open"


def test_an_administrator_sees_their_own_people_and_no_others(person, client_of, agencies, by):
    ada = client_of(person("agency_admin", agency=agencies["school"], name="Ada Admin"))
    hetty = person("agency_lead", agency=agencies["school"], name="Hetty Head")
    carl = person("agency_lead", agency=agencies["charity"], name="Carl Charity")
    invited(by, "other@example.org", agency=agencies["charity"])
    text = text_of(ada.get(to("people") + "?left=on"))
    assert "Hetty Head" in text
    assert "Carl Charity" not in text
    assert "Mara Manager" not in text
    assert ada.get(to("person", carl)).status_code == 404
    assert ada.get(to("role_end", carl.roles.get())).status_code == 404
    assert ada.get(to("post_end", carl.memberships.get())).status_code == 404
    assert ada.get(to("person_leave", hetty)).status_code == 403
    assert "other@example.org" not in text_of(ada.get(to("invitations")))
    assert "Carl Charity" not in text_of(ada.get(to("agency", agencies["charity"])))
    offered = ada.get(to("person_role", hetty)).context["form"].fields["role"].choices
    assert [key for key, _ in offered] == ["agency_lead", "practitioner"]


def test_an_administrator_ends_work_in_their_agency_and_the_roles_that_hang_on_it(
    admin, person, agencies, partnership
):
    hetty = person("agency_lead", agency=agencies["school"])
    services.leave_agency(membership=hetty.memberships.get(), by=admin, today=TODAY)
    assert queries.actor_for(hetty, partnership, TODAY) is None


def test_an_administrator_does_not_touch_other_roles_or_other_agencies(
    admin, person, actor, agencies, partnership
):
    both = person("scrutineer", "agency_lead", agency=agencies["school"])
    elsewhere = services.join_agency(person=both, agency=agencies["charity"], by=actor("system"), today=TODAY)
    with pytest.raises(Forbidden):
        services.end_role(grant=both.roles.get(role="scrutineer"), by=admin, today=TODAY)
    with pytest.raises(Forbidden):
        services.leave_agency(membership=elsewhere, by=admin, today=TODAY)
    stranger = person("practitioner", agency=agencies["charity"])
    with pytest.raises(Forbidden):
        services.grant_role(person=stranger, role="agency_lead", by=admin, today=TODAY)
    with pytest.raises(Forbidden):
        services.join_agency(person=stranger, agency=agencies["school"], by=admin, today=TODAY)
    services.leave_agency(membership=both.memberships.get(agency=agencies["school"]), by=admin, today=TODAY)
    assert queries.actor_for(both, partnership, TODAY).roles == {"scrutineer", "agency_lead"}, (
        "still at the charity"
    )


def test_an_administrator_does_not_end_their_own_work(admin):
    from shield.kernel.accounts.models import AgencyMembership

    with pytest.raises(Refused, match="your own work"):
        services.leave_agency(
            membership=AgencyMembership.objects.get(person_id=admin.person_id), by=admin, today=TODAY
        )
