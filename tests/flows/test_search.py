"""Searching over everything: what is on record is found at once, by whoever may see it and by nobody else."""

from __future__ import annotations

import html
import logging
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError, OperationalError

from shield.improvement import services as improvement
from shield.improvement.models import Theme
from shield.kernel.accounts import services as accounts
from shield.kernel.files import services as files
from shield.kernel.history.models import ChainHead
from shield.kernel.reporting import services as reporting
from shield.kernel.reporting.models import make_statement
from shield.kernel.search import models, queries, rules, services
from shield.kernel.search.models import Entry, Progress, Word
from shield.kernel.search.queries import finding
from shield.meetings import services as meetings
from shield.meetings.models import Resolution
from tests import cast as people
from tests.architecture import world as worlds

DAY, TODAY = date(2019, 1, 28), people.TODAY
NOW = datetime(2019, 11, 4, 10, tzinfo=UTC)


def found(typed: str, by: Any) -> list[str]:
    """The titles of what somebody finds, best first, after the index has caught up."""
    assert services.catch_up(partnership_id=by.partnership_id)
    result = queries.find(rules.ask(typed), by)
    return [entry.title for entry in result.entries(0, 50)] if result.how == "all" else []


@pytest.fixture
def by(cast: Any) -> Any:
    return people.system(cast.testbury)


@pytest.fixture
def priority(by: Any) -> Any:
    return improvement.add_priority(title="Neglect in early years", number=1, by=by)


def recommend(priority: Any, title: str, by: Any, **values: Any) -> Any:
    return improvement.add_recommendation(title=title, priority=priority, by=by, **values)


# Finding ----------------------------------------------------------------------------------------------


def test_what_was_just_recorded_is_found_by_its_title_its_text_and_its_reference(priority, by):
    row = recommend(priority, "Visit sooner", by, text="Health visitors see each baby within ten days")
    assert found("visiting", by) == ["Visit sooner"]
    assert found("BABIES ten days", by) == ["Visit sooner"]
    assert found(row.reference, by) == ["Visit sooner"]
    assert found("sooner dentists", by) == []


def test_the_last_word_may_be_a_beginning(priority, by):
    recommend(priority, "Safeguarding supervision", by)
    assert found("supervision safeg", by) == ["Safeguarding supervision"]
    assert found("safeg supervision", by) == []


def test_accents_and_case_do_not_matter(priority, by):
    recommend(priority, "The Café project of Zoë’s nursery", by)
    assert found("zoes CAFE", by) == found("Zoë's café", by) == ["The Café project of Zoë’s nursery"]


def test_titles_come_first_and_then_the_newest(by):
    for day, text in (
        (date(2019, 3, 1), "Older supervision note"),
        (date(2019, 5, 1), "Newer supervision note"),
    ):
        improvement.add_finding(text=text, sort="to_develop", evidence_from="data", found_on=day, by=by)
    priority = improvement.add_priority(title="Reflect", rationale="About supervision", by=by)
    assert found("supervision", by) == ["Newer supervision note", "Older supervision note", priority.title]


def test_a_misspelt_word_finds_what_was_meant(priority, by, client_of, person):
    recommend(priority, "Safeguarding supervision for midwives", by)
    services.follow(partnership_id=by.partnership_id)
    result = queries.find(rules.ask("safegaurding midwifes"), by)
    assert (result.how, result.meant) == ("near", "safeguarding midwives")
    assert [row.title for row in result.entries(0, 5)] == ["Safeguarding supervision for midwives"]


def test_where_nothing_holds_all_the_words_some_are_enough(priority, by):
    recommend(priority, "Supervision for midwives", by)
    services.follow(partnership_id=by.partnership_id)
    result = queries.find(rules.ask("midwives astronomy"), by)
    assert result.how == "some"
    assert len(result.hits) == 1


def test_a_decision_of_a_body_is_found_once(by):
    body = meetings.add_body(name="Board", sort="board", by=by)
    taken = meetings.take_decision(
        body=body, text="Fund the zebra scheme", outcome="agreed", by=by, today=TODAY
    )
    assert services.catch_up(partnership_id=by.partnership_id)
    assert [hit.record_id for hit in queries.find(rules.ask("zebra"), by).hits] == [taken.pk]


def test_an_agenda_item_leads_to_its_meeting(by, client_of, person):
    gathering = meetings.record_gathering(
        title="Board",
        sort="workshop",
        held_on=DAY,
        by=by,
        today=TODAY,
        business=[meetings.Item("Zebra crossings")],
    )
    page = client_of(person("business_manager")).get("/testbury/search", {"q": "zebra"})
    assert f'href="/testbury/meetings/{gathering.pk}"' in page.content.decode()


def test_one_of_every_searched_kind_is_found_by_the_words_of_its_title(cast):
    world, by = worlds.build(cast), people.system(cast.testbury)
    services.follow(partnership_id=by.partnership_id)
    known, tried = queries.kinds(), set()
    for kind, record in world.specimens.items():
        if kind not in known:
            continue
        only = dict(known[kind][0].searched.only)
        if not known[kind][0].objects.filter(pk=record.pk, **only).exists():
            assert not Entry.objects.filter(record_id=record.pk).exists(), kind
            continue
        fresh = known[kind][0].objects.visible_to(by).get(pk=record.pk)
        told = {row.instead_of_id for row in Entry.objects.all()}
        hits = queries.find(rules.ask(f"{fresh.heading} {getattr(fresh, 'reference', '')}"), by).hits
        assert record.pk in {hit.record_id for hit in hits} | told, kind
        tried.add(kind)
    assert len(tried) > 22


# Following the history --------------------------------------------------------------------------------


def test_a_changed_title_is_found_by_its_new_words_only(priority, by):
    row = recommend(priority, "Visit sooner", by)
    assert found("sooner", by) == ["Visit sooner"]
    improvement.change_recommendation(
        recommendation=row, changes={"title": "Listen earlier"}, by=by, expected_version=row.version
    )
    assert found("sooner", by) == []
    assert found("earlier", by) == ["Listen earlier"]


def test_what_was_taken_back_is_found_no_more(priority, by):
    row = recommend(priority, "Zebra crossings", by)
    assert found("zebra", by) == ["Zebra crossings"]
    improvement.take_back(
        record=row, reason="It was recorded twice.", by=by, today=TODAY, expected_version=row.version
    )
    assert queries.find(rules.ask("zebra"), by).hits == []  # before the index has taken notice
    assert found("zebra", by) == []
    assert not Entry.objects.filter(record_id=row.pk).exists()


def test_items_of_an_agenda_are_read_with_their_meeting(by):
    gathering = meetings.record_gathering(
        title="Board",
        sort="workshop",
        held_on=DAY,
        by=by,
        today=TODAY,
        business=[meetings.Item("Zebra crossings")],
    )
    assert found("zebra", by) == ["Zebra crossings"]
    meetings.set_agenda(
        gathering=gathering, business=[meetings.Item("Giraffes")], by=by, expected_version=gathering.version
    )
    assert found("zebra", by) == []
    assert found("giraffe", by) == ["Giraffes"]


def test_a_decision_of_a_body_follows_the_decision_it_ties(by):
    body = meetings.add_body(name="Board", sort="board", by=by)
    taken = meetings.take_decision(body=body, text="Fund the zebra", outcome="agreed", by=by, today=TODAY)
    assert found("zebra", by) == ["Fund the zebra"]
    improvement.correct_decision(
        decision=taken.decision, changes={"text": "Fund the giraffe"}, why="It was misheard.", by=by
    )
    assert found("zebra", by) == []
    assert found("giraffe", by) == ["Fund the giraffe"]
    improvement.withdraw_decision(
        decision=Resolution.objects.get().decision, reason="It was never taken at all.", by=by, today=TODAY
    )
    assert found("giraffe", by) == []
    assert not Entry.objects.filter(record_id=taken.pk).exists()


def test_statements_that_were_imported_at_once_are_found(by):
    year = reporting.add_year(
        name="2018-19",
        starts_on=people.SINCE,
        ends_on=date(2019, 10, 31),
        as_at=TODAY,
        edition="WT2018",
        by=by,
    )
    made = [
        make_statement(
            by.partnership_id, number, year=year, subject_kind="figure", subject_key=f"some.{number}", subject_title="Zebras",
            attribute="value", source="A draft", section="2",
        )
        for number in range(3)
    ]  # fmt: skip
    reporting.import_statements(statements=made, source="A draft", by=by)
    assert not services.catch_up(partnership_id=by.partnership_id)  # left to the job: there may be very many
    services.follow(partnership_id=by.partnership_id)
    assert len(found("zebra", by)) == 3


def test_a_search_takes_in_the_last_entries_only_and_says_that_it_is_behind(
    priority, by, client_of, person, monkeypatch
):
    services.follow(partnership_id=by.partnership_id)
    monkeypatch.setattr(services, "STEP", 2)
    manager = client_of(person("business_manager"))
    for number in range(4):
        recommend(priority, f"Zebra {number}", by)
    page = manager.get("/testbury/search", {"q": "zebra"})
    assert "may be missing here" in page.content.decode()
    services.follow(partnership_id=by.partnership_id)
    page = manager.get("/testbury/search", {"q": "zebra"})
    assert "may be missing here" not in page.content.decode()
    assert "4 results" in page.content.decode()


def test_a_database_that_somebody_holds_is_searched_as_it_is(priority, by, monkeypatch):
    recommend(priority, "Zebra", by)
    services.follow(partnership_id=by.partnership_id)
    recommend(priority, "Zebra too", by)

    def held(*args: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(services, "_step", held)
    assert not services.catch_up(partnership_id=by.partnership_id)
    assert len(queries.find(rules.ask("zebra"), by).hits) == 1


def test_the_job_follows_every_partnership(cast):
    from shield.kernel.search import tasks

    for where in (cast.testbury, cast.otherton):
        improvement.add_theme(title="Zebra", by=people.system(where))
    tasks.follow()
    done = dict(Progress.objects.values_list("partnership_id", "sequence"))
    assert done == dict(ChainHead.objects.values_list("partnership_id", "count"))
    assert Entry.objects.filter(title="Zebra").count() == 2


def test_an_index_made_anew_is_the_same_as_one_that_followed(cast):
    worlds.build(cast)
    services.follow(partnership_id=cast.testbury.pk)
    held = ("kind", "record_id", *services.COMPARED)
    followed = set(Entry.objects.filter(partnership_id=cast.testbury.pk).values_list(*held))
    Entry.objects.filter(partnership_id=cast.testbury.pk).delete()
    Word.objects.filter(partnership_id=cast.testbury.pk).delete()
    assert services.rebuild(partnership_id=cast.testbury.pk) == len(followed)
    assert set(Entry.objects.filter(partnership_id=cast.testbury.pk).values_list(*held)) == followed
    assert queries.behind(cast.testbury.pk)[0] == Progress.objects.get(pk=cast.testbury.pk).sequence


def test_what_is_no_record_any_more_leaves_the_index_with_its_words(priority, by):
    row = recommend(priority, "Zebra crossings", by)
    services.follow(partnership_id=by.partnership_id)
    Entry.objects.filter(record_id=row.pk).update(record_id="018f0000-0000-7000-8000-000000000000")
    assert services.tidy(partnership_id=by.partnership_id) == 1
    assert not Word.objects.filter(word="zebra").exists()
    assert Word.objects.filter(word="neglect").exists()


def test_what_went_with_a_disposal_leaves_the_index(priority, by, monkeypatch):
    row = recommend(priority, "Zebra crossings", by)
    services.follow(partnership_id=by.partnership_id)
    monkeypatch.setattr(Theme, "removes_records", True)  # stands for a disposal
    Entry.objects.filter(record_id=row.pk).update(record_id="018f0000-0000-7000-8000-000000000000")
    improvement.add_theme(title="Giraffe", by=by)
    assert not services.catch_up(partnership_id=by.partnership_id)
    services.follow(partnership_id=by.partnership_id)
    assert not Entry.objects.filter(title="Zebra crossings").exists()
    assert not Word.objects.filter(word="zebra").exists()
    assert services.catch_up(partnership_id=by.partnership_id)


def test_what_makes_the_index_fast_is_put_back_by_every_migration(db):
    assert models.missing_parts(connection) == []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX search_entry_vector")
        else:
            cursor.execute("DROP TRIGGER search_entry_changed")
    assert len(models.missing_parts(connection)) == 1
    models.install(connection)
    assert models.missing_parts(connection) == []


# Need to know -----------------------------------------------------------------------------------------


def test_an_agency_finds_what_is_asked_of_it_and_of_no_other(priority, by, actor, agencies):
    for key in ("school", "charity"):
        improvement.add_action(
            text=f"Zebra for the {key}",
            owner=improvement.Owner(agency=agencies[key]),
            by=by,
            priority=priority,
        )
    recommend(priority, "Zebra recommendation", by)
    assert found("zebra", actor("agency_lead", agency=agencies["school"])) == ["Zebra for the school"]
    assert found("zebra", actor("practitioner")) == []
    assert len(found("zebra", actor("business_manager"))) == 3


def test_what_is_too_much_to_look_up_is_compared_as_a_whole(priority, by, actor, agencies, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 3)
    for number in range(6):
        owner = improvement.Owner(agency=agencies["school" if number % 3 == 0 else "charity"])
        improvement.add_action(text=f"Zebra {number}", owner=owner, by=by, priority=priority)
    school = actor("agency_lead", agency=agencies["school"])
    assert sorted(found("zebra", school)) == ["Zebra 0", "Zebra 3"]
    assert not queries.find(rules.ask("zebra"), school).more
    everything = queries.find(rules.ask("zebra"), actor("business_manager"))
    assert everything.more
    assert len(everything.hits) == 3
    assert found("zebra", actor("practitioner")) == []


def test_another_partnership_finds_nothing_of_this_one(priority, by, actor, otherton):
    recommend(priority, "Zebra crossings", by)
    found("zebra", by)
    stranger = actor("business_manager", partnership=otherton)
    services.follow(partnership_id=otherton.pk)
    for typed in ("zebra", "zebrra", "zebra crossings", "neglect"):
        result = queries.find(rules.ask(typed), stranger)
        assert (result.hits, result.counts, result.meant) == ([], {}, "")


def test_a_suggestion_tells_of_no_word_that_the_person_may_not_read(priority, by, actor, agencies):
    owner = improvement.Owner(agency=agencies["charity"])
    improvement.add_action(text="Confidentially about Quigglesworth", owner=owner, by=by, priority=priority)
    services.follow(partnership_id=by.partnership_id)
    result = queries.find(rules.ask("quigglesworht"), actor("agency_lead", agency=agencies["school"]))
    assert (result.meant, result.hits) == ("", [])
    assert queries.find(rules.ask("quigglesworht"), by).meant == "quigglesworth"


def test_a_paper_for_the_partners_is_found_by_them_only(by, actor, agencies):
    body = meetings.add_body(name="Executive", sort="board", by=by)
    gathering = meetings.record_gathering(
        title="Executive",
        sort="board_meeting",
        held_on=date(2019, 12, 1),
        status="planned",
        body=body,
        by=by,
        today=TODAY,
    )
    meetings.ask_for_paper(gathering=gathering, title="Zebra budget", audience="partners", by=by)
    assert found("zebra", actor("safeguarding_partner", agency=agencies["police"])) == ["Zebra budget"]
    assert found("zebra", actor("agency_lead", agency=agencies["school"])) == []


def test_a_file_is_found_by_who_may_see_what_it_is_attached_to(priority, by, actor, agencies):
    action = improvement.add_action(
        text="Ask", owner=improvement.Owner(agency=agencies["school"]), by=by, priority=priority
    )
    files.attach(about=action.ref, name="zebra.txt", content=b"Plain.", by=by)
    assert found("zebra", actor("agency_lead", agency=agencies["school"])) == ["zebra.txt"]
    assert found("zebra", actor("agency_lead", agency=agencies["charity"])) == []


def test_minutes_that_are_a_draft_are_found_by_those_who_write_them(by, actor, agencies):
    gathering = meetings.record_gathering(title="Board", sort="workshop", held_on=DAY, by=by, today=TODAY)
    minutes = meetings.write_minutes(gathering=gathering, text="We met zebras.", by=by, now=NOW)
    reader = actor("agency_lead", agency=agencies["school"])
    assert found("zebras", reader) == []
    assert len(found("zebras", actor("business_manager"))) == 1
    meetings.circulate_minutes(minutes=minutes, by=by, today=TODAY)
    assert len(found("zebras", reader)) == 1


def test_people_are_found_by_those_who_may_see_them(by, person, actor, agencies):
    person("practitioner", name="Quentin Zebraman", agency=agencies["charity"])
    assert found("zebraman", actor("business_manager")) == ["Quentin Zebraman"]
    assert found("zebraman", actor("agency_admin", agency=agencies["charity"])) == ["Quentin Zebraman"]
    assert found("zebraman", actor("agency_admin", agency=agencies["school"])) == []
    assert found("zebraman", actor("scrutineer")) == []


def test_somebody_known_here_and_elsewhere_is_found_in_each_place(by, cast, actor):
    for where in (cast.testbury, cast.otherton):
        accounts.add_person(
            name="Quentin Zebraman",
            email="quentin@example.invalid",
            role="practitioner",
            by=people.system(where),
            today=TODAY,
        )
    for where in (cast.testbury, cast.otherton):
        assert found("zebraman", actor("business_manager", partnership=where)) == ["Quentin Zebraman"]


# The page ---------------------------------------------------------------------------------------------


def words_of(page: Any) -> str:
    """The words of a page, in one line."""
    assert page.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


@pytest.fixture
def manager(client_of, person):
    return client_of(person("business_manager"))


def test_the_page_shows_what_was_found_with_its_words_marked(priority, by, manager):
    row = recommend(priority, "Zebra crossings", by, text="Each zebra is painted.")
    page = manager.get("/testbury/search", {"q": "zebras"})
    told = page.content.decode()
    assert f'<a class="govuk-link" href="/testbury/recommendations/{row.pk}">' in told
    assert '<mark class="shield-mark">Zebra</mark> crossings' in told
    assert 'Each <mark class="shield-mark">zebra</mark> is painted.' in told
    assert "1 result for “zebras”" in told


def test_a_result_tells_its_day_as_exactly_as_it_is_known(priority, by, manager):
    improvement.add_action(
        text="Zebra one", due_on=date(2019, 10, 1), precision="month", by=by, priority=priority
    )
    improvement.add_action(text="Zebra two", due_on=date(2019, 9, 1), by=by, priority=priority)
    improvement.add_theme(title="Zebra without a day", by=by)
    told = words_of(manager.get("/testbury/search", {"q": "zebra"}))
    assert "Action · October 2019" in told
    assert "Action · 1 September 2019" in told
    assert "Zebra without a day Theme" in told


def test_results_are_counted_and_narrowed_by_kind(priority, by, manager):
    recommend(priority, "Zebra crossings", by)
    for number in range(2):
        improvement.add_theme(title=f"Zebra {number}", by=by)
    told = words_of(manager.get("/testbury/search", {"q": "zebra"}))
    assert "All kinds (3) Theme (2) Recommendation (1)" in told
    narrowed = words_of(manager.get("/testbury/search", {"q": "zebra", "kind": "improvement.theme"}))
    assert "2 results for “zebra”: theme" in narrowed
    assert "crossings" not in narrowed
    none = words_of(manager.get("/testbury/search", {"q": "zebra", "kind": "improvement.action"}))
    assert "Choose another kind" in none


def test_many_results_are_paged_at_the_same_number_of_queries(by, manager, count_queries):
    improvement.add_theme(title="Zebra", by=by)
    sent = []
    for more in (0, 49):
        for number in range(more):
            improvement.add_theme(title=f"Zebra {number}", by=by)
        services.follow(partnership_id=by.partnership_id)
        manager.get("/testbury/search", {"q": "zebra"})
        with count_queries() as counted:
            page = manager.get("/testbury/search", {"q": "zebra"})
        sent.append(len(counted))
    assert sent[0] == sent[1] <= 15
    assert "page=2" in page.content.decode()
    assert "Zebra 0" in words_of(manager.get("/testbury/search", {"q": "zebra", "page": "5"}))


@pytest.mark.parametrize("typed", ["zebrra", "zebra astronomy", "xyzzyq astronomy"])
def test_what_is_not_found_at_once_costs_no_more_than_a_page_may(typed, priority, by, manager, count_queries):
    recommend(priority, "Zebra crossings", by)
    services.follow(partnership_id=by.partnership_id)
    manager.get("/testbury/search", {"q": typed})
    with count_queries() as counted:
        manager.get("/testbury/search", {"q": typed})
    assert len(counted) <= 15


def test_a_misspelt_word_leads_to_the_one_that_was_meant(priority, by, manager):
    recommend(priority, "Safeguarding supervision", by)
    told = words_of(manager.get("/testbury/search", {"q": "supervison"}))
    assert "Nothing found for “supervison”, but this is close to it Did you mean supervision ?" in told
    assert "Safeguarding supervision" in told


def test_an_empty_page_says_what_to_do(manager):
    assert "Check the spelling" in words_of(manager.get("/testbury/search", {"q": "xyzzyq"}))
    assert "Type a word" in words_of(manager.get("/testbury/search", {"q": "the of"}))
    assert "Nothing found" not in words_of(manager.get("/testbury/search"))


@pytest.mark.parametrize(
    "typed",
    [
        '"', '""', "*", "NEAR(a b)", "a NOT b", "-zebra", "folded_title:zebra", "zebra:*", "zebra & | !", "'zebra'",
        "zebra\0crossing", "\0", "😀 zebra", "שלום זברה", "\ud800zebra", "%", "%s %(x)s", "{} {0}", "; DROP TABLE search_entry",
        "ﷺ ﷽", "𞤀𞤁𞤂", "a" * 5000, "zebra " * 20_000, "́̂ z̃e", "<script>alert(1)</script>", "\\", "zebra\\",
    ],
)  # fmt: skip
def test_whatever_is_typed_is_answered(typed, priority, by, manager):
    recommend(priority, "Zebra crossings", by)
    page = manager.get("/testbury/search", {"q": typed.encode("utf-8", "surrogatepass")})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_a_number_of_a_page_or_a_kind_that_is_nonsense_is_answered(priority, by, manager):
    recommend(priority, "Zebra crossings", by)
    for asked in (
        {"page": "x"},
        {"page": "-1"},
        {"page": "99999999999999"},
        {"kind": "no.such"},
        {"kind": "\0"},
    ):
        assert "1 result" in words_of(manager.get("/testbury/search", {"q": "zebra", **asked}))


def test_the_search_is_in_the_header_of_every_page_but_its_own(manager, client):
    assert 'action="/testbury/search"' in manager.get("/testbury/").content.decode()
    assert manager.get("/testbury/search").content.decode().count('role="search"') == 1
    assert "shield-search" not in client.get("/").content.decode()


def test_what_was_typed_stands_in_no_title_and_no_log(manager, caplog, monkeypatch):
    with caplog.at_level(logging.DEBUG):
        page = manager.get("/testbury/search", {"q": "Peregrine"})
        title = re.search(r"<title>(.*?)</title>", page.content.decode())[1]
    assert "Peregrine" not in title
    assert "Peregrine" not in " ".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_a_database_that_fails_is_told_without_what_was_typed(manager, caplog, monkeypatch):
    def broken(*args: Any, **options: Any) -> None:
        raise DatabaseError("syntax error near Peregrine")

    monkeypatch.setattr(finding, "_run", broken)
    told = words_of(manager.get("/testbury/search", {"q": "Peregrine"}))
    assert "The search did not work just now" in told
    assert "Peregrine" not in caplog.text
    assert "A search failed: DatabaseError." in caplog.text


def test_the_server_keeps_no_log_of_addresses(monkeypatch):
    from shield.project import serving

    started: list[list[str]] = []
    monkeypatch.setattr(serving, "_start", lambda command: started.append(command))
    monkeypatch.setattr(serving, "watch", lambda server, beside: 0)
    monkeypatch.setattr(serving, "stop", lambda processes: None)
    monkeypatch.setattr(serving.signal, "signal", lambda *args: None)
    serving.serve("127.0.0.1", 8000, with_worker=False)
    assert "--no-access-log" in started[0]
    assert "--access-log" not in started[0]
