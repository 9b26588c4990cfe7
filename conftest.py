"""What every test may use, wherever it lies: the databases and the cast."""

from hypothesis import settings

pytest_plugins = ["tests.databases", "tests.cast"]

# No test depends on how fast the machine is; a failure prints how to run it again.
settings.register_profile("shield", deadline=None, print_blob=True)
settings.load_profile("shield")
