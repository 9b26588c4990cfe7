"""The register of e-mails, each person's choice, and the weekly summary, as people see them."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from shield.kernel.accounts import rules as accounts_rules
from shield.kernel.accounts import services
from shield.kernel.accounts.services import emails as mailing
from shield.kernel.notices import queries as outbox
from shield.kernel.notices import rules
from shield.kernel.notices import services as post
from shield.kernel.notices.models import Choice, Message, Summary, WayOut
from shield.kernel.notices.rules import State, When
from shield.kernel.records.rules import Refused, WorkItem
from tests.cast import TODAY, actor_of, system

SEVEN = datetime(2019, 11, 4, 7, 0, tzinfo=UTC)
FIELDS = {"reference": "ACT-0007", "due": "1 May 2020", "link": "-", "list": "-", "partnership": "Testbury"}


def to(name, record=None, slug="testbury"):
    return reverse(name, kwargs={"partnership": slug, **({"id": record.pk} if record else {})})


def text_of(response, status=200):
    assert response.status_code == status
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def hidden(response):
    form = response.content.decode().split("<main", 1)[1]
    return dict(re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form))


@pytest.fixture
def mara(person):
    return person("business_manager", name="Mara Manager")


@pytest.fixture
def manager(mara, client_of):
    return client_of(mara)


@pytest.fixture
def ana(person, agencies):
    return person("agency_lead", name="Ana Lead", agency=agencies["school"])


@pytest.fixture
def put(partnership):
    """Queue a message to a person, and let it stand somewhere."""

    def make(person, state=State.WAITING, template=rules.REPORT_READY, problem="", where=partnership):
        message = post.queue(
            template=template, address=person.user.email, person_id=person.pk, fields=FIELDS, by=system(where)
        )
        Message.objects.filter(pk=message.pk).update(status=state, problem=problem)
        message.refresh_from_db()
        return message

    return make


# --- The register


def test_the_register_says_what_went_to_whom_and_what_became_of_it(manager, ana, put):
    put(ana, State.DELIVERED)
    put(ana, State.FAILED, rules.SIGN_IN_CHANGED, rules.SILENT)
    text = text_of(manager.get(to("emails")))
    for told in ("A report you asked for is ready", "Ana Lead", "Delivered", "Your sign-in was changed", "Given up",
                 "The mail server does not answer", "Send again", "the last that is known"):  # fmt: skip
        assert told in text, told


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", 3),
        ("?kind=sign_in_changed", 1),
        ("?state=failed", 1),
        ("?name=lead", 2),
        ("?name=nobody", 0),
        ("?state=nonsense", 3),
    ],
)
def test_the_register_is_filtered(manager, ana, mara, put, asked, found):
    put(ana)
    put(ana, State.FAILED)
    put(mara, template=rules.SIGN_IN_CHANGED)
    assert manager.get(to("emails") + asked).context["table"].count == found


def test_the_register_is_exported_as_filtered_and_an_empty_one_says_what_to_expect(manager, ana, put):
    assert "No e-mail has been sent yet" in text_of(manager.get(to("emails")))
    put(ana)
    put(ana, State.FAILED, problem=rules.SILENT)
    rows = manager.get(to("emails") + "?state=failed&export=csv").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Kind,State,To,Queued,Why"
    assert len(rows) == 2
    assert "Ana Lead" in rows[1]
    assert "@" not in rows[1]


def test_a_delay_stands_above_the_register_and_on_the_managers_home_only(manager, ana, put, client_of):
    put(ana)
    since = datetime(2019, 11, 4, 9, 12, tzinfo=UTC)
    WayOut.objects.create(name=outbox.MAIL, failures=2, shut_since=since, problem=rules.SILENT)
    line = "1 message is waiting: the mail server does not answer since 09:12 on 4 November 2019"
    home = reverse("home", args=["testbury"])
    assert line in text_of(manager.get(to("emails")))
    assert line in text_of(manager.get(home))
    assert "waiting: the mail server" not in text_of(client_of(ana).get(home))


def test_the_register_costs_the_same_at_one_row_and_at_fifty(manager, person, put, count_queries):
    put(person("agency_lead"))
    manager.get(to("emails"))
    with count_queries() as one:
        manager.get(to("emails"))
    for _ in range(30):
        put(person("agency_lead"), State.FAILED)
    with count_queries() as many:
        manager.get(to("emails"))
    assert len(one) == len(many) <= 15


def test_a_message_has_a_page_with_its_words_and_its_history(manager, ana, put):
    message = put(ana, State.SENT)
    text = text_of(manager.get(to("email", message)))
    for told in (
        "Ana Lead",
        ana.user.email,
        "Handed over",
        "the last that is known",
        "A report has been built",
        "queued the message",
    ):
        assert told in text, told
    assert "Send it again" not in text


def test_another_partnership_and_an_agency_lead_see_no_message(ana, put, person, client_of, otherton):
    message = put(ana, State.FAILED)
    stranger = client_of(person("business_manager", partnership=otherton))
    lead = client_of(ana)
    for name in ("email", "email_again"):
        assert stranger.get(to(name, message, "otherton")).status_code == 404
        assert stranger.get(to(name, message)).status_code == 404
        assert lead.get(to(name, message)).status_code == 404
    assert stranger.get(to("emails", slug="otherton")).context["table"].count == 0
    assert lead.get(to("emails")).status_code == 403
    assert "E-mails" not in text_of(lead.get(to("profile")))


def test_a_message_is_sent_again_once_however_often_the_button_is_pressed(manager, ana, put):
    message = put(ana, State.FAILED)
    assert "Send it again" in text_of(manager.get(to("email", message)))
    sent = hidden(manager.get(to("email_again", message)))
    for _ in range(2):
        answer = manager.post(to("email_again", message), sent)
        assert answer.headers["Location"] == to("email", message)
    message.refresh_from_db()
    assert message.status == State.WAITING
    post.send_waiting(now=timezone.now() + timedelta(minutes=1))
    assert len(mail.outbox) == 1
    # Somebody whose page is older learns that it is on its way already.
    sent["once"] = "another"
    assert "not given up" in text_of(manager.post(to("email_again", message), sent))
    assert manager.get(to("email_again", message)).status_code == 302


def test_nothing_is_sent_again_to_somebody_who_has_left(mara, ana, put, partnership):
    message = put(ana, State.FAILED)
    by = actor_of(mara, partnership)
    services.leave(
        person=ana,
        last_day=TODAY,
        hand_over_to=None,
        reason="New post",
        by=by,
        today=TODAY,
        now=timezone.now(),
    )
    with pytest.raises(Refused, match="cannot sign in here any more"):
        services.send_email_again(message=message, by=by, today=TODAY + timedelta(days=1))


def test_every_message_can_be_read_before_it_is_sent(manager):
    text = text_of(manager.get(to("email_kinds")))
    for template in rules.TEMPLATES.values():
        assert template.label in text
    assert "Several within ten minutes are one e-mail" in text
    assert "{count} actions wait" in text
    assert "{tally}" not in text
    assert "Its reader gets it at once or in the weekly summary, as they choose." in text


# --- Each person's own choice


def test_my_account_leads_to_my_e_mails_and_the_choice_is_kept(client_of, ana, partnership):
    client = client_of(ana)
    assert to("own_emails") in client.get(reverse("account")).content.decode()
    page = client.get(to("own_emails"))
    text = text_of(page)
    assert "A statutory duty, so that it cannot be switched off" in text
    assert "Your sign-in was changed" in text
    sent = {**hidden(page), **{key: str(kind.default) for key, kind in rules.TEMPLATES.items()}}
    sent |= {"action_waits": "weekly", "minutes_circulated": "never"}
    for _ in range(2):
        assert client.post(to("own_emails"), sent).status_code == 302
    assert outbox.choices_of(ana.pk, partnership.pk)["minutes_circulated"] == "never"
    assert outbox.when(rules.ACTION_WAITS, ana.pk, partnership.pk) == When.WEEKLY
    again = client.get(to("own_emails")).content.decode()
    assert re.search(r'name="action_waits" type="radio" value="weekly"[^>]*checked', again)


def test_a_choice_that_would_be_told_nowhere_is_refused_at_its_field(client_of, ana):
    client = client_of(ana)
    sent = {
        **hidden(client.get(to("own_emails"))),
        **{key: str(kind.default) for key, kind in rules.TEMPLATES.items()},
    }
    answer = client.post(to("own_emails"), {**sent, "weekly_summary": "never", "action_waits": "weekly"})
    assert "keep the summary or choose otherwise" in text_of(answer)
    assert not Choice.objects.exists()


def test_a_duty_is_not_switched_off_by_a_form_made_by_hand(client_of, ana):
    client = client_of(ana)
    sent = {
        **hidden(client.get(to("own_emails"))),
        **{key: str(kind.default) for key, kind in rules.TEMPLATES.items()},
    }
    assert "Choose one of the options" in text_of(
        client.post(to("own_emails"), {**sent, "clock_due": "never"})
    )


# --- The weekly summary


@pytest.fixture
def work(monkeypatch):
    """What waits for everybody, whatever the doors would say."""
    items = [
        WorkItem("Ask Zoë’s school", "improvement.action", TODAY, "Action", TODAY - timedelta(days=3), True),
        WorkItem("Ask each child", "improvement.action", TODAY, "Action", TODAY + timedelta(days=6)),
        WorkItem("Paper: Zoë", "meetings.paper", TODAY, "Paper to hand in", TODAY + timedelta(days=7)),
        WorkItem("Budget", "meetings.paper", TODAY, "Paper to hand in"),
    ]
    monkeypatch.setattr(mailing.records, "work", lambda actor, today: items)
    return items


def run(now=SEVEN):
    return services.send_summaries(today=now.date(), now=now)


def test_the_summary_tells_numbers_and_kinds_and_never_a_title(ana, work, partnership):
    assert run() == 1
    body = Message.objects.get().body
    for line in (
        "- Late: 1",
        "- Due this week: 1",
        "- Waiting in all: 4",
        "- Action: 2",
        "- Paper to hand in: 2",
        "/testbury/work",
    ):
        assert line in body, line
    for title in ("Zoë", "Budget", "Ask each"):
        assert title not in body


@pytest.mark.parametrize("often", [2, 5])
def test_the_summary_is_sent_once_a_week_however_often_the_job_runs(ana, work, often):
    assert [run() for _ in range(often)] == [1, *[0] * (often - 1)]
    assert run(SEVEN + timedelta(days=1)) == 0
    assert run(SEVEN + timedelta(days=7)) == 1


def test_before_seven_on_monday_and_in_the_middle_of_the_week_nothing_is_sent(ana, work):
    assert run(SEVEN - timedelta(minutes=1)) == 0
    assert run(SEVEN + timedelta(days=3)) == 0


def test_whoever_has_nothing_waiting_is_left_in_peace_all_week(ana, monkeypatch, work):
    with monkeypatch.context() as patched:
        patched.setattr(mailing.records, "work", lambda actor, today: [])
        assert run() == 0
    assert run(SEVEN + timedelta(hours=2)) == 0, "what comes up on Monday noon waits for the next Monday"


def test_one_summary_for_each_partnership_somebody_works_with(ana, work, otherton):
    services.grant_role(person=ana, role="agency_lead", by=system(otherton), today=TODAY)
    assert run() == 2
    assert len({(m.partnership_id, m.body.split(" on ")[0]) for m in Message.objects.all()}) == 2


def test_whoever_cannot_sign_in_or_wants_none_gets_none(ana, work, person, partnership):
    closed = person("agency_lead").user
    closed.is_active = False
    closed.save()
    post.choose(choices={"weekly_summary": When.NEVER}, by=actor_of(ana, partnership))
    assert run() == 0
    assert Summary.objects.count() == 1


def test_what_was_wanted_in_the_summary_is_told_in_it_once(ana, partnership, put, monkeypatch):
    post.choose(choices={"report_ready": When.WEEKLY}, by=actor_of(ana, partnership))
    for _ in range(3):
        post.queue(
            template=rules.REPORT_READY,
            address=ana.user.email,
            person_id=ana.pk,
            fields=FIELDS,
            by=system(partnership),
        )
    monkeypatch.setattr(mailing.records, "work", lambda actor, today: [])
    assert run() == 1
    told = Message.objects.get(template="weekly_summary").body
    assert "- A report you asked for is ready: 3" in told
    assert "By kind" not in told
    assert Message.objects.filter(status=State.TOLD).count() == 3
    assert run(SEVEN + timedelta(days=7)) == 0


def test_the_job_of_the_summary_and_an_invitation_keep_their_names():
    from shield.kernel.jobs.rules import JOBS, SCHEDULE

    assert (
        {"accounts.send_summaries", "notices.send_waiting", "notices.ask_back"} <= set(SCHEDULE) <= set(JOBS)
    )
    assert timedelta(days=7) == accounts_rules.INVITATION_LASTS
