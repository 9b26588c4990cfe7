"""A person asks what is kept about them: gathered from everywhere, other people marked, reviewed, released, downloaded."""

import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from pypdf import PdfReader

from shield.improvement import services as improvement
from shield.kernel.history import services as tracing
from shield.kernel.history.models import Event
from shield.kernel.jobs.tests.test_services import work
from shield.kernel.notices import rules as notices
from shield.kernel.notices import services as outbox
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Refused
from shield.kernel.retention import services
from shield.kernel.retention.models import SubjectItem, SubjectRequest, ThirdParty
from shield.kernel.retention.tests.conftest import NOW, day
from shield.meetings import services as meetings
from tests.cast import TODAY, Failure, actor_of


@pytest.fixture
def manager(actor):
    """The business manager who answers."""
    return actor("business_manager", name="Mina Manager")


@pytest.fixture
def partner(actor):
    """A safeguarding partner."""
    return actor("safeguarding_partner", name="Paul Partner")


@pytest.fixture
def subject(person, agencies, partnership):
    """Somebody of whom a meeting, an action, a message and the history know."""
    return person("agency_lead", agency=agencies["school"], name="Sofia Subject")


@pytest.fixture
def known(subject, actor, person, partnership):
    """What is kept about her, with another person in it."""
    by = actor("system")
    person("practitioner", name="Olive Other")
    body = meetings.add_body(name="Board", sort="board", by=by)
    gathering = meetings.record_gathering(
        title="Board, 28 January 2019",
        sort="board_meeting",
        held_on=day("2019-01-28"),
        body=body,
        by=by,
        today=TODAY,
    )
    line = meetings.Taken("Sofia Subject and Olive Other disagreed; sofia’s view was noted. Ms Other left.")
    meetings.take_line(gathering=gathering, taken=line, by=by, now=NOW, today=TODAY)
    meetings.add_member(body=body, role="member", person=subject, by=by)
    priority = improvement.add_priority(title="Safe at school", number=1, by=by)
    improvement.add_action(
        text="Ask each child", priority=priority, owner=improvement.Owner(person=subject), due_on=TODAY, by=by
    )
    fields = {
        "reference": "ACT-0001",
        "due": "29 July 2019",
        "link": "https://shield.example/x",
        "partnership": "Testbury",
    }
    outbox.queue(
        template=notices.ACTION_WAITS,
        address="sofia@example.invalid",
        person_id=subject.pk,
        fields=fields,
        by=actor_of(subject, partnership),
    )
    tracing.note_read(of=subject.ref, by=by, purpose="opened a page")
    return subject


@pytest.fixture
def opened(known, manager):
    return services.open_request(
        person=known, received_on=day("2019-10-10"), their_reference="Letter 4", by=manager, today=TODAY
    )


@pytest.fixture
def gathered(opened, actor):
    services.gather(request_id=opened.pk, by=actor("system"), now=NOW)
    opened.refresh_from_db()
    return opened


def items(request):
    return list(request.items.all())


def item_with(request, words):
    return next(item for item in items(request) if words in item.text)


def decide(item, by, decision="disclose", redact=True, **more):
    choices = {
        p.pk: ("redact" if redact else "disclose", "Not theirs to see") for p in item.third_parties.all()
    }
    return services.review_item(item=item, decision=decision, choices=choices, by=by, **more)


def reviewed(request, by):
    for item in items(request):
        if item.decision == "open":
            decide(item, by)
    return services.finish_review(request=request, by=by)


# The clock


def test_a_request_is_answered_within_a_month_and_gathered_by_the_worker(opened):
    assert (opened.reference, opened.due_on, opened.status) == (
        "SAR-0001",
        day("2019-11-11"),
        "gathering",
    )  # the 10th is a Sunday
    work()
    opened.refresh_from_db()
    assert opened.status == "review"


def test_a_request_is_recorded_without_the_name_of_who_asks(opened):
    event = Event.objects.get(kind="retention.request_opened")
    assert "Sofia" not in event.record_title + event.details
    assert opened.heading == "SAR-0001"


def test_the_time_is_extended_once_within_the_first_month(opened, manager):
    services.extend_request(request=opened, extra_months=2, reason="Eight files", by=manager, today=TODAY)
    opened.refresh_from_db()
    assert opened.due_on == day("2020-01-10")
    with pytest.raises(Refused, match="once"):
        services.extend_request(
            request=opened, extra_months=1, reason="More files came", by=manager, today=TODAY
        )


def test_an_extension_comes_too_late_after_the_first_month(opened, manager):
    with pytest.raises(Refused, match="first month"):
        services.extend_request(
            request=opened, extra_months=2, reason="Eight files", by=manager, today=day("2019-11-12")
        )


def test_who_waits_for_an_answer_is_on_the_managers_list(opened, manager, partner):
    assert "Subject access request SAR-0001" in [w.title for w in records.work(manager, TODAY)]
    assert next(w for w in records.work(manager, day("2019-11-12")) if w.sort == "Subject access").is_late
    assert not [w for w in records.work(partner, TODAY) if w.sort == "Subject access"]


@pytest.mark.parametrize("role", ["safeguarding_partner", "learning_manager", "agency_lead", "agency_admin"])
def test_nobody_else_records_a_request(actor, subject, role):
    with pytest.raises(PermissionDenied):
        services.open_request(person=subject, received_on=TODAY, by=actor(role), today=TODAY)


def test_nobody_answers_their_own_request_nor_for_a_stranger(person, partnership, otherton, manager):
    me = person("business_manager")
    with pytest.raises(Refused, match="their own request"):
        services.open_request(person=me, received_on=TODAY, by=actor_of(me, partnership), today=TODAY)
    stranger = person("practitioner", partnership=otherton)
    with pytest.raises(Refused, match="cannot be found"):
        services.open_request(person=stranger, received_on=TODAY, by=manager, today=TODAY)


# Gathering


def test_everything_is_gathered_through_the_doors_of_all_modules(gathered):
    where = {item.where.partition(":")[0] for item in items(gathered)}
    assert {
        "People and roles",
        "Meetings",
        "Evidence chain",
        "Messages",
        "History",
        "Record of reads",
    } <= where
    assert "Olive Other" in item_with(gathered, "disagreed").text


def test_a_person_is_about_themself_by_and_named_elsewhere(gathered):
    assert {item.relation for item in items(gathered)} == {"about you", "names you", "written by you"}


def test_other_people_are_marked_and_the_person_themself_is_not(gathered):
    item = item_with(gathered, "disagreed")
    assert item.marked
    assert item.decision == "open"
    assert {party.name for party in item.third_parties.all()} == {"Olive Other", "Ms Other"}
    assert not ThirdParty.objects.filter(item__marked=False).exists()
    assert {i.decision for i in items(gathered) if not i.marked} == {"disclose"}


def test_nothing_of_the_text_or_of_the_names_stands_open_in_the_database(gathered):
    stored = str(list(SubjectItem._base_manager.values())) + str(list(ThirdParty._base_manager.values()))
    for word in ("Sofia", "Olive", "disagreed", "sofia@example"):
        assert word not in stored


def test_what_another_partnership_keeps_is_not_gathered(gathered, otherton):
    assert all(item.partnership_id != otherton.pk for item in items(gathered))
    assert not any("Otherton" in item.text for item in items(gathered))


def test_no_secret_of_a_sign_in_is_gathered(gathered, known):
    whole = "\n".join(item.text for item in items(gathered))
    assert known.user.password not in whole
    assert known.user.email in whole


def test_a_request_is_gathered_once_and_whole(opened, actor, monkeypatch):
    by = actor("system")
    with monkeypatch.context() as broken:
        broken.setattr(ThirdParty.objects, "bulk_create", _fail)
        with pytest.raises(Failure):
            services.gather(request_id=opened.pk, by=by, now=NOW)
    assert not opened.items.exists()
    count = services.gather(request_id=opened.pk, by=by, now=NOW)
    assert opened.items.count() == count > 5
    assert services.gather(request_id=opened.pk, by=by, now=NOW) == 0
    assert opened.items.count() == count


def _fail(*arguments, **options):
    raise Failure


def test_what_was_gathered_can_be_gathered_anew(gathered, manager, actor):
    before = {item.pk for item in items(gathered)}
    services.gather_again(request=gathered, by=manager)
    assert not gathered.items.exists()
    work()
    assert {item.pk for item in items(gathered)}.isdisjoint(before)


# Review


def test_every_name_is_decided_with_a_reason(gathered, manager):
    item = item_with(gathered, "disagreed")
    with pytest.raises(Refused, match="each other person"):
        services.review_item(item=item, decision="disclose", choices={}, by=manager)
    choices = {party.pk: ("redact", " ") for party in item.third_parties.all()}
    with pytest.raises(Refused, match="reason"):
        services.review_item(item=item, decision="disclose", choices=choices, by=manager)
    with pytest.raises(Refused, match="Choose whether"):
        services.review_item(item=item, decision="", choices={}, by=manager)
    item.refresh_from_db()
    assert item.decision == "open"


def test_an_item_is_withheld_under_an_exemption_only(gathered, manager):
    item = item_with(gathered, "disagreed")
    with pytest.raises(Refused, match="exemption"):
        decide(item, manager, "withhold")
    row = decide(item, manager, "withhold", exemption="third_party", reason="Said in confidence")
    assert (row.decision, row.exemption) == ("withhold", "third_party")


def test_the_review_is_not_finished_while_an_item_waits(gathered, manager):
    with pytest.raises(Refused, match="for a decision"):
        services.finish_review(request=gathered, by=manager)


def test_only_the_manager_who_answers_sees_and_decides(gathered, actor):
    other = actor("business_manager", name="Second Manager")
    assert SubjectRequest.objects.visible_to(other).exists()
    assert not SubjectItem.objects.visible_to(other).exists()
    assert not ThirdParty.objects.visible_to(other).exists()
    with pytest.raises(PermissionDenied, match="Only the manager who answers"):
        decide(items(gathered)[0], other)
    for act in (services.finish_review, services.gather_again):
        with pytest.raises(PermissionDenied):
            act(request=gathered, by=other)


def test_another_manager_takes_a_request_over_with_a_reason(gathered, manager, actor):
    other = actor("business_manager", name="Second Manager")
    services.take_over_request(request=gathered, reason="She is on leave", by=other)
    assert SubjectItem.objects.visible_to(other).exists()
    assert not SubjectItem.objects.visible_to(manager).exists()
    with pytest.raises(Refused, match="already"):
        services.take_over_request(request=gathered, reason="Once more, please", by=other)


# Release


def test_the_answer_is_frozen_with_its_fingerprint_and_holds_nothing_redacted(gathered, manager):
    reviewed(gathered, manager)
    released = services.release_answer(request=gathered, by=manager, today=TODAY, now=NOW)
    assert len(released.digest) == 64
    assert "Sofia" not in released.package
    packed = services.download_answer(request=released, format="zip", by=manager)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["answer.pdf", "answer.html", "answer.json"]
        told = json.loads(archive.read("answer.json"))
        pages = PdfReader(io.BytesIO(archive.read("answer.pdf"))).pages
        whole = archive.read("answer.html").decode() + json.dumps(told, ensure_ascii=False)
        whole += "".join(page.extract_text() for page in pages)
    assert told["person"] == "Sofia Subject"
    assert len(told["items"]) == len(items(gathered))
    assert "Sofia Subject and ████ disagreed" in whole
    assert "Olive" not in whole
    assert "Ms Other" not in whole


def test_a_withheld_item_leaves_nothing_but_its_exemption(gathered, manager):
    decide(
        item_with(gathered, "disagreed"), manager, "withhold", exemption="third_party", reason="In confidence"
    )
    reviewed(gathered, manager)
    answer = services.draft_answer(request=gathered, by=manager, today=TODAY)
    held = [given for given in answer.items if given.exemption]
    assert [given.text for given in held] == [""]
    assert not any(
        "disagreed" in given.text for given in answer.items if not given.where.startswith("History")
    )


def test_nothing_is_released_before_the_second_look_nor_twice(gathered, manager):
    release = {"request": gathered, "by": manager, "today": TODAY, "now": NOW}
    with pytest.raises(Refused, match="in review"):
        services.release_answer(**release)
    reviewed(gathered, manager)
    services.reopen_review(request=gathered, reason="One name slipped through", by=manager)
    with pytest.raises(Refused, match="in review"):
        services.release_answer(**release)
    services.finish_review(request=gathered, by=manager)
    services.release_answer(**release)
    for again in (
        lambda: services.release_answer(**release),
        lambda: services.reopen_review(request=gathered, reason="It is not needed", by=manager),
        lambda: services.close_request(request=gathered, reason="It is not needed", by=manager, today=TODAY),
        lambda: decide(items(gathered)[0], manager),
    ):
        with pytest.raises(Refused):
            again()


def test_the_answer_is_downloaded_by_its_owner_only_and_that_is_on_record(gathered, manager, actor):
    reviewed(gathered, manager)
    row = services.release_answer(request=gathered, by=manager, today=TODAY, now=NOW)
    other = actor("business_manager", name="Second Manager")
    with pytest.raises(PermissionDenied):
        services.download_answer(request=row, format="zip", by=other)
    assert services.download_answer(request=row, format="pdf", by=manager).startswith(b"%PDF")
    assert Event.objects.filter(kind="retention.request_downloaded").count() == 1
    with pytest.raises(Refused):
        services.download_answer(request=row, format="exe", by=manager)


def test_an_answer_that_was_changed_behind_the_systems_back_is_not_given(gathered, manager):
    reviewed(gathered, manager)
    row = services.release_answer(request=gathered, by=manager, today=TODAY, now=NOW)
    row.digest = "0" * 64
    with pytest.raises(Refused, match="fingerprint"):
        services.download_answer(request=row, format="zip", by=manager)


def test_a_request_is_closed_without_an_answer_with_a_reason(opened, manager):
    with pytest.raises(Refused, match="reason"):
        services.close_request(request=opened, reason=" ", by=manager, today=TODAY)
    assert (
        services.close_request(
            request=opened, reason="Withdrawn by letter", by=manager, today=TODAY
        ).closed_on
        == TODAY
    )


def test_a_request_is_disposed_of_with_all_that_was_gathered(gathered, manager, partner, actor):
    reviewed(gathered, manager)
    services.release_answer(request=gathered, by=manager, today=TODAY, now=NOW)
    later = day("2022-11-04")
    asked = {
        "kind": "retention.subject_request",
        "ids": [gathered.pk],
        "reason": "It is all over",
        "by": manager,
    }
    with pytest.raises(Refused, match="not due"):
        services.propose_disposal(today=day("2022-11-03"), **asked)
    disposal = services.propose_disposal(today=later, **asked)
    services.confirm_disposal(disposal=disposal, by=partner, today=later)
    while services.dispose_batch(disposal_id=disposal.pk, by=actor("system"), today=later, now=NOW):
        pass
    assert not SubjectRequest.objects.exists()
    assert not SubjectItem._base_manager.exists()
    assert not ThirdParty._base_manager.exists()
