"""Whole stories, each from the first click to what it changed, by the person who would live it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.databases import Site

Become = Callable[[Page, str], Page]
BOARD = "Partnership Board, 1 November 2019"


def _day(page: Page, group: str, day: str, month: str, year: str) -> None:
    asked = page.get_by_role("group", name=group, exact=True)
    for part, value in (("Day", day), ("Month", month), ("Year", year)):
        asked.get_by_label(part).fill(value)


def _fill_meeting(page: Page, title: str, day: str = "1") -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_label("Kind", exact=True).select_option("Board meeting")
    page.get_by_label("Body (optional)").select_option("Partnership Board")
    _day(page, "Date", day, "11", "2019")


def _said(page: Page, words: str) -> None:
    expect(page.get_by_role("alert", name="Done")).to_contain_text(words)


def _report_page(site: Site) -> str:
    from shield.annual_report.models import Report

    report = Report.objects.get(partnership__slug="bexley")
    return f"{site.url}/bexley/report/{report.pk}"


def _standing_of_impact(page: Page, site: Site) -> str:
    page.goto(f"{_report_page(site)}/contents")
    return page.locator("main").text_content() or ""  # the evidence is folded away


def test_a_business_manager_takes_a_year_forward(
    site: Site, page: Page, sign_in: Become, tmp_path: Path
) -> None:
    sign_in(page, "Marian Okoro")
    before = _standing_of_impact(page, site)

    # A meeting of the Board, who came, and a decision on a recommendation.
    page.goto(f"{site.url}/bexley/meetings/")
    page.get_by_role("button", name="Record a meeting").click()
    _fill_meeting(page, BOARD)
    page.get_by_role("button", name="Record it").click()
    _said(page, "It is on the register")
    expect(page.get_by_role("heading", level=1)).to_have_text(BOARD)
    meeting = page.url

    page.goto(f"{meeting}/attendance")
    page.get_by_role("group", name="London Borough of Bexley", exact=True).get_by_label("Present").check()
    page.get_by_role("group", name="Bexley schools", exact=True).get_by_label("Apologies").check()
    page.get_by_role("button", name="Record the attendance").click()
    _said(page, "The attendance was recorded")

    page.goto(f"{meeting}/decide")
    page.get_by_label("What was decided").fill("Return home interviews are reviewed again in May.")
    page.get_by_label("Agreed", exact=True).check()
    page.get_by_label("Somebody must act on this").check()
    page.get_by_label(re.compile("Recommendation 1: Review return home interviews")).check()
    page.get_by_role("button", name="Record the decision").click()
    _said(page, "The decision is on the register")
    expect(page.locator("main")).to_contain_text("Review return home interviews")

    _give_an_action_an_owner(site, page)
    _hold_the_first_review(site, page)

    # What the law asks for stands differently, with this evidence among its proofs.
    after = _standing_of_impact(page, site)
    assert after != before
    assert "Eighteen of twenty children" not in before
    assert "Eighteen of twenty children" in after

    _build_and_read(site, page, tmp_path)


def _give_an_action_an_owner(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/bexley/actions/?nobody=on")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("Nobody yet")
    action = page.url
    page.get_by_role("link", name="Name an owner").click()
    page.get_by_label("Agency that answers for it").select_option("LB Bexley Libraries")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("LB Bexley Libraries")
    assert page.url == action


def _hold_the_first_review(site: Site, page: Page) -> None:
    """The review of priority 1 stands among the breaks until it is held, and rests on evidence."""
    page.goto(f"{site.url}/bexley/chain/?late=on")
    reviews = page.get_by_role("row").filter(has_text="Impact review overdue").filter(has_text="Priority 1")
    expect(reviews).to_have_count(1)
    review = (
        page.get_by_role("rowheader")
        .get_by_role("link", name=re.compile("6-month impact review of Priority 1"))
        .first
    )
    review.click()
    page.get_by_role("button", name="Hold the review").click()
    page.get_by_role("textbox", name="How much did we do?").fill("Twenty interviews were held.")
    page.get_by_role("button", name="Keep this and add evidence").click()
    # What would show success was said when the priority began: the evidence speaks to one of these measures.
    page.get_by_label("What is it about?").select_option(index=1)
    page.get_by_label("Is anyone better off?").check()
    page.get_by_label("What does it show?").fill(
        "Eighteen of twenty children went missing less often after an interview."
    )
    page.get_by_label("Data", exact=True).check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/hold**")
    # Nothing that was typed before the evidence was fetched is lost.
    expect(page.get_by_role("textbox", name="How much did we do?")).to_have_value(
        "Twenty interviews were held."
    )
    for question in ("How much did we do?", "How well did we do it?", "Is anyone better off?"):
        page.get_by_role("textbox", name=question).fill(
            f"{question} The interviews were held, in time, and children say so."
        )
    page.get_by_label(re.compile("Eighteen of twenty children")).check()
    page.get_by_label("Yes, with evidence").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Held")
    page.goto(f"{site.url}/bexley/chain/?late=on")
    expect(reviews).to_have_count(0)


def _build_and_read(site: Site, page: Page, folder: Path) -> None:
    from shield.annual_report import services
    from shield.annual_report.models import Build
    from shield.kernel.accounts.queries import system_actor

    page.goto(_report_page(site))
    page.get_by_role("button", name="Build the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Building the report")
    asked = Build.objects.select_related("partnership").latest("asked_at")
    services.perform_build(build_id=asked.pk, by=system_actor(asked.partnership))
    page.reload()
    expect(page.locator("#build")).to_contain_text("Ready")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("PDF")).click()
    kept = folder / "report.pdf"
    waiting.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF-")


def test_an_agency_lead_sees_what_is_asked_of_the_agency_and_reports_on_it(
    site: Site, page: Page, sign_in: Become
) -> None:
    from shield.improvement.models import Action

    sign_in(page, "Owen Tadesse")
    page.goto(f"{site.url}/bexley/actions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Actions of your agency")
    expect(page.get_by_role("button", name="Add an action")).to_have_count(0)
    owners = set(page.locator("tbody tr td:nth-of-type(2)").all_inner_texts())
    assert len(owners) == 1, owners

    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("button", name="Update it").or_(page.get_by_role("link", name="Update it")).click()
    page.get_by_label("In progress").check()
    page.get_by_role("textbox").last.fill("The first half is done.")
    page.get_by_role("button", name="Save").click()
    _said(page, "The action was updated")
    expect(page.locator("main")).to_contain_text("The first half is done.")

    other = Action.objects.filter(
        partnership__slug="bexley", owner_agency__name="Metropolitan Police Service"
    ).first()
    answer = page.goto(f"{site.url}/bexley/actions/{other.pk}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


def test_a_scrutineer_follows_a_chain_to_its_evidence_and_can_change_nothing(
    site: Site, page: Page, sign_in: Become
) -> None:
    from shield.improvement.models import Evidence

    sign_in(page, "Judith Amsel")
    page.goto(f"{site.url}/bexley/recommendations/")
    page.get_by_role("rowheader").get_by_role("link").or_(page.locator("tbody a")).first.click()
    change = re.compile("^(Add|Change|Name|Edit|Draft|Record|Hold|Update|Note)")
    expect(page.locator("main").get_by_role("link", name=change)).to_have_count(0)
    expect(page.locator("main").get_by_role("button", name=change)).to_have_count(0)

    evidence = Evidence.objects.filter(partnership__slug="bexley", about_kind="improvement.action").first()
    page.goto(f"{site.url}/bexley/chain/of/actions/{evidence.about_id}")
    page.locator("main").get_by_role("link", name=re.compile(re.escape(evidence.text[:30]))).first.click()
    expect(page).to_have_url(re.compile("/evidence/"))
    expect(page.locator("main")).to_contain_text(evidence.text[:60])
    expect(page.locator("main").get_by_role("button", name=change)).to_have_count(0)


def test_somebody_signed_out_sees_the_front_page_and_nothing_else(site: Site, page: Page) -> None:
    front = page.goto(site.url)
    assert front is not None
    assert front.status == 200
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for place in ("/bexley/", "/bexley/actions/", "/bexley/report/", "/marlowe/"):
        page.goto(site.url + place)
        assert urlsplit(page.url).path == "/sign-in", place
    answer = page.goto(f"{site.url}/bexley/report/published/2018-19")
    assert answer is not None
    assert answer.status == 404


def test_the_manager_of_an_empty_partnership_is_told_how_to_begin(
    site: Site, page: Page, sign_in: Become
) -> None:
    from shield.improvement.models import Action
    from shield.meetings.models import Gathering

    sign_in(page, "Hugh Penrose")
    page.goto(f"{site.url}/marlowe/")
    menu = page.get_by_role("navigation").get_by_role("link")
    waiting, seen = ["/marlowe/"], set()
    while waiting:
        place = waiting.pop()
        seen.add(place)
        answer = page.goto(site.url + place)
        assert answer is not None
        assert answer.status == 200, place
        assert "Bexley" not in page.locator("body").inner_text(), place
        if page.locator("main table").count() == 0:
            expect(page.locator("main")).to_contain_text(
                re.compile(r"\b(no|nothing|none|not|yet|first)\b", re.IGNORECASE), timeout=5000
            )
        led = {each.get_attribute("href") or "" for each in menu.all()}
        waiting += [to for to in sorted(led - seen - set(waiting)) if to.startswith("/marlowe/")]
    assert len(seen) >= 14
    action = Action.objects.filter(partnership__slug="bexley").first()
    meeting = Gathering.objects.filter(partnership__slug="bexley").first()
    for place in (
        "/bexley/",
        f"/bexley/actions/{action.pk}",
        f"/marlowe/actions/{action.pk}",
        f"/marlowe/meetings/{meeting.pk}",
    ):
        answer = page.goto(site.url + place)
        assert answer is not None
        assert answer.status == 404, place


def test_a_double_click_records_one_meeting(site: Site, page: Page, sign_in: Become) -> None:
    from shield.meetings.models import Gathering

    sign_in(page, "Marian Okoro")
    page.goto(f"{site.url}/bexley/meetings/record")
    _fill_meeting(page, "Clicked twice", "2")
    page.get_by_role("button", name="Record it").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Clicked twice")
    assert Gathering.objects.filter(title="Clicked twice").count() == 1


def test_the_second_of_two_editors_sees_both_versions(
    site: Site, page: Page, context: BrowserContext, sign_in: Become
) -> None:
    from shield.meetings.models import Gathering

    meeting = Gathering.objects.filter(
        partnership__slug="bexley", status="held", sort="board_meeting"
    ).first()
    sign_in(page, "Marian Okoro")
    second = context.new_page()
    for tab in (page, second):
        tab.goto(f"{site.url}/bexley/meetings/{meeting.pk}/change")
    page.get_by_label("Title").fill("The title of the first")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The title of the first")

    second.get_by_label("Title").fill("The title of the second")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody changed this while you were editing")
    expect(second.locator("main")).to_contain_text("The title of the first")
    expect(second.get_by_label("Title")).to_have_value("The title of the second")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("The title of the second")


def test_a_form_in_error_keeps_what_was_typed_and_leads_to_the_field(
    site: Site, page: Page, sign_in: Become
) -> None:
    sign_in(page, "Marian Okoro")
    page.goto(f"{site.url}/bexley/meetings/record")
    _fill_meeting(page, "")
    page.get_by_label("Note").last.fill("Kept in mind.")
    page.get_by_role("button", name="Record it").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error"))
    expect(page.get_by_label("Note").last).to_have_value("Kept in mind.")
    expect(page.get_by_role("group", name="Date", exact=True).get_by_label("Day")).to_have_value("1")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Title")).to_be_focused()


@pytest.fixture
def plain(browser: Browser, browser_context_args: dict[str, Any]) -> Any:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_meeting_is_recorded_without_scripts(site: Site, plain: Page, sign_in: Become) -> None:
    sign_in(plain, "Marian Okoro")
    plain.goto(f"{site.url}/bexley/meetings/record")
    _fill_meeting(plain, "", "3")
    plain.get_by_role("button", name="Record it").click()
    expect(plain.get_by_role("alert")).to_be_visible()
    plain.get_by_label("Title").fill("Recorded without scripts")
    plain.get_by_role("button", name="Record it").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Recorded without scripts")
    plain.goto(f"{site.url}/bexley/")
    plain.get_by_role("link", name="What is stuck, and who can free it").click()
    expect(plain.get_by_role("heading", name="What is stuck, and who can free it").first).to_be_visible()
