"""Django's name for the room, and plain words for what Django's own validators refuse."""

from django.apps import AppConfig
from django.core import validators
from django.db.models import UUIDField


class DesignConfig(AppConfig):
    name = "shield.kernel.design"
    label = "design"

    def ready(self) -> None:
        validators.MaxLengthValidator.message = (
            "Use %(limit_value)d characters or fewer; this has %(show_value)d."
        )
        validators.MinLengthValidator.message = (
            "Use %(limit_value)d characters or more; this has %(show_value)d."
        )
        validators.MaxValueValidator.message = "Enter %(limit_value)s or less."
        validators.MinValueValidator.message = "Enter %(limit_value)s or more."
        UUIDField.default_error_messages = {"invalid": "This is not one of the records that can be chosen."}
