"""A priority taken through its four months: scoped, audited, heard, sorted, recommended, decided, handed round."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.databases import Site

Become = Callable[[Page, str], Page]
SHOTS = os.environ.get("SHIELD_TEST_SHOTS", "")
FOUND = (
    ("Young people say that nobody tells them what happens next", "To develop", "Feedback from children and young people"),
    ("Risk at home and risk outside it are assessed apart", "To develop", "Multi-agency audit"),
    ("Meetings are held without the school", "To develop", "Multi-agency audit"),
    ("Workers stay with a young person for years", "Working well", "Feedback from practitioners"),
)  # fmt: skip
ASKED = ("One plan for a young person", "Say what happens next", "The school at every meeting")


def shot(page: Page, name: str) -> None:
    """A picture for whoever asked for pictures by SHIELD_TEST_SHOTS."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"cycle-{name}.png"), full_page=True)


def _said(page: Page, words: str) -> None:
    expect(page.get_by_role("alert", name="Done")).to_contain_text(words)


def _day(page: Page, group: str, day: str, month: str, year: str) -> None:
    asked = page.get_by_role("group", name=group, exact=False).first
    for part, value in (("Day", day), ("Month", month), ("Year", year)):
        asked.get_by_label(part).fill(value)


def _start(page: Page, site: Site) -> str:
    page.goto(f"{site.url}/bexley/hub/")
    page.get_by_role("button", name="Start the cycle").first.click()
    expect(page.locator("main")).to_contain_text("Adolescent vulnerability")
    shot(page, "start")
    _day(page, "When does it start?", "1", "8", "2019")
    page.get_by_role("button", name="Start the cycle").click()
    _said(page, "The cycle was started")
    shot(page, "cycle")
    return page.url


def _scope(page: Page, cycle: str) -> None:
    """The first month: a session that was held, and what is known."""
    page.get_by_role("button", name=re.compile("Report on “Initial scoping”")).click()
    page.get_by_role("link", name="Record a session that was held").click()
    page.get_by_label("Title").fill("Learning Hub on adolescents")
    page.get_by_label("Kind", exact=True).select_option("Learning Hub session")
    _day(page, "Date", "20", "8", "2019")
    page.get_by_role("button", name="Record it").click()
    page.goto(f"{cycle}/plan")
    for sort, source, says in (
        (
            "Current data and performance",
            "Police data on missing episodes, 2018 to 2019",
            "More episodes in term time",
        ),
        (
            "Statutory and other guidance",
            "National guidance on contextual safeguarding",
            "Places matter as families do",
        ),
    ):
        page.get_by_role("button", name="Add evidence").click()
        page.get_by_label("Kind of evidence").select_option(sort)
        page.get_by_label("Source", exact=True).fill(source)
        page.get_by_label("What does it say?").fill(says)
        page.get_by_label("Fair: one good source").check()
        page.get_by_role("button", name="Save").click()
        _said(page, "on the plan")
    _report(page, cycle, "Twelve members drew out four themes")


def _report(page: Page, cycle: str, did: str) -> None:
    page.goto(cycle)
    page.get_by_role("button", name=re.compile("Report on")).first.click()
    page.get_by_label("Done", exact=True).check()
    page.get_by_label("What was done?").fill(did)
    page.get_by_role("button", name="Save").click()
    _said(page, "was reported on")


def _find(page: Page, cycle: str) -> None:
    """The second and third month: what audits and people said."""
    for text, sort, source in FOUND:
        page.goto(cycle)
        page.get_by_role("link", name="Add a finding").click()
        page.get_by_label("What was found?").fill(text)
        page.get_by_label(sort, exact=True).check()
        page.get_by_label("Where does it come from?").select_option(source)
        page.get_by_role("button", name="Save").click()
        _said(page, "")
    _report(page, cycle, "Two agencies audited two records")
    _report(page, cycle, "Young people and practitioners were heard")


def _recommend(page: Page, site: Site, cycle: str) -> None:
    """The fourth month: findings sorted on the board, three recommendations drafted from them."""
    page.goto(f"{cycle}/plan")
    page.get_by_role("link", name="Sort them on the board").click()
    for ticked, theme in (((1, 2), "Working together"), ((0,), "Told what happens")):
        for number in ticked:
            page.get_by_label(FOUND[number][0]).first.check()
        page.get_by_label("Or a new theme").fill(theme)
        page.get_by_role("button", name="Put them there").click()
        _said(page, "put there")
    shot(page, "board")
    board = page.url
    for title, found in zip(ASKED, (1, 0, 2), strict=True):
        page.goto(board)
        page.get_by_label(FOUND[found][0]).first.check()
        page.get_by_role("button", name="Draft a recommendation from them").click()
        page.get_by_label("Short title").fill(title)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("main")).to_contain_text(FOUND[found][0])
        page.get_by_role("button", name="Present it to the Board").click()
        page.get_by_label("Present it to the Board").check()
        page.get_by_role("button", name="Save").click()
    _report(page, cycle, "Three recommendations were put to the Board")


def _decide(page: Page, site: Site) -> None:
    """The Board accepts the three."""
    page.goto(f"{site.url}/bexley/meetings/")
    page.get_by_role("button", name="Record a meeting").click()
    page.get_by_label("Title").fill("Partnership Board on adolescents")
    page.get_by_label("Kind", exact=True).select_option("Board meeting")
    page.get_by_label("Body (optional)").select_option("Partnership Board")
    _day(page, "Date", "1", "11", "2019")
    page.get_by_role("button", name="Record it").click()
    page.goto(f"{page.url}/decide")
    page.get_by_label("What was decided").fill("The three recommendations on adolescents are accepted.")
    page.get_by_label("Agreed", exact=True).check()
    for title in ASKED:
        page.get_by_label(re.compile(title)).check()
    shot(page, "decide")
    page.get_by_role("button", name="Record the decision").click()
    _said(page, "The decision is on the register")


def test_a_priority_is_taken_through_its_four_months(
    site: Site, page: Page, sign_in: Become, tmp_path: Path
) -> None:
    sign_in(page, "Theo Lindqvist")
    cycle = _start(page, site)
    _scope(page, cycle)
    _find(page, cycle)
    _recommend(page, site, cycle)
    _decide(page, site)
    page.goto(cycle)
    shot(page, "done")
    for title in ASKED:
        expect(page.locator("main")).to_contain_text(title)
    expect(page.locator("main").get_by_text("Accepted")).to_have_count(3)
    expect(page.locator("main").get_by_text("Done", exact=True)).to_have_count(4)
    page.goto(f"{cycle}/plan")
    shot(page, "plan")
    with page.expect_download() as got:
        page.get_by_role("link", name="PDF", exact=True).click()
    handed = tmp_path / "plan.pdf"
    got.value.save_as(handed)
    if SHOTS:
        got.value.save_as(Path(SHOTS) / "plan.pdf")
    assert handed.read_bytes().startswith(b"%PDF")
