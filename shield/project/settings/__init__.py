"""Settings: base for all, then demo, test and production."""
