"""A real browser before the sample year: Chromium, a served copy of the database, a sign-in of one click."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.databases import Site, sample_year, serving

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
PATIENCE = 30_000
"""Milliseconds after which something that has not appeared will not."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, or the one named by SHIELD_TEST_BROWSER."""
    path = os.environ.get("SHIELD_TEST_BROWSER") or "/usr/bin/chromium"
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """As somebody in England sits before it."""
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each file of stories has a site of its own; the plugin's fixture is of a sort that pytest gives up."""


@pytest.fixture(scope="session")
def playwright(django_db_setup: None, playwright: Playwright) -> Iterator[Playwright]:
    """Playwright, and leave to use the database: its event loop runs in the thread of all tests from now on."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        yield playwright


@pytest.fixture(scope="module")
def site(
    playwright: Playwright, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The site served over a copy of the database with the sample year; it lasts for a file of stories."""
    with (
        sample_year(django_db_blocker, tmp_path_factory.mktemp("site")),
        django_db_blocker.unblock(),
        serving() as served,
    ):
        yield served


@pytest.fixture
def sign_in(site: Site) -> Callable[[Page, str], Page]:
    """`sign_in(page, "Marian Okoro")` becomes one of the demonstration's people with one click."""

    def become(page: Page, name: str) -> Page:
        page.set_default_timeout(PATIENCE)
        page.goto(f"{site.url}/personas")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    return become
