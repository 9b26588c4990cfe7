"""What every test may use, wherever it lies: the databases and the cast."""

import pytest
from hypothesis import settings

pytest_plugins = ["tests.databases", "tests.cast"]

# No test depends on how fast the machine is; a failure prints how to run it again.
settings.register_profile("shield", deadline=None, print_blob=True)
settings.load_profile("shield")

BEGUN_FIRST = (
    "tests/flows/test_killed.py",
    "tests/flows/test_installation.py",
    "tests/flows/test_backups.py",
    "tests/flows/test_commands.py",
    "tests/architecture/test_routes.py",
    "tests/flows/",
)
"""The long stories, the longest first: so no process is alone with one at the end while the other has nothing to do."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long stories; otherwise keep the order."""

    def turn(item: pytest.Item) -> int:
        return next(
            (n for n, path in enumerate(BEGUN_FIRST) if item.nodeid.startswith(path)), len(BEGUN_FIRST)
        )

    items.sort(key=turn)
