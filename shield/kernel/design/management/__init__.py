"""What a person at a terminal runs: the build of styles, scripts and fonts."""
