"""Somebody who remembers a word, roughly, finds what they look for from any page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.databases import Site

Become = Callable[[Page, str], Page]


@pytest.fixture
def indexed(site: Site) -> Site:
    """The site with its index made."""
    from shield.project import indexing

    indexing.rebuild()
    return site


def test_a_misspelt_recommendation_is_found_from_the_header_and_opened(
    indexed: Site, page: Page, sign_in: Become
) -> None:
    sign_in(page, "Marian Okoro")
    page.goto(f"{indexed.url}/bexley/meetings/")
    box = page.get_by_role("banner").get_by_label("Search")
    box.fill("recomendation trainning")
    box.press("Enter")
    expect(page.locator("main")).to_contain_text("but this is close to it")
    page.get_by_role("link", name="recommendation training", exact=False).first.click()
    expect(page.locator("#results")).to_contain_text("recommendation")
    page.get_by_role("navigation", name="Kinds of results").get_by_role(
        "link", name="Recommendation ("
    ).click()
    expect(page.locator("mark").first).to_be_visible()
    page.locator(".shield-result a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/bexley/recommendations/" in page.url


def test_what_was_just_written_is_found_without_javascript(
    indexed: Site, context: BrowserContext, sign_in: Become
) -> None:
    from shield.improvement import services
    from shield.kernel.accounts.models import Partnership
    from shield.kernel.accounts.queries import system_actor

    services.add_theme(
        title="Quokkas in waiting rooms", by=system_actor(Partnership.objects.get(slug="bexley"))
    )
    assert context.browser is not None
    plain = context.browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = sign_in(plain.new_page(), "Marian Okoro")
    page.get_by_role("banner").get_by_label("Search").fill("quokka")
    page.get_by_role("banner").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Quokkas in waiting rooms").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quokkas in waiting rooms")
    plain.close()
