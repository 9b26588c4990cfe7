"""Clocks are started, stand still, are extended, met and stopped; holidays move them."""

import json
import uuid
from datetime import date, timedelta

import pytest
from django.conf import settings

from shield.kernel.access.rules import Forbidden
from shield.kernel.calendar import rules as calendar
from shield.kernel.clocks import permissions, queries, rules, services
from shield.kernel.clocks.models import BankHoliday, Clock
from shield.kernel.history import queries as history
from shield.kernel.records.rules import RecordRef, Refused, Stale
from tests.cast import TODAY

RAPID = rules.ClockRule(
    "review.rapid",
    "Rapid review",
    "a serious incident is notified",
    15,
    "working_days",
    "The partners",
    "ch 4",
)


IN_TIME = date(2019, 7, 15)
"""A day before a rapid review that began on 11 July 2019 is due."""
YEAR = (date(2018, 10, 1), date(2019, 10, 31))


@pytest.fixture(autouse=True)
def an_edition_with_working_days(monkeypatch):
    """The editions that came with this version, and one with a duty in working days."""
    known = dict(queries.editions())
    known["TEST"] = rules.Edition("TEST", "A test guide", date(2018, 1, 1), None, {RAPID.code: RAPID}, (), ())
    monkeypatch.setattr(queries, "editions", lambda: known)


@pytest.fixture
def by(actor):
    return actor("business_manager")


def start(by, on=date(2019, 7, 11), code="review.rapid", edition="TEST", about=None):
    about = about or RecordRef("test.case", uuid.uuid4(), "Case 7")
    return services.start(code=code, edition=edition, about=about, on=on, by=by)


def told(clock):
    return [entry.sentence for entry in history.of_record(clock.partnership_id, clock.pk)]


def test_every_edition_that_came_with_this_version_is_read():
    found = {p.name for p in __import__("pathlib").Path(settings.SHIELD_EDITIONS).iterdir() if p.is_dir()}
    assert found <= set(queries.editions())
    for edition in queries.editions().values():
        assert all(rules.Unit(rule.unit) and rule.period > 0 for rule in edition.clocks.values())


def test_an_unknown_edition_is_said():
    with pytest.raises(LookupError, match="WT1066"):
        queries.edition("WT1066")


def test_a_clock_starts_with_its_date_and_says_so(by):
    clock = start(by)
    assert (clock.due_on, clock.state, clock.title) == (date(2019, 8, 1), "running", "Rapid review")
    assert told(clock) == ["started the clock “Rapid review”, due 1 August 2019"]
    assert clock.reference == "CLK-0001"


def test_the_yearly_report_is_due_twelve_months_after_the_year(by):
    clock = start(by, date(2019, 10, 31), "report.publication", "WT2018")
    assert clock.due_on == date(2020, 10, 31)


def test_the_same_event_does_not_start_a_clock_twice(by):
    about = RecordRef("test.case", uuid.uuid4(), "Case 7")
    assert start(by, about=about) == start(by, about=about)
    assert Clock.objects.count() == 1


def test_a_clock_beyond_the_known_holidays_is_refused_in_words(by):
    with pytest.raises(Refused, match="cannot be counted yet"):
        start(by, date(2099, 1, 1))


def test_a_pause_takes_the_date_away_and_gives_a_later_one_back(by):
    clock = services.pause(
        clock=start(by),
        reason="The police ask us to wait.",
        by=by,
        on=date(2019, 7, 15),
        today=date(2019, 7, 15),
    )
    assert (clock.state, clock.due_on) == ("paused", None)
    clock = services.resume(clock=clock, by=by, on=date(2019, 7, 22), today=date(2019, 7, 22))
    assert (clock.state, clock.due_on) == ("running", date(2019, 8, 8))
    assert queries.explanation(clock)[-1].day == clock.due_on
    assert told(clock)[:2] == [
        "resumed the clock “Rapid review”, now due 8 August 2019",
        "paused the clock “Rapid review”: The police ask us to wait.",
    ]


def test_pauses_and_extensions_are_refused_where_they_make_no_sense(by):
    clock = start(by)
    with pytest.raises(Refused, match="before it starts"):
        services.pause(
            clock=clock, reason="The police ask us to wait.", by=by, on=date(2019, 7, 10), today=TODAY
        )
    with pytest.raises(Refused, match="sentence"):
        services.pause(clock=clock, reason="wait", by=by, on=TODAY, today=TODAY)
    for extra in (0, 16):
        with pytest.raises(Refused, match="1 to 15: no further than the period itself"):
            services.extend(clock=clock, extra=extra, reason="The Panel agreed to it.", by=by, today=IN_TIME)
    services.pause(
        clock=clock, reason="The police ask us to wait.", by=by, on=date(2019, 7, 15), today=date(2019, 7, 15)
    )
    with pytest.raises(Refused, match="before it stood still"):
        services.resume(clock=clock, by=by, on=date(2019, 7, 14), today=TODAY)
    with pytest.raises(Refused, match="Only a running clock"):
        services.extend(clock=clock, extra=1, reason="The Panel agreed to it.", by=by, today=IN_TIME)
    with pytest.raises(Refused, match="cannot become paused"):
        services.pause(clock=clock, reason="The police ask us to wait.", by=by, on=TODAY, today=TODAY)


def test_a_pause_begins_and_ends_on_days_that_have_come(by):
    clock, today = start(by, date(2019, 10, 25)), TODAY
    with pytest.raises(Refused, match="later day"):
        services.pause(
            clock=clock, reason="The police ask us to wait.", by=by, on=date(2030, 1, 1), today=today
        )
    services.pause(clock=clock, reason="The police ask us to wait.", by=by, on=today, today=today)
    with pytest.raises(Refused, match="later day than today"):
        services.resume(clock=clock, by=by, on=date(2040, 1, 1), today=today)


def test_a_pause_never_takes_lateness_away(by):
    clock = start(by)
    assert clock.due_on == date(2019, 8, 1)
    with pytest.raises(Refused, match="late since 1 August 2019"):
        services.pause(
            clock=clock, reason="The police ask us to wait.", by=by, on=date(2019, 7, 31), today=TODAY
        )
    clock = services.pause(clock=clock, reason="The police ask us to wait.", by=by, on=TODAY, today=TODAY)
    assert (clock.state, clock.due_on) == ("paused", date(2019, 8, 1))
    assert list(queries.overdue(by, TODAY)) == [clock]
    assert queries.compliance(by, *YEAR, TODAY) == ([clock], 0)
    assert queries.explanation(clock)[-1].day == date(2019, 8, 1)
    clock = services.resume(clock=clock, by=by, on=date(2019, 11, 20), today=date(2019, 11, 20))
    assert clock.due_on == date(2019, 8, 1)


def test_pauses_that_overlap_stand_still_once(by):
    clock = start(by, date(2019, 1, 31), "report.publication", "WT2018")
    for first, last in ((date(2019, 3, 1), date(2019, 3, 31)), (date(2019, 3, 15), date(2019, 4, 10))):
        services.pause(clock=clock, reason="The police ask us to wait.", by=by, on=first, today=TODAY)
        clock = services.resume(clock=clock, by=by, on=last, today=TODAY)
    assert clock.due_on == date(2020, 1, 31) + timedelta(days=40)


def test_duties_met_in_time_are_those_of_the_period_as_they_stood_on_its_day(by):
    in_time, met_late, late = start(by), start(by), start(by)
    before, after = start(by, date(2018, 7, 11)), start(by, date(2019, 11, 1))
    stopped = services.stop(clock=start(by), reason="The notification was withdrawn.", by=by)
    in_time = services.meet(clock=in_time, on=date(2019, 8, 1), by=by, today=TODAY)
    met_late = services.meet(clock=met_late, on=date(2019, 11, 3), by=by, today=TODAY)
    services.meet(clock=before, on=date(2018, 7, 20), by=by, today=TODAY)

    def known(as_at, within=YEAR):
        rows, met = queries.compliance(by, *within, as_at)
        return {row.pk for row in rows}, met

    assert known(date(2019, 10, 31)) == ({in_time.pk, met_late.pk, late.pk}, 1)
    assert known(date(2019, 7, 31)) == (set(), 0), "nothing was due yet"
    assert known(date(2019, 8, 2)) == ({in_time.pk, met_late.pk, late.pk}, 1)
    assert known(TODAY, (date(2019, 11, 1), date(2020, 10, 31))) == ({met_late.pk}, 0), "met within the next"
    assert known(TODAY, (date(2018, 1, 1), date(2018, 9, 30))) == ({before.pk}, 1)
    assert after.due_on > TODAY
    assert stopped.state == "stopped"


def test_a_duty_that_comes_up_again_has_a_clock_of_its_own(by):
    about = RecordRef("test.case", uuid.uuid4(), "Case 7")
    first = services.meet(clock=start(by, about=about), on=date(2019, 7, 18), by=by, today=TODAY)
    second = start(by, date(2019, 9, 2), about=about)
    assert (second.occasion, second.state, second.started_on) == (2, "running", date(2019, 9, 2))
    assert start(by, date(2019, 9, 3), about=about) == second, "one that runs is left as it is"
    assert services.meet_by_event(about=about, code=RAPID.code, on=TODAY, by=by, today=TODAY) == second
    services.stop(clock=start(by, TODAY, about=about), reason="The notification was withdrawn.", by=by)
    assert start(by, TODAY, about=about).occasion == 4
    assert list(queries.of_record(about.id, by).order_by("occasion").values_list("state", flat=True)) == [
        "met", "met", "stopped", "running",
    ]  # fmt: skip
    assert Clock.objects.get(pk=first.pk).met_on == date(2019, 7, 18)


def test_extensions_add_up_in_the_rules_own_unit(by):
    clock = services.extend(clock=start(by), extra=3, reason="The Panel agreed to it.", by=by, today=IN_TIME)
    clock = services.extend(clock=clock, extra=2, reason="The Panel agreed again.", by=by, today=IN_TIME)
    assert (clock.extra, clock.due_on) == (5, date(2019, 8, 8))


def test_a_duty_is_met_on_a_day_between_its_start_and_today(by):
    clock = start(by)
    for day in (date(2019, 7, 10), TODAY + timedelta(days=1)):
        with pytest.raises(Refused, match="between"):
            services.meet(clock=clock, on=day, by=by, today=TODAY)
    clock = services.meet(clock=clock, on=date(2019, 7, 18), by=by, today=TODAY)
    assert (clock.state, clock.met_on) == ("met", date(2019, 7, 18))
    assert queries.compliance(by, *YEAR, TODAY) == ([clock], 1)
    with pytest.raises(Refused, match="This clock is met"):
        services.stop(clock=clock, reason="It no longer applies.", by=by)


def test_a_records_event_meets_its_duty_or_nothing(by):
    about = RecordRef("test.case", uuid.uuid4(), "Case 7")
    start(by, about=about)
    met = services.meet_by_event(about=about, code=RAPID.code, on=TODAY, by=by, today=TODAY)
    assert met.met_on == TODAY
    assert queries.compliance(by, *YEAR, TODAY) == ([met], 0)
    assert services.meet_by_event(about=about, code=RAPID.code, on=TODAY, by=by, today=TODAY) is None


@pytest.mark.parametrize("today", [date(2019, 8, 2), date(2020, 3, 1)])
def test_what_is_late_is_not_extended_into_having_been_in_time(by, today):
    clock = start(by)
    with pytest.raises(Refused, match=r"late since 1 August 2019\. An extension is agreed before"):
        services.extend(clock=clock, extra=12, reason="The Panel agreed to it.", by=by, today=today)
    assert services.extend(
        clock=clock, extra=12, reason="The Panel agreed to it.", by=by, today=date(2019, 8, 1)
    ).due_on == date(2019, 8, 19)


# --- Duties that an event meets, and mistakes


PUBLISHED = "report.publication"


def publish(about, by, on=TODAY):
    return services.meet_by_event(about=about, code=PUBLISHED, on=on, by=by, today=TODAY)


def test_a_duty_that_an_event_meets_is_met_by_hand_only_with_the_reason_how(by):
    clock = start(by, date(2019, 10, 1), PUBLISHED, "WT2018")
    with pytest.raises(Refused, match="met by itself when the report is published"):
        services.meet(clock=clock, on=TODAY, by=by, today=TODAY)
    assert queries.compliance(by, date(2019, 10, 1), date(2020, 10, 31), TODAY) == ([], 0)
    words = "It was printed and handed out on paper."
    clock = services.meet(clock=clock, on=TODAY, reason=words, by=by, today=TODAY)
    assert (clock.state, clock.reason) == ("met", words)
    assert (
        told(clock)[0]
        == f"met the duty “Publish the yearly report” on 4 November 2019, outside Shield: {words}"
    )


def test_every_duty_says_what_meets_it_where_shield_sees_it_met():
    for edition in queries.editions().values():
        for code, rule in edition.clocks.items():
            seen = code.startswith("report.") or (
                edition.code != "TEST" and code.startswith(("incident.", "review."))
            )
            assert bool(rule.met_by) == seen, (edition.code, code)


def test_an_event_meets_a_clock_that_stands_still_and_ends_its_pause(by):
    about = RecordRef("test.case", uuid.uuid4(), "Case 7")
    clock = start(by, date(2019, 10, 1), PUBLISHED, "WT2018", about)
    services.pause(clock=clock, reason="The police ask us to wait.", by=by, on=date(2019, 10, 5), today=TODAY)
    met = publish(about, by)
    assert (met.state, met.met_on, met.due_on) == ("met", TODAY, date(2020, 10, 31))
    assert [(p.starts_on, p.ends_on) for p in queries.pauses_of(met)] == [(date(2019, 10, 5), TODAY)]
    assert [line.split()[0] for line in told(met)] == ["met", "resumed", "paused", "started"]


def test_an_event_before_the_pause_began_takes_no_day_from_the_period(by):
    about = RecordRef("test.case", uuid.uuid4(), "Case 7")
    clock = start(by, date(2019, 10, 1), PUBLISHED, "WT2018", about)
    services.pause(
        clock=clock, reason="The police ask us to wait.", by=by, on=date(2019, 10, 20), today=TODAY
    )
    met = publish(about, by, date(2019, 10, 10))
    assert (met.met_on, met.due_on) == (date(2019, 10, 10), date(2020, 10, 1))


@pytest.mark.parametrize("was", ["met", "stopped"])
def test_what_was_marked_by_mistake_goes_on_and_the_history_keeps_both(by, was):
    clock = start(by)
    if was == "met":
        clock = services.meet(clock=clock, on=date(2019, 7, 18), by=by, today=TODAY)
    else:
        clock = services.stop(clock=clock, reason="The notification was withdrawn.", by=by)
    with pytest.raises(Refused, match="sentence"):
        services.put_right(clock=clock, reason="oops", by=by)
    clock = services.put_right(clock=clock, reason="It was marked by mistake.", by=by)
    assert (clock.state, clock.met_on, clock.reason, clock.due_on) == ("running", None, "", date(2019, 8, 1))
    assert told(clock)[0] == (
        f"said that “Rapid review” was marked as {was} by mistake, now due 1 August 2019: It was marked by mistake."
    )
    assert list(queries.overdue(by, TODAY)) == [clock]
    with pytest.raises(Refused, match="This clock is running; there is nothing to put right"):
        services.put_right(clock=clock, reason="It was marked by mistake.", by=by)


def test_a_clock_that_was_stopped_while_it_stood_still_stands_still_again(by):
    clock = start(by, date(2019, 10, 25))
    services.pause(clock=clock, reason="The police ask us to wait.", by=by, on=TODAY, today=TODAY)
    services.stop(clock=clock, reason="The notification was withdrawn.", by=by)
    clock = services.put_right(clock=clock, reason="It was stopped by mistake.", by=by)
    assert (clock.state, clock.due_on) == ("paused", None)


def test_a_duty_that_came_up_again_is_put_right_on_its_new_clock(by):
    about = RecordRef("test.case", uuid.uuid4(), "Case 7")
    first = services.meet(clock=start(by, about=about), on=date(2019, 7, 18), by=by, today=TODAY)
    start(by, TODAY, about=about)
    with pytest.raises(Refused, match="come up again"):
        services.put_right(clock=first, reason="It was marked by mistake.", by=by)


def test_a_stopped_clock_says_why(by):
    clock = services.stop(clock=start(by), reason="The notification was withdrawn.", by=by)
    assert told(clock)[0] == "stopped the clock “Rapid review”: The notification was withdrawn."


def test_an_older_version_is_stale(by):
    clock = start(by)
    services.extend(
        clock=clock, extra=1, reason="The Panel agreed to it.", by=by, today=IN_TIME, expected_version=1
    )
    with pytest.raises(Stale):
        services.extend(
            clock=clock, extra=1, reason="The Panel agreed to it.", by=by, today=IN_TIME, expected_version=1
        )


@pytest.mark.parametrize("role", ["safeguarding_partner", "agency_lead", "public"])
def test_only_who_may_change_clocks_changes_them(by, actor, role):
    clock, other = start(by), actor(role)
    for act in (
        lambda: services.pause(
            clock=clock, reason="The police ask us to wait.", by=other, on=TODAY, today=TODAY
        ),
        lambda: services.resume(clock=clock, by=other, on=TODAY, today=TODAY),
        lambda: services.extend(
            clock=clock, extra=1, reason="The Panel agreed to it.", by=other, today=IN_TIME
        ),
        lambda: services.meet(clock=clock, on=TODAY, by=other, today=TODAY),
        lambda: services.stop(clock=clock, reason="It no longer applies.", by=other),
        lambda: services.put_right(clock=clock, reason="It was marked by mistake.", by=other),
        lambda: services.update_holidays(text="{}", actors={}, system=other),
    ):
        with pytest.raises(Forbidden, match="Your role here does not include"):
            act()


def listed(*more, without=(), years=(2019,)):
    """GOV.UK's JSON of some years, with days more and days less."""
    days = {d: t for d, t in calendar.shipped_holidays().items() if d.year in years and d not in without}
    events = [
        {"title": t, "date": d.isoformat(), "notes": "", "bunting": True}
        for d, t in sorted({**days, **dict(more)}.items())
    ]
    return json.dumps(
        {"england-and-wales": {"division": "england-and-wales", "events": events}, "scotland": {"events": []}}
    )


@pytest.fixture
def update(actor, partnership, otherton):
    system = actor("system")
    others = {p.pk: actor("system", partnership=p) for p in (partnership, otherton)}
    return lambda text: services.update_holidays(text=text, actors=others, system=system)


MOURNING = (date(2019, 7, 25), "A day of mourning")


def test_a_new_holiday_moves_only_the_clocks_whose_span_holds_it(by, update):
    holds, later = start(by), start(by, date(2019, 8, 5))
    months = start(by, date(2018, 10, 31), "report.publication", "WT2018")
    met = services.meet(clock=start(by), on=date(2019, 7, 29), by=by, today=TODAY)
    added, removed, moved = update(listed(MOURNING))
    assert (added, removed, moved) == (1, 0, [holds])
    assert [Clock.objects.get(pk=c.pk).due_on for c in (holds, later, months, met)] == [
        date(2019, 8, 2),
        later.due_on,
        months.due_on,
        met.due_on,
    ]
    assert (
        told(holds)[0]
        == "moved the clock “Rapid review” from 1 August 2019 to 2 August 2019: the bank holidays changed"
    )
    days = queries.explanation(Clock.objects.get(pk=holds.pk))
    assert ("bank holiday: A day of mourning", None) in [
        (line.why, line.number) for line in days if line.day == MOURNING[0]
    ]


def test_a_withdrawn_holiday_moves_clocks_back(by, update):
    clock = start(by, date(2019, 8, 23))
    before = clock.due_on
    added, removed, moved = update(listed(MOURNING, without=[date(2019, 8, 26)]))
    assert (added, removed, moved) == (1, 1, [clock])
    assert Clock.objects.get(pk=clock.pk).due_on == before - timedelta(days=3)
    assert update(listed()) == (1, 1, [clock])
    assert Clock.objects.get(pk=clock.pk).due_on == before


def test_the_same_list_again_changes_nothing(update):
    assert update(listed(years=range(2012, 2028)))[:2] == (0, 0)
    assert not BankHoliday.objects.exists()


def test_a_list_of_a_few_days_adds_them_and_withdraws_none(by, update):
    clock = start(by)
    added, removed, moved = update(json.dumps({"events": [{"title": MOURNING[1], "date": "2019-07-25"}]}))
    assert (added, removed, moved) == (1, 0, [clock])
    assert not queries.working_calendar().is_working_day(date(2019, 12, 25))


def test_a_single_day_far_ahead_makes_no_year_known(by, update):
    assert update('{"events": [{"title": "New Year", "date": "2150-01-01"}]}')[0] == 1
    with pytest.raises(Refused, match="cannot be counted yet"):
        start(by, date(2149, 12, 1))


@pytest.mark.parametrize(
    "text", ["", "{}", "[" * 100_000, listed((date(2019, 7, 25), "")), listed((date(2019, 7, 25), "\ud800"))]
)
def test_a_bad_file_changes_nothing(by, update, text):
    clock = start(by)
    with pytest.raises(calendar.BadHolidayFile):
        update(text)
    assert not BankHoliday.objects.exists()
    assert Clock.objects.get(pk=clock.pk).version == clock.version


def test_a_paused_clock_takes_new_holidays_into_account_when_it_runs_again(by, update):
    clock = services.pause(
        clock=start(by),
        reason="The police ask us to wait.",
        by=by,
        on=date(2019, 7, 15),
        today=date(2019, 7, 15),
    )
    assert update(listed(MOURNING))[2] == []
    assert services.resume(clock=clock, by=by, on=date(2019, 7, 15), today=date(2019, 7, 15)).due_on == date(
        2019, 8, 2
    )


def test_nobody_but_the_system_updates_holidays(actor):
    assert not any(actor(role).may(permissions.EDIT_HOLIDAYS) for role in ("business_manager", "scrutineer"))
