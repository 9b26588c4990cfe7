"""The pages as people of several roles see them: deny by default, need to know, few statements, refusals in words."""

import re

import pytest
from django.urls import reverse

from shield.kernel.accounts import services as accounts
from shield.kernel.notices.models import Message
from shield.kernel.retention import services
from shield.kernel.retention.models import (
    Disposal,
    KeptLonger,
    LegalHold,
    LoggedDisposal,
    OwnPeriod,
    SubjectRequest,
)
from shield.kernel.retention.tests.conftest import KIND, NOW
from tests.cast import TODAY, actor_of

PAGES = ("retention", "retention_schedule", "holds", "due", "disposals", "disposal_log")


@pytest.fixture
def people(person, agencies):
    """Everybody whom these stories need, by role."""
    return {
        "manager": person("business_manager", name="Mina Manager"),
        "partner": person("safeguarding_partner", agency=agencies["police"], name="Paul Partner"),
        "lead": person("agency_lead", agency=agencies["school"]),
        "learning": person("learning_manager"),
    }


@pytest.fixture
def visit(people, client_of):
    """`visit("manager", "holds")` opens a page; with data it sends a form, once-only token and version included."""
    clients = {role: client_of(someone) for role, someone in people.items()}

    def open_page(role, name, record=None, query="", data=None, follow=True, **parts):
        kwargs = {"partnership": "testbury", **parts, **({"id": record.pk} if record is not None else {})}
        address = reverse(name, kwargs=kwargs) + query
        if data is None:
            return clients[role].get(address)
        shown = clients[role].get(address).content.decode()
        hidden = dict(re.findall(r'name="(once|version)" value="([^"]*)"', shown))
        return clients[role].post(address, {**hidden, **data}, follow=follow)

    return open_page


@pytest.fixture
def by(people, partnership):
    """The manager as an actor."""
    return actor_of(people["manager"], partnership)


def text(answer):
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("name", PAGES)
def test_managers_and_partners_read_and_nobody_else(visit, name):
    for role in ("manager", "partner"):
        assert visit(role, name).status_code == 200
    for role in ("lead", "learning"):
        assert visit(role, name).status_code == 403


@pytest.mark.parametrize(
    "name", ["retention_period", "hold_place", "due_list", "subject_requests", "subject_request_open"]
)
def test_a_partner_neither_sets_nor_holds_nor_reviews_nor_answers(visit, name):
    parts = {"retention_period": {"retention_class": "account"}, "due_list": {"kind": KIND}}.get(name, {})
    assert visit("manager", name, **parts).status_code == 200
    assert visit("partner", name, **parts).status_code == 403


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("retention_period", {"retention_class": "permanent"}), ("retention_period", {"retention_class": "nothing"}),
        ("due_list", {"kind": "history.event"}), ("due_list", {"kind": "nothing"}),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_or_reviewed_is_not_there(visit, name, parts):
    assert visit("manager", name, **parts).status_code == 404


def test_the_partnerships_page_leads_here_for_those_who_may(visit):
    assert "Retention, legal holds and subject access" in text(visit("partner", "profile"))
    assert "Retention, legal holds" not in text(visit("lead", "profile"))
    index = text(visit("manager", "retention"))
    assert "Subject access requests" in index
    assert "Subject access requests" not in text(visit("partner", "retention"))


def test_the_schedule_shows_default_and_own_period_and_says_what_is_unconfirmed(visit, messages):
    messages(2)
    sent = {"years": "8", "months": "6", "reason": "The board decided"}
    answer = visit("manager", "retention_period", data=sent, retention_class="partnership_year")
    said = text(answer)
    assert "102 months 6 years" in said
    assert "Why it differs here The board decided (Mina Manager, 4 November 2019)" in said
    assert "Unconfirmed" in said
    assert OwnPeriod.objects.get().months == 102
    shown = text(visit("manager", "retention_period", retention_class="partnership_year"))
    assert "The default is 6 years." in shown


def test_a_period_of_nothing_and_a_newer_period_are_caught(visit, by):
    refused = visit(
        "manager",
        "retention_period",
        data={"years": "", "months": "", "reason": "They are old"},
        retention_class="account",
    )
    assert "A period is from 1 month" in text(refused)
    address = reverse("retention_period", kwargs={"partnership": "testbury", "retention_class": "account"})
    services.set_period(retention_class="account", months=84, reason="The newer advice", by=by, today=TODAY)
    stale = visit(
        "manager",
        "retention_period",
        data={"version": "0", "years": "9", "reason": "The older advice"},
        retention_class="account",
    )
    assert "Somebody changed this while you were editing" in text(stale)
    assert address
    assert OwnPeriod.objects.get().months == 84


def test_the_schedule_is_a_file_and_a_document(visit):
    table = visit("manager", "retention_schedule", query="?export=csv").content.decode("utf-8-sig")
    assert "Limitation Act 1980" in table
    assert visit("partner", "retention_schedule_file").content.startswith(b"%PDF")


def test_a_hold_is_placed_by_a_reference_shown_on_the_record_and_ended(visit, agencies):
    reference = agencies["charity"].reference or "AGY-0001"
    sent = {
        "sort": "agency",
        "agency": str(agencies["charity"].pk),
        "asked_by": "Legal",
        "reason": "The claim of 2019",
    }
    answer = visit("manager", "hold_place", data=sent)
    assert "Testbury Young Voices, with everything tied to it" in text(answer)
    hold = LegalHold.objects.get()
    assert "Held since 4 November 2019: The claim of 2019" in text(
        visit("partner", "agency", agencies["charity"])
    )
    assert "Held since" not in text(visit("lead", "agency", agencies["charity"]))
    assert "In force" in text(visit("partner", "holds", query="?state=open"))
    assert "End this hold" not in text(visit("partner", "hold", hold))
    assert "Why it ended It was settled" in text(
        visit("manager", "hold_end", hold, data={"reason": "It was settled"})
    )
    assert "Held since" not in text(visit("partner", "agency", agencies["charity"]))
    assert reference


def test_what_a_hold_is_on_must_be_named_and_seen(visit, people, client_of, person, otherton):
    base = {"asked_by": "Legal", "reason": "The claim of 2019"}
    unseen = {**base, "sort": "record", "record": "ACT-9999"}
    assert "reference of a record that you can see" in text(visit("manager", "hold_place", data=unseen))
    assert "Select the agency" in text(visit("manager", "hold_place", data={**base, "sort": "agency"}))
    stranger = person("practitioner", partnership=otherton)
    elsewhere = {**base, "sort": "person", "person": str(stranger.pk)}
    assert "Choose one of the options" in text(visit("manager", "hold_place", data=elsewhere))
    assert not LegalHold.objects.exists()


def test_ticked_records_are_proposed_and_a_second_person_confirms(visit, messages, carry_out):
    ids = messages(3)
    sent = {"records": [str(pk) for pk in ids[:2]], "what": "dispose", "reason": "Nobody needs them"}
    answer = visit("manager", "due_list", kind=KIND, data=sent)
    assert "Waits for a second person" in text(answer)
    disposal = Disposal.objects.get()
    assert "Confirm this disposal" not in text(visit("manager", "disposal", disposal))
    assert "Confirm this disposal" in text(visit("partner", "disposal", disposal))
    assert "Confirmed, being carried out" in text(visit("partner", "disposal_confirm", disposal, data={}))
    carry_out(disposal)
    log = text(visit("partner", "disposal_log"))
    assert "6 years from: the end of the reporting year" in log
    assert "Mina Manager Paul Partner" in log
    assert (
        LoggedDisposal.objects.get().digest
        in visit("partner", "disposal_log", query="?export=csv").content.decode()
    )
    assert list(Message.objects.values_list("pk", flat=True)) == [ids[2]]


def test_the_proposer_cannot_confirm_by_typing_the_address(visit, messages, by):
    disposal = services.propose_disposal(kind=KIND, ids=messages(), reason="They are old", by=by, today=TODAY)
    assert "a second person must look" in text(visit("manager", "disposal_confirm", disposal, data={}))
    disposal.refresh_from_db()
    assert disposal.status == "proposed"


def test_a_double_click_confirms_once_and_an_old_tab_is_told(visit, people, client_of, messages, by):
    disposal = services.propose_disposal(kind=KIND, ids=messages(), reason="They are old", by=by, today=TODAY)
    client = client_of(people["partner"])
    address = reverse("disposal_confirm", kwargs={"partnership": "testbury", "id": disposal.pk})
    first, second = (
        dict(re.findall(r'name="(once|version)" value="([^"]*)"', client.get(address).content.decode()))
        for _ in range(2)
    )
    assert client.post(address, first).status_code == 302
    assert client.post(address, first).status_code == 302
    assert "Somebody changed this" in text(client.post(address, second))
    disposal.refresh_from_db()
    assert disposal.version == 2


def test_all_that_a_list_shows_is_proposed_at_once(visit, messages):
    messages(60, 2010)
    messages(60, 2011)
    sent = {"everything": "on", "what": "dispose", "reason": "All of 2010"}
    visit("manager", "due_list", kind=KIND, query="?year=2010", data=sent)
    assert Disposal.objects.get().count == 60


def test_a_held_record_says_so_in_the_list_and_is_refused(visit, messages, people, by):
    ids = messages(2)
    Message.objects.filter(pk=ids[0]).update(person_id=people["lead"].pk)
    services.place_hold(
        about=people["lead"].ref, wide=True, reason="The claim of 2019", asked_by="Legal", by=by, today=TODAY
    )
    assert "Held since 4 November 2019: The claim of 2019" in text(visit("manager", "due_list", kind=KIND))
    sent = {"records": [str(pk) for pk in ids], "what": "dispose", "reason": "Nobody needs them"}
    assert "This cannot be disposed of. Held since 4 November 2019: The claim of 2019" in text(
        visit("manager", "due_list", kind=KIND, data=sent)
    )
    assert not Disposal.objects.exists()


def test_ticked_records_are_kept_longer(visit, messages):
    (pk,) = messages(1)
    sent = {
        "records": [str(pk)],
        "what": "keep",
        "reason": "An inquiry",
        "until_day": "1",
        "until_month": "5",
        "until_year": "2021",
    }
    visit("manager", "due_list", kind=KIND, data=sent)
    assert KeptLonger.objects.get().record_id == pk
    assert "Nothing is due for review." in text(visit("manager", "due"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"what": "dispose", "reason": "They are old"}, "Tick at least one record"),
        ({"records": ["ID"], "reason": "They are old"}, "Choose what becomes of them"),
        (
            {"records": ["ID"], "what": "keep", "reason": "They are old"},
            "Enter the day until which they are kept",
        ),
        ({"records": ["ID"], "what": "dispose"}, "Give the reason"),
        (
            {
                "records": ["018f0000-0000-7000-8000-000000000000"],
                "what": "dispose",
                "reason": "They are old",
            },
            "Choose one of the options",
        ),
    ],
)
def test_a_review_that_lacks_something_says_what(visit, messages, sent, said):
    (pk,) = messages(1)
    filled = {key: [str(pk)] if value == ["ID"] else value for key, value in sent.items()}
    assert said in text(visit("manager", "due_list", kind=KIND, data=filled))
    assert not Disposal.objects.exists()


def test_a_page_costs_the_same_with_one_row_and_with_fifty(
    visit, by, partnership, person, messages, carry_out, partner, count_queries
):
    def more(count):
        for _ in range(count):
            someone = person("practitioner")
            services.place_hold(
                about=someone.ref, wide=False, reason="They are old", asked_by="x", by=by, today=TODAY
            )
            services.open_request(person=someone, received_on=TODAY, by=by, today=TODAY)
            disposal = services.propose_disposal(
                kind=KIND, ids=messages(1), reason="They are old", by=by, today=TODAY
            )
            carry_out(services.confirm_disposal(disposal=disposal, by=partner, today=TODAY))
        messages(count, 2011)

    def costs():
        found = {}
        for name in (*PAGES, "due_list", "subject_requests"):
            with count_queries() as sent:
                visit("manager", name, **({"kind": KIND} if name == "due_list" else {}))
            found[name] = len(sent)
        return found

    more(1)
    costs()
    one = costs()
    more(20)
    assert costs() == one
    assert max(one.values()) <= 15, one


# Requests


@pytest.fixture
def asked(visit, people, actor, partnership, by):
    """A request by the agency lead, recorded on its page and gathered; the manager stands in their history."""
    accounts.grant_role(person=people["lead"], role="practitioner", by=by, today=TODAY)
    sent = {
        "person": str(people["lead"].pk),
        "received_on_day": "4",
        "received_on_month": "11",
        "received_on_year": "2019",
    }
    visit("manager", "subject_request_open", data=sent)
    row = SubjectRequest.objects.get()
    services.gather(request_id=row.pk, by=actor("system"), now=NOW)
    row.refresh_from_db()
    return row


def test_a_request_goes_from_its_page_to_its_answer(visit, asked, people):
    said = text(visit("manager", "subject_request", asked))
    assert "Answer by 4 December 2019" in said
    assert "In review" in said
    waiting = list(asked.items.filter(decision="open"))
    assert waiting
    for item in waiting:
        shown = visit("manager", "subject_item", item)
        assert "<mark>" in shown.content.decode()
        choices = {}
        for party in item.third_parties.all():
            choices |= {f"party_{party.pk.hex}": "redact", f"why_{party.pk.hex}": "Somebody else"}
        visit("manager", "subject_item", item, data={"decision": "disclose", **choices})
    visit("manager", "subject_request_finish", asked, data={})
    look = text(visit("manager", "subject_request_look", asked))
    assert "████" in look
    assert "Mina Manager" not in look.partition("About this answer")[2].partition("I have read the answer")[0]
    assert "Tick that you have read it" in text(visit("manager", "subject_request_look", asked, data={}))
    visit("manager", "subject_request_look", asked, data={"looked": "on"})
    answer = visit("manager", "subject_request_file", asked, form="zip")
    assert answer.content.startswith(b"PK")
    assert answer["Content-Disposition"] == 'attachment; filename="answer-sar-0001.zip"'
    assert "no-store" in answer["Cache-Control"]


def test_no_address_title_or_file_name_says_who_asks(visit, asked, people):
    page = visit("manager", "subject_request", asked)
    assert people["lead"].name not in re.search(r"<title>(.*?)</title>", page.content.decode(), re.S).group(1)
    listed = visit("manager", "subject_requests", query="?export=csv").content.decode()
    assert people["lead"].name not in listed


def test_another_manager_sees_the_clock_but_nothing_gathered(asked, person, client_of):
    client = client_of(person("business_manager", name="Second Manager"))
    address = reverse("subject_request", kwargs={"partnership": "testbury", "id": asked.pk})
    said = text(client.get(address))
    assert "Only the manager who answers this request" in said
    assert "What was gathered" not in said
    assert (
        client.get(
            reverse("subject_item", kwargs={"partnership": "testbury", "id": asked.items.first().pk})
        ).status_code
        == 404
    )
    for name, parts in (("subject_request_look", {}), ("subject_request_file", {"form": "zip"})):
        answer = client.get(reverse(name, kwargs={"partnership": "testbury", "id": asked.pk, **parts}))
        assert answer.status_code == 302
        assert answer.headers["Location"] == address
    refused = client.post(
        reverse("subject_request_finish", kwargs={"partnership": "testbury", "id": asked.pk}),
        {"version": asked.version},
    )
    assert refused.status_code == 403


def test_a_request_of_another_partnership_is_not_there(asked, person, otherton, client_of):
    client = client_of(person("business_manager", partnership=otherton))
    assert (
        client.get(reverse("subject_request", kwargs={"partnership": "otherton", "id": asked.pk})).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("subject_request_extend", {"extra": "2", "reason": "Eight files"}, "Extended because Eight files"),
        ("subject_request_close", {"reason": "It was withdrawn"}, "Why it was closed It was withdrawn"),
        ("subject_request_gather", {}, "Being gathered"),
        ("subject_request_finish", {}, "for a decision"),
    ],
)
def test_each_act_on_a_request_has_its_page(visit, asked, name, data, said):
    assert said in text(visit("manager", name, asked, data=data))


def test_a_request_and_an_item_cost_few_statements(visit, asked, count_queries):
    item = asked.items.filter(marked=True).first()
    for name, record in (("subject_request", asked), ("subject_item", item)):
        visit("manager", name, record)
        with count_queries() as sent:
            visit("manager", name, record)
        assert len(sent) <= 15, "\n".join(sent)


def test_opening_a_request_is_in_the_record_of_reads(visit, asked):
    from shield.kernel.history.models import Read

    visit("manager", "subject_request", asked)
    visit("manager", "subject_item", asked.items.first())
    assert set(Read.objects.values_list("record_kind", flat=True)) >= {
        "retention.subject_request",
        "retention.subject_item",
    }
