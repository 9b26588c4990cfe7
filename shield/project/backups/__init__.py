"""Backing up while people work, restoring into an empty place, and the drill that shows that both are right."""
