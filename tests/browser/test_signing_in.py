"""Signing in as in use: the second factor by app and by passkey, and a leaver's next click."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shield.project.sample.personas import PASSWORD
from tests.cast import TODAY
from tests.databases import Site


@pytest.fixture
def strict(site: Site, settings: Any) -> Site:
    """The site as in use: whoever can see a child's record must have a second factor."""
    settings.SHIELD_SECOND_FACTOR = True
    return site


def _code(secret: str, ahead: int = 0) -> str:
    from allauth.mfa.totp.internal import auth

    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + ahead)))


def _sign_in(site: Site, page: Page, word: str) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Email address").fill(f"{word}@bexley.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_coordinator_sets_up_an_app_and_signs_in_with_it(strict: Site, page: Page) -> None:
    _sign_in(strict, page, "coordinator")
    expect(page.get_by_role("heading", level=1)).to_have_text("Security")
    expect(page.locator("main")).to_contain_text("until then nothing else opens")
    page.goto(f"{strict.url}/bexley/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Security")
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.get_by_role("img", name="A code for your authenticator app")).to_be_visible()
    secret = page.locator(".shield-key").inner_text()
    page.get_by_label("Code").fill(_code(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.locator(".shield-codes li")).to_have_count(10)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samir Haddad")

    page.get_by_role("button", name="Sign out").click()
    _sign_in(strict, page, "coordinator")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your second factor")
    page.get_by_label("Code").fill(_code(secret, ahead=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samir Haddad")


def test_a_manager_sets_up_a_passkey_and_signs_in_with_it(strict: Site, page: Page) -> None:
    # A passkey belongs to a name, never to a bare number: the site is asked for as localhost.
    here = Site(strict.url.replace("127.0.0.1", "localhost"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    _sign_in(here, page, "manager")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto(f"{here.url}/account/security")
    expect(page.locator("main")).to_contain_text("Office laptop")

    page.get_by_role("button", name="Sign out").click()
    _sign_in(here, page, "manager")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marian Okoro")


def test_the_next_click_of_a_leaver_is_the_sign_in_page(
    site: Site, browser: Browser, browser_context_args: dict[str, Any], sign_in: Any
) -> None:
    hers, managers = (browser.new_context(**browser_context_args) for _ in range(2))
    rosa, marian = hers.new_page(), managers.new_page()
    sign_in(rosa, "Rosa Whitlock")
    sign_in(marian, "Marian Okoro")
    marian.goto(f"{site.url}/bexley/people/")
    marian.get_by_role("link", name="Rosa Whitlock").click()
    marian.get_by_role("link", name="They leave the partnership").click()
    expect(marian.locator("main")).to_contain_text("Agency lead")
    day = marian.get_by_role("group", name="Last day")
    expect(day.get_by_label("Year")).to_have_value(str(TODAY.year))
    marian.get_by_label("Reason").fill("New post elsewhere")
    marian.get_by_role("button", name="They leave").click()
    expect(marian.get_by_role("alert", name="Done")).to_contain_text("Rosa Whitlock has left")

    rosa.get_by_role("link", name="Improvement").first.click()
    expect(rosa.get_by_role("heading", level=1)).to_have_text("Sign in")
    hers.close()
    managers.close()
