"""The application."""

from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    """Identities behind pseudonyms."""

    name = "shield.kernel.identities"
    label = "identities"
