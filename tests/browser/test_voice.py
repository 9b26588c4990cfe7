"""A survey from its draft to “you said, we did”: the learning manager at a desk, a parent on a telephone without scripts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.databases import Site

SHOTS = os.environ.get("SHIELD_TEST_SHOTS", "")
PHONE = {"width": 375, "height": 740}


def shot(page: Page, name: str) -> None:
    """A picture for whoever asked for pictures by SHIELD_TEST_SHOTS."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def draft(page: Page, base: str) -> None:
    """The learning manager builds a survey of three questions and opens it."""
    page.goto(f"{base}/bexley/voice/surveys/add")
    page.get_by_label("Title").fill("Help when things are hard")
    page.get_by_label("A few words to begin with").fill(
        "We want to help parents better. Your answers show us how."
    )
    page.get_by_label("Parents").check()
    page.get_by_role("button", name="Save").click()
    for sort, text, easy, choices in (
        ("How good: five faces", "How well were you helped?", "Was the help good?", ""),
        ("One of several answers", "Whom would you tell first?", "", "A friend\nA teacher\nNobody"),
        ("In their own words", "What should change?", "What should be different?", ""),
    ):
        page.get_by_role("link", name="Add a question").or_(
            page.get_by_role("button", name="Add a question")
        ).first.click()
        page.get_by_label(sort).check()
        page.get_by_label("Question", exact=True).fill(text)
        page.get_by_label("The same in a few easy words").fill(easy)
        page.get_by_label("Answers to choose from").fill(choices)
        page.get_by_role("button", name="Save").click()
    shot(page, "draft")
    page.get_by_role("link", name="Open it").click()
    for part, value in (("Day", "30"), ("Month", "11"), ("Year", "2019")):
        page.get_by_role("group", name="Last day").get_by_label(part).fill(value)
    page.get_by_role("button", name="Open it").click()


def answer(phone: Page, address: str) -> None:
    """A parent answers: first as it is, then somebody else in easy read."""
    phone.goto(address)
    shot(phone, "phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_label("Very good").check()
    phone.get_by_label("A friend").check()
    phone.get_by_label("What should change?").fill("I told Mrs Jones twice")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="There is a problem")).to_be_visible()
    shot(phone, "phone-warning")
    phone.get_by_label("What should change?").fill("Say what comes next")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    shot(phone, "phone-thanks")
    phone.goto(f"{address}?look=large")
    shot(phone, "phone-large")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="Easy read").click()
    shot(phone, "phone-easy")
    phone.get_by_label("Bad", exact=True).check()
    phone.get_by_role("button", name="Next").click()
    phone.get_by_role("button", name="Next").click()
    shot(phone, "phone-easy-last")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_survey_from_its_draft_to_you_said_we_did(
    site: Site, page: Page, browser: Browser, sign_in: Callable[[Page, str], Page]
) -> None:
    sign_in(page, "Theo Lindqvist")
    draft(page, site.url)
    shot(page, "open")
    survey = page.url
    path = "/s/" + page.locator(".govuk-inset-text").inner_text().strip().partition("/s/")[2]
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=True
    )  # to measure; the pages carry no script
    answer(context.new_page(), site.url + path)
    plain = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    plain.goto(site.url + path)
    plain.get_by_label("Good", exact=True).check()
    plain.get_by_role("button", name="Send my answers").click()
    expect(plain.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(survey)
    page.get_by_role("button", name="Close it and read the answers").click()
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("Say what comes next", exact=True)).to_be_visible()
    shot(page, "closed")
    page.get_by_role("link", name="Make a point of it").first.click()
    page.get_by_label("What did they say, in your words?").fill("Parents are not told how it goes on")
    page.get_by_label("To develop").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="SAI-").first.click()
    shot(page, "point")
    page.get_by_role("button", name="Say what we did").click()
    page.get_by_label("What did we do?").fill("We tell every parent what comes next")
    shot(page, "answer")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Put it on the public page").or_(
        page.get_by_role("button", name="Put it on the public page")
    ).first.click()
    page.get_by_label("I have read it, and nobody can be recognised from it").check()
    shot(page, "last-look")
    page.get_by_role("button", name="Publish it").click()
    page.goto(f"{site.url}/bexley/voice/")
    shot(page, "voice")
    public = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    public.goto(f"{site.url}/bexley/you-said")
    expect(public.get_by_text("We tell every parent what comes next")).to_be_visible()
    shot(public, "you-said")
